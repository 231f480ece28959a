"""The process that tells how much ground water leaks into sewers."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.sewers.infiltration import infiltration  # loads the science

    return infiltration(run)


PROCESS = Process(
    name="infiltration",
    title=Words("污水管网入渗", "Infiltration into sewers"),
    question=Words(
        "管网里有多少水是渗进来的地下水？夜间最小流量与三角形法各怎么说？",
        "How much of the water in the sewers leaked in from the ground, by the night and by the triangle?",
    ),
    inputs=(
        Input(
            "flows",
            Words("流量与雨量", "Flows and rain"),
            "file",
            about=Words(
                "CSV：time、flow（m³/h）、rain（该时段毫米），步长不超过一小时",
                "CSV: time, flow (m³/h), rain (mm of the step), in steps of an hour or less",
            ),
        ),
        Input(
            "night_sewage",
            Words("夜间污水量", "Sewage of the night"),
            "number",
            "m3/hour",
            optional=True,
            least=0,
            most=1e6,
            about=Words("由夜间售水量得出", "from the water sold at night"),
        ),
        Input("people", Words("服务人口", "People served"), "number", "person", optional=True, least=1, most=1e9),
        Input(
            "night_use",
            Words("每人夜间每小时用水", "Use of a person at night"),
            "number",
            "L/hour",
            optional=True,
            least=0,
            most=100,
            about=Words("与 people 同给，代替 night_sewage", "with people, instead of night_sewage"),
        ),
        Input(
            "sewage",
            Words("每日污水量", "Sewage of a day"),
            "number",
            "m3/day",
            optional=True,
            least=0,
            most=1e9,
            about=Words("给出时另按三角形法", "with it, the triangle is told too"),
        ),
        Input("night_first", Words("夜间起", "Night from"), "number", "hour", default=2.0, least=0, most=23),
        Input("night_last", Words("夜间止", "Night to"), "number", "hour", default=5.0, least=1, most=24),
        Input("wet", Words("雨天雨量", "Rain of a wet day"), "number", "mm", default=1.0, least=0.01, most=1000),
    ),
    run=_run,
    source=Words(
        "Weiss, Brombach & Haller (2002)；夜间最小流量法",
        "Weiss, Brombach & Haller (2002); method of the night minimum",
    ),
    clauses=("15",),
    limits=(
        Words(
            "不判定入渗发生在哪一段；只以构造的流量核对过，没有公开算例。",
            "It does not tell where the water gets in; it was checked on made flows only: no published case was found.",
        ),
    ),
)
