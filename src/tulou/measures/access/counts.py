"""How many targets are near: counts within a radius, straight and along the ways."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from scipy.spatial import KDTree

from tulou.kernel.arrays import Floats, Places
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.finders import points_of
from tulou.measures.access.pieced import Rule
from tulou.measures.access.routes import routes_on


@measure(title=Words("直线半径内的设施数", "Facilities within a straight radius"), raised_by=("targets",))
def count_within_straight(
    places: Annotated[Places, "m"], targets: Annotated[Places, "m"], *, radius: Annotated[float, "m"]
) -> Annotated[Floats, "facility"]:
    """How many targets lie within the radius of each place, in a straight line?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points counted, (k, 2), m; rows with NaN are left out.
        radius: Counted when the distance is at most this, m.

    Returns:
        Count; NaN where the place is unknown.
    """
    points, ends = points_of(places), points_of(targets)
    count = np.full(len(points), np.nan)
    known, there = np.isfinite(points[:, 0]), np.isfinite(ends[:, 0])
    count[known] = 0.0
    if there.any() and known.any():
        tree = KDTree(ends[there])
        count[known] = tree.query_ball_point(points[known], radius, workers=-1, return_length=True)
    return count


@measure(title=Words("步行半径内的设施数", "Facilities within walking distance"), raised_by=("targets",))
def count_within_walking(
    places: Annotated[Places, "m"], targets: Annotated[Places, "m"], walking: Network, *, radius: Annotated[float, "m"]
) -> Annotated[Floats, "facility"]:
    """How many targets can be walked to from each place within the radius?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points counted, (k, 2), m; rows with NaN are left out.
        walking: The network walked along.
        radius: Counted when the distance along the network is at most this, m.

    Returns:
        Count; NaN where the place is unknown.
    """
    points = points_of(places)
    routes = routes_on(walking)
    people, capacity = np.zeros(len(points)), np.zeros(len(targets))
    here, there = routes.snapper.snap(points), routes.snapper.snap(points_of(targets))
    count, _ = routes.shared(here, there, people, capacity, Rule.plain(radius, only_weights=True))
    return np.where(np.isfinite(points[:, 0]), count, np.nan)
