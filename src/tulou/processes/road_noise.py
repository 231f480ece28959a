"""The process that tells how much noise the traffic of a road makes."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome

CLASSES = {
    "cars": Words("小型车", "Cars"),
    "medium": Words("中型车", "Medium vehicles"),
    "heavy": Words("重型车", "Heavy vehicles"),
    "mopeds": Words("轻便摩托车", "Mopeds"),
    "motorcycles": Words("摩托车", "Motorcycles"),
}
SURFACES = ("DEF", *(f"NL{number:02d}" for number in range(1, 15)), "FR_R2")
JUNCTIONS = {
    "none": Words("无", "none"),
    "crossing": Words("信号灯路口", "crossing with lights"),
    "roundabout": Words("环岛", "roundabout"),
}
AREAS = {
    "0": Words("0类", "class 0"),
    "1": Words("1类", "class 1"),
    "2": Words("2类", "class 2"),
    "3": Words("3类", "class 3"),
    "4a": Words("4a类", "class 4a"),
    "4b": Words("4b类", "class 4b"),
}
HOURS = {"day": Words("昼间", "by day"), "night": Words("夜间", "by night")}
DIRECTIONS = {"one": Words("单向", "one way"), "both": Words("双向", "both ways")}


def _run(run: Run) -> Outcome:
    from tulou.processes.noise.emission import emission  # loads the science

    return emission(run)


def _traffic() -> tuple[Input, ...]:
    found: list[Input] = []
    for name, title in CLASSES.items():
        a_hour = Words(f"{title.zh}每小时", f"{title.en} an hour")
        found.append(Input(name, a_hour, "number", "vehicle/hour", default=0.0, least=0, most=1e5))
        speed = Words(f"{title.zh}车速", f"Speed of {title.en.lower()}")
        found.append(Input(f"{name}_speed", speed, "number", "km/hour", default=50.0, least=1, most=200))
    return tuple(found)


PROCESS = Process(
    name="road_noise",
    title=Words("道路交通噪声源强", "Noise of a road"),
    question=Words(
        "这条路的车流发出多大噪声？路旁开阔处有多响？",
        "How much noise does the traffic of a road make, and how loud is it beside the road in the open?",
    ),
    inputs=(
        Input(
            "coefficients",
            Words("系数年份", "Year of the coefficients"),
            "choice",
            choices={"2015": Words("2015 年", "2015"), "2020": Words("2020 年修订", "amended in 2020")},
            about=Words("两者相差 2 至 3 分贝，必须选定", "the two differ by 2 to 3 dB: choose"),
        ),
        *_traffic(),
        Input(
            "surface",
            Words("路面", "Surface"),
            "choice",
            default="DEF",
            choices={name: Words(name, name) for name in SURFACES},
            about=Words("DEF 为参考路面，NL01 至 NL14 见指令附件", "DEF: reference; NL01 to NL14 as in the directive"),
        ),
        Input("temperature", Words("气温（℃）", "Temperature, °C"), default=20.0, least=-40, most=50),
        Input("slope", Words("坡度", "Slope"), "number", "percent", default=0.0, least=-30, most=30),
        Input("directions", Words("行车方向", "Directions"), "choice", default="both", choices=DIRECTIONS),
        Input("junction", Words("路口", "Junction"), "choice", default="none", choices=JUNCTIONS),
        Input("junction_distance", Words("距路口", "To the junction"), "number", "m", default=100.0, least=0, most=1e4),
        Input("studded", Words("镶钉轮胎比例", "Studded tyres"), "number", "percent", default=0.0, least=0, most=100),
        Input(
            "studded_months",
            Words("镶钉轮胎使用月数", "Months with studs"),
            "number",
            "month",
            default=0.0,
            least=0,
            most=12,
        ),
        Input(
            "distance",
            Words("离路距离", "Distance from the road"),
            "number",
            "m",
            optional=True,
            least=1,
            most=2000,
            about=Words("给出时计算路旁声级", "with it, the level beside the road"),
        ),
        Input(
            "half",
            Words("道路向两侧延伸", "Road to either side"),
            "number",
            "m",
            default=2000.0,
            least=1,
            most=20_000,
        ),
        Input(
            "area_class",
            Words("声环境功能区", "Class of area, GB 3096"),
            "choice",
            optional=True,
            choices=AREAS,
            about=Words("与 distance 同给，列出与限值之差", "with distance: how far it is from the limit"),
        ),
        Input("hours", Words("时段", "Hours"), "choice", default="day", choices=HOURS),
        Input("humidity", Words("相对湿度", "Relative humidity"), "number", "percent", default=70.0, least=1, most=100),
    ),
    run=_run,
    source="Directive (EU) 2015/996 (CNOSSOS-EU); ISO 9613-1:1993; GB 3096-2008",
    clauses=("15",),
    verified=Words(
        "CNOSSOS 源强 T02—T06 五例，差小于 0.001 分贝；ISO/TR 17534-4 TC01 均匀大气 LH，差不大于 0.02 分贝",
        "five cases T02 to T06 of CNOSSOS emission within 0.001 dB; LH of ISO/TR 17534-4 TC01 within 0.02 dB",
    ),
    limits=(
        Words(
            "路旁声级只算平坦开阔硬地、均匀大气：不含建筑、声屏障、软地、顺风与反射，不能代替噪声地图。",
            "Beside the road only flat, open, hard ground in homogeneous air: no buildings, screens, soft ground, wind "
            "or reflections. It is no noise map.",
        ),
    ),
)
