"""The process that tells which buildings to strengthen first against earthquakes."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS


def _run(run: Run) -> Outcome:
    from tulou.processes.earthquake.reinforcement import reinforce  # loads the science

    return reinforce(run)


PROCESS = Process(
    name="reinforcement",
    title=Words("抗震加固次序", "Order of strengthening"),
    question=Words(
        "有限的钱先加固哪些房屋？这个次序有多可靠？",
        "Which buildings to strengthen first with the money there is, and how sure is that order?",
    ),
    inputs=(
        Input("budget", Words("预算", "Budget"), "number", "yuan", least=0, most=1e13),
        Input("cost", Words("加固造价", "Cost to strengthen"), "number", "yuan/m2", least=1, most=1e5),
        Input("price", Words("重置造价", "Cost to build anew"), "number", "yuan/m2", least=1, most=1e5),
        Input(
            "pga",
            Words("各情景峰值加速度", "Accelerations of the scenarios"),
            "numbers",
            "m/s2",
            least=1e-3,
            most=30,
            about=Words("如 0.5,1.5,3.1", "such as 0.5,1.5,3.1"),
        ),
        Input(
            "rates",
            Words("各情景每年次数", "Their frequencies"),
            "numbers",
            "1/year",
            least=0,
            most=10,
            about=Words("与 pga 一一对应，如 0.02,0.0021,0.0004", "one for each, such as 0.02,0.0021,0.0004"),
        ),
        Input(
            "life_value",
            Words("避免一人死亡的价值", "Worth of a death avoided"),
            "number",
            "yuan",
            default=0.0,
            least=0,
            most=1e9,
            about=Words("0 表示只计经济损失", "0 counts money alone"),
        ),
        Input("years", Words("效益年限", "Years of benefit"), "number", "year", default=30.0, least=1, most=200),
        Input("discount", Words("折现率", "Discount rate"), "number", "percent", default=4.0, least=0, most=30),
        Input("median_spread", Words("中位值离散", "Spread of medians"), "number", default=0.3, least=0, most=1.5),
        Input("beta_spread", Words("离散度的离散", "Spread of β"), "number", default=0.2, least=0, most=1.0),
        Input(
            "other",
            Words("归类有误的概率", "Chance of the other class"),
            "number",
            "percent",
            default=20.0,
            least=0,
            most=100,
        ),
        Input("draws", Words("抽样次数", "Draws"), "whole", default=200, least=20, most=2000),
        Input("level", Words("汇总到", "Told by"), "choice", default="block", choices=LEVELS),
        Input(
            "together",
            Words("成组加固", "Strengthened together"),
            "choice",
            default="none",
            choices={
                "none": Words("逐栋", "each by itself"),
                "attached": Words("毗连的房屋成组", "buildings that stand wall to wall"),
                "unit": Words("同一单元成片", "all of a unit"),
            },
        ),
    ),
    run=_run,
    source=Words("FEMA Hazus 6.1; 尹之潜 (1991); Dantzig (1957)", "FEMA Hazus 6.1; Yin Zhiqian (1991); Dantzig (1957)"),
    clauses=("9", "16", "19"),
    needs_city=True,
    limits=(
        Words(
            "次序只供排查，须经抗震鉴定后才能立项。",
            "The order is for screening; a seismic appraisal comes before any project.",
        ),
        Words(
            "加固后的类别是建议；停业、搬迁等费用未计。",
            "What a building is after strengthening is a proposal; moving out is not counted.",
        ),
    ),
)
