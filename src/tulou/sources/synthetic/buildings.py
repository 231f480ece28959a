"""Buildings of the generated city, on a grid of plots within each community."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.sources.synthetic.ground import KERB, Columns, names
from tulou.sources.synthetic.layout import (
    BUILDINGS_PER_COMMUNITY,
    COMMUNITY_DEPTH,
    COMMUNITY_WIDTH,
    LAND_USES,
    Layout,
)

PLOTS_ACROSS = 8
PLOTS_UP = BUILDINGS_PER_COMMUNITY // PLOTS_ACROSS
STOREY_HEIGHT = 3.0
DWELLING_FLOOR = 95.0
PERSONS_PER_DWELLING = 2.6
LIFT_FROM = 8
"""Storeys from which the generated houses were built with a lift."""
LIFT_ADDED = 0.07
"""Share of the lower ones that were given one later."""
MIXED_HOMES = 0.5
"""Share of a mixed building that is homes."""
LIVED_IN = 0.94
"""Share of the dwellings that a household lives in."""
OLD_PEOPLE = (0.31, 0.17)
"""Share of residents of 60 and over in old homes and elsewhere."""
HALF = 0.5


@dataclass(frozen=True)
class Style:
    """What is built on one kind of ground: share of plots built on, storeys, years, width and depth in metres."""

    built: float
    storeys: tuple[int, int]
    years: tuple[int, int]
    width: tuple[float, float]
    depth: tuple[float, float]


STYLES = {
    "old_homes": Style(0.85, (4, 7), (1978, 1996), (28, 46), (10, 12)),
    "mid_homes": Style(0.62, (6, 11), (1997, 2010), (26, 44), (12, 14)),
    "new_homes": Style(0.34, (11, 30), (2011, 2025), (22, 36), (14, 18)),
    "centre": Style(0.60, (3, 24), (1985, 2022), (24, 46), (18, 34)),
    "industry": Style(0.40, (1, 4), (1988, 2020), (40, 56), (24, 40)),
    "public": Style(0.35, (2, 8), (1980, 2020), (30, 50), (16, 30)),
    "park": Style(0.02, (1, 1), (1990, 2020), (8, 14), (6, 10)),
}
MIX: dict[str, tuple[tuple[str, float], ...]] = {
    "old_homes": (("residential", 0.97), ("commercial", 0.03)),
    "mid_homes": (("residential", 0.97), ("commercial", 0.03)),
    "new_homes": (("residential", 0.96), ("commercial", 0.04)),
    "centre": (("commercial", 0.30), ("mixed", 0.45), ("office", 0.25)),
    "industry": (("industrial", 1.0),),
    "public": (("education", 0.45), ("public", 0.40), ("health", 0.15)),
    "park": (("other", 1.0),),
}


def buildings(layout: Layout) -> Columns:
    """All buildings with footprint, storeys, year, dwellings and residents."""
    random = np.random.default_rng([layout.seed, 2])
    plots = layout.communities * BUILDINGS_PER_COMMUNITY
    community = np.repeat(np.arange(layout.communities), BUILDINGS_PER_COMMUNITY)
    style = layout.use[community]
    built = random.random(plots) < _pick("built", style)
    community, style = community[built], style[built]
    plot = np.tile(np.arange(BUILDINGS_PER_COMMUNITY), layout.communities)[built]
    storeys = _between(random, "storeys", style).round()
    wide, deep = _between(random, "width", style), _between(random, "depth", style)
    use = _uses(random, style)
    floor = wide * deep * storeys
    is_home = np.isin(use, ["residential", "mixed"])
    dwellings = np.where(is_home, (floor * np.where(use == "mixed", MIXED_HOMES, 1.0) / DWELLING_FLOOR).round(), 0.0)
    residents = random.poisson(dwellings * PERSONS_PER_DWELLING).astype(float)
    old_people = np.where(style == 0, *OLD_PEOPLE)
    count = len(community)
    return {
        "id": names("building", count),
        "unit": np.array(names("community", layout.communities), object)[community],
        "use": use,
        "storeys": storeys,
        "height": storeys * STOREY_HEIGHT,
        "floor_area": floor,
        "lift": (storeys >= LIFT_FROM) | (random.random(count) < LIFT_ADDED),
        "year_built": _between(random, "years", style).round(),
        "dwellings": dwellings,
        "households": (dwellings * LIVED_IN).round(),
        "residents": residents,
        "residents_60": random.binomial(residents.astype(int), old_people).astype(float),
        "geometry": _footprints(layout, community, plot, wide, deep),
    }


def _footprints(
    layout: Layout,
    community: NDArray[np.int64],
    plot: NDArray[np.int64],
    wide: NDArray[np.float64],
    deep: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Rectangles in the middle of their plots."""
    row, column = np.divmod(plot, PLOTS_ACROSS)
    step_x = (COMMUNITY_WIDTH - 2 * KERB) / PLOTS_ACROSS
    step_y = (COMMUNITY_DEPTH - 2 * KERB) / PLOTS_UP
    corner = layout.corner[community]
    x = corner[:, 0] + KERB + (column + HALF) * step_x
    y = corner[:, 1] + KERB + (row + HALF) * step_y
    return np.asarray(shapely.box(x - wide / 2, y - deep / 2, x + wide / 2, y + deep / 2), object)


def _uses(random: np.random.Generator, style: NDArray[np.int64]) -> NDArray[np.object_]:
    use = np.empty(len(style), object)
    draw = random.random(len(style))
    for code, name in enumerate(LAND_USES):
        here = style == code
        kinds, shares = zip(*MIX[name], strict=True)
        position = np.searchsorted(np.cumsum(shares), draw[here], side="right").clip(0, len(kinds) - 1)
        use[here] = np.array(kinds, object)[position]
    return use


def _pick(field: str, style: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.array([getattr(STYLES[name], field) for name in LAND_USES], float)[style]


def _between(random: np.random.Generator, field: str, style: NDArray[np.int64]) -> NDArray[np.float64]:
    bounds = np.array([getattr(STYLES[name], field) for name in LAND_USES], float)[style]
    return bounds[:, 0] + random.random(len(style)) * (bounds[:, 1] - bounds[:, 0])
