"""The process that finds built land without a public sewer near it."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS


def _run(run: Run) -> Outcome:
    from tulou.processes.sewers.cover import cover  # loads the geometry

    return cover(run)


PROCESS = Process(
    name="sewer_cover",
    title=Words("污水管网空白区", "Land without sewers"),
    question=Words(
        "哪些建成用地附近没有公共污水管？涉及多少人？",
        "Which built land has no public sewer near it, and how many people live there?",
    ),
    inputs=(
        Input(
            "distance",
            Words("覆盖距离", "Distance that counts as served"),
            "number",
            "m",
            default=100.0,
            least=1,
            most=2000,
            about=Words("设定；常用 50 至 100 米", "a choice; 50 to 100 m are usual"),
        ),
        Input("level", Words("汇总到", "Told by"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source=Words("城镇污水处理提质增效三年行动方案（2019）", "Three-year action plan for sewage treatment (2019)"),
    clauses=("11", "15"),
    needs_city=True,
    limits=(
        Words(
            "只看管道远近，不看接户、标高与管径；有管不等于污水已收集。",
            "It looks at how near a sewer is, not at connections, levels or sizes: near is not collected.",
        ),
    ),
)
