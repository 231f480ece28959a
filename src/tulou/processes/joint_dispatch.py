"""The process that runs gates and pumps of a drainage model together, and says what that gains."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.drainage.asked import MODEL, PATIENCE, STORM
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.drainage.dispatch import dispatch  # loads the science

    return dispatch(run)


def _cost(name: str, zh: str, en: str, default: float) -> Input:
    return Input(name, Words(zh, en), default=default, least=0, most=1e9)


PROCESS = Process(
    name="joint_dispatch",
    title=Words("闸泵联排联调", "Joint dispatch of gates and pumps"),
    question=Words(
        "闸门与水泵怎样一起调度，才能少冒水、不超下游允许流量？比不调度好多少？",
        "How should gates and pumps be run together so that less floods and what leaves stays within the limit, and "
        "what does that gain?",
    ),
    inputs=(
        MODEL,
        *STORM,
        Input(
            "period",
            Words("暴雨重现期", "Return period of the storm"),
            "number",
            "year",
            default=5.0,
            least=1,
            most=1000,
        ),
        Input(
            "allowed",
            Words("允许外排流量", "Flow that may leave"),
            "number",
            "m3/second",
            optional=True,
            least=0,
            most=1e6,
            about=Words(
                "不给时取不调度的峰值，即只求少冒水", "without it the peak without control: only floods are avoided"
            ),
        ),
        Input(
            "outlet",
            Words("外排断面", "Link where it is seen"),
            "text",
            optional=True,
            about=Words("管渠名称；默认为全部排放口之和", "name of a link; by default all outfalls together"),
        ),
        Input("margin", Words("允许流量的裕度", "Margin below it"), "number", "percent", default=5.0, least=0, most=50),
        Input(
            "every", Words("闸泵动作间隔", "Time between settings"), "number", "minute", default=1.0, least=0.1, most=60
        ),
        Input("plan_step", Words("计划步长", "Step of a plan"), "number", "minute", default=15.0, least=1, most=60),
        Input(
            "horizon", Words("预见期", "How far a plan looks ahead"), "number", "hour", default=4.0, least=0.25, most=48
        ),
        Input(
            "budget", Words("求解总时限", "Time for all plans"), "number", "second", default=120.0, least=0, most=86_400
        ),
        Input(
            "least_run",
            Words("水泵最短启停时间", "Least time a pump stays switched"),
            "number",
            "minute",
            default=0.0,
            least=0,
            most=600,
        ),
        Input(
            "forecast",
            Words("预报来水占实际的比例", "Forecast inflow as a share of the true one"),
            "number",
            "percent",
            default=100.0,
            least=0,
            most=500,
            about=Words("用于检验预报偏差的影响", "to see what a wrong forecast costs"),
        ),
        Input(
            "lost_from",
            Words("遥测中断时刻", "When measurements are lost"),
            "number",
            "hour",
            optional=True,
            least=0,
            most=1e5,
        ),
        _cost("flood_cost", "冒水 1 立方米的代价", "Cost of a m³ that floods", 100.0),
        _cost("excess_cost", "超出允许流量 1 立方米的代价", "Cost of a m³ above the limit", 10.0),
        _cost("energy_cost", "1 千瓦时的代价", "Cost of a kWh", 1.0),
        _cost("move_cost", "流量改变 1 立方米/秒的代价", "Cost of a change by 1 m³/s", 1.0),
        PATIENCE,
    ),
    run=_run,
    source="EPA SWMM 5.2; Troutman et al. (2020); Lund et al. (2018)",
    clauses=("19",),
    verified=Words(
        "pystorms theta：不调度 1630.3422，均衡充满度与预测调度 0.0",
        "pystorms theta: 1630.3422 without control, 0.0 by equal filling and by plans that look ahead",
    ),
    limits=(
        Words(
            "调度对象为抽排调蓄设施的孔口闸门与水泵；堰和不在调蓄设施处的闸泵按模型运行。",
            "Dispatched are orifices and pumps that empty storages; weirs, and gates and pumps elsewhere, run as the "
            "model says.",
        ),
        Words(
            "预见来水取自不调度的模拟，不是真实预报；方案须由值班人员确认后执行。",
            "The inflow foreseen is that of the run without control, not a real forecast; a plan needs the approval of "
            "whoever is on duty.",
        ),
        Words(
            "串联调蓄设施的均衡充满度把允许流量按份额分给每一座，没有考虑上一座放给下一座。",
            "By equal filling storages in a row each get a share of the limit; that one fills the next is left out.",
        ),
    ),
)
