"""How much of one set of shapes lies on another, for whole arrays at once."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def overlaps(
    sites: NDArray[np.object_], pieces: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Which pieces lie on which sites, and with how much area?

    Pieces wholly inside a site are not cut: their own area is taken, which is most of the work saved.

    Args:
        sites: Polygons; None takes no part.
        pieces: Polygons; None takes no part.

    Returns:
        Position of the site, position of the piece, area they share, m²; only pairs that share area.
    """
    piece, site = shapely.STRtree(sites).query(pieces, predicate="intersects")
    area = shapely.area(pieces[piece])
    shapely.prepare(sites)
    cut = np.flatnonzero(~shapely.covers(sites[site], pieces[piece]))
    area[cut] = shapely.area(shapely.intersection(sites[site[cut]], pieces[piece[cut]]))
    held = area > 0
    order = np.lexsort((piece[held], site[held]))
    return site[held][order], piece[held][order], area[held][order]
