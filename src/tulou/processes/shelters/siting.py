"""Where new shelters help most: ground that could be opened, chosen with capacities and a gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.model.geography import to_geographic
from tulou.model.state import State
from tulou.plan.siting.answer import Sites as Question
from tulou.plan.siting.answer import Siting
from tulou.plan.siting.assign import Assignment, assigned
from tulou.plan.siting.models import p_median
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Cell, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.shelters import told
from tulou.processes.shelters.check import asked_of, walking_of, walks
from tulou.processes.shelters.people import People, people_of
from tulou.processes.shelters.rules import EMERGENCY, PERCENT, classes
from tulou.processes.shelters.sites import Sites, known_classes, openable, shelters_of, together
from tulou.processes.shelters.tables import people_plot

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Placed:
    """New shelters.

    Args:
        people: Who is to be sheltered.
        sites: All sites, those on record first.
        standing: How many stand.
        siting: The choice.
        before: Whom those that stand serve.
        after: Whom all chosen ones serve.
        open: The chosen ones, in the order of ``after``.
    """

    people: People
    sites: Sites
    standing: int
    siting: Siting
    before: Assignment
    after: Assignment
    open: tuple[int, ...]


def place(run: Run) -> Outcome:
    """Run the process, see ``shelter_sites.PROCESS``."""
    state, values = run.city, run.values
    asked = asked_of({**values, "sites": "openable"})
    standing = known_classes(shelters_of(state, asked))
    new = openable(state, asked, values["least_area"])
    if not len(new):
        raise NotEnoughData("no ground could be opened", where="green, facility", allowed=("least_area=500",))
    done = _placed(state, people_of(state, values["when"], values["level"]), standing, new, values)
    return Outcome(
        answer=_answer(done, values),
        figures=_figures(done, values),
        tables=(_chosen(state, done),),
        plots=(_plot(done),),
        balances=(_balance(done),),
        assumptions=told.assumptions(asked, values, done.sites),
        warnings=(*told.warnings_of(done.people, done.sites, asked), *told.nothing_falls(state, asked)),
    )


def _placed(state: State, people: People, standing: Sites, new: Sites, values: Mapping[str, Any]) -> Placed:
    sites = together(standing, new)
    reach = classes()[EMERGENCY].distance
    away = walks(people.places, sites, walking_of(state), reach)
    room, first = sites.room(values["area"]), len(standing)
    if not 1 <= values["new"] <= len(new):
        raise BadUse("not a number of sites to open", where="new", found=values["new"], allowed=(f"1 to {len(new)}",))
    asked = Question(away, people.weight, room, reach=reach, opened=tuple(range(first)))
    siting = p_median(asked, first + values["new"], whole=False, gap=values["gap"] * PERCENT)
    some = list(siting.open)
    before = assigned(Question(away[:, :first], people.weight, room[:first], reach=reach))
    after = assigned(Question(away[:, some], people.weight, room[some], reach=reach))
    return Placed(people, sites, first, siting, before, after, siting.open)


def _answer(done: Placed, values: Mapping[str, Any]) -> tuple[Words, ...]:
    total = done.people.total
    before, after = (100 * float(one.load.sum()) / total for one in (done.before, done.after))
    gap = done.siting.gap
    sure = (
        Words("启发式，没有界", "a heuristic without a bound")
        if gap is None
        else Words(f"路程与最优相差至多 {100 * gap:.2f}%", f"ways within {100 * gap:.2f} % of the shortest")
    )
    area = done.after.deficit * values["area"]
    return (
        Words(
            f"新开 {values['new']} 处，有位置的人由 {before:.1f}% 增至 {after:.1f}%（{sure.zh}）；"
            f"还缺至少 {area:,.0f} 平方米。",
            f"{values['new']} new shelters raise those with a place from {before:.1f} to {after:.1f} % ({sure.en}); at "
            f"least {area:,.0f} m² are still missing.",
        ),
    )


def _figures(done: Placed, values: Mapping[str, Any]) -> tuple[Figure, ...]:
    gained = float(done.after.load.sum() - done.before.load.sum())
    return (
        Figure("gained", Words("新增有位置的人", "People who gain a place"), gained, "person", digits=0),
        Figure(
            "left",
            Words("仍无位置的人", "Still without"),
            done.after.deficit + done.people.unplaced,
            "person",
            digits=0,
        ),
        Figure("area", Words("仍缺面积", "Still missing"), done.after.deficit * values["area"], "m2", digits=0),
    )


def _chosen(state: State, done: Placed) -> Table:
    """The new ones, those that take most first."""
    rows: list[list[Cell]] = []
    for column, site in enumerate(done.open):
        if site < done.standing:
            continue
        centre = shapely.point_on_surface(done.sites.shapes[site])
        lon, lat = shapely.get_coordinates(to_geographic(np.array([centre], object), state.profile.crs))[0]
        kind = classes()[done.sites.category[site]].title
        area, used = float(done.sites.effective[site]), float(done.after.used[column])
        rows.append([str(done.sites.names[site]), kind, area, used, float(lon), float(lat)])
    rows.sort(key=lambda row: (-float(str(row[3])), str(row[0])))
    heads = (
        Column("site", Words("场地", "Ground")),
        Column("class", Words("按面积可作", "Large enough for")),
        Column("effective", Words("有效面积", "Effective area"), "m2", 0),
        Column("used", Words("接纳人数", "People"), "person", 0),
        Column("lon", Words("经度", "Longitude"), "degree", 5),
        Column("lat", Words("纬度", "Latitude"), "degree", 5),
    )
    return Table("chosen", Words("建议新开的场地", "Ground to be opened"), heads, rows)


def _plot(done: Placed) -> FieldPlot:
    title = Words("新开后仍没有位置的人", "People still without a place")
    return people_plot("left", title, done.people.places, done.people.weight - done.after.served)


def _balance(done: Placed) -> Balance:
    left = done.after.deficit + done.people.unplaced
    return Balance(Words("避难人口", "People"), done.people.total, float(done.after.load.sum()) + left, 0.0, "person")
