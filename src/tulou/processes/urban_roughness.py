"""The process that tells how a city stands in the wind: ground built on, walls, roughness, sky, ventilation classes."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.unit_places import LEVELS
from tulou.processes.wind_corridors import CELL, UNKNOWN_HEIGHT


def _run(run: Run) -> Outcome:
    from tulou.processes.climate.form_told import tell  # loads the science

    return tell(run)


SURFACE_CELL = Input(
    "surface_cell",
    Words("地表模型单元", "Cell of the surface"),
    unit="m",
    default=2.0,
    least=0.5,
    most=20,
    about=Words("天空可视因子按此精度计算", "the sky view is worked out at this size"),
)
DIRECTIONS = Input(
    "directions",
    Words("天空可视因子方向数", "Directions of the sky view"),
    "whole",
    default=32,
    least=8,
    most=360,
    about=Words("偶数；16 个方向逐点误差约 0.02，32 个约 0.01", "even; 16 are wrong by 0.02 a point, 32 by 0.01"),
)

PROCESS = Process(
    name="urban_roughness",
    title=Words("城市粗糙度与天空可视因子", "Roughness and sky view of a city"),
    question=Words(
        "城市各处对风有多粗糙？地面能看到多少天空？哪些单元几乎不通风？",
        "How rough is the city to the wind, how much sky is seen from its ground, and where can air hardly move?",
    ),
    inputs=(
        CELL,
        UNKNOWN_HEIGHT,
        SURFACE_CELL,
        DIRECTIONS,
        Input("level", Words("统计单元", "Units"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source="Grimmond & Oke (1999); Macdonald et al. (1998); Kanda et al. (2013); QX/T 437-2018",
    clauses=("19", "21"),
    needs_city=True,
    verified=Words(
        "Macdonald 立方体阵列 12 个数值、Kanda 算例、街谷与圆形盆地天空可视因子闭合解、单体建筑迎风面积",
        "twelve numbers of Macdonald's cubes, a case of Kanda's, closed forms of the sky in streets and round basins, "
        "the frontal area of one box",
    ),
    limits=(
        Words("只计建筑：树木、桥梁和地形不计。", "Buildings only: trees, bridges and terrain do not count."),
        Words(
            "迎风面积不计前后建筑的相互遮挡（Grimmond 与 Oke 的做法）。",
            "Frontal area takes no account of one building sheltering another (as Grimmond & Oke).",
        ),
        Words(
            "QX/T 437-2018 的分级数值凭记忆，未核对原文：分级仅供参考，不作判定。",
            "The class numbers of QX/T 437-2018 are from memory and were not compared with the standard: classes are a "
            "reference, no verdict.",
        ),
    ),
)
