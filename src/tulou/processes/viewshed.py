"""The process that tells what is seen from a place over the ground and the buildings of a city."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.wind_corridors import UNKNOWN_HEIGHT


def _run(run: Run) -> Outcome:
    from tulou.processes.sight.seen import seen  # loads the science

    return seen(run)


PROCESS = Process(
    name="viewshed",
    title=Words("可视域", "Viewshed"),
    question=Words(
        "站在这里能看到城市的哪些地方、哪些建筑？", "Which ground and which buildings of the city are seen from here?"
    ),
    inputs=(
        Input(
            "longitude",
            Words("观察点经度（WGS 84）", "Longitude of the place, WGS 84"),
            unit="degree",
            least=-180,
            most=180,
        ),
        Input(
            "latitude",
            Words("观察点纬度（WGS 84）", "Latitude of the place, WGS 84"),
            unit="degree",
            least=-180,
            most=180,
        ),
        Input("eye", Words("视高", "Height of the eye"), unit="m", default=1.6, least=0, most=1000),
        Input("target", Words("目标高度", "Height looked at"), unit="m", default=0.0, least=0, most=1000),
        Input("reach", Words("可视距离", "Distance seen"), unit="m", default=2000.0, least=50, most=30_000),
        Input("cell", Words("单元边长", "Side of a cell"), unit="m", default=4.0, least=0.5, most=100),
        Input(
            "terrain",
            Words("地形", "Terrain"),
            "file",
            optional=True,
            about=Words("GeoTIFF 高程；不给出则地面视为水平", "a GeoTIFF of heights; without it the ground is level"),
        ),
        UNKNOWN_HEIGHT,
        Input(
            "exact",
            Words("逐单元精确计算", "A line to every cell"),
            "flag",
            default=False,
            about=Words("快速算法约千分之三以内的单元有误", "the fast way is wrong for some cells in a thousand"),
        ),
    ),
    run=_run,
    source="Franklin & Ray (1994)",
    clauses=("21",),
    needs_city=True,
    verified=Words(
        "挡墙算例与地球曲率下降值（15 个数值）；逐单元视线独立核对",
        "a wall's shadow and the drop by the Earth's curve (numbers worked out by hand); lines of sight one by one",
    ),
    limits=(
        Words("树木、桥梁不计；屋顶为平顶。", "Trees and bridges do not count; roofs are flat."),
        Words(
            "单元小于约 2 米时才适合判断窄缝间的视线。",
            "Views through narrow gaps need cells of about 2 m or less.",
        ),
    ),
)
