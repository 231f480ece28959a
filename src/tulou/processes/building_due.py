"""The process that tells when the buildings of a city must be looked at, and when their design lives end."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS


def _run(run: Run) -> Outcome:
    from tulou.processes.buildings.due import due  # loads the science

    return due(run)


PROCESS = Process(
    name="building_due",
    title=Words("房屋体检与年限到期", "Due dates of buildings"),
    question=Words(
        "哪些房屋该体检了？哪些设计工作年限将满？分布在哪里？",
        "Which buildings are due for inspection, whose design lives end, and where are they?",
    ),
    inputs=(
        Input(
            "first",
            Words("首次体检年限", "First inspection after"),
            "number",
            "year",
            least=0,
            most=100,
            about=Words("按本市规定；没有全国统一的年限", "by the city's own rule; there is none for the country"),
        ),
        Input("every", Words("体检间隔", "Inspected every"), "number", "year", least=0.5, most=50),
        Input(
            "old",
            Words("老旧房屋楼龄", "Old from"),
            "number",
            "year",
            optional=True,
            least=1,
            most=200,
            about=Words("与 every_old 同给", "given with every_old"),
        ),
        Input(
            "every_old", Words("老旧房屋间隔", "Old ones every"), "number", "year", optional=True, least=0.5, most=50
        ),
        Input("ahead", Words("展望年数", "Years ahead"), "whole", default=5, least=1, most=50),
        Input("level", Words("汇总到", "Told by"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source=Words(
        "GB 55001-2021；房屋体检制度（间隔由城市规定）", "GB 55001-2021; inspections at intervals of the city's own"
    ),
    clauses=("9", "16"),
    needs_city=True,
    limits=(
        Words(
            "到期不等于危险，设计年限届满也不等于不能使用。",
            "Due is not dangerous; nor is a design life that has ended.",
        ),
        Words("建成只知年份，到期日取年末。", "Only the year of completion is known: days are ends of years."),
    ),
)
