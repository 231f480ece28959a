"""The process that tells who is cut off, and how much falls short, when one part of a supply fails."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.lifelines.single_failures import single_failures  # loads the science

    return single_failures(run)


PROCESS = Process(
    name="supply_n1",
    title=Words("重要供给 N-1", "Supply under single failures"),
    question=Words(
        "任何一处水源、场站或线路失效时，哪些单元断供、缺多少、影响多少人？",
        "When any one source, station or line fails, which units are cut off, how much falls short, and how many "
        "people does that touch?",
    ),
    inputs=(
        Input(
            "nodes",
            Words("场站与用户", "Stations and users"),
            "file",
            about=Words(
                "CSV：id、source（供给能力）、demand（需求）、people（人口），单位相同即可",
                "CSV: id, source (what it gives), demand, people; any one unit",
            ),
        ),
        Input(
            "links",
            Words("线路", "Lines"),
            "file",
            about=Words(
                "CSV：start、end，可有 id、capacity（能力）、direction（both 双向、one 单向）",
                "CSV: start, end, if known id, capacity, direction (both, one)",
            ),
        ),
    ),
    run=_run,
    source="Ford & Fulkerson (1956); DL 755-2001 (N-1)",
    clauses=("11", "16"),
    verified=Words(
        "可供量与线性规划一致（构造网络）；环网双源算例手算",
        "deliveries are those of linear programming on made networks; a ring with two sources by hand",
    ),
    limits=(
        Words(
            "只看连通与容量，不算水压、电压和调度时间；不含两处同时失效。",
            "Joints and capacities only: no pressures, voltages or time to switch; not two failures at once.",
        ),
    ),
)
