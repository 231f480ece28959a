"""The process that tells the heat island of the ground from a satellite image."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS
from tulou.processes.wind_corridors import CELL


def _run(run: Run) -> Outcome:
    from tulou.processes.climate.surface_heat import tell_surface  # loads the science

    return tell_surface(run)


PROCESS = Process(
    name="surface_heat_island",
    title=Words("地表热岛", "Surface heat island"),
    question=Words(
        "卫星过境时城区地表比周边开敞地热多少？哪些单元最热？",
        "How much warmer was the ground of the city than the open land around it when the satellite passed, and where "
        "most?",
    ),
    inputs=(
        Input(
            "raster",
            Words("地表温度影像", "Image of surface temperature"),
            "file",
            about=Words(
                "GeoTIFF，如 Landsat C2 L2 的 ST_B10；云像元应已置为无数据",
                "GeoTIFF such as ST_B10 of Landsat C2 L2, with clouds set to no data",
            ),
        ),
        Input(
            "band",
            Words("影像数值", "Numbers of the image"),
            "choice",
            default="number",
            choices={
                "number": Words("Landsat C2 L2 的 DN", "digital numbers of Landsat C2 L2"),
                "kelvin": Words("开尔文", "kelvin"),
                "celsius": Words("摄氏度", "degrees Celsius"),
            },
        ),
        CELL,
        Input("level", Words("统计单元", "Units"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source="Landsat Collection 2 Level 2 Science Product Guide",
    clauses=("19", "15"),
    needs_city=True,
    limits=(
        Words(
            "地表热岛，不是气温热岛：两者不可相互替代或比较。",
            "The heat island of the ground, not that in the air: neither stands for the other.",
        ),
        Words(
            "一景影像只代表一个时刻（上午）；不作高程订正，山地参照会偏冷。",
            "One image is one moment of a morning; elevation is not corrected, so hills make the reference cool.",
        ),
    ),
)
