"""Inputs that several processes about shelters share."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input
from tulou.processes.shelters.rules import PERCENT, classes, rule
from tulou.processes.unit_places import LEVELS

WHEN = Input(
    "when",
    Words("时间", "Time of the day"),
    "choice",
    default="night",
    choices={
        "night": Words("夜间（常住人口）", "night (residents)"),
        "day": Words("昼间（加就业岗位）", "day (with jobs)"),
        "both": Words("昼夜都算", "both"),
    },
)
LEVEL = Input("level", Words("统计单元", "Units"), "choice", default="block", choices=LEVELS)
DEBRIS = Input(
    "debris",
    Words("倒塌影响（高度的比例）", "Reach of debris, of the height"),
    "number",
    "percent",
    default=rule("debris_share") / PERCENT,
    least=0,
    most=200,
)
FALLING = Input(
    "falling",
    Words("倒塌的建筑", "Buildings that fall"),
    "choice",
    default="hazardous",
    choices={
        "hazardous": Words("登记有结构隐患的", "those with a structural hazard on record"),
        "all": Words("所有建筑", "all"),
        "none": Words("没有", "none"),
    },
)
FLOOD = Input(
    "flood",
    Words("积水深度栅格", "Raster of depths"),
    "file",
    optional=True,
    about=Words("GeoTIFF，单位米", "GeoTIFF, metres"),
)
DEPTH = Input("depth", Words("积水深度上限", "Depth that is too much"), "number", "m", default=rule("flood_depth"),
              least=0, most=10)  # fmt: skip
GROUND = (
    Input(
        "hazard",
        Words("灾种", "Hazard"),
        "choice",
        default="earthquake",
        choices={
            "earthquake": Words("地震", "earthquake"),
            "typhoon": Words("台风（只计室内）", "typhoon (indoors only)"),
            "flood": Words("洪涝", "flood"),
        },
    ),
    Input(
        "sites",
        Words("场地", "Sites"),
        "choice",
        default="record",
        choices={
            "record": Words("在册避难场所", "shelters on record"),
            "openable": Words("加上可开放的公园、广场、学校和运动场地", "with parks, squares, schools, sports grounds"),
        },
    ),
    Input(
        "area",
        Words("紧急避难人均面积", "Emergency area a person"),
        "number",
        "m2/person",
        default=classes()["emergency"].area_a_person,
        least=0.1,
        most=20,
        about=Words("临时避难为 1.0", "1.0 for a stay of three days"),
    ),
    Input(
        "utilisation",
        Words("场地可用比例", "Share of ground used"),
        "number",
        "percent",
        default=rule("utilisation") / PERCENT,
        least=1,
        most=100,
    ),
    Input(
        "least_area",
        Words("可开放场地最小有效面积", "Least ground that could be opened"),
        "number",
        "m2",
        default=rule("least_new_area"),
        least=1,
        most=1e6,
    ),
    FALLING,
    DEBRIS,
    FLOOD,
    DEPTH,
    Input(
        "heights",
        Words("高程栅格", "Raster of heights"),
        "file",
        optional=True,
        about=Words("GeoTIFF，单位米", "GeoTIFF, metres"),
    ),
    Input(
        "slope",
        Words("坡度上限", "Steepest slope"),
        "number",
        "percent",
        default=rule("most_slope") / PERCENT,
        least=0,
        most=100,
    ),
)
"""What a shelter is, under which hazard."""
