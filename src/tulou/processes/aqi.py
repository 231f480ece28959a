"""The process that judges the air of each day by the standard in force that day."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome

STANDARDS = {
    "by_date": Words("按日期选用", "the one in force that day"),
    "hj633_2012": Words("HJ 633-2012", "HJ 633-2012"),
    "hj633_2026": Words("HJ 633-2026", "HJ 633-2026"),
}


def _run(run: Run) -> Outcome:
    from tulou.processes.air.daily import judge  # loads the science

    return judge(run)


PROCESS = Process(
    name="aqi",
    title=Words("空气质量指数", "Air quality index"),
    question=Words(
        "各日空气质量如何？按当日有效的标准有多少优良天？换了标准差多少？",
        "How was the air each day, how many days were good by the standard in force, and how many by the other one?",
    ),
    inputs=(
        Input(
            "record",
            Words("逐日浓度", "Daily concentrations"),
            "file",
            about=Words(
                "CSV：date、pm25、pm10、so2、no2、co、o3；单位写在表头括号内，缺省为 µg/m³（CO 为 mg/m³）",
                "CSV: date, pm25, pm10, so2, no2, co, o3; units in brackets in the heading, else µg/m³ (CO: mg/m³)",
            ),
        ),
        Input(
            "standard",
            Words("标准", "Standard"),
            "choice",
            default="by_date",
            choices=STANDARDS,
        ),
        Input(
            "columns",
            Words("表头", "Headings"),
            "text",
            optional=True,
            about=Words("文件没有表头时，按列给出，用逗号分隔", "of a file that has none: one a column, with commas"),
        ),
    ),
    run=_run,
    source="HJ 633-2012; HJ 633-2026; GB 3095-2026",
    clauses=("15",),
    takes_city=True,
    verified=Words(
        "标准算例 PM2.5 45→70；60→100、61→101；75 按 2012 版为 100、按 2026 版为 114；PM10 120→100；O3 900→300",
        "worked example of the standard PM2.5 45→70; 60→100, 61→101; 75 is 100 by 2012 and 114 by 2026; PM10 120→100; "
        "O3 900→300",
    ),
    limits=(
        Words(
            "只用日值；不算实时（小时）指数，也不用臭氧 1 小时最大值。",
            "Daily values only: no index of hours, and no largest hour of ozone.",
        ),
        Words(
            "标准正文未逐条核对；分段取自公开文本与多个相互独立的实现，依据见 rules.yaml。",
            "The standard itself was not read: break-points are those of public texts and of independent programs that "
            "agree, see rules.yaml.",
        ),
    ),
)
