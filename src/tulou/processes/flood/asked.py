"""Inputs that the processes of floods share: the ground, the storm on it, what of it runs off."""

from __future__ import annotations

from dataclasses import replace

from tulou.kernel.words import Words
from tulou.processes.declaration import Input
from tulou.processes.drainage.asked import STORM as SEWER_STORM
from tulou.processes.unit_places import LEVELS

GROUND = (
    Input(
        "ground",
        Words("地面高程", "Elevation of the ground"),
        "file",
        about=Words(
            "GeoTIFF，米；应为地面（DTM），不含桥梁、树冠",
            "GeoTIFF in metres, of the ground (DTM): without bridges and trees",
        ),
    ),
    Input(
        "datum",
        Words("坐标基准", "Datum"),
        "text",
        default="",
        about=Words("文件未写明时给出，如 EPSG:4549", "where the file does not state it: EPSG:4549, cgcs2000"),
    ),
    Input("cell", Words("单元边长", "Side of a cell"), "number", "m", optional=True, least=0.1, most=1000),
    Input(
        "within",
        Words("计算范围", "Part that is modelled"),
        "numbers",
        "deg",
        optional=True,
        about=Words("西,南,东,北（度）", "west,south,east,north in degrees"),
    ),
    Input(
        "edge",
        Words("边界", "Edge of the ground"),
        "choice",
        default="open",
        choices={
            "open": Words("水可流出", "water leaves over it"),
            "closed": Words("封闭", "closed"),
        },
    ),
    Input(
        "buildings",
        Words("建筑", "Buildings"),
        "choice",
        default="blocked",
        choices={
            "blocked": Words("挡水，屋面雨水落到墙边", "stop water; rain runs off their roofs to the ground beside"),
            "ignored": Words("不计", "left out"),
        },
        about=Words("须有城市", "of the city, where there is one"),
    ),
)
STORM = (
    *(
        replace(one, about=Words("CSV 或 Parquet：时间、雨量", "CSV or Parquet of times and depths"))
        if one.name == "rain"
        else one
        for one in SEWER_STORM
    ),
    Input("period", Words("重现期", "Return period"), "number", "year", optional=True, least=1, most=1000),
)
OUTSIDE = (
    Input(
        "inflow",
        Words("外来水流量", "Flow from outside"),
        "file",
        optional=True,
        about=Words("CSV：minute、flow（立方米每秒）", "CSV: minute, flow (m3/s)"),
    ),
    Input(
        "inflow_line",
        Words("外来水进入处", "Where it enters"),
        "numbers",
        "deg",
        optional=True,
        about=Words("经度,纬度[,经度,纬度…]：一点或一线", "longitude,latitude[,…]: a point or a line"),
    ),
    Input(
        "tide",
        Words("潮位或河道水位", "Level of a sea or river"),
        "file",
        optional=True,
        about=Words(
            "CSV：minute、level（米，与地面高程同一基准）", "CSV: minute, level (m, on the datum of the ground)"
        ),
    ),
    Input(
        "tide_line",
        Words("水位给定处", "Where the level holds"),
        "numbers",
        "deg",
        optional=True,
        about=Words("经度,纬度[,经度,纬度…]：一点或一线", "longitude,latitude[,…]: a point or a line"),
    ),
)
DRAINS = Input(
    "drains",
    Words("管网排水能力", "What drains take"),
    "number",
    "mm/hour",
    default=0.0,
    least=0,
    most=500,
    about=Words("没有管网模型时，以设计雨强代替", "the rain they were designed for, where no network is modelled"),
)
LEVEL = Input("level", Words("汇总单元", "Units told"), "choice", default="community", choices=LEVELS)
