"""The process that tells how much leaks in a metered district, and since when."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.water_supply.balance import balance  # loads the science

    return balance(run)


PROCESS = Process(
    name="leakage_balance",
    title=Words("分区计量漏损", "Leakage of a district"),
    question=Words(
        "这个计量分区漏了多少水？是本就难免的几倍？从哪天起增多？",
        "How much leaks in a metered district, how many times what cannot be avoided is that, and since when more?",
    ),
    inputs=(
        Input(
            "inflow",
            Words("分区进水", "Inflow"),
            "file",
            about=Words(
                "CSV：time、flow（m³/h），可有 pressure（m）；步长不大于 1 小时",
                "CSV: time, flow (m³/h), if known pressure (m); steps of at most an hour",
            ),
        ),
        Input("people", Words("分区人口", "People"), "number", "person", default=0.0, least=0, most=1e8),
        Input(
            "night_use",
            Words("夜间合法用水", "Use at night"),
            "number",
            "m3/hour",
            optional=True,
            least=0,
            most=1e5,
            about=Words(
                "含工厂医院；不给则由人口估算", "of factories and hospitals too; without it, estimated from the people"
            ),
        ),
        Input("night_first", Words("夜间时段起", "Night begins"), "number", "hour", default=2.0, least=0, most=23),
        Input("night_last", Words("夜间时段止", "Night ends"), "number", "hour", default=4.0, least=0.25, most=24),
        Input(
            "exponent",
            Words("压力指数 N1", "Exponent N1"),
            "number",
            default=1.0,
            least=0.5,
            most=2.5,
            about=Words(
                "刚性孔 0.5，塑料管与背景渗漏 1.5", "0.5 for fixed holes, 1.5 for plastic and background leaks"
            ),
        ),
        Input(
            "pressure",
            Words("平均水压", "Mean pressure"),
            "number",
            "m",
            optional=True,
            least=1,
            most=300,
            about=Words("进水表中没有水压时给出", "when the table of inflow has none"),
        ),
        Input("mains", Words("干管长度", "Length of mains"), "number", "km", optional=True, least=0.001, most=1e5),
        Input("connections", Words("接户数", "Connections"), "number", "1", optional=True, least=1, most=1e7),
        Input(
            "private", Words("户线至水表长度", "Private pipe to meters"), "number", "km", default=0.0, least=0, most=1e5
        ),
        Input("training_days", Words("正常期天数", "Normal days"), "whole", "1", default=14, least=5, most=400),
        Input(
            "district",
            Words("分区编号", "Id of the district"),
            "text",
            optional=True,
            about=Words("入库时必填，编号由供水企业定", "needed to keep it in a city; the water company's id"),
        ),
        Input(
            "area",
            Words("分区范围", "Area of the district"),
            "file",
            optional=True,
            about=Words("面图层；不给则沿用已登记的", "polygons; left out, the one on record stays"),
        ),
        Input(
            "datum",
            Words("坐标基准", "Datum"),
            "text",
            default="",
            about=Words("图层未写明时给出", "where the layer does not state it"),
        ),
    ),
    run=_run,
    source="McKenzie (1999) SANFLOW; May (1994); Lambert et al. (1999); Page (1954)",
    clauses=("11", "14"),
    takes_city=True,
    verified=Words(
        "三个分区的 ILI 10.17、7.95、2.86（SANFLOW 案例）；孔径 11.843 毫米、40 米水压漏水 8.33 m³/h",
        "ILI 10.17, 7.95 and 2.86 of three districts (SANFLOW); 8.33 m³/h from a hole of 11.843 mm at 40 m",
    ),
    limits=(
        Words(
            "夜间流量法把未计量的夜间用水也当作漏水；不是 CJJ 92 的漏损率，不含表观漏损。",
            "By night flow: use at night that is not known counts as leakage. It is not the loss rate of CJJ 92 and "
            "holds no apparent losses.",
        ),
    ),
)
