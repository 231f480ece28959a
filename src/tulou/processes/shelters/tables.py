"""Tables and the picture of a check of shelters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.processes.outcome import Cell, Column, FieldPlot, Table
from tulou.processes.shelters.rules import EMERGENCY, classes

if TYPE_CHECKING:
    from tulou.processes.shelters.check import Checked

Array = NDArray[np.float64]
TIMES = {"night": Words("夜间", "by night"), "day": Words("昼间", "by day")}
EVIDENCE = {"memory": ("凭记忆，待核对", "from memory, to be confirmed"), "sourced": ("有出处", "sourced")}
SHORT = {EMERGENCY: Words("紧急", "Emergency"), "fixed": Words("固定", "Fixed")}
REASONS = {
    "buildings": Words("建筑占地", "Buildings"),
    "collapse": Words("建筑倒塌影响", "Collapse"),
    "water": Words("水面", "Water"),
    "fire_source": Words("火源30米内", "Near fire sources"),
    "slope": Words("坡度过大", "Too steep"),
    "flood": Words("积水", "Flooded"),
}
MOST_ROWS = 200
"""Rows of a table of units or sites; the worst come first."""
MAP_CELLS = 160
"""Cells of the picture along its longer side, at most."""
LEAST_CELL = 100.0
STEPS = (1.0, 20.0, 50.0, 100.0, 300.0)


def units_table(one: Checked) -> Table:
    """People with and without a place in each unit, the largest deficit first."""
    people = one.people
    size = len(people.units.ids)
    rest = size
    place = np.where(people.unit >= 0, people.unit, rest)

    def summed(values: Array) -> Array:
        return np.asarray(np.bincount(place, values, minlength=size + 1), np.float64)

    columns = [summed(people.weight)]
    for layer in one.layers.values():
        columns += [summed(layer.found.far), summed(layer.found.lacking)]
        columns.append((columns[-1] + columns[-2]) * layer.area_a_person)
    whole = np.column_stack(columns)
    order = np.lexsort((np.arange(size + 1), -(whole[:, 3] + whole[:, 6])))
    names = [*people.units.names, Words("不在任何单元内", "in no unit")]
    rows = [[names[at], *map(float, whole[at])] for at in order if whole[at, 0] > 0]
    heads = [
        Column("unit", Words("单元", "Unit")),
        Column("people", Words("人口", "People"), "person", 0),
        *(
            Column(f"{name}_{what}", Words(f"{SHORT[name].zh}：{zh}", f"{SHORT[name].en}: {en}"), unit, 0)
            for name in one.layers
            for what, zh, en, unit in (
                ("far", "太远", "too far", "person"),
                ("lacking", "无余地", "no room", "person"),
                ("area", "缺口", "missing", "m2"),
            )
        ),
    ]
    title = Words(f"各单元缺口（{TIMES[one.when].zh}）", f"What units lack ({TIMES[one.when].en})")
    return Table("units", title, tuple(heads), rows[:MOST_ROWS])


def classes_table(one: Checked) -> Table:
    """The classes, what they ask for, and what there is of each."""
    sites, layers = one.sites, one.layers
    rows: list[list[Cell]] = []
    for name, kind in classes().items():
        of = sites.category == name
        layer = layers["fixed"] if kind.is_fixed else layers[EMERGENCY]
        small = int((sites.effective[of] < kind.least_area).sum())
        most = None if np.isinf(kind.most_people) else kind.most_people
        rows.append(
            [kind.title, kind.days, kind.area_a_person, kind.distance, most, int(of.sum()), small,
             float(np.nansum(sites.effective[of])), float(layer.capacity[of].sum()), float(layer.found.used[of].sum()),
             Words(*EVIDENCE[kind.evidence])]
        )  # fmt: skip
    heads = (
        Column("class", Words("类别", "Class")),
        Column("days", Words("开放天数", "Days"), "day", 0),
        Column("area_a_person", Words("人均面积", "Area a person"), "m2/person", 1),
        Column("distance", Words("疏散距离", "Distance"), "m", 0),
        Column("most_people", Words("最多人数", "Most people"), "person", 0),
        Column("sites", Words("处数", "Sites"), "1", 0),
        Column("too_small", Words("面积不足", "Too small"), "1", 0),
        Column("effective", Words("有效面积", "Effective area"), "m2", 0),
        Column("capacity", Words("容量", "Places"), "person", 0),
        Column("used", Words("分配人数", "Assigned"), "person", 0),
        Column("evidence", Words("数值依据", "Evidence of the numbers")),
    )
    return Table("classes", Words("避难场所类别", "Classes of shelters"), heads, rows)


def levels_table() -> Table:
    """Which level and stay of GB/T 44013-2024 answers to each class of GB 51143-2015."""
    rows = [[kind.title, kind.level, kind.stay] for kind in classes().values()]
    heads = (
        Column("class", Words("GB 51143 类别", "Class of GB 51143")),
        Column("level", Words("GB/T 44013 级别", "Level of GB/T 44013")),
        Column("stay", Words("GB/T 44013 时长", "Stay of GB/T 44013")),
    )
    return Table(
        "levels",
        Words("两套分级的对应（设计）", "How the two gradings answer to one another (our proposal)"),
        heads,
        rows,
    )


def assignment_table(one: Checked) -> Table:
    """How many people of which unit go to which site, and how far, the most first."""
    layer, people = one.layers[EMERGENCY], one.people
    found, size = layer.found, len(one.sites)
    key, pair = np.unique(people.unit[found.demand] * size + found.site, return_inverse=True)
    going = np.bincount(pair, found.load, minlength=len(key))
    way = np.bincount(pair, found.load * one.away[found.demand, found.site], minlength=len(key))
    order = np.lexsort((np.arange(len(key)), -going))[:MOST_ROWS]
    units = [*people.units.names, Words("不在任何单元内", "in no unit")]
    rows: list[list[Cell]] = [
        [units[key[at] // size], str(one.sites.names[key[at] % size]), float(going[at]), float(way[at] / going[at])]
        for at in order
    ]
    heads = (
        Column("unit", Words("单元", "Unit")),
        Column("site", Words("去往", "Goes to")),
        Column("people", Words("人数", "People"), "person", 0),
        Column("walk", Words("平均步行距离", "Mean walk"), "m", 0),
    )
    return Table("assignment", Words("谁去哪里（紧急避难）", "Who goes where (emergency shelters)"), heads, rows)


def sites_table(one: Checked) -> Table:
    """Each site: area, what was taken off, places and people assigned, the fullest first."""
    sites, layers = one.sites, one.layers
    used = layers[EMERGENCY].found.used
    order = np.lexsort((sites.ids.astype(str), -used))[:MOST_ROWS]
    taken = [name for name, area in sites.excluded.items() if np.nansum(area) > 0]
    rows: list[list[Cell]] = []
    for at in order:
        numbers = [sites.gross[at], *(sites.excluded[name][at] for name in taken), sites.effective[at]]
        rows.append(
            [str(sites.names[at]), classes()[sites.category[at]].title,
             Words("可开放", "could be opened") if sites.is_new[at] else Words("在册", "on record"),
             *(None if np.isnan(number) else float(number) for number in numbers),
             *(float(column[at]) for layer in layers.values() for column in (layer.capacity, layer.found.used))]
        )  # fmt: skip
    heads = (
        Column("site", Words("场所", "Site")),
        Column("class", Words("类别", "Class")),
        Column("status", Words("状态", "Status")),
        Column("gross", Words("占地", "Ground"), "m2", 0),
        *(Column(name, REASONS[name], "m2", 0) for name in taken),
        Column("effective", Words("有效面积", "Effective area"), "m2", 0),
        *(
            Column(f"{name}_{what}", Words(f"{SHORT[name].zh}{zh}", f"{SHORT[name].en}: {en}"), "person", 0)
            for name in layers
            for what, zh, en in (("capacity", "容量", "places"), ("used", "分配", "assigned"))
        ),
    )
    return Table("sites", Words("各场所", "Sites"), heads, rows)


def missing_plot(one: Checked) -> FieldPlot:
    """Where people have no place in an emergency shelter."""
    layer, places = one.layers[EMERGENCY], one.people.places
    title = Words("没有紧急避难位置的人", "People without a place in an emergency shelter")
    return people_plot("without_place", title, places, layer.need - layer.found.served)


def people_plot(name: str, title: Words, places: Array, people: Array) -> FieldPlot:
    """People over the ground, summed by squares."""
    low, high = places.min(axis=0), places.max(axis=0)
    cell = max(LEAST_CELL, float((high - low).max()) / MAP_CELLS)
    column, row = np.floor((places - low) / cell).astype(np.int64).T
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    total = np.bincount((rows - 1 - row) * columns + column, people, minlength=rows * columns).reshape(rows, columns)
    seen = np.bincount((rows - 1 - row) * columns + column, minlength=rows * columns).reshape(rows, columns)
    values = np.where(seen > 0, total, np.nan)
    return FieldPlot(name, title, values, float(low[0]), float(low[1]) + rows * cell, cell, "person", STEPS)
