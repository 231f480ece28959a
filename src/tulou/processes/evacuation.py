"""The process that tells by which streets people reach their shelters, and how long it takes until all are there."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.asking import GROUND, LEVEL
from tulou.processes.shelters.rules import rule


def _run(run: Run) -> Outcome:
    from tulou.processes.shelters.evacuate import evacuate  # loads the science

    return evacuate(run)


PROCESS = Process(
    name="evacuation",
    title=Words("避难疏散", "Evacuation"),
    question=Words(
        "道路部分中断后，居民沿哪些路到避难场所？多久能全部到达？卡在哪里？",
        "When streets are closed, how do people reach their shelters, how long does it take, where is it tight?",
    ),
    inputs=(
        *GROUND,
        Input(
            "when",
            Words("时间", "Time of the day"),
            "choice",
            default="night",
            choices={"night": Words("夜间", "night"), "day": Words("昼间", "day")},
        ),
        LEVEL,
        Input(
            "clear",
            Words("道路最小净宽", "Least clear width"),
            "number",
            "m",
            default=rule("clear_street"),
            least=0,
            most=50,
        ),
        Input("density", Words("密度", "Density"), "number", "person/m2", default=1.88, most=3.7, least=0.1),
        Input("step", Words("步长", "Step"), "number", "second", default=rule("step"), least=1, most=600),
    ),
    run=_run,
    source="SFPE Handbook of Fire Protection Engineering; Lu, George & Shekhar (2005); GB 50413-2007",
    clauses=("19",),
    needs_city=True,
    verified=Words(
        "1 米宽的门 1000 人至少 760 秒，最大单宽流量 1.316；小网络以时间扩展最大流核对",
        "1,000 people through a door of 1 m in at least 760 s, largest specific flow 1.316; small networks against "
        "the largest flow through the network expanded in time",
    ),
    limits=(
        Words(
            "没有出发延迟、车辆、恐慌和老弱者的步速；净宽未扣除边缘层；计划是可行的，不保证最快。",
            "No delay before leaving, no vehicles, no panic, no slower walkers; the whole clear width is walked; the "
            "plan can be walked and need not be the quickest.",
        ),
    ),
)
