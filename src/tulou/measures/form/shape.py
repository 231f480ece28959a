"""Shape of single buildings (or any polygons): how compact, how long, how broken up.

The definitions are those momepy collects from the literature, so that figures can be compared with it.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words

SIDES = 4
"""Sides of a square: the square with an outline of length p has sides p / 4."""
CORNERS = 3
"""Corners of a rectangle that show both its sides."""
AREA_OF_VOLUME = 2 / 3
"""The power that makes an area of a volume."""
_CHECKED = "momepy 0.11 on its Bubenec sample"


@measure(title=Words("圆形紧凑度", "Circular compactness"), source="Dibble et al. 2019", verified=_CHECKED)
def circular_compactness(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How much of the smallest circle around it does each shape fill? ``area / area of that circle``.

    Args:
        shapes: Polygons, m.
    """
    radius = shapely.minimum_bounding_radius(shapes)
    return _over(shapely.area(shapes), np.pi * radius**2)


@measure(title=Words("方形紧凑度", "Square compactness"), source="Feliciotti 2018", verified=_CHECKED)
def square_compactness(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How near is each shape to a square of the same outline? ``(4 sqrt(area) / perimeter)²``, 1 for a square.

    Args:
        shapes: Polygons, m.
    """
    return _over(SIDES * np.sqrt(shapely.area(shapes)), shapely.length(shapes)) ** 2


@measure(title=Words("凸度", "Convexity"), source="Dibble et al. 2019", verified=_CHECKED)
def convexity(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How much of its convex hull does each shape fill? ``area / area of the hull``, 1 when nothing turns inward.

    Args:
        shapes: Polygons, m.
    """
    return _over(shapely.area(shapes), shapely.area(shapely.convex_hull(shapes)))


@measure(title=Words("矩形度", "Rectangularity"), source="Dibble et al. 2019", verified=_CHECKED)
def rectangularity(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How much of the smallest turned rectangle around it does each shape fill?

    Args:
        shapes: Polygons, m.
    """
    return _over(shapely.area(shapes), shapely.area(shapely.minimum_rotated_rectangle(shapes)))


@measure(
    title=Words("等效矩形指数", "Equivalent rectangular index"), source="Basaraner & Cetinkaya 2017", verified=_CHECKED
)
def equivalent_rectangular_index(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How far does each shape depart from a rectangle, in area and outline?

    ``sqrt(area / area of box) × perimeter of box / perimeter``, with the smallest turned rectangle as box.

    Args:
        shapes: Polygons, m.
    """
    box = shapely.minimum_rotated_rectangle(shapes)
    filled = np.sqrt(_over(shapely.area(shapes), shapely.area(box)))
    return filled * _over(shapely.length(box), shapely.length(shapes))


@measure(title=Words("形状指数", "Shape index"), source="Ausseil et al., after momepy", verified=_CHECKED)
def shape_index(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How round is each shape? ``sqrt(area / pi) / (longest axis / 2)``, the axis being the smallest circle's diameter.

    Args:
        shapes: Polygons, m.
    """
    return _over(np.sqrt(shapely.area(shapes) / np.pi), shapely.minimum_bounding_radius(shapes))


@measure(title=Words("延展度", "Elongation"), source="Gil et al. 2012", verified=_CHECKED)
def elongation(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How long is each shape for its width? Shorter over longer side of the smallest turned rectangle; 1 for a square.

    Args:
        shapes: Polygons, m.
    """
    box = shapely.minimum_rotated_rectangle(shapes)
    corner = np.full((len(shapes), CORNERS, 2), np.nan)
    held = shapely.get_type_id(box) == shapely.GeometryType.POLYGON
    points, owner = shapely.get_coordinates(box[held], return_index=True)
    first = np.searchsorted(owner, np.arange(int(held.sum())))
    corner[held] = points[first[:, None] + np.arange(CORNERS)]
    side = np.hypot(*np.moveaxis(np.diff(corner, axis=1), 2, 0))
    return _over(side.min(axis=1), side.max(axis=1))


@measure(title=Words("分形维数", "Fractal dimension"), source="McGarigal & Marks 1995", verified=_CHECKED)
def fractal_dimension(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How intricate is each outline? ``2 ln(perimeter / 4) / ln(area)``.

    Args:
        shapes: Polygons, m.
    """
    return _over(2 * np.log(shapely.length(shapes) / SIDES), np.log(shapely.area(shapes)))


@measure(title=Words("临街面比", "Facade ratio"), source="Hamaina et al. 2012", verified=_CHECKED)
def facade_ratio(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "m"]:
    """How much area lies behind each metre of outline? ``area / perimeter``.

    Args:
        shapes: Polygons, m.
    """
    return _over(shapely.area(shapes), shapely.length(shapes))


@measure(title=Words("体形系数", "Form factor"), source="Bourdic, Salat & Nowacki 2012", verified=_CHECKED)
def form_factor(shapes: Annotated[Shapes, "m"], height: Annotated[Floats, "m"]) -> Annotated[Floats, "1"]:
    """How much envelope has each building for its volume, free of size? ``(p h + a) / (a h)^(2/3)``, walls and roof.

    Args:
        shapes: Footprints, m.
        height: Height of each.
    """
    area = shapely.area(shapes)
    envelope = shapely.length(shapes) * height + area
    return _over(envelope, (area * height) ** AREA_OF_VOLUME)


@measure(title=Words("庭院面积", "Courtyard area"), source="Schirmer & Axhausen 2015", verified=_CHECKED)
def courtyard_area(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "m2"]:
    """How much ground do the inner yards of each building take?

    Args:
        shapes: Footprints (single polygons; a footprint of several parts has the yards of all of them), m.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    filled = shapely.area(shapely.polygons(shapely.get_exterior_ring(parts))) - shapely.area(parts)
    yards = np.bincount(owner, filled, len(shapes))
    return np.where(shapely.is_missing(shapes), np.nan, yards)


@measure(title=Words("庭院指数", "Courtyard index"), source="Schirmer & Axhausen 2015", verified=_CHECKED)
def courtyard_index(shapes: Annotated[Shapes, "m"]) -> Annotated[Floats, "1"]:
    """How large are the inner yards beside the building? ``courtyard area / area``.

    Args:
        shapes: Footprints, m.
    """
    return _over(courtyard_area(shapes), shapely.area(shapes))


def _over(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom != 0)
