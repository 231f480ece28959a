"""The check of a unit grid: shapes, gaps, overlaps, slivers, borders of communities, streets, and codes.

Every fault names the cells it concerns and its place, so that it can be drawn and mended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput
from tulou.kernel.polygons import AREA, mended
from tulou.operations.city_management.domain.cells import GridRule
from tulou.operations.city_management.domain.codes import COMMUNITY_DIGITS, CellCode, parse_cell

Shapes = NDArray[np.object_]
Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

GridFaultKind = Literal[
    "no_shape", "invalid_shape", "several_parts", "overlap", "gap", "outside", "sliver", "large", "across_community",
    "across_street", "no_code", "bad_code", "duplicate_code", "wrong_community", "scattered_code", "two_codes",
]  # fmt: skip
GRID_FAULT_KINDS: tuple[GridFaultKind, ...] = get_args(GridFaultKind)
NOTED: tuple[GridFaultKind, ...] = ("large",)
"""Kinds that are told and are no fault by themselves."""

SIDES = 2
"""Sides that a street leaves of a cell it crosses."""


@dataclass(frozen=True, eq=False)
class GridFault:
    """One thing that is wrong with a grid.

    Args:
        kind: One of ``GRID_FAULT_KINDS``.
        cells: Codes of the cells concerned, or their ids where they have none.
        shape: Where it is, in metres; None where a cell has no shape.
        area: How large it is, m2; None where that says nothing.
        other: What it clashes with: the code of a community, say.
    """

    kind: GridFaultKind
    cells: tuple[str, ...]
    shape: BaseGeometry | None
    area: float | None = None
    other: str = ""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells as they were drawn.

    Args:
        ids: Id of each.
        codes: Code of each; empty where it has none.
        shapes: Polygons in metres, None where missing.
    """

    ids: Sequence[str]
    codes: Sequence[str]
    shapes: Shapes

    def name(self, cell: int) -> str:
        """What a cell is called: its code, else its id."""
        return self.codes[cell] or self.ids[cell]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a grid is held against; all of it may be empty.

    Args:
        communities: Polygons of communities, none missing.
        codes: Twelve-digit code of each community; empty where it has none.
        names: What each is called.
        streets: Lines of main streets.
    """

    communities: Shapes = field(default_factory=lambda: np.empty(0, object))
    codes: Sequence[str] = ()
    names: Sequence[str] = ()
    streets: Shapes = field(default_factory=lambda: np.empty(0, object))


def check_grid(cells: Cells, around: Surroundings, rule: GridRule) -> list[GridFault]:
    """Everything that is wrong with a grid, in the order of ``GRID_FAULT_KINDS`` and of the codes.

    Args:
        cells: The cells.
        around: What it is held against.
        rule: From what size on a fault counts.
    """
    shapes = np.asarray(cells.shapes, object)
    sound = shapely.get_dimensions(shapes) == AREA
    drawn = shapes.copy()
    drawn[~sound] = None
    whole = mended(drawn)
    known = np.flatnonzero(~shapely.is_missing(whole))
    found = [*_shape_faults(cells, sound), *_overlaps(cells, whole, known, rule), *_gaps(whole[known], around, rule)]
    found += _sizes(cells, whole, known, rule)
    holder = _holder(whole, known, around)
    found += _borders(cells, whole, known, around, rule)
    found += _crossed(cells, whole, known, around.streets, rule)
    found += _codes(cells, whole)
    found += _nesting(cells, whole, holder, around)
    return sorted(found, key=lambda one: (GRID_FAULT_KINDS.index(one.kind), one.cells, one.other, -(one.area or 0.0)))


def _shape_faults(cells: Cells, sound: NDArray[np.bool_]) -> Iterator[GridFault]:
    for cell, shape in enumerate(cells.shapes):
        name = (cells.name(cell),)
        if not sound[cell] or shapely.is_empty(shape):
            yield GridFault("no_shape", name, None)
        elif not shapely.is_valid(shape):
            yield GridFault("invalid_shape", name, shape)
        elif shapely.get_num_geometries(shape) > 1:
            yield GridFault("several_parts", name, shape, other=f"{shapely.get_num_geometries(shape)}")


def _overlaps(cells: Cells, whole: Shapes, known: NDArray[np.int64], rule: GridRule) -> Iterator[GridFault]:
    """Pairs of cells that share ground. Cells that only touch are told apart before anything is cut."""
    one, other = _pairs(whole[known])
    shared = shapely.intersection(whole[known][one], whole[known][other])
    areas = shapely.area(shared)
    for place in np.flatnonzero(areas > rule.tolerance):
        names = sorted(cells.name(known[side[place]]) for side in (one, other))
        yield GridFault("overlap", tuple(names), shared[place], float(areas[place]))


def _pairs(shapes: Shapes) -> Pairs:
    if not len(shapes):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    keep = one < other
    one, other = one[keep], other[keep]
    keep = ~shapely.touches(shapes[one], shapes[other])
    return one[keep], other[keep]


def _gaps(shapes: Shapes, around: Surroundings, rule: GridRule) -> Iterator[GridFault]:
    """Ground of communities that no cell has; where no communities are known, holes and narrow channels of the grid."""
    if not len(shapes):
        return
    covered = shapely.union_all(shapes)
    if len(around.communities):
        ground = shapely.union_all(around.communities)
        yield from _parts("outside", covered.difference(ground), rule.across)
    else:
        parts = shapely.get_parts(covered)
        filled = shapely.union_all([shapely.Polygon(part.exterior) for part in parts if part.geom_type == "Polygon"])
        half = rule.width / 2
        closed = filled.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
        ground = filled.union(closed)
    yield from _parts("gap", ground.difference(covered), rule.tolerance)


def _parts(kind: GridFaultKind, shape: BaseGeometry, least: float) -> Iterator[GridFault]:
    for part in shapely.get_parts(shape):
        if part.area > least:
            yield GridFault(kind, (), part, float(part.area))


def _sizes(cells: Cells, whole: Shapes, known: NDArray[np.int64], rule: GridRule) -> Iterator[GridFault]:
    areas = shapely.area(whole[known])
    thin = shapely.is_empty(shapely.buffer(whole[known], -rule.width / 2, quad_segs=1))
    for place, cell in enumerate(known):
        if thin[place]:
            yield GridFault("sliver", (cells.name(cell),), whole[cell], float(areas[place]))
        elif areas[place] > rule.most:
            yield GridFault("large", (cells.name(cell),), whole[cell], float(areas[place]))


def _holder(whole: Shapes, known: NDArray[np.int64], around: Surroundings) -> NDArray[np.int64]:
    """For each cell the community that has most of it; -1 where none has any."""
    found = np.full(len(whole), -1, np.int64)
    if not len(around.communities) or not len(known):
        return found
    cell, community, area = _shares(whole, known, around)
    order = np.lexsort((-community, area))
    found[cell[order]] = community[order]
    return found


def _shares(
    whole: Shapes, known: NDArray[np.int64], around: Surroundings
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Cells, communities they meet, and the area shared, m2."""
    cell, community = shapely.STRtree(around.communities).query(whole[known], predicate="intersects")
    area = shapely.area(shapely.intersection(whole[known][cell], around.communities[community]))
    return known[cell][area > 0], community[area > 0], area[area > 0]


def _borders(
    cells: Cells, whole: Shapes, known: NDArray[np.int64], around: Surroundings, rule: GridRule
) -> Iterator[GridFault]:
    """Cells that lie in more than one community."""
    if not len(around.communities) or not len(known):
        return
    shares: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for cell, community, area in zip(*(part.tolist() for part in _shares(whole, known, around)), strict=True):
        shares[cell].append((area, community))
    for cell, held in shares.items():
        for area, community in sorted(held, reverse=True)[1:]:
            if area > rule.across:
                shape = shapely.intersection(whole[cell], around.communities[community])
                yield GridFault("across_community", (cells.name(cell),), shape, area, around.names[community])


def _crossed(
    cells: Cells, whole: Shapes, known: NDArray[np.int64], streets: Shapes, rule: GridRule
) -> Iterator[GridFault]:
    """Cells that a main street cuts in two, each side as large as a cell may be."""
    if not len(streets) or not len(known):
        return
    inner = shapely.buffer(whole[known], -rule.width, quad_segs=1)
    place, street = shapely.STRtree(streets).query(inner, predicate="intersects")
    for one in np.unique(place):
        cell = known[one]
        lines = shapely.intersection(streets[street[place == one]], whole[cell])
        noded = shapely.union_all([shapely.boundary(whole[cell]), *lines])
        pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        sides = np.sort(shapely.area(pieces))[::-1]
        if len(sides) >= SIDES and sides[1] >= rule.least:
            yield GridFault("across_street", (cells.name(cell),), shapely.union_all(lines), float(sides[1]))


def _codes(cells: Cells, whole: Shapes) -> Iterator[GridFault]:
    """Codes that are missing, malformed, or given twice."""
    counts = Counter(code for code in cells.codes if code)
    for cell, code in enumerate(cells.codes):
        if not code:
            yield GridFault("no_code", (cells.ids[cell],), whole[cell])
        elif counts[code] > 1:
            yield GridFault("duplicate_code", (code,), whole[cell], other=cells.ids[cell])
        if code and _read(code) is None:
            yield GridFault("bad_code", (code,), whole[cell])


def _read(code: str) -> CellCode | None:
    try:
        return parse_cell(code)
    except BadInput:
        return None


def _nesting(cells: Cells, whole: Shapes, holder: NDArray[np.int64], around: Surroundings) -> Iterator[GridFault]:
    """Codes whose first twelve digits are not those of the community the cell lies in.

    Where communities have no codes: twelve digits that stand in two communities, or a community with two of them.
    """
    placed = [(cell, int(holder[cell])) for cell, code in enumerate(cells.codes) if holder[cell] >= 0 and _read(code)]
    free = []
    for cell, community in placed:
        code, expected = cells.codes[cell], around.codes[community]
        if not expected:
            free.append((cell, community, code[:COMMUNITY_DIGITS]))
        elif not code.startswith(expected):
            yield GridFault("wrong_community", (code,), whole[cell], other=expected)
    counts = Counter((prefix, community) for _, community, prefix in free)
    ordered = sorted(counts, key=lambda pair: (-counts[pair], pair))
    home, lead = dict[str, int](), dict[int, str]()
    for prefix, community in ordered:
        if home.setdefault(prefix, community) == community:
            lead.setdefault(community, prefix)
    for cell, community, prefix in free:
        if home[prefix] != community:
            yield GridFault("scattered_code", (cells.codes[cell],), whole[cell], other=around.names[community])
        elif lead[community] != prefix:
            yield GridFault("two_codes", (cells.codes[cell],), whole[cell], other=lead[community])
