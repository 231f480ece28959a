"""Four ways of asking what is nearest: straight or walking, to points or to shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from tulou.kernel.arrays import Places, Shapes
from tulou.kernel.network import Network
from tulou.kernel.threads import in_threads
from tulou.measures.access.inside import Areas
from tulou.measures.access.pieces import Outlines
from tulou.measures.access.routes import routes_on

ENTRANCE_SPACING = 20.0
"""Largest distance (m) between the points of an outline that are tried as entrances: the length of a house front."""

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class Finder(Protocol):
    """Places and targets, and a way of measuring between them."""

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Whether each place is known."""
        ...

    @property
    def is_target(self) -> NDArray[np.bool_]:
        """Whether each target is known."""
        ...

    def find(self, places: Rows, targets: Rows, limit: float = np.inf) -> tuple[Array, Rows]:
        """Distance from some places to the nearest of some targets, and which one (-1 for none within the limit)."""
        ...


class GroupFinder(Finder, Protocol):
    """A finder that also looks for several groups of targets at once."""

    def reaches(self, groups: Sequence[Rows], limits: Sequence[float]) -> NDArray[np.bool_]:
        """Whether each place has a target of each group within the group's limit, (places, groups)."""
        ...


def points_of(places: Places) -> Array:
    """Places as an (n, 2) array; a row with anything not finite is wholly NaN."""
    points = np.array(places, np.float64).reshape(-1, 2)
    points[~np.isfinite(points).all(axis=1)] = np.nan
    return points


class StraightToPoints:
    """Straight distances to points."""

    def __init__(self, places: Places, targets: Places) -> None:
        self.places, self.targets = points_of(places), points_of(targets)
        self.is_known, self.is_target = np.isfinite(self.places[:, 0]), np.isfinite(self.targets[:, 0])

    def find(self, places: Rows, targets: Rows, limit: float = np.inf) -> tuple[Array, Rows]:
        """See ``Finder``."""
        out, which = np.full(len(places), np.inf), np.full(len(places), -1, np.int64)
        targets = targets[self.is_target[targets]]
        asked = np.flatnonzero(self.is_known[places])
        if len(targets) and len(asked):
            # The bound of the tree is exclusive, ours is not.
            bound = np.nextafter(limit, np.inf)
            tree = KDTree(self.targets[targets])
            out[asked], found = tree.query(self.places[places[asked]], distance_upper_bound=bound, workers=-1)
            has = found < len(targets)
            which[asked[has]] = targets[found[has]]
        return out, which

    def reaches(self, groups: Sequence[Rows], limits: Sequence[float]) -> NDArray[np.bool_]:
        """See ``GroupFinder``."""
        every = np.arange(len(self.places))
        found = in_threads(lambda job: self.find(every, *job)[1] >= 0, zip(groups, limits, strict=True))
        return np.column_stack(found)


class StraightToShapes:
    """Straight distances to the outlines of shapes, 0 inside."""

    def __init__(self, places: Places, targets: Shapes) -> None:
        self.places, self.targets = points_of(places), np.asarray(targets, object)
        self.is_known = np.isfinite(self.places[:, 0])
        self.is_target = is_there(self.targets)

    def find(self, places: Rows, targets: Rows, limit: float = np.inf) -> tuple[Array, Rows]:
        """See ``Finder``."""
        out, which = Outlines.of(self.targets[targets]).nearest(self.places[places], limit)
        has = which >= 0
        which[has] = targets[which[has]]
        return out, which


class WalkingToPoints:
    """Distances along a network to points."""

    def __init__(self, places: Places, targets: Places, network: Network, *, pace: float = 1.0) -> None:
        self._routes = routes_on(network)
        points, ends = points_of(places), points_of(targets)
        self._places = self._routes.snapper.snap(points, pace=pace)
        self._targets = self._routes.snapper.snap(ends, pace=pace)
        self.is_known, self.is_target = np.isfinite(points[:, 0]), np.isfinite(ends[:, 0])

    def find(self, places: Rows, targets: Rows, limit: float = np.inf) -> tuple[Array, Rows]:
        """See ``Finder``."""
        return self._routes.nearest(self._places, places, self._targets.rows(targets), targets, limit)

    def reaches(self, groups: Sequence[Rows], limits: Sequence[float]) -> NDArray[np.bool_]:
        """See ``GroupFinder``."""
        rows = np.concatenate(groups)
        group = np.repeat(np.arange(len(groups)), list(map(len, groups)))
        return self._routes.reached_groups(self._places, self._targets.rows(rows), group, np.array(limits, float))


class WalkingToShapes:
    """Distances along a network to entrances of shapes, 0 inside."""

    def __init__(self, places: Places, targets: Shapes, network: Network, *, pace: float = 1.0) -> None:
        self._routes = routes_on(network)
        self._points = points_of(places)
        self._shapes = np.asarray(targets, object)
        self.is_known, self.is_target = np.isfinite(self._points[:, 0]), is_there(self._shapes)
        entrances, self._shape = entrances_of(self._shapes)
        self._places = self._routes.snapper.snap(self._points, pace=pace)
        self._entrances = self._routes.snapper.snap(entrances, pace=pace)

    def find(self, places: Rows, targets: Rows, limit: float = np.inf) -> tuple[Array, Rows]:
        """See ``Finder``."""
        wanted = np.zeros(len(self._shapes), bool)
        wanted[targets] = True
        rows = np.flatnonzero(wanted[self._shape])
        out, which = self._routes.nearest(self._places, places, self._entrances.rows(rows), self._shape[rows], limit)
        Areas(self._shapes[targets]).write_around(self._points, places, targets, (which, out))
        return out, which


def is_there(shapes: Shapes) -> NDArray[np.bool_]:
    """Whether a row has a shape with anything in it."""
    return ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))


def entrances_of(shapes: Shapes) -> tuple[Array, Rows]:
    """Points along the outlines of shapes, ``ENTRANCE_SPACING`` apart at most, and the shape each is of."""
    points, shape = shapely.get_coordinates(shapely.segmentize(shapes, ENTRANCE_SPACING), return_index=True)
    finite = np.isfinite(points).all(axis=1)
    return points[finite], shape[finite].astype(np.int64)
