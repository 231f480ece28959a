"""The process that tells how much a water network can still give, and where its pressure is too low."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.water_supply.service import service  # loads wntr

    return service(run)


PROCESS = Process(
    name="water_network",
    title=Words("供水管网韧性", "Service of a water network"),
    question=Words(
        "管网还有多少余力？哪里水压不足、供不上水？消防时够不够？",
        "How much can a water network still give? Where is its pressure too low, and is there enough for a fire?",
    ),
    inputs=(
        Input(
            "network",
            Words("管网模型", "Network"),
            "file",
            about=Words("EPANET 的 .inp 文件，应经过校核", "an .inp file of EPANET, calibrated"),
        ),
        Input(
            "pressure",
            Words("要求水压", "Pressure wanted"),
            "number",
            "m",
            least=1,
            most=200,
            about=Words(
                "用户接管处服务水头，如六层住宅 28 米", "head of service at the taps, e.g. 28 m for six storeys"
            ),
        ),
        Input(
            "demand_a_person",
            Words("每人每日用水量", "Water of a person"),
            "number",
            "L/day",
            optional=True,
            least=1,
            most=5000,
            about=Words("给出时把水量折算为人口", "with it, water is told as people"),
        ),
        Input(
            "fire_flow",
            Words("消防流量", "Flow for a fire"),
            "number",
            "L/s",
            optional=True,
            least=0.1,
            most=1000,
            about=Words("给出时逐节点核算，如市政消火栓 15 L/s", "with it, each junction is tried, e.g. 15 L/s"),
        ),
        Input(
            "crs",
            Words("模型坐标系", "System of the model"),
            "text",
            optional=True,
            about=Words(
                "在城市上运行时，如 EPSG:4549；不给则视为城市的坐标系",
                "when run on a city, e.g. EPSG:4549; without it that of the city",
            ),
        ),
        Input(
            "reach",
            Words("住宅距节点", "Home to junction"),
            "number",
            "m",
            default=200.0,
            least=1,
            most=5000,
            about=Words("更远的住宅不判定", "homes farther away are not judged"),
        ),
    ),
    run=_run,
    source="EPANET 2.2; Wagner, Shamir & Marks (1988); Todini (2000); Jayaram & Srinivasan (2008)",
    clauses=("9", "11", "16"),
    takes_city=True,
    verified=Words(
        "托迪尼图 2 两个管网：0.210（发表 0.22）、0.396（发表 0.41），差在 wntr 采用的容差 0.01 与 0.03 以内",
        "two networks of Todini's figure 2: 0.210 (published 0.22) and 0.396 (0.41), within the tolerances 0.01 and "
        "0.03 that wntr uses",
    ),
    limits=(
        Words(
            "结果取决于模型的校核；不含水质、水锤与停电。不能代替管网校核计算书。",
            "Results are as good as the calibration of the model. No water quality, surge or power cuts. It does not "
            "replace a signed calculation.",
        ),
    ),
)
