"""The process that finds the pattern of a design storm in observed storms."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.storms.pattern import pattern  # loads the science

    return pattern(run)


PROCESS = Process(
    name="storm_pattern",
    title=Words("实测暴雨雨型", "Pattern of observed storms"),
    question=Words(
        "本市最大的若干场暴雨，雨峰在哪里？长历时设计暴雨应怎样随时间分配？",
        "Where does the peak of the city's largest storms lie, and how should a long design storm fall over time?",
    ),
    inputs=(
        Input(
            "record",
            Words("雨量记录", "Rain record"),
            "file",
            about=Words("CSV 或 Parquet，一列时间、一列雨量", "CSV or Parquet, a column of times and one of depths"),
        ),
        Input("duration", Words("历时", "Duration"), "number", "minute", default=1440.0, least=10, most=14_400),
        Input("step", Words("时段", "Step"), "number", "minute", default=60.0, least=1, most=1440),
        Input("storms", Words("场次数", "Storms"), "whole", default=10, least=2, most=200),
        Input("depth", Words("设计雨量", "Depth of the design storm"), "number", "mm", optional=True, least=0.1),
        Input("a1", Words("公式 A1（毫米/分钟）", "A1 of the formula, mm/min"), optional=True, least=0.001, most=1000),
        Input("c", Words("公式 C", "C of the formula"), optional=True, least=0, most=10),
        Input("b", Words("公式 b", "b of the formula"), "number", "minute", optional=True, least=0, most=200),
        Input("n", Words("公式 n", "n of the formula"), optional=True, least=0.01, most=3),
        Input("period", Words("重现期", "Return period"), "number", "year", default=5.0, least=1, most=1000),
    ),
    run=_run,
    source="Pilgrim & Cordery (1975)",
    clauses=("11", "19"),
    limits=(
        Words(
            "场次按固定历时的窗口选取，互不重叠；降雨过程短于历时的，窗口居中，前后含无雨时段。",
            "Storms are windows of one length that share no step; where it rained for less, dry steps lie around it.",
        ),
        Words(
            "用公式推算雨量时，历时须在公式的适用范围内（不少公式只到 180 分钟）。",
            "A depth by formula holds only for durations the formula was made for, often up to 180 minutes.",
        ),
    ),
)
