"""The process that tells what goes dry when a burst is shut off by the valves there are."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.water_supply.isolation import isolation  # loads wntr

    return isolation(run)


PROCESS = Process(
    name="isolation_segments",
    title=Words("关阀停水范围", "Isolation of bursts"),
    question=Words(
        "一处爆管要关哪些阀？停多少人的水？哪段管、哪个阀最要紧？",
        "Which valves are shut for a burst, how many people lose their water, and which pipe and valve matter most?",
    ),
    inputs=(
        Input(
            "network",
            Words("管网模型", "Network"),
            "file",
            about=Words("EPANET 的 .inp 文件", "an .inp file of EPANET"),
        ),
        Input(
            "valves",
            Words("阀门", "Valves"),
            "file",
            optional=True,
            about=Words(
                "CSV：link（管段）、node（靠近的节点）；不给则假定每根管两端都有阀",
                "CSV: link (pipe), node (the end it stands at); without it, every pipe has one at both ends",
            ),
        ),
        Input(
            "users",
            Words("用户", "Users"),
            "file",
            optional=True,
            about=Words("CSV：node、people，可有 customers（户数）", "CSV: node, people, if known customers"),
        ),
        Input(
            "demand_a_person",
            Words("每人每日用水量", "Water of a person"),
            "number",
            "L/day",
            optional=True,
            least=1,
            most=5000,
            about=Words(
                "没有用户表时由水量折算人口", "without a table of users, tells people from the water they take"
            ),
        ),
    ),
    run=_run,
    source="Walski (1993), Journal AWWA 85(10); Jun & Loganathan (2007)",
    clauses=("11", "16"),
    verified=Words(
        "分段与 wntr 的 valve_segments 及逐管走查一致（构造管网）",
        "segments are those of wntr's valve_segments and of a walk from pipe to pipe, on made networks",
    ),
    limits=(
        Words(
            "只看是否连着水源：关阀后水压是否足够未核算；阀门都能关严。",
            "Only whether a source is joined: pressures after shutting are not computed; every valve shuts tight.",
        ),
    ),
)
