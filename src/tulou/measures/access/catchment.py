"""Supply against demand: floating catchments, and shortages within service areas.

With people P, capacity S, distance d and reach d0:

* 2SFCA (Luo and Wang 2003): ``R_j = S_j / Σ_{d_ij ≤ d0} P_i``; ``A_i = Σ_{d_ij ≤ d0} R_j``.
* E2SFCA (Luo and Qi 2009): both sums weighted by ``W(d_ij)``, a weight falling by bands.
* 3SFCA (Wan, Zou and Sternberg 2012): a selection weight ``G_ij = W_ij / Σ_k W_ik`` enters both sums as well.

All three hand out exactly the capacity that somebody reaches: ``Σ A_i P_i = Σ S_j``. A facility nobody reaches hands
out nothing. Edge effect: people and facilities beyond the city's edge should be given too, or places near it look
worse.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Brackets, Floats, Parts, Places, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.brackets import same_length
from tulou.measures.access.finders import StraightToPoints, WalkingToPoints, is_there, points_of
from tulou.measures.access.kernels import shares
from tulou.measures.access.kernels.kinds import Cells, Shares, Weigh
from tulou.measures.access.pieced import Rule, by_pieces, from_table
from tulou.measures.access.pieces import Outlines
from tulou.measures.access.routes import routes_on

Method = Literal["2sfca", "e2sfca", "3sfca"]
Array = NDArray[np.float64]

MOST_CELLS = 1 << 20
"""Largest grid that places are sorted into for straight searches."""


@measure(
    title=Words("两步移动搜寻可达性", "Floating-catchment accessibility"),
    source="Luo & Wang 2003; Luo & Qi 2009; Wan, Zou & Sternberg 2012",
    verified="PySAL access 1.1.10 (three-by-two example)",
    mixed_by=("places",),
)
def floating_catchment(
    places: Annotated[Places, "m"],
    people: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    capacity: Annotated[Floats, "place"],
    walking: Network | None = None,
    *,
    radius: Annotated[float, "m"],
    method: Method,
    decay: Annotated[Brackets, "m", "1"] = ((0.0, 1.0),),
) -> Annotated[Parts, "place", "person"]:
    """How much capacity is there for each person, sharing each facility with all who reach it?

    ``part = A_i P_i`` (capacity that falls to the people of the place), ``whole = P_i``: the value of a unit is its
    mean places a person, and ``part / whole`` is ``A_i`` of a row.

    Args:
        places: Where people live, (n, 2), m.
        people: People at each place; unknown (NaN) ones take no part, their row is NaN.
        targets: Facilities, (k, 2), m.
        capacity: Places, beds or seats of each; a facility of unknown capacity makes NaN every place it would serve.
        walking: The network walked along; left out, distances are straight.
        radius: Reach d0, m.
        method: ``2sfca``, ``e2sfca`` or ``3sfca``.
        decay: Weight by distance: pairs (from this distance on, weight); not used by ``2sfca``.
    """
    people = same_length(people, len(places), "people")
    capacity = same_length(capacity, len(targets), "capacity")
    points = points_of(places)
    rule = Rule.plain(radius) if method == "2sfca" else _banded(radius, decay, by_selection=method == "3sfca")
    known = np.isfinite(points[:, 0]) & ~np.isnan(people)
    access, _ = _shared(points, targets, walking, (np.where(known, people, 0.0), capacity), rule)
    return Parts(np.where(known, access * people, np.nan), people.copy())


@measure(
    title=Words("服务范围内学位缺口", "Shortage of places within service areas"),
    source="建科〔2023〕75号",
    raised_by=("places",),
    mixed_by=("targets",),
    weighed_by=("places",),
)
def catchment_shortage(
    targets: Annotated[Places, "m"],
    capacity: Annotated[Floats, "place"],
    places: Annotated[Places, "m"],
    children: Annotated[Floats, "person"],
    walking: Network | None = None,
    *,
    radius: Annotated[float, "m"],
    assign: Literal["every", "nearest"] = "every",
) -> Annotated[Parts, "place", "person"]:
    """How many places lack in the service area of each school?

    ``part_s = max(0, Σ_{i in area of s} children_i − capacity_s)``, ``whole_s = Σ children_i``. A child needs one
    place. Children beyond every service area are in none, hence not counted: ``reached_walking`` shows them.

    Args:
        targets: Schools, (n, 2), m.
        capacity: Places of each school; unknown gives NaN.
        places: Where children live, (k, 2), m.
        children: Children of the age at each place; unknown ones are left out, and an area in which none is known is
            unknown.
        walking: The network walked along; left out, distances are straight.
        radius: Service radius, m.
        assign: ``every`` counts a child in each area it lives in (the official rule); ``nearest`` only in that of its
            nearest school, within the radius.
    """
    capacity = same_length(capacity, len(targets), "capacity")
    children = same_length(children, len(places), "children")
    points = points_of(places)
    known = np.isfinite(points[:, 0]) & ~np.isnan(children)
    nothing = np.zeros(len(capacity))

    def in_areas(counts: Array) -> Array:
        """Sums of a number over the places of each service area."""
        if assign == "every":
            return _shared(points, targets, walking, (counts, nothing), Rule.plain(radius))[1]
        finder = WalkingToPoints(points, targets, walking) if walking is not None else StraightToPoints(points, targets)
        _, which = finder.find(np.arange(len(points)), np.arange(len(capacity)), radius)
        return sums(which, counts, len(capacity))

    demand = in_areas(np.where(known, children, 0.0))
    if not known.all():
        is_unknown = (in_areas((~known).astype(np.float64)) > 0.0) & (in_areas(known.astype(np.float64)) == 0.0)
        demand = np.where(is_unknown, np.nan, demand)
    demand = np.where(np.isfinite(points_of(targets)[:, 0]), demand, np.nan)
    return Parts(np.maximum(demand - capacity, 0.0), demand)


@measure(
    title=Words("学区学位缺口", "Shortage of places within school districts"),
    source="建科〔2023〕75号",
    raised_by=("places",),
    lowered_by=("targets",),
    weighed_by=("places",),
)
def district_shortage(
    districts: Annotated[Shapes, "m"],
    targets: Annotated[Places, "m"],
    capacity: Annotated[Floats, "place"],
    places: Annotated[Places, "m"],
    children: Annotated[Floats, "person"],
) -> Annotated[Parts, "place", "person"]:
    """How many places lack in each school district?

    ``part = max(0, Σ children in the district − Σ capacity of the schools in it)``, ``whole = Σ children``.

    Args:
        districts: Polygons of school districts; None gives NaN.
        targets: Schools, (k, 2), m.
        capacity: Places of each school; an unknown one makes its district NaN.
        places: Where children live, (j, 2), m.
        children: Children of the age at each place; unknown ones are left out.
    """
    outlines = Outlines.of(districts)
    count = len(outlines.shapes)
    children = same_length(children, len(places), "children")
    inside, district = outlines.inside(points_of(places))
    demand = sums(district, np.nan_to_num(children[inside]), count)
    school, home = outlines.inside(points_of(targets))
    supply = sums(home, same_length(capacity, len(targets), "capacity")[school], count)
    demand = np.where(is_there(outlines.shapes), demand, np.nan)
    return Parts(np.maximum(demand - supply, 0.0), demand)


def catchment_from_table(
    pairs: tuple[NDArray[np.int64], NDArray[np.int64], Array],
    people: Array,
    capacity: Array,
    *,
    radius: float,
    method: Method,
    decay: Brackets = ((0.0, 1.0),),
) -> Array:
    """Access ``A_i`` of each place from a given table of costs, in the unit the radius is in.

    For costs that were not measured here: a published example, or the table of another router.

    Args:
        pairs: Place, target and cost of each pair; pairs that are not there count as beyond reach.
        people: People at each place; unknown ones take no part.
        capacity: Capacity of each target.
        radius: Reach d0.
        method: ``2sfca``, ``e2sfca`` or ``3sfca``.
        decay: Weight by cost: pairs (from this cost on, weight).
    """
    place, target, cost = pairs
    table = (np.asarray(place, np.int64), np.asarray(target, np.int64), np.asarray(cost, np.float64))
    rule = Rule.plain(radius) if method == "2sfca" else _banded(radius, decay, by_selection=method == "3sfca")
    return from_table(table, np.nan_to_num(np.asarray(people, np.float64)), np.asarray(capacity, np.float64), rule)


def _banded(radius: float, decay: Brackets, *, by_selection: bool) -> Rule:
    bands = np.array([bound for bound, _ in decay], np.float64)
    weights = np.array([weight for _, weight in decay], np.float64)
    if not len(bands) or (np.diff(bands) <= 0).any() or not (weights >= 0).all():
        raise BadUse("a decay needs bands of ascending distance", where="decay", found=decay, allowed=("((0, 1),)",))
    return Rule(float(radius), bands, weights, by_selection=by_selection)


def _shared(points: Array, targets: Places, walking: Network | None, demand: tuple[Array, Array], rule: Rule) -> Shares:
    """Access of each place and demand on each target, straight or walking."""
    ends = points_of(targets)
    if walking is not None:
        routes = routes_on(walking)
        return routes.shared(routes.snapper.snap(points), routes.snapper.snap(ends), *demand, rule)
    grid = (points, _cells(points, rule.radius))

    def search(span: slice, weigh: Weigh, out: Shares) -> None:
        shares.in_straight_lines(grid, ends, (span.start, span.stop), rule.radius, demand, weigh, out)

    return by_pieces(search, len(ends), len(points), rule)


def _cells(points: Array, radius: float) -> Cells:
    """The known places sorted into cells about as wide as the radius."""
    rows = np.flatnonzero(np.isfinite(points[:, 0]))
    low = points[rows].min(axis=0) if len(rows) else np.zeros(2)
    extent = points[rows].max(axis=0) - low if len(rows) else np.zeros(2)
    side = max(
        float(radius),
        float(np.sqrt((extent.prod() + extent.sum()) / MOST_CELLS)),
        float(extent.max()) / MOST_CELLS,
        1.0,
    )
    shape = (extent / side).astype(np.int64) + 1
    cell = np.minimum(((points[rows] - low) / side).astype(np.int64), shape - 1)
    key = cell[:, 0] * shape[1] + cell[:, 1]
    order = np.argsort(key, kind="stable")
    first = np.zeros(int(shape.prod()) + 1, np.int64)
    np.cumsum(np.bincount(key, minlength=int(shape.prod())), out=first[1:])
    return low, side, shape, first, rows[order].astype(np.int32)


def sums(row: NDArray[np.int64], values: Array, count: int) -> Array:
    """Sum of the values of each row; those of row -1 belong nowhere."""
    some = row >= 0
    return np.bincount(row[some], weights=values[some], minlength=count).astype(np.float64)
