"""Where stocks are to stand before the event, so that everybody is reached in time and no store runs empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.words import Words
from tulou.model.geography import to_metric
from tulou.model.state import State
from tulou.plan.siting.answer import Sites, Siting
from tulou.plan.siting.assign import Assignment, assigned
from tulou.plan.siting.models import least_number, max_cover
from tulou.processes.declaration import Run
from tulou.processes.fire.ground import ways_of
from tulou.processes.outcome import Balance, Cell, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.shelters.people import People, people_of
from tulou.processes.shelters.rules import PERCENT, rules
from tulou.processes.shelters.tables import people_plot
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
WANTED = (
    Wanted("name", ("名称", "仓库"), "text", is_required=True),
    Wanted("lon", ("经度", "longitude"), "number", "degree", is_required=True),
    Wanted("lat", ("纬度", "latitude"), "number", "degree", is_required=True),
    Wanted("holds", ("可保障人数", "容量"), "number", "person", least=0.0),
    Wanted("stands", ("已有",), "text"),
)
YES = ("yes", "true", "1", "是")
MINUTE = 60.0
MOST_DEMANDS = 300
"""Demands up to which the programme is proved or nearly so within a minute; a few hundred m are little to vehicles."""
MOST_NODES = 200
"""Nodes of the search after which the best answer so far is taken, with its gap."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where stocks could stand.

    Args:
        names: What each is called.
        places: Where, m.
        holds: People each can supply.
        stands: Whether stock stands there already.
    """

    names: tuple[str, ...]
    places: Array
    holds: Array
    stands: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Stocked:
    """A choice of places for stocks.

    Args:
        people: Who may need them.
        need: People of each demand who do.
        where: All places.
        siting: Which are chosen.
        found: Whom each chosen place supplies.
        times: Driving time of each demand to each place, s.
    """

    people: People
    need: Array
    where: Places
    siting: Siting
    found: Assignment
    times: Array


def stock(run: Run) -> Outcome:
    """Run the process, see ``forward_stocks.PROCESS``."""
    state, values = run.city, run.values
    people = people_of(state, "night", values["level"], most=MOST_DEMANDS)
    where, sources = _places(state, values)
    ways = ways_of(state, factor=values["speed"] * PERCENT, keeps_one_way=True)
    need = people.weight * values["share"] * PERCENT
    times = ways.times(where.places, people.places)
    done = _chosen(people, need, where, times, values)
    return Outcome(
        answer=_answer(done, values),
        figures=_figures(done, values),
        tables=(_stores(done, values), _units(done)),
        plots=(_plot(done),),
        balances=(_balance(done, values),),
        assumptions=_assumptions(values),
        warnings=_warnings(people),
        sources=sources,
    )


def _places(state: State, values: Mapping[str, Any]) -> tuple[Places, dict[str, str]]:
    """Places of a table, or public facilities of the city."""
    path, holds = values["places"], values["holds"]
    if path is not None:
        return _read(path, state, holds)
    rows = state.rows("facility")
    kinds = list(rules()["stocks"]["categories"])
    kept = np.isin(rows.texts("category"), kinds) & (rows.numbers("closed") != 1.0)
    rows = rows.where(kept & np.isfinite(rows.places).all(axis=1))
    if not len(rows):
        raise NotEnoughData("no place for stocks is on record", where="facility", allowed=("places=FILE", *kinds))
    names = tuple(str(word or key) for word, key in zip(rows.texts("name"), rows.ids, strict=True))
    return Places(names, rows.places, np.full(len(rows), holds), np.zeros(len(rows), bool)), {}


def _read(path: Path, state: State, holds: float) -> tuple[Places, dict[str, str]]:
    table = read_columns(path, WANTED)
    lonlat = np.column_stack([table.numbers["lon"], table.numbers["lat"]])
    wrong = ~np.isfinite(lonlat).all(axis=1) | (np.abs(lonlat) > (180.0, 90.0)).any(axis=1)
    if wrong.any():
        row = int(wrong.argmax())
        found = f"{lonlat[row, 0]:g}, {lonlat[row, 1]:g}"
        raise BadInput("not a longitude and latitude", where=f"{path.name}: row {row + 2}", found=found)
    points = to_metric(np.asarray(shapely.points(lonlat), object), state.profile.crs)
    stated = table.numbers.get("holds", np.full(table.rows, np.nan))
    stands = np.array([word.lower() in YES for word in table.texts.get("stands", ("",) * table.rows)], bool)
    room = np.where(np.isnan(stated), holds, stated)
    return Places(table.texts["name"], shapely.get_coordinates(points), room, stands), {path.name: table.digest}


def _chosen(people: People, need: Array, where: Places, times: Array, values: Mapping[str, Any]) -> Stocked:
    """The fewest places, or the number asked for; each with the people it supplies."""
    opened = tuple(np.flatnonzero(where.stands).tolist())
    asked = Sites(times, need, where.holds, reach=values["time"], opened=opened)
    gap, count = values["gap"] * PERCENT, values["count"]
    if count:
        siting = max_cover(asked, min(len(opened) + count, len(where.names)), gap=gap, nodes=MOST_NODES)
    else:
        siting = least_number(asked, gap=gap, nodes=MOST_NODES)
    some = list(siting.open)
    only = Sites(times[:, some], need, where.holds[some], reach=values["time"])
    return Stocked(people, need, where, siting, assigned(only), times)


def _answer(done: Stocked, values: Mapping[str, Any]) -> tuple[Words, ...]:
    need, got = float(done.need.sum()), float(done.found.load.sum())
    gap = done.siting.gap
    sure = (
        Words(f"与最优相差至多 {100 * gap:.2f}%", f"within {100 * gap:.2f} % of the best")
        if gap is not None
        else Words("启发式，没有界", "a heuristic without a bound")
    )
    minutes = values["time"] / MINUTE
    return (
        Words(
            f"在 {len(done.siting.open)} 处储备（{sure.zh}），{minutes:g} 分钟内供应 {need:,.0f} 人中的 {got:,.0f} 人；"
            f"{done.found.far.sum():,.0f} 人太远，{done.found.lacking.sum():,.0f} 人储备不足。",
            f"Stocks at {len(done.siting.open)} places ({sure.en}) supply {got:,.0f} of {need:,.0f} people within "
            f"{minutes:g} min; {done.found.far.sum():,.0f} are too far, for {done.found.lacking.sum():,.0f} there is "
            "too little.",
        ),
    )


def _figures(done: Stocked, values: Mapping[str, Any]) -> tuple[Figure, ...]:
    got, need = float(done.found.load.sum()), float(done.need.sum())
    share = 100 * got / need if need else float("nan")
    amount = got * values["a_person"]
    return (
        Figure("places", Words("储备点", "Places"), float(len(done.siting.open)), "1", digits=0),
        Figure("share", Words("按时供应比例", "Supplied in time"), share, "percent", digits=1),
        Figure("left", Words("供应不到的人", "Not supplied"), done.found.deficit, "person", digits=0),
        Figure("amount", Words("储备总量（份）", "Stock in all, portions"), amount, "1", digits=0),
    )


def _stores(done: Stocked, values: Mapping[str, Any]) -> Table:
    """What is to lie where."""
    rows: list[list[Cell]] = []
    for column, site in enumerate(done.siting.open):
        mine = done.found.site == column
        people = float(done.found.load[mine].sum())
        farthest = float(done.times[done.found.demand[mine], site].max(initial=0.0)) / MINUTE
        state = Words("已有", "stands") if done.where.stands[site] else Words("新设", "new")
        rows.append(
            [
                done.where.names[site],
                state,
                people,
                float(done.where.holds[site]),
                people * values["a_person"],
                farthest,
            ]
        )
    rows.sort(key=lambda row: (-float(str(row[2])), str(row[0])))
    heads = (
        Column("place", Words("储备点", "Place")),
        Column("state", Words("状态", "State")),
        Column("people", Words("供应人数", "People supplied"), "person", 0),
        Column("holds", Words("最多人数", "At most"), "person", 0),
        Column("amount", Words("储备量（份）", "Portions"), "1", 0),
        Column("time", Words("最远行车", "Longest drive"), "minute", 1),
    )
    return Table("stores", Words("各储备点", "What lies where"), heads, rows)


def _units(done: Stocked) -> Table:
    people, found = done.people, done.found
    size = len(people.units.ids)
    place = np.where(people.unit >= 0, people.unit, size)
    left = np.bincount(place, found.far + found.lacking, minlength=size + 1)
    need = np.bincount(place, done.need, minlength=size + 1)
    names = [*people.units.names, Words("不在任何单元内", "in no unit")]
    rows: list[list[Cell]] = [
        [names[at], float(need[at]), float(left[at])] for at in np.lexsort((np.arange(size + 1), -left)) if need[at] > 0
    ]
    heads = (
        Column("unit", Words("单元", "Unit")),
        Column("need", Words("需要供应", "People in need"), "person", 0),
        Column("left", Words("供应不到", "Not supplied"), "person", 0),
    )
    return Table("units", Words("各单元", "Units"), heads, rows)


def _plot(done: Stocked) -> FieldPlot:
    title = Words("按时供应不到的人", "People not supplied in time")
    return people_plot("left", title, done.people.places, done.need - done.found.served)


def _balance(done: Stocked, values: Mapping[str, Any]) -> Balance:
    share = values["share"] * PERCENT
    left = done.found.deficit + share * done.people.unplaced
    title = Words("需要供应的人", "People in need")
    return Balance(title, share * done.people.total, float(done.found.load.sum()) + left, 0.0, "person")


def _assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    return (
        Words(
            f"{values['share']:g}% 的居民需要供应，每人 {values['a_person']:g} 份；"
            f"车速按道路等级的 {values['speed']:g}%，遵守单行道；先使供应最多，再使储备点最少或路程最短。",
            f"{values['share']:g} % of the residents are in need, {values['a_person']:g} portions each; vehicles drive "
            f"at {values['speed']:g} % of the speed of the road, one-way streets are kept to; most are supplied first, "
            "then places are fewest and ways shortest.",
        ),
    )


def _warnings(people: People) -> tuple[Words, ...]:
    if not people.unplaced:
        return ()
    return (
        Words(
            f"{people.unplaced:,.0f} 人没有位置，计为供应不到。",
            f"{people.unplaced:,.0f} people have no place on the map and count as not supplied.",
        ),
    )
