"""The process that tells how much sewage reaches the plants, and how much other water comes with it."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.sewers.balance import balance  # loads the science

    return balance(run)


PROCESS = Process(
    name="sewage",
    title=Words("污水集中收集与外来水", "Collection of sewage"),
    question=Words(
        "生活污水有多少进了处理厂？进厂的水里有多少是地下水和雨水？",
        "How much of the sewage reaches the plants, and how much of what reaches them is ground water and rain?",
    ),
    inputs=(
        Input(
            "plants",
            Words("污水处理厂", "Plants"),
            "file",
            about=Words(
                "CSV：plant、flow（m³/日）、bod5（mg/L），均为年均", "CSV: plant, flow (m³/day), bod5 (mg/L), means"
            ),
        ),
        Input("people", Words("城区用水人口", "People of the city"), "number", "person", least=1, most=1e9),
        Input(
            "sewage_a_person",
            Words("每人每日污水量", "Sewage of a person"),
            "number",
            "L/day",
            optional=True,
            least=1,
            most=2000,
            about=Words("给出时按浓度估算外来水", "with it, other water is estimated by concentration"),
        ),
        Input(
            "flows",
            Words("逐日进水量", "Flows of days"),
            "file",
            optional=True,
            about=Words(
                "CSV：date、flow（m³/日）、rain（毫米），最好一年", "CSV: date, flow (m³/day), rain (mm); best a year"
            ),
        ),
        Input(
            "sewage",
            Words("每日污水量", "Sewage of a day"),
            "number",
            "m3/day",
            optional=True,
            least=0,
            most=1e9,
            about=Words("由售水量得出，与 flows 同给", "from the water sold; given with flows"),
        ),
        Input(
            "year",
            Words("年份", "Year"),
            "whole",
            optional=True,
            least=1950,
            most=2200,
            about=Words("入库时必填", "needed to keep it in a city"),
        ),
        Input("wet", Words("雨天雨量", "Rain of a wet day"), "number", "mm", default=1.0, least=0.01, most=1000),
    ),
    run=_run,
    source=Words(
        "城镇污水处理提质增效三年行动方案（2019）；Weiss, Brombach & Haller (2002)",
        "Three-year action plan for sewage treatment (2019); Weiss, Brombach & Haller (2002)",
    ),
    clauses=("15",),
    takes_city=True,
    verified=Words(
        "120 000 m³/日、110 mg/L、100 万人：29.3%；三角形法以已知成分的构造水量核对",
        "120,000 m³/day at 110 mg/L for a million people: 29.3 %; the triangle on made flows of known parts",
    ),
    limits=(
        Words(
            "不判定入渗发生在哪一段；也不找管网空白区。",
            "It does not tell where the water gets in, nor which land has no sewer.",
        ),
    ),
)
