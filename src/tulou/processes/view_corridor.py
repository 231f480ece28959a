"""The process that tells what stands in protected views, and how high may be built below them."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome
from tulou.processes.wind_corridors import UNKNOWN_HEIGHT


def _run(run: Run) -> Outcome:
    from tulou.processes.sight.protected_told import told  # loads the science

    return told(run)


PROCESS = Process(
    name="view_corridor",
    title=Words("视线通廊核查", "View corridors"),
    question=Words(
        "从观景点到地标的视线通廊里，哪些现状和拟建建筑突破控制面、突破几米？每处还可以建多高？",
        "Which existing and planned buildings pierce the protected surface between a viewpoint and a landmark, by how "
        "many metres, and how high may be built below it?",
    ),
    inputs=(
        Input(
            "corridors",
            Words("视线通廊", "Protected views"),
            "file",
            about=Words(
                "CSV：name、view_longitude、view_latitude、landmark_longitude、landmark_latitude（WGS 84）、width"
                "（地标处宽度，米）；视高 eye 或高程 view_level；须看见的起点 threshold（离地）或高程 threshold_level；"
                "可加 view_width、side、background、landmark_ids（地标建筑编号，分号分隔）",
                "CSV: name, view_longitude, view_latitude, landmark_longitude, landmark_latitude (WGS 84), width at "
                "the landmark in m; eye above the ground or view_level; what must be seen from there up as threshold "
                "above the ground or threshold_level; also view_width, side, background, landmark_ids (by semicolons)",
            ),
        ),
        Input(
            "planned",
            Words("拟建建筑", "Planned buildings"),
            "file",
            optional=True,
            about=Words(
                "面图层，列 height（米）；也可在分支上运行", "polygons with height in m; or run it on a branch"
            ),
        ),
        Input(
            "terrain",
            Words("地形", "Terrain"),
            "file",
            optional=True,
            about=Words("GeoTIFF 高程；不给则地面视为水平", "a GeoTIFF of heights; without it the ground is level"),
        ),
        Input(
            "ground",
            Words("水平地面的高程", "Level of a level ground"),
            unit="m",
            optional=True,
            least=-500,
            most=9000,
            about=Words("没有地形而给出高程时必填", "needed where levels are stated and there is no terrain"),
        ),
        Input(
            "datum",
            Words("拟建图层的坐标基准", "Datum of the planned buildings"),
            "text",
            default="",
            about=Words("图层未写明时给出", "where the layer does not state it"),
        ),
        Input(
            "refraction",
            Words("大气折射系数", "Coefficient of refraction"),
            default=0.13,
            least=0,
            most=1,
            about=Words("抵消地球曲率的份额", "share of the Earth's curve that it takes back"),
        ),
        Input("cell", Words("限高图单元边长", "Side of a cell of the map"), unit="m", default=10.0, least=1, most=200),
        UNKNOWN_HEIGHT,
    ),
    run=_run,
    source="London View Management Framework (2012), appendices D, E",
    clauses=("21",),
    needs_city=True,
    verified=Words(
        "伦敦国会山至威斯敏斯特宫：1000、3500、6000 米处 68.29、60.61、53.79 米；圆地球上的弦；逐点核对",
        "Parliament Hill to Westminster: 68.29, 60.61, 53.79 m at 1000, 3500, 6000 m; chords over a circle; points one "
        "by one",
    ),
    limits=(
        Words(
            "通廊、宽度与控制高程由城市规划确定，本模型不设；屋顶为平顶，树木、塔吊不计。",
            "Which views, widths and levels are protected is for the plan of the city; roofs are flat, trees and "
            "cranes do not count.",
        ),
    ),
)
