"""Grids of a whole city: each territory cut into parts and divided, the small ones proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.polygons import holders
from tulou.kernel.progress import Progress, steps
from tulou.operations.communities.domain.dividing import Division, Ground, Numbers, Places, Size, Weights, border_scale
from tulou.operations.communities.domain.proving import best_division
from tulou.operations.communities.domain.searching import good_division
from tulou.operations.communities.domain.territory import (
    Cells,
    Shapes,
    Territory,
    areal,
    joined_parts,
    part_of,
    pieces_of,
    reading_order,
    territory_of,
)

Reason = Literal["fits", "small_territory", "large_part", "cut_off", "no_division"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Whether a grid fits, and why not: the territory holds too few; one building holds too many; a road or river leaves
too few on one side; no division of its parts that fits was found."""
SAME = 1e-9


@dataclass(frozen=True)
class Rules:
    """By what grids are drawn.

    Args:
        size: How much a grid should hold.
        weights: What counts for how much.
        prove_up_to: Parts up to which a territory is also solved exactly.
    """

    size: Size
    weights: Weights
    prove_up_to: int


@dataclass(frozen=True, eq=False)
class SocialGrid:
    """One grid.

    Args:
        id: Territory and number within it, e.g. ``community-17-02``.
        territory: Id of the territory.
        load: Households or people.
        parts: Number of compounds and buildings it is made of.
        shape: Its land.
        reason: Whether it fits, and why not.
        is_crossing: Whether a main road or water runs between its parts.
    """

    id: str
    territory: str
    load: float
    parts: int
    shape: BaseGeometry
    reason: Reason
    is_crossing: bool


@dataclass(frozen=True)
class Proof:
    """A territory that was also solved exactly.

    Args:
        territory: Its id.
        parts: Number of its parts.
        grids: Number of its grids.
        cost: What the division costs.
        bound: What no division can cost less than.
        searched: What the search found.
    """

    territory: str
    parts: int
    grids: int
    cost: float
    bound: float
    searched: float


@dataclass(frozen=True, eq=False)
class Plan:
    """Grids of a city.

    Args:
        grids: All of them.
        proofs: Territories that were also solved exactly.
        empty: Territories in which nobody lives: for grids of their own kind (parks, campuses, markets).
        outside: Households or people in no territory.
    """

    grids: tuple[SocialGrid, ...]
    proofs: tuple[Proof, ...]
    empty: tuple[str, ...]
    outside: float


def plan_grids(
    names: Sequence[str],
    outlines: Shapes,
    compounds: Shapes,
    cells: Cells,
    building: Places,
    barriers: Shapes,
    rules: Rules,
    progress: Progress | None = None,
) -> Plan:
    """Draw the grids of a city.

    Args:
        names: Ids of the territories.
        outlines: Their polygons.
        compounds: Polygons that are never split unless one holds more than a grid may; none where buildings are.
        cells: Places where people live.
        building: Building of each cell; a negative number for one of its own.
        barriers: Main roads and water.
        rules: By what grids are drawn.
        progress: Told after each territory.
    """
    held = holders(outlines, cells.points)
    of_compound = holders(compounds, cells.points) if len(compounds) else np.full(len(cells.load), -1, np.int64)
    compounds_in = _within(compounds, outlines)
    grids: list[SocialGrid] = []
    proofs: list[Proof] = []
    empty: list[str] = []
    for at in steps(range(len(names)), "grids", progress):
        inside = held == at
        if not cells.load[inside].sum() > 0.0:
            empty.append(names[at])
            continue
        mine = np.flatnonzero(compounds_in == at)
        tasks = _tasks(outlines[at], cells.where(inside), building[inside], of_compound[inside], mine, compounds, rules)
        drawn: list[SocialGrid] = []
        for territory in tasks:
            for piece in _pieces(territory(barriers), rules.size.least):
                drawn += _grids(names[at], piece, rules, proofs)
        grids += _numbered(names[at], outlines[at], drawn)
    return Plan(tuple(grids), tuple(proofs), tuple(empty), float(cells.load[held < 0].sum()))


@dataclass(frozen=True, eq=False)
class _Task:
    """A territory still to be cut."""

    outline: BaseGeometry
    cells: Cells
    part: Places
    compounds: Shapes

    def __call__(self, barriers: Shapes) -> tuple[Territory, Ground]:
        near = shapely.STRtree(barriers).query(self.outline) if len(barriers) else np.empty(0, np.int64)
        found = territory_of(self.outline, self.cells, self.part, self.compounds, barriers[near])
        return found, found.ground


def _tasks(
    outline: BaseGeometry, cells: Cells, building: Places, of_compound: Places, mine: Places, compounds: Shapes,
    rules: Rules,
) -> Iterator[_Task]:  # fmt: skip
    """The territory without compounds that hold more than a grid may, and each of those on its own."""
    held = {int(one): float(cells.load[of_compound == one].sum()) for one in mine}
    large = [one for one, load in held.items() if load > rules.size.most]
    for one in large:
        inside = of_compound == one
        yield _task(compounds[one], cells.where(inside), building[inside], np.full(inside.sum(), -1), {}, compounds)
    others = {one: place for place, one in enumerate(one for one in held if one not in large)}
    rest = outline if not large else areal(shapely.difference(outline, shapely.union_all(compounds[large])))
    inside = ~np.isin(of_compound, large)
    if cells.load[inside].sum() > 0.0 and not shapely.is_empty(rest):
        yield _task(rest, cells.where(inside), building[inside], of_compound[inside], others, compounds)


def _task(
    outline: BaseGeometry,
    cells: Cells,
    building: Places,
    of_compound: Places,
    places: dict[int, int],
    compounds: Shapes,
) -> _Task:
    clipped = np.empty(len(places), object)
    for one, place in places.items():
        clipped[place] = areal(shapely.intersection(compounds[one], outline))
    alone = np.where(building >= 0, building, -1 - np.arange(len(building)))
    of_building = joined_parts(alone.tolist()) if len(alone) else np.empty(0, np.int64)
    stray = np.array([int(one) not in places for one in of_compound], bool)
    part = np.array([places.get(int(one), -1) for one in of_compound], np.int64)
    part[stray] = len(places) + joined_parts(of_building[stray].tolist()) if stray.any() else part[stray]
    return _Task(outline, cells, part, clipped)


def _within(compounds: Shapes, outlines: Shapes) -> Places:
    """Territory of each compound."""
    if not len(compounds):
        return np.empty(0, np.int64)
    return holders(outlines, shapely.get_coordinates(shapely.point_on_surface(compounds)).reshape(-1, 2))


def _pieces(cut: tuple[Territory, Ground], least: float) -> Iterator[tuple[Territory, bool]]:
    """Connected pieces of a territory, and whether there are several."""
    territory, _ = cut
    piece = pieces_of(territory, least)
    count = int(piece.max()) + 1
    for one in range(count):
        yield part_of(territory, np.flatnonzero(piece == one)), count > 1


def _grids(name: str, piece: tuple[Territory, bool], rules: Rules, proofs: list[Proof]) -> list[SocialGrid]:
    territory, is_cut = piece
    ground = territory.ground
    division = _divided(name, ground, rules, proofs)
    shapes = territory.merged(division.grid)
    loads = np.bincount(division.grid, ground.load, division.count)
    ends = division.grid[ground.edges]
    found = []
    for one in range(division.count):
        inside = division.grid == one
        crosses = territory.is_crossing & (ends == one).all(axis=1)
        reason = _reason(ground, float(loads[one]), float(ground.load[inside].max()), rules.size, is_cut=is_cut)
        found.append(
            SocialGrid("", name, float(loads[one]), int(inside.sum()), shapes[one], reason, bool(crosses.any()))
        )
    return found


def _divided(name: str, ground: Ground, rules: Rules, proofs: list[Proof]) -> Division:
    """The best number of grids: those that hold too little or too much least, then nearest to the target."""
    counts = [count for count in rules.size.counts(float(ground.load.sum())) if count <= ground.size]
    best: Division | None = None
    for count in counts or [ground.size]:
        found = good_division(ground, count, rules.size, rules.weights)
        if best is None or _lack(ground, found, rules.size) < _lack(ground, best, rules.size) - SAME:
            best = found
        if _lack(ground, best, rules.size) <= SAME:
            break
    assert best is not None  # noqa: S101  (there is always a number of grids)
    if best.count > 1 and ground.size <= rules.prove_up_to:
        proved = best_division(ground, best.count, rules.size, rules.weights)
        if proved is not None and proved.bound is not None:
            better = proved if proved.cost < best.cost - SAME else best
            proofs.append(Proof(name, ground.size, best.count, better.cost, proved.bound, best.cost))
            best = Division(better.grid, better.cost, proved.bound)
    return best


def _lack(ground: Ground, division: Division, size: Size) -> float:
    return sum(size.lack(float(load)) for load in np.bincount(division.grid, ground.load, division.count))


def _reason(ground: Ground, load: float, largest: float, size: Size, *, is_cut: bool) -> Reason:
    if size.lack(load) <= 0.0:
        return "fits"
    if load > size.most:
        return "large_part" if largest > size.most else "no_division"
    if ground.load.sum() < size.least:
        return "cut_off" if is_cut else "small_territory"
    return "no_division"


def _numbered(name: str, outline: BaseGeometry, drawn: list[SocialGrid]) -> list[SocialGrid]:
    """Grids with their numbers within the territory, from north to south and west to east."""
    shapes = np.array([one.shape for one in drawn], object)
    side = border_scale(Ground(np.empty(0), np.empty((0, 2), np.int64), np.empty(0), outline.area), len(drawn))
    found = []
    for number, at in enumerate(reading_order(shapes, side / len(drawn)), 1):
        one = drawn[at]
        found.append(
            SocialGrid(f"{name}-{number:02d}", name, one.load, one.parts, one.shape, one.reason, one.is_crossing)
        )
    return found


def loads_of(plan: Plan) -> Numbers:
    """What each grid holds."""
    return np.array([grid.load for grid in plan.grids])


def fitting(plan: Plan) -> NDArray[np.bool_]:
    """Which grids fit."""
    return np.array([grid.reason == "fits" for grid in plan.grids], bool)
