"""A small town for tests of the unit grid: two communities side by side, streets between blocks, houses."""

import numpy as np
import shapely

from tulou.operations.city_management.domain.cells import GridRule
from tulou.operations.city_management.domain.topology import Cells, Surroundings

RULE = GridRule(size=10_000, least=2_500, most=30_000, width=3, tolerance=1, across=100)
WEST, EAST = shapely.box(0, 0, 400, 300), shapely.box(400, 0, 700, 300)
COMMUNITIES = np.array([WEST, EAST], object)
CODES = ["350102001001", "350102001002"]
STREETS = np.array(
    [
        shapely.LineString([(0, 150), (700, 150)]),
        shapely.LineString([(200, 0), (200, 150)]),
        shapely.LineString([(500, 150), (500, 230)]),
    ],
    object,
)
HOUSES = np.array([shapely.box(x, y, x + 30, y + 12) for x in range(10, 680, 55) for y in (30, 90, 190, 250)], object)


def around(*, codes=CODES, streets=STREETS):
    return Surroundings(COMMUNITIES, codes, ["West", "East"], streets)


def squares(side=100, columns=7, rows=3):
    """Square cells in the order of their numbers, with right codes."""
    shapes, codes = [], []
    counts = [0, 0]
    for row in reversed(range(rows)):
        for column in range(columns):
            community = int(column * side >= 400)
            counts[community] += 1
            shapes.append(shapely.box(column * side, row * side, (column + 1) * side, (row + 1) * side))
            codes.append(f"{CODES[community]}{counts[community]:03d}")
    return shapes, codes


def cells(shapes, codes):
    return Cells([f"id{place}" for place in range(len(shapes))], codes, np.array(shapes, object))
