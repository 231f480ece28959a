"""The process that tells how many typhoons come near in a year, and whether that changes."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.typhoon.record import record  # loads the science

    return record(run)


PROCESS = Process(
    name="typhoon_record",
    title=Words("台风频次", "Record of typhoons"),
    question=Words(
        "每年有多少台风靠近？有增减趋势吗？", "How many typhoons come near in a year, and does that change?"
    ),
    inputs=(
        Input(
            "record",
            Words("台风记录", "Record"),
            "file",
            about=Words(
                "JSON（typhoons：year、no、fjMin、landFujian）或 CSV：storm、year、number、distance（公里）、landfall",
                "JSON (typhoons: year, no, fjMin, landFujian), or CSV: storm, year, number, distance (km), landfall",
            ),
        ),
        Input("within", Words("距离", "Within"), "numbers", "km", default=(100.0, 200.0, 300.0), least=1, most=2000),
        Input(
            "last",
            Words("最后完整年份", "Last whole year"),
            "whole",
            optional=True,
            least=1900,
            most=2200,
            about=Words("不给则不用记录中的最后一年", "without, the newest year of the record is left out"),
        ),
    ),
    run=_run,
    source="Garwood (1936); Mann (1945), Kendall (1975)",
    clauses=("19",),
    limits=(
        Words(
            "最近距离不等于风雨影响；登陆标记可能非官方认定。",
            "A distance is no impact; flags of landfall may not be official.",
        ),
        Words("早年记录可能漏测弱台风。", "Records of early years may lack weak storms."),
    ),
)
