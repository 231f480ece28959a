"""Inputs that the processes of drainage share: the model, the storm on it, how long a run may take."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input

MODEL = Input(
    "model",
    Words("SWMM 模型", "SWMM model"),
    "file",
    about=Words("SWMM 5 的 .inp 文件", "the .inp file of SWMM 5"),
)
PATIENCE = Input(
    "patience",
    Words("每次运行最长时间", "Longest time of a run"),
    "number",
    "minute",
    default=30.0,
    least=0.01,
    most=10_000,
)
STORM = (
    Input(
        "rain",
        Words("降雨记录", "Rain record"),
        "file",
        optional=True,
        about=Words(
            "CSV 或 Parquet（时间、雨量），或 design_storm 写出的 .json；代替模型自带降雨",
            "CSV or Parquet of times and depths, or the .json of design_storm; in place of the model's",
        ),
    ),
    Input(
        "a1",
        Words("暴雨公式 A1（毫米/分钟）", "A1 of the storm formula, mm/min"),
        optional=True,
        least=0.001,
        most=1000,
    ),
    Input("c", Words("公式 C", "C of the formula"), optional=True, least=0, most=10),
    Input("b", Words("公式 b", "b of the formula"), "number", "minute", optional=True, least=0.001, most=200),
    Input("n", Words("公式 n", "n of the formula"), optional=True, least=0.01, most=3),
    Input("peak", Words("雨峰系数 r", "Where the peak lies, r"), optional=True, least=0.01, most=0.99),
    Input(
        "duration", Words("暴雨历时", "Duration of the storm"), "number", "minute", default=120.0, least=1, most=14_400
    ),
    Input("step", Words("雨型时段", "Step of the storm"), "number", "minute", default=5.0, least=1, most=1440),
    Input(
        "after",
        Words("雨后模拟时间", "Time simulated after the rain"),
        "number",
        "minute",
        default=360.0,
        least=0,
        most=100_000,
    ),
)
