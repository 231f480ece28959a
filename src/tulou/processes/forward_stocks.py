"""The process that tells where stocks are to stand before the event."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.shelters.asking import LEVEL
from tulou.processes.shelters.rules import PERCENT, rule


def _run(run: Run) -> Outcome:
    from tulou.processes.shelters.stocks import stock  # loads the science

    return stock(run)


PROCESS = Process(
    name="forward_stocks",
    title=Words("前置储备布点", "Forward stocks"),
    question=Words(
        "应急物资前置在哪里、各放多少，才能让每个单元按时得到供应？",
        "Where are stocks to stand, and how much at each place, so that every unit is supplied in time?",
    ),
    inputs=(
        Input(
            "places",
            Words("备选储备点", "Places"),
            "file",
            optional=True,
            about=Words(
                "CSV：name、lon、lat，可有 holds（可保障人数）、stands（已有）；不给时取社区、街道等公共设施",
                "CSV: name, lon, lat; also holds (people), stands; without it public facilities of the city",
            ),
        ),
        Input("time", Words("时限", "Time"), "number", "second", default=1800.0, least=60, most=86400),
        Input(
            "holds",
            Words("每处可保障人数", "People a place supplies"),
            "number",
            "person",
            default=5000.0,
            least=1,
            most=1e7,
        ),
        Input(
            "share",
            Words("需要供应的人口", "Residents in need"),
            "number",
            "percent",
            default=rule("fixed_share") / PERCENT,
            least=0.1,
            most=100,
        ),
        Input("a_person", Words("每人份数", "Portions a person"), "number", "1", default=3.0, least=0.01, most=1000),
        Input(
            "count",
            Words("新设处数（0 为最少）", "New places, 0 for the fewest"),
            "whole",
            default=0.0,
            least=0,
            most=200,
        ),
        Input(
            "speed",
            Words("车速（相对取值）", "Speed, of that of the road"),
            "number",
            "percent",
            default=50.0,
            least=5,
            most=200,
        ),
        Input("gap", Words("可接受差距", "Good enough"), "number", "percent", default=1.0, least=0, most=20),
        LEVEL,
    ),
    run=_run,
    source=Words("带容量的覆盖选址", "Cover with capacities (Current & Storbeck, 1988)"),
    clauses=("19", "18"),
    needs_city=True,
    verified=Words(
        "带容量选址复现 pmedcap 713、740、751；分配以另一求解器核对",
        "Capacitated siting gives 713, 740 and 751; assignment against another solver",
    ),
    limits=(
        Words(
            "只算放在哪里；品种、轮换和 (s,S) 补货不在此列；不计道路中断。",
            "Only where stocks stand: not which goods, rotation or (s,S) orders; all streets are open.",
        ),
    ),
)
