"""The process that spreads a design storm over its duration."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.storms.design import design  # loads the science

    return design(run)


PROCESS = Process(
    name="design_storm",
    title=Words("设计暴雨雨型", "Design storm"),
    question=Words("某一重现期的设计暴雨怎样随时间分配？", "How does the rain of a design storm fall over time?"),
    inputs=(
        Input("a1", Words("公式 A1（毫米/分钟）", "A1 of the formula, mm/min"), least=0.001, most=1000),
        Input("c", Words("公式 C", "C of the formula"), least=0, most=10),
        Input("b", Words("公式 b", "b of the formula"), "number", "minute", least=0.001, most=200),
        Input("n", Words("公式 n", "n of the formula"), least=0.01, most=3),
        Input("period", Words("重现期", "Return period"), "number", "year", default=5.0, least=1, most=1000),
        Input("duration", Words("历时", "Duration"), "number", "minute", default=120.0, least=1, most=14_400),
        Input("step", Words("时段", "Step"), "number", "minute", default=5.0, least=0.1, most=1440),
        Input(
            "peak",
            Words("雨峰系数 r", "Where the peak lies, r"),
            "number",
            "1",
            least=0.01,
            most=0.99,
            about=Words("由本市实测场次统计得出；借用他处数值不可靠", "from the city's own storms, not another's"),
        ),
        Input(
            "uplift",
            Words("气候变化增幅（假设）", "Climate uplift (an assumption)"),
            "number",
            "percent",
            default=0.0,
            least=0,
            most=200,
        ),
    ),
    run=_run,
    source="Keifer & Chu (1957)",
    clauses=("11", "19"),
    verified=Words(
        "苏州：5 年一遇 180 分钟 94.9031 毫米，最大 5 分钟 14.0904 毫米",
        "Suzhou: 94.9031 mm in 180 minutes at 5 years, largest 5 minutes 14.0904 mm",
    ),
    limits=(
        Words(
            "芝加哥雨型的峰值偏尖，不宜用于长历时（如 1440 分钟）。",
            "The peak of a Chicago storm is sharp; it does not suit long storms such as 1,440 minutes.",
        ),
    ),
)
