"""A small hand-made check: a made-up town of twelve blocks, with every status and hostile names among them."""

import math

import numpy as np
import shapely

from tulou.kernel.words import Words
from tulou.publish.drawing.ground import Layers
from tulou.publish.report.material import Definition, Finding, Mark, Material, Result, Unit

HOSTILE = '<script>alert("x")</script> =HYPERLINK("http://evil.example") #let x = [*_$`@<a>'
SIDE = 500.0
COLUMNS, ROWS = 4, 3

SOURCED = Mark("at_least", 85.0, basis="2021 年城市体检指标体系", evidence="sourced", judges=True)
FROM_MEMORY = Mark("at_least", 90.0, basis="GB 50180-2018", evidence="memory")
MOST = Mark("at_most", 20.0, basis="建科〔2021〕63号", evidence="sourced", judges=True)

DEFINITIONS = (
    Definition(
        "park_cover",
        "U25",
        Words("公园绿化活动场地服务半径覆盖率", "Homes within reach of a park"),
        Words("居住用地中有多少在公园服务半径内？", "Which share of the housing land lies within reach of a park?"),
        "livable_environment",
        "block",
        "percent",
        better="higher",
        clauses=("10", "15"),
        lists=("MOHURD-2023",),
        variants={"walking": Words("步行网络", "Along the walking network")},
        verified="",
    ),
    Definition(
        "old_pipes",
        "U07",
        Words("老化燃气管道占比", "Aged gas pipes"),
        Words("超过使用年限的燃气管道有多少？", "How much of the gas pipe is past its age?"),
        "safe_durable",
        "city",
        "percent",
        better="lower",
    ),
    Definition(
        "road_density",
        "U33",
        Words("道路网密度", "Road density"),
        Words("每平方公里建成区有多少公里道路？", "How many kilometres of road per square kilometre?"),
        "complete_facilities",
        "block",
        "km/km2",
        better="higher",
        note=Words("含支路，不含小区内部道路。", "Branch roads count, roads inside compounds do not."),
    ),
    Definition(
        "stair_hazards",
        "H04",
        Words("存在楼道安全隐患的住宅数量", "Homes with stairwell hazards"),
        Words("有多少栋住宅楼道存在安全隐患？", "How many residential buildings have stairwell hazards?"),
        "safe_durable",
        "building",
        "building",
        better="lower",
    ),
    Definition(
        "demolition",
        "U50",
        Words("拆除建筑面积占比", "Share demolished"),
        Words("拆除占现状总建筑面积多少？", "Which share of the floor area was demolished?"),
        "safe_durable",
        "city",
        "percent",
        better="lower",
    ),
    Definition(
        "hostile",
        "X99",
        Words(HOSTILE, HOSTILE),
        Words(HOSTILE, HOSTILE),
        "livable_environment",
        "community",
        "1",
        note=Words(HOSTILE, HOSTILE),
    ),
)

DIMENSIONS = {
    "safe_durable": Words("安全耐久", "Safe and durable"),
    "livable_environment": Words("环境宜居", "Livable environment"),
    "complete_facilities": Words("设施完善", "Complete facilities"),
}


def sample(*, hostile=True, objects=400):
    """The made-up check as material."""
    rng = np.random.default_rng(7)
    units, shapes = _units()
    blocks = [unit for unit in units if unit.level == "block"]
    results = [*_park(blocks, rng), *_roads(blocks, rng), *_others()]
    findings = [*_findings(blocks, rng, objects)]
    definitions = DEFINITIONS if hostile else tuple(one for one in DEFINITIONS if one.id != "hostile")
    if hostile:
        findings.append(Finding("hostile", "b0", (HOSTILE,), (10.0, 10.0), people=3.0, cause=Words(HOSTILE, HOSTILE)))
        results.append(Result("hostile", "city", "reference", value=1.0))
    return Material(
        city="榕城",
        day="2026-06-30",
        rulebook=Words("中国城市体检规则集", "China city health check"),
        version="2026.11",
        definitions=definitions,
        results=tuple(results),
        dimensions=DIMENSIONS,
        findings=tuple(findings),
        units=tuple(units),
        shapes=shapes,
        layers=_layers(rng),
        chains={
            "park_cover": (
                (Words("输入", "Input"), Words("居住用地 12 块（入库 3）", "12 residential parcels (commit 3)")),
                (Words("参数", "Parameter"), Words("公园服务半径 300 米", "Reach of a park 300 m")),
                (Words("计算方法", "Measure"), Words("land_within 版本 1", "land_within, version 1")),
            )
        },
        names={
            "pipe.year_built": Words("管道：敷设年份", "Pipes: year laid"),
            "building": Words("建筑", "Buildings"),
        },
        commit=3,
        synthetic=True,
        credits=("© OpenStreetMap contributors (ODbL)",),
        objects={"building": 1200},
        maker="Tulou 0.1.0",
    )


def _units():
    units = [Unit("city", "city", "榕城")]
    shapes = [shapely.box(0, 0, COLUMNS * SIDE, ROWS * SIDE)]
    for place in range(COLUMNS * ROWS):
        east, north = place % COLUMNS * SIDE, place // COLUMNS * SIDE
        units.append(Unit(f"b{place}", "block", f"第{place + 1}街区", derived=True))
        shapes.append(shapely.box(east, north, east + SIDE, north + SIDE))
    made = np.empty(len(shapes), object)
    made[:] = shapes
    return units, made


def _park(blocks, rng):
    values = np.round(rng.uniform(55, 100, len(blocks)), 3)
    for unit, value in zip(blocks[:-1], values, strict=False):
        status = "pass" if value >= 85 else "fail"
        yield Result("park_cover", unit.id, status, value, numerator=value, denominator=100.0, known=97.0, mark=SOURCED)
    lacking = Words("公园面积未知", "Area of parks is unknown")
    yield Result("park_cover", blocks[-1].id, "not_assessed", known=40.0, mark=SOURCED, reason=lacking)
    yield Result(
        "park_cover", "city", "fail", 78.4, numerator=588.0, denominator=750.0, known=96.5, low=74.1, high=81.2,
        estimate=True, mark=SOURCED,
    )  # fmt: skip
    yield Result("park_cover", "city", "reference", 61.25, variant="walking", mark=FROM_MEMORY)


def _roads(blocks, rng):
    for unit, value in zip(blocks, rng.uniform(4, 11, len(blocks)), strict=True):
        yield Result("road_density", unit.id, "reference", float(value), known=100.0, mark=FROM_MEMORY)
    yield Result("road_density", "city", "reference", 7.31, known=100.0, mark=Mark("at_least", 8.0))


def _others():
    reason = Words("没有燃气管道敷设年份的数据", "No data on the year the gas pipes were laid")
    yield Result("old_pipes", "city", "not_assessed", reason=reason, lacks=("pipe.year_built",))
    zero = Mark("exactly", 0.0, basis="建科〔2023〕75号", evidence="sourced", judges=True)
    yield Result("stair_hazards", "city", "fail", 1234.0, known=99.0, mark=zero)
    yield Result("demolition", "city", "pass", 4.2, known=100.0, mark=MOST)


def _findings(blocks, rng, objects):
    spots = rng.uniform((0, 0), (COLUMNS * SIDE, ROWS * SIDE), (objects, 2))
    for place, (east, north) in enumerate(spots):
        block = blocks[int(north // SIDE) * COLUMNS + int(east // SIDE)]
        yield Finding(
            "stair_hazards",
            block.id,
            (f"osm:w{place}",),
            (float(east), float(north)),
            people=float(rng.integers(4, 90)) if place % 5 else math.nan,
            cause=Words("堆放杂物", "Clutter") if place % 2 else Words("", ""),
            owner=Words("住房城乡建设部门", "Housing department"),
            detail=Words("楼道存在安全隐患", "A stairwell hazard"),
            value=1.0,
        )
    yield Finding(
        "park_cover", "b2", (), (1250.0, 250.0), people=5200.0, cause=Words("距离过远", "Too far"), value=61.0
    )


def _layers(rng):
    bend = [(x, 700 + 120 * math.sin(x / 260)) for x in range(-200, 2300, 40)]
    river = shapely.LineString(bend).buffer(45)
    park = shapely.Point(1300, 1150).buffer(140)
    lines = [shapely.LineString([(x, -50), (x, 1550)]) for x in np.arange(0, 2001, 125.0)]
    lines += [shapely.LineString([(-50, y), (2050, y)]) for y in np.arange(0, 1501, 125.0)]
    weights = [2 if place % 8 == 0 else 1 if place % 4 == 0 else 0 for place in range(len(lines))]
    corner = rng.uniform((0, 0), (1960, 1460), (1200, 2))
    size = rng.uniform(10, 34, (1200, 2))
    houses = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + size[:, 0], corner[:, 1] + size[:, 1])
    dry = ~shapely.intersects(houses, shapely.union(river, park))
    return Layers(
        water=np.array([river], object),
        green=np.array([park], object),
        roads=np.array(lines, object),
        road_weights=np.array(weights),
        buildings=np.asarray(houses[dry], object),
    )
