"""The process that tells who finds a place in a shelter, and what is missing where."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.asking import GROUND, LEVEL, WHEN


def _run(run: Run) -> Outcome:
    from tulou.processes.shelters.check import check  # loads the science

    return check(run)


PROCESS = Process(
    name="shelter_check",
    title=Words("避难场所核查", "Check of shelters"),
    question=Words(
        "每位居民步行范围内有足够的有效避难面积吗？哪里缺、缺多少、谁去哪里？",
        "Is every resident within a walk of enough effective shelter area, what is missing where, and who goes where?",
    ),
    inputs=(*GROUND, WHEN, LEVEL),
    run=_run,
    source="GB 51143-2015; GB/T 44013-2024; GB 50413-2007",
    clauses=("19",),
    needs_city=True,
    verified=Words(
        "分配以另一求解器的两步线性规划核对；带容量选址复现 OR-Library pmedcap 713、740、751",
        "assignment against two linear programmes of another solver; capacitated siting gives the 713, 740 and 751 of "
        "OR-Library's pmedcap",
    ),
    limits=(
        Words(
            "不判断场地的供水、供电、厕所等配套；不代替场地安全评估。",
            "It does not look at water, power and toilets of a ground, and is no assessment of its safety.",
        ),
        Words(
            "弱势人群没有单独分配；入口位置未知，以场地边缘代替。",
            "People in need of help are not assigned apart; the edge of the ground stands for its entrances.",
        ),
    ),
)
