"""Coverage of a divisor: whether the land that is divided by reaches to where the things are that are counted.

Derived land lies around the buildings that are mapped. Where few are mapped there is little of it, and a density over
it is too high by a multiple. What is counted shows this itself: streets, people and facilities stand where the city is
built up, so where they lie far from all land on record, land is missing. The share of what counts that lies at the
land is a share of what is known, and the indicator's own policy for unknown data decides.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.rulebook.content import Formula

LAND_REACH = "population.land_reach"
"""Parameter that says how far derived land reaches around a building; nearer than that to land is at it."""

Mask = NDArray[np.bool_]


def lies_at_divisor(city: City, formula: Formula) -> Mask | None:
    """Which rows that count lie at the land they are divided by.

    Args:
        city: The city.
        formula: How the figure is worked out.

    Returns:
        A mask over the rows of the selection; rows without a place lie at it. None where the question does not arise:
        nothing is divided by land, or its list is claimed complete, or none of it is an estimate.
    """
    per = formula.per
    if per is None or per.binding is not None or per.of == formula.of or city.is_complete(per.of):
        return None
    guessed = city.estimates(per.of, "shape_area")
    parameters = city.rulebook.parameters
    if guessed is None or not guessed.any() or LAND_REACH not in parameters:
        return None
    if not parameters[LAND_REACH].values.holds_on(city.day):
        return None
    return city.once(("at land", formula.of, per.of), lambda asked: _at(asked, formula.of, per.of))


def _at(city: City, of: str, land: str) -> Mask:
    """Areas lie at land that any part of them is near to, lines by their middle."""
    shapes = np.asarray(city.column(of, "geometry"), object)
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    asked = shapes[known]
    lines = shapely.get_dimensions(asked) == 1
    asked[lines] = _middles(asked[lines])
    tree = shapely.STRtree(np.asarray(city.column(land, "geometry"), object))
    near, _ = tree.query(asked, predicate="dwithin", distance=city.number(LAND_REACH, "m"))
    found = np.array(~known, bool)
    found[np.flatnonzero(known)[near]] = True
    return found


def _middles(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """The point halfway along each line; of several lines in one, halfway along the first."""
    return np.asarray(shapely.line_interpolate_point(shapely.get_geometry(lines, 0), 0.5, normalized=True), object)
