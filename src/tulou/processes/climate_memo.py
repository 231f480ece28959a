"""The process that assesses what a project does to the wind of a city."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.wind_corridors import CELL, UNKNOWN_HEIGHT
from tulou.processes.wind_rose import LIGHT_WIND, MONTHS, RECORD


def _run(run: Run) -> Outcome:
    from tulou.processes.climate.memo_told import assess  # loads the science

    return assess(run)


PROCESS = Process(
    name="climate_memo",
    title=Words("项目气候效应评估（筛查）", "Climate memo of a project (screening)"),
    question=Words(
        "这个项目建成后，风从哪里进不来了？廊道变窄、降级了吗？行人处的风小了多少？",
        "With this project built, where does the wind no longer come through, which corridors narrow or lose their "
        "level, and how much weaker is the wind people feel?",
    ),
    inputs=(
        Input(
            "project",
            Words("项目", "Project"),
            "file",
            about=Words(
                "GeoJSON 或 CityJSON，与 tulou whatif 相同：新建建筑给出轮廓和 height 或 storeys",
                "GeoJSON or CityJSON as for tulou whatif: new buildings with footprint and height or storeys",
            ),
        ),
        RECORD,
        MONTHS,
        *LIGHT_WIND,
        CELL,
        UNKNOWN_HEIGHT,
        Input(
            "datum",
            Words("项目坐标系", "Datum of the project"),
            "text",
            optional=True,
            about=Words("文件未写明时给出，缺省为 WGS 84", "where the file states none; WGS 84 by default"),
        ),
    ),
    run=_run,
    source="QX/T 437-2018; Kanda et al. (2013); Macdonald (2000)",
    clauses=("19", "21"),
    needs_city=True,
    limits=(
        Words(
            "筛查级：不能代替气候可行性论证或 CFD、WRF 模拟；单元均值看不到单个街角和通道。",
            "A screening: no substitute for a statutory climate appraisal or CFD and WRF; means of cells do not see "
            "single corners and passages.",
        ),
        Words("只看风，不算热、湿和污染物。", "Wind only: no heat, moisture or pollutants."),
        Words(
            "QX/T 437-2018 的数值凭记忆，须与原文核对。",
            "Numbers of QX/T 437-2018 are from memory: compare with the standard.",
        ),
    ),
)
