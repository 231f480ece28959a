"""The process that maps the noise of roads over a city and tells who lives above the limit."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.road_noise import AREAS, SURFACES
from tulou.processes.unit_places import LEVELS

YEARS = {"2015": Words("2015 年", "2015"), "2020": Words("2020 年修订", "amended in 2020")}
COEFFICIENTS = Input(
    "coefficients",
    Words("系数年份", "Year of the coefficients"),
    "choice",
    choices=YEARS,
    about=Words("两者相差 2 至 3 分贝，必须选定", "the two differ by 2 to 3 dB: choose"),
)
AIR = (
    Input(
        "surface",
        Words("路面", "Surface"),
        "choice",
        default="DEF",
        choices={name: Words(name, name) for name in SURFACES},
    ),
    Input("height", Words("受声点高度", "Height of the places"), "number", "m", default=4.0, least=1, most=500),
    Input(
        "ground",
        Words("地面系数", "Ground factor"),
        default=0.0,
        least=0,
        most=1,
        about=Words("0 硬地，1 松软土地", "0 hard, 1 porous"),
    ),
    Input(
        "favourable",
        Words("有利传播时间比例", "Time with favourable air"),
        "number",
        "percent",
        default=50.0,
        least=0,
        most=100,
    ),
    Input("temperature", Words("气温（℃）", "Temperature, °C"), default=20.0, least=-40, most=50),
    Input("humidity", Words("相对湿度", "Relative humidity"), "number", "percent", default=70.0, least=1, most=100),
    Input("reach", Words("计算距离", "How far roads are heard"), "number", "m", default=500.0, least=50, most=2000),
)
DATUM = Input(
    "datum",
    Words("坐标基准", "Datum"),
    "text",
    default="",
    about=Words("图层未写明时给出，如 cgcs2000、gcj02", "where a layer does not state it: cgcs2000, gcj02, EPSG:4549"),
)
SOURCE = "Directive (EU) 2015/996 (CNOSSOS-EU), 2021/1226; ISO/TR 17534-4; ISO 9613-1:1993; GB 3096-2008"
VERIFIED = Words(
    "ISO/TR 17534-4：22 例直达路径的 LH、LF 与 9 例 LA，差不大于 0.05 分贝；CNOSSOS 源强五例",
    "ISO/TR 17534-4: LH and LF of the direct way in 22 cases and LA in 9 within 0.05 dB; five cases of emission",
)
LIMITS = (
    Words(
        "不含反射、侧向绕射与地形起伏；不含铁路、航空、工业与生活噪声。",
        "No reflections, no ways around the sides of obstacles, no relief; no noise of rail, air, industry or people.",
    ),
    Words(
        "模型不能代替监测：是否达标以实测为准。",
        "A model is no measurement: whether limits are kept, measurements tell.",
    ),
)


def _run(run: Run) -> Outcome:
    from tulou.processes.noise.map import map_of_city  # loads the science

    return map_of_city(run)


PROCESS = Process(
    name="noise_map",
    title=Words("道路噪声地图", "Map of road noise"),
    question=Words(
        "城市各处的道路噪声有多大？多少人住在超过功能区限值的地方？",
        "How loud are the roads across the city, and how many people live above the limit of their class of area?",
    ),
    inputs=(
        COEFFICIENTS,
        Input(
            "traffic",
            Words("车流", "Traffic"),
            "file",
            about=Words(
                "CSV：road（道路编号或等级）、period（day、night）、cars、medium、heavy、mopeds、motorcycles（辆/小时）、"
                "speed（km/h，缺省取限速）",
                "CSV: road (id or class), period (day, night), cars, medium, heavy, mopeds, motorcycles (an hour), "
                "speed (km/h; the speed limit when blank)",
            ),
        ),
        Input(
            "zones",
            Words("声环境功能区划", "Classes of areas"),
            "file",
            optional=True,
            about=Words("面图层，列 class：0—4b", "polygons with a column class: 0 to 4b"),
        ),
        Input(
            "area_class",
            Words("其余地方的功能区", "Class elsewhere"),
            "choice",
            optional=True,
            choices=AREAS,
            about=Words("不给则为未知", "unknown when not given"),
        ),
        Input("strip", Words("主要道路两侧按 4a 类", "Strips of class 4a beside main roads"), "flag", default=True),
        DATUM,
        *AIR,
        Input(
            "building_height",
            Words("高度未知的建筑", "Buildings of unknown height"),
            "number",
            "m",
            default=6.0,
            least=1,
            most=100,
        ),
        Input("spacing", Words("沿墙间距", "Places along a wall"), "number", "m", default=20.0, least=2, most=200),
        Input(
            "cell",
            Words("图上网格", "Cells of the picture"),
            "number",
            "m",
            optional=True,
            least=2,
            most=1000,
            about=Words("缺省为长边的八十分之一", "an eightieth of the longer side when not given"),
        ),
        Input("level", Words("汇总到", "Told by"), "choice", default="block", choices=LEVELS),
    ),
    run=_run,
    source=SOURCE,
    clauses=("15",),
    needs_city=True,
    verified=VERIFIED,
    limits=LIMITS,
)
