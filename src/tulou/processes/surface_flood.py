"""The process that tells where water stands in a storm, how deep, how fast, how long, and whom it meets."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.flood.asked import DRAINS, GROUND, LEVEL, OUTSIDE, STORM
from tulou.processes.outcome import Outcome

SOILS = {
    "none": Words("不透水", "sealed"),
    "sand": Words("砂土", "sand"),
    "sandy_loam": Words("砂壤土", "sandy loam"),
    "loam": Words("壤土", "loam"),
    "clay_loam": Words("黏壤土", "clay loam"),
    "clay": Words("黏土", "clay"),
}


def _run(run: Run) -> Outcome:
    from tulou.processes.flood.surface import surface  # loads the science

    return surface(run)


PROCESS = Process(
    name="surface_flood",
    title=Words("地表内涝模型", "Surface flood"),
    question=Words(
        "一场暴雨中，哪里积水、多深、多快、多久？淹到谁？",
        "Where does water stand in a storm, how deep, how fast and how long, and whom does it meet?",
    ),
    inputs=(
        *GROUND,
        *STORM,
        Input(
            "rain_field",
            Words("各处降雨", "Rain by place"),
            "file",
            optional=True,
            about=Words(
                "CSV：longitude、latitude、minute（时段起）、depth（毫米），每处取最近雨量站；"
                "或每波段一个时段（step）的 GeoTIFF",
                "CSV: longitude, latitude, minute (at which the step begins), depth in mm, each place by its nearest "
                "gauge; or a GeoTIFF with a band a step",
            ),
        ),
        *OUTSIDE,
        DRAINS,
        Input(
            "soil",
            Words("透水地面的土壤", "Soil of permeable ground"),
            "choice",
            default="none",
            choices=SOILS,
            about=Words("有城市时只用于绿地", "with a city, under its greens only"),
        ),
        Input(
            "horton",
            Words("霍顿入渗 f0、fc、k", "Soil by Horton: f0, fc, k"),
            "numbers",
            optional=True,
            least=0,
            most=10_000,
            about=Words(
                "毫米每小时、毫米每小时、每小时；代替 soil", "mm/h, mm/h and 1/h, as 76,12,4; in place of soil"
            ),
        ),
        Input(
            "roughness",
            Words("曼宁糙率", "Manning's n"),
            optional=True,
            least=0.005,
            most=0.5,
            about=Words("不给则按地表类别", "by the cover of the ground when not given"),
        ),
        Input(
            "sewer",
            Words("雨水管网模型", "Model of the drains"),
            "file",
            optional=True,
            about=Words("SWMM 5 的 .inp，与地表逐步交换", ".inp of SWMM 5, exchanged with step by step"),
        ),
        Input(
            "sewer_datum",
            Words("管网坐标的基准", "Datum of the model of the drains"),
            "text",
            optional=True,
        ),
        Input(
            "inlet",
            Words("每个节点的雨水口周长", "Length of inlets at each node"),
            "number",
            "m",
            optional=True,
            least=0.1,
            most=100,
            about=Words("有管网模型时必填", "needed with a model of the drains"),
        ),
        Input(
            "opening",
            Words("每个节点的雨水口开孔面积", "Open area of inlets at each node"),
            "number",
            "m2",
            optional=True,
            least=0.001,
            most=10,
            about=Words("有管网模型时必填", "needed with a model of the drains"),
        ),
        LEVEL,
    ),
    run=_run,
    source="Bates, Horritt & Fewtrell (2010); de Almeida et al. (2012); Horton (1940)",
    clauses=("11", "19"),
    takes_city=True,
    verified=Words(
        "Hunter 波 25 米网格湿区均方根误差不大于 0.01 米；斜面恒定流水深 0.00689865 米；静水、封闭水量守恒",
        "Hunter's wave: root mean square of the error where wet at most 0.01 m on cells of 25 m; plane "
        "0.00689865 m; lake at rest; closed box",
    ),
    limits=(
        Words(
            "忽略对流加速度：溃坝、陡坡急流（弗劳德数大于 0.8）不适用，结果中另行提示。",
            "Without the acceleration of advection: not for dam breaks and steep, fast flow (Froude number above 0.8), "
            "of which a result warns.",
        ),
        Words(
            "高程若含桥面、树冠，会拦住水流；地道、涵洞须在高程中体现。",
            "Decks of bridges and trees in the elevation dam the water; underpasses and culverts must be cut into it.",
        ),
        Words(
            "单元内水深为平均值：细于单元的路缘、围墙、台阶不计。",
            "A depth is the mean of its cell: kerbs, walls and steps finer than a cell are left out.",
        ),
    ),
)
