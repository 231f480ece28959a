"""Maps of city management: cells with their faults, and places where cases recur, over the streets of the city."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.words import Language
from tulou.publish.drawing import sizes
from tulou.publish.drawing.frame import Frame
from tulou.publish.drawing.ground import Layers, base_map
from tulou.publish.drawing.maps import Sheet, definitions, marked_map
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element, label
from tulou.publish.words import say

Shapes = NDArray[np.object_]

CELL_LINE, COMMUNITY_LINE, FAULT_LINE = 0.7, 1.8, 2.4
"""Width of the outlines of cells and communities, and of marked lines."""
VEIL = "0.65"
"""How much a marked area covers the ground below it."""
MOST_NUMBERS = 40
"""Faults up to which each carries its number in the list."""
RING_LEAST, RING_MOST = 5.0, 16.0
RING_VEIL = "0.35"
"""Rings of recurring places: smallest and largest radius, and how much they cover the ground."""
LEAST_MARK = 5.0
"""Marks smaller than this are drawn as a ring of this radius, in units of the drawing."""


def ground(bounds: tuple[float, float, float, float], layers: Layers, language: Language, credit: str = "") -> Sheet:
    """The sheet that maps of one paper share.

    Args:
        bounds: West, south, east, north, metres.
        layers: What stands there.
        language: Language of the words.
        credit: Credit line.
    """
    frame = Frame.around(bounds)
    return Sheet(frame, base_map(frame, layers), "", np.empty((0, 2)), language, credit)


def definitions_of(sheet: Sheet) -> str:
    """Patterns and clips that the maps of a sheet refer to."""
    return definitions(sheet.frame)


def grid_map(
    sheet: Sheet, cells: Shapes, communities: Shapes, faults: Sequence[tuple[BaseGeometry | None, bool]], *, title: str
) -> Picture:
    """Cells, communities and what is wrong.

    Args:
        sheet: What all maps share.
        cells: Polygons of cells; missing ones are not drawn.
        communities: Polygons of communities.
        faults: Shape of each fault in the order of the list, and whether it is a fault or only noted.
        title: What it shows.
    """
    language = sheet.language
    marks = [_outline(sheet.frame, cells, "pass", CELL_LINE), _outline(sheet.frame, communities, "ink", COMMUNITY_LINE)]
    for is_fault, colour in ((False, "to_confirm"), (True, "fail")):
        marks.append(_marked(sheet.frame, [shape for shape, known in faults if known == is_fault], colour))
    if len(faults) <= MOST_NUMBERS:
        marks += _numbers(sheet.frame, [shape for shape, _ in faults])
    legend = [("pass", say("manage.map.cells", language)), ("ink", say("manage.map.communities", language))]
    legend += [("fail", say("manage.map.faults", language))] if any(known for _, known in faults) else []
    legend += [("to_confirm", say("manage.map.noted", language))] if not all(known for _, known in faults) else []
    about = say("manage.map.about_grid", language, cells=f"{len(cells):,}", faults=f"{len(faults):,}")
    body = element("g", *marks, clip_path="url(#frame)")
    return marked_map(sheet, "unit-grid", body, legend, title=title, about=about)


def _outline(frame: Frame, shapes: Shapes, colour: str, width: float) -> str:
    drawn = frame.path(np.asarray(shapes, object), tolerance=0.4, least=1.0)
    return element("path", d=drawn, **stroke(colour, width)) if drawn else ""


def _marked(frame: Frame, shapes: Sequence[BaseGeometry | None], colour: str) -> str:
    """Areas filled and lines drawn; what would hardly be seen gets a ring."""
    known = np.array([shape for shape in shapes if shape is not None], object)
    if not len(known):
        return ""
    areas, lines = known[shapely.get_dimensions(known) == 2], known[shapely.get_dimensions(known) == 1]  # noqa: PLR2004
    pieces = [
        element("path", d=frame.path(areas), fill_rule="evenodd", fill_opacity=VEIL, **fill(colour)),
        element("path", d=frame.path(lines), **stroke(colour, FAULT_LINE)),
    ]
    bounds = shapely.bounds(known)
    small = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) * frame.scale < 2 * LEAST_MARK
    for x, y in _spots(frame, known[small]):
        pieces.append(element("circle", cx=float(x), cy=float(y), r=LEAST_MARK, **stroke(colour, FAULT_LINE)))
    return "".join(pieces)


def _numbers(frame: Frame, shapes: Sequence[BaseGeometry | None]) -> list[str]:
    known = [(number, shape) for number, shape in enumerate(shapes, 1) if shape is not None]
    spots = _spots(frame, np.array([shape for _, shape in known], object))
    return [
        label(f"{number}", x + LEAST_MARK, y - LEAST_MARK, size=sizes.SMALL, paint=fill("ink"), bold=True)
        for (number, _), (x, y) in zip(known, spots.tolist(), strict=True)
    ]


def _spots(frame: Frame, shapes: Shapes) -> NDArray[np.float64]:
    if not len(shapes):
        return np.empty((0, 2))
    points = shapely.point_on_surface(shapes)
    return frame.place(np.column_stack([shapely.get_x(points), shapely.get_y(points)]))


def recurrence_map(sheet: Sheet, spots: NDArray[np.float64], cases: Sequence[int], *, title: str) -> Picture:
    """Places where cases recur: a ring for each, larger with more cases, with its number in the list.

    Args:
        sheet: What all maps share.
        spots: East and north of each, metres, shape (n, 2), in the order of the list.
        cases: Cases of each.
        title: What it shows.
    """
    language = sheet.language
    most = max(cases, default=1)
    at = sheet.frame.place(spots) if len(spots) else np.empty((0, 2))
    spare = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in at[MOST_NUMBERS:].tolist())
    marks = [element("path", d=spare, stroke_linecap="round", **stroke("near_fail", LEAST_MARK))] if spare else []
    for number, ((x, y), count) in reversed(list(enumerate(zip(at[:MOST_NUMBERS].tolist(), cases, strict=False), 1))):
        radius = RING_LEAST + (RING_MOST - RING_LEAST) * (count / most) ** 0.5
        tip = f"<title>{count:,}</title>"
        marks.append(element("circle", tip, cx=x, cy=y, r=radius, fill_opacity=RING_VEIL, **fill("fail")))
        marks.append(element("circle", cx=x, cy=y, r=radius, **stroke("fail", CELL_LINE)))
        spot = x, y + sizes.SMALL / 3
        marks.append(label(f"{number}", *spot, size=sizes.SMALL, anchor="middle", paint=fill("ink"), bold=True))
    legend = [("fail", say("manage.map.recurring", language, least=min(cases, default=0), most=most))]
    legend += [("near_fail", say("manage.map.spare", language, most=MOST_NUMBERS))] if spare else []
    about = say("manage.map.about_recurring", language, places=f"{len(cases):,}", cases=f"{sum(cases):,}")
    body = element("g", *marks, clip_path="url(#frame)")
    return marked_map(sheet, "recurrence", body, legend if cases else [], title=title, about=about)
