"""The process that tells in seconds where water gathers: depressions that fill and spill, without time."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.flood.asked import DRAINS, GROUND, LEVEL, STORM
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.flood.screening import screening  # loads the science

    return screening(run)


PROCESS = Process(
    name="flood_screening",
    title=Words("积水洼地筛查", "Screening of depressions"),
    question=Words(
        "一场雨落完流尽后，水会停在哪些洼地、多深？",
        "In which depressions does the water of a storm gather once all has run off, and how deep?",
    ),
    inputs=(
        *GROUND,
        *STORM,
        DRAINS,
        Input(
            "lost",
            Words("下渗与截留", "Soaked in and held back"),
            "number",
            "mm",
            default=0.0,
            least=0,
            most=1000,
            about=Words("从雨量中扣除", "taken off the rain"),
        ),
        LEVEL,
    ),
    run=_run,
    source="Barnes, Callaghan & Wickert (2020, 2021)",
    clauses=("11", "19"),
    takes_city=True,
    verified=Words(
        "封闭洼地中与动力模型长时间后的水位一致",
        "in closed pits the level of the dynamic model after a long time",
    ),
    limits=(
        Words(
            "只给出最终水位，不含时间、流速与行进中的水深；沿坡流动的深水不在其中。",
            "The last level only: no time, no speed; water that is deep while it flows is not in it.",
        ),
        Words(
            "管网按历时内排水总量从雨量中扣除，积水后不再排出。",
            "Drains take their part of the rain while it falls, and nothing of what stands afterwards.",
        ),
    ),
)
