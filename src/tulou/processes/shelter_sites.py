"""The process that tells which ground to open as shelters."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.asking import GROUND, LEVEL


def _run(run: Run) -> Outcome:
    from tulou.processes.shelters.siting import place  # loads the science

    return place(run)


PROCESS = Process(
    name="shelter_sites",
    title=Words("避难场所选址", "Siting of shelters"),
    question=Words(
        "再开放哪几处公园、广场、学校或运动场地，最多的人能有位置？",
        "Which parks, squares, schools or sports grounds are to be opened, so that most people have a place?",
    ),
    inputs=(
        Input("new", Words("新开处数", "New shelters"), "whole", default=3.0, least=1, most=200),
        Input("gap", Words("可接受差距", "Good enough"), "number", "percent", default=1.0, least=0, most=20),
        Input(
            "when",
            Words("时间", "Time of the day"),
            "choice",
            default="night",
            choices={"night": Words("夜间", "night"), "day": Words("昼间", "day")},
        ),
        *(one for one in GROUND if one.name != "sites"),
        LEVEL,
    ),
    run=_run,
    source=Words("带容量 p 中位；GB 51143-2015", "p-median with capacities; GB 51143-2015"),
    clauses=("19",),
    needs_city=True,
    verified=Words(
        "带容量 p 中位复现 OR-Library pmedcap 713、740、751",
        "the capacitated p-median gives the 713, 740 and 751 of OR-Library's pmedcap",
    ),
    limits=(
        Words(
            "只看面积与步行距离；产权、配套和场地安全须另行核实。",
            "Area and walks only; ownership, utilities and safety of the ground are to be looked at by others.",
        ),
    ),
)
