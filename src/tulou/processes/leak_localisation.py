"""The process that tells when a leak began and where it is most likely, by pressures of a few sensors."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.water_supply.localise import localise  # loads wntr

    return localise(run)


PROCESS = Process(
    name="leak_localisation",
    title=Words("漏点定位", "Localisation of a leak"),
    question=Words(
        "管网里有没有新的漏点？从什么时候起？最可能在哪里？",
        "Is there a new leak in the network, since when, and where is it most likely?",
    ),
    inputs=(
        Input(
            "network",
            Words("管网模型", "Network"),
            "file",
            about=Words("EPANET 的 .inp 文件", "an .inp file of EPANET"),
        ),
        Input(
            "pressures",
            Words("测点水压", "Pressures"),
            "file",
            about=Words(
                "CSV：time 与各测点一列（米），列名为模型中的节点",
                "CSV: time and one column a sensor (m), named as the junction of the model",
            ),
        ),
        Input(
            "normal_until",
            Words("正常期止", "Normal until"),
            "day",
            about=Words("此日零时以前至少两周没有新漏点", "before this day at least two weeks without a new leak"),
        ),
        Input("within", Words("范围", "Within"), "number", "m", default=300.0, least=10, most=5000),
        Input(
            "between",
            Words("误报间隔", "Between false alarms"),
            "number",
            "day",
            default=365.0,
            least=1,
            most=36_500,
            about=Words("平均多少天容许一次误报", "days in which one false alarm is tolerated"),
        ),
        Input(
            "window", Words("每次更新的时段", "Hours of an update"), "number", "hour", default=6.0, least=0.5, most=72
        ),
    ),
    run=_run,
    source="Page (1954); Siegmund (1985); Quevedo et al. (2011); Casillas et al. (2013); EPANET 2.2",
    clauses=("11", "16"),
    verified=None,
    limits=(
        Words(
            "一次只找一个漏点；模型与实际差得越多，定位越不准。是检漏的先后次序，不是开挖的依据。",
            "One leak at a time; the more the model differs from the ground, the worse. It orders where to listen, not "
            "where to dig.",
        ),
    ),
)
