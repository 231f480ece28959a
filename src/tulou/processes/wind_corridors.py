"""The process that finds the ventilation corridors of a city."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.wind_rose import LIGHT_WIND, MONTHS, RECORD


def _run(run: Run) -> Outcome:
    from tulou.processes.climate.report import find  # loads the science

    return find(run)


CELL = Input(
    "cell",
    Words("单元边长", "Side of a cell"),
    unit="m",
    default=100.0,
    least=20,
    most=500,
    about=Words("粗糙度分级适用于约 100 米的单元", "classes of roughness are meant for cells of about 100 m"),
)
UNKNOWN_HEIGHT = Input(
    "unknown_height",
    Words("高度和层数未知的建筑按多高计", "Height of buildings of unknown height"),
    unit="m",
    optional=True,
    least=0.1,
    most=1000,
    about=Words("不给出则其所在单元未知", "without it their cells are unknown"),
)

PROCESS = Process(
    name="wind_corridors",
    title=Words("通风廊道", "Ventilation corridors"),
    question=Words(
        "软轻风从哪里穿过城市？哪些通道够宽、够长、够顺、不断？被什么建筑挡住？",
        "Where does the light wind cross the city, which ways are wide, long, straight and open enough, and what "
        "stands in them?",
    ),
    inputs=(
        RECORD,
        MONTHS,
        *LIGHT_WIND,
        CELL,
        UNKNOWN_HEIGHT,
        Input(
            "planned",
            Words("规划廊道", "Planned corridors"),
            "file",
            optional=True,
            about=Words("线图层；给出则评价这些廊道", "a layer of lines; where given, these are judged"),
        ),
    ),
    run=_run,
    source="QX/T 437-2018; Kanda et al. (2013)",
    clauses=("19", "21"),
    needs_city=True,
    limits=(
        Words(
            "筛查级：最小成本路径不是流场；结论性意见须用 CFD 或 WRF。",
            "A screening: least-cost ways are no flow field; conclusive advice needs CFD or WRF.",
        ),
        Words(
            "QX/T 437-2018 的宽度、长度、夹角和分级数值凭记忆，须与原文核对。",
            "Widths, lengths, angles and classes of QX/T 437-2018 are from memory: compare with the standard.",
        ),
        Words(
            "不计地形、树木和水面；净宽分辨到四分之一个单元。",
            "Terrain, trees and water do not count; clear widths are told to a quarter of a cell.",
        ),
        Words(
            "范围为建筑外包矩形，边缘的路径受范围影响。",
            "The ground is the box around the buildings; ways near its edges depend on it.",
        ),
    ),
)
