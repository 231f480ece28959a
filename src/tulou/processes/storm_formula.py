"""The process that makes a storm intensity formula from a rain record."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome

FAMILIES = {
    "best": Words("逐一试算取优", "the best of all"),
    "gumbel": Words("耿贝尔", "Gumbel"),
    "exponential": Words("指数", "exponential"),
    "pearson3": Words("皮尔逊Ⅲ型", "Pearson III"),
    "gev": Words("广义极值", "generalised extreme value"),
}
SAMPLES = {
    "annual_maxima": Words("年最大值法", "annual maxima"),
    "several_a_year": Words("年多个样法", "several a year"),
}


def _run(run: Run) -> Outcome:
    from tulou.processes.storms.derive import derive  # loads the science

    return derive(run)


PROCESS = Process(
    name="storm_formula",
    title=Words("暴雨强度公式", "Storm intensity formula"),
    question=Words(
        "本市的雨量记录给出怎样的暴雨强度公式？它与现行公式差多少？",
        "Which storm intensity formula do the city's rain records give, and how far is the one in force from it?",
    ),
    inputs=(
        Input(
            "record",
            Words("雨量记录", "Rain record"),
            "file",
            about=Words(
                "CSV 或 Parquet，一列时间、一列雨量；时段等长，最好为 1 分钟、不少于 20 年",
                "CSV or Parquet, a column of times and one of depths, equal steps; best minutes, 20 years or more",
            ),
        ),
        Input("sample", Words("选样方法", "Sampling"), "choice", default="annual_maxima", choices=SAMPLES),
        Input(
            "distribution",
            Words("频率分布", "Distribution"),
            "choice",
            default="best",
            choices=FAMILIES,
            about=Words("逐一试算时取最终公式误差最小者", "of all, that with the smallest error of the formula stays"),
        ),
        Input(
            "durations",
            Words("历时", "Durations"),
            "numbers",
            "minute",
            default=(5, 10, 15, 20, 30, 45, 60, 90, 120, 150, 180),
            least=1,
            most=14_400,
        ),
        Input(
            "periods",
            Words("重现期", "Return periods"),
            "numbers",
            "year",
            default=(2, 3, 5, 10, 20, 30, 50, 100),
            least=1.01,
            most=1000,
        ),
        Input(
            "known",
            Words("年内记录的最低比例", "Least share of a year recorded"),
            "number",
            "percent",
            default=80.0,
            least=0,
            most=100,
            about=Words("低于此比例的年份不参加统计", "Years with less are left out"),
        ),
        Input("first_year", Words("起始年", "First year"), "whole", optional=True, least=1800, most=2200),
        Input("last_year", Words("终止年", "Last year"), "whole", optional=True, least=1800, most=2200),
        Input(
            "a1", Words("现行公式 A1", "A1 of the formula in force"), "number", optional=True, least=0.001, most=1000
        ),
        Input("c", Words("现行公式 C", "C of the formula in force"), "number", optional=True, least=0, most=10),
        Input(
            "b", Words("现行公式 b", "b of the formula in force"), "number", "minute", optional=True, least=0, most=200
        ),
        Input("n", Words("现行公式 n", "n of the formula in force"), "number", optional=True, least=0.01, most=3),
    ),
    run=_run,
    source=Words(
        "GB 50014-2021；城市暴雨强度公式编制和设计暴雨雨型确定技术导则（2014）",
        "GB 50014-2021; Technical guide to urban storm formulas and design storms (2014)",
    ),
    clauses=("11", "19"),
    verified=Words(
        "格尔利茨年最大值与 Nextreme（DWA、DWD）一致；苏州雨强；格拉茨雨强表复原",
        "annual maxima of Görlitz equal Nextreme's (DWA, DWD); intensities of Suzhou; a table of Graz refitted",
    ),
    limits=(
        Words(
            "年最大值按记录时段滑动求得：时段长于 1 分钟时，短历时的最大值偏小，报告会写明。",
            "Windows slide in steps of the record: where these are long, maxima of short durations are too small.",
        ),
        Words(
            "不作面积折减；一个站点代表不了整个城市。",
            "No reduction for area; one gauge does not speak for a whole city.",
        ),
    ),
)
