"""The process that tells which storm each pipe holds, and where water comes out when it does not."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.drainage.asked import MODEL, PATIENCE, STORM
from tulou.processes.outcome import Outcome

ROUTINGS = {"model": Words("按模型", "as the model says"), "dynamic": Words("动力波", "dynamic wave")}
SERVICES = {"rain": Words("雨水", "Storm water"), "combined": Words("合流", "Combined sewer")}


def _run(run: Run) -> Outcome:
    from tulou.processes.drainage.check import check  # loads the science

    return check(run)


PROCESS = Process(
    name="drainage_check",
    title=Words("排水管网校核", "Check of drains"),
    question=Words(
        "每根管渠能承受几年一遇的暴雨？哪里会冒水、积水多深多久？影响到谁？",
        "Which storm does each pipe hold, where does water come out, how deep and long does it stand, and whom does "
        "it reach?",
    ),
    inputs=(
        MODEL,
        *STORM,
        Input(
            "periods",
            Words("校核重现期", "Return periods tried"),
            "numbers",
            "year",
            default=(1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0),
            least=1,
            most=1000,
        ),
        Input(
            "flood_period",
            Words("内涝防治重现期", "Return period of the flood"),
            "number",
            "year",
            optional=True,
            least=1,
            most=1000,
            about=Words(
                "冒水与积水按此列出；默认取最大者", "of which water on the ground is told; by default the largest"
            ),
        ),
        Input(
            "required",
            Words("管渠设计重现期", "Return period pipes must hold"),
            "number",
            "year",
            optional=True,
            least=0.1,
            most=1000,
            about=Words("按 GB 50014 表 4.1.3 与当地规划", "by GB 50014 table 4.1.3 and the plan of the city"),
        ),
        Input(
            "ponding_area",
            Words("节点积水面积（假设）", "Area on which water stands at a node (an assumption)"),
            "number",
            "m2",
            optional=True,
            least=1,
            most=1e6,
            about=Words(
                "给出时水停在地面并流回；否则按模型，水可能离开模型",
                "with it water stays on the ground and flows back; else as the model says, where it may leave it",
            ),
        ),
        Input("routing", Words("演算方法", "Routing"), "choice", default="model", choices=ROUTINGS),
        Input("service", Words("管渠类别", "What the pipes carry"), "choice", default="rain", choices=SERVICES),
        Input(
            "datum",
            Words("模型坐标的基准", "Datum of the model's coordinates"),
            "text",
            optional=True,
            about=Words(
                "如 EPSG:4547、cgcs2000、gcj02；不给则不落图",
                "EPSG:4547, cgcs2000, gcj02; without it nothing is placed",
            ),
        ),
        Input("near", Words("影响范围", "How near counts"), "number", "m", default=50.0, least=1, most=1000),
        PATIENCE,
    ),
    run=_run,
    source="EPA SWMM 5.2; GB 50014-2021",
    clauses=("11", "19"),
    takes_city=True,
    verified=Words(
        "正常水深 0.3099、0.4504、0.698 米；平衡径流 0.166667 立方米/秒；theta 全开 1630.3422",
        "normal depths 0.3099, 0.4504, 0.698 m; equilibrium runoff 0.166667 m³/s; theta open 1630.3422",
    ),
    limits=(
        Words(
            "地面积水以节点上的竖直水柱表示，不沿地面流动；要看水往哪里流，请用地表洪水模型。",
            "Water on the ground stands over its node and does not run along it; use the surface flood for that.",
        ),
        Words(
            "同一场雨落在全部子汇水区上，没有面积折减；下游水位按模型，不与暴雨联合推求。",
            "One storm falls on all subcatchments, without reduction for area; water levels downstream are the "
            "model's, not joint with the storm.",
        ),
    ),
)
