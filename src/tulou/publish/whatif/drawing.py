"""The map of a project: what is new, what closes or goes and what changes, on a quiet base around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.words import Language
from tulou.model.state import State
from tulou.plan.projects.project import Edit, Project
from tulou.publish.drawing import maps, palette
from tulou.publish.drawing.frame import AREA, Frame
from tulou.publish.drawing.ground import base_map
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element
from tulou.publish.layers import layers_of
from tulou.publish.words import say

AROUND = 600.0
"""Metres shown on each side of a project at least, so that its surroundings are seen."""
KINDS: Mapping[str, str] = {"add": "add", "change": "change", "close": "gone", "remove": "gone"}
COLOURS: Mapping[str, str] = {"add": "pass", "change": "to_confirm", "gone": "fail"}
"""Colour of each kind of edit: blue for what is new, orange for what goes, yellow for what changes."""
FINE = 0.1
"""How far a simplified line may lie from the true one, in units of the drawing."""
DOT, LINE, RIM = 5.0, 4.0, 1.5
"""Radius of a dot and widths of lines and rims, in units of the drawing."""
PAPER = palette.COLOURS["paper"][0]


@dataclass(frozen=True)
class Drawn:
    """The map of a project with what it lies on.

    Args:
        picture: The map.
        base: Its base, as SVG.
        definitions: Patterns and clips that it refers to.
    """

    picture: Picture
    base: str
    definitions: str


def project_map(project: Project, state: State, language: Language) -> Drawn | None:
    """Where a project is; None when nothing of it has a place.

    Args:
        project: The project.
        state: The city it stands in.
        language: Language of the words.
    """
    found = [(KINDS[edit.action], shape) for edit in project.edits if (shape := _shape(edit, state)) is not None]
    if not found:
        return None
    frame = Frame.around(_extent(np.array([shape for _, shape in found], object), state))
    base = base_map(frame, layers_of(state))
    credit = " · ".join([*state.profile.credit, say("map.simplified", language)])
    sheet = maps.Sheet(frame, base, "", np.empty((0, 2)), language, credit)
    kinds = list(dict.fromkeys(kind for kind, _ in found))
    marks = "".join(_marks(frame, kind, [shape for one, shape in found if one == kind]) for kind in kinds)
    legend = [(COLOURS[kind], say(f"whatif.map_{kind}", language)) for kind in kinds]
    about = say("whatif.map_about", language, city=state.profile.name)
    picture = maps.marked_map(
        sheet, "map-project", element("g", marks, clip_path="url(#frame)"), legend, title=say("whatif.map", language),
        about=about,
    )  # fmt: skip
    return Drawn(picture, base, maps.definitions(frame))


def _extent(shapes: NDArray[np.object_], state: State) -> tuple[float, float, float, float]:
    """West, south, east and north of a project with its surroundings, as far as the city reaches."""
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    ground = np.concatenate([state.rows("road").shapes, state.rows("building").shapes, shapes])
    least_west, least_south, most_east, most_north = shapely.total_bounds(ground).tolist()
    return (
        max(west - AROUND, least_west), max(south - AROUND, least_south), min(east + AROUND, most_east),
        min(north + AROUND, most_north),
    )  # fmt: skip


def _shape(edit: Edit, state: State) -> BaseGeometry | None:
    """The shape an edit draws, else that of the object it is about."""
    if edit.shape is not None:
        return edit.shape
    rows = state.rows(edit.entity)
    at = np.flatnonzero(rows.ids.astype(str) == edit.id)
    return rows.shapes[at[0]] if len(at) else None


def _marks(frame: Frame, kind: str, shapes: list[BaseGeometry]) -> str:
    """Shapes of one kind: areas filled, lines drawn, and a dot on each so that a small one is seen."""
    colour = COLOURS[kind]
    parts = shapely.get_parts(np.array(shapes, object))
    pieces = list(_paths(frame, parts, colour))
    spots = np.array([shapely.get_coordinates(shapely.point_on_surface(shape))[0] for shape in shapes])
    for x, y in frame.place(spots).tolist():
        rim = {"stroke": PAPER, "stroke_width": f"{RIM:g}"}
        pieces.append(element("circle", cx=float(x), cy=float(y), r=DOT, **fill(colour), **rim))
    return "".join(pieces)


def _paths(frame: Frame, parts: NDArray[np.object_], colour: str) -> Iterator[str]:
    dimension = shapely.get_dimensions(parts)
    areas = frame.path(parts[dimension == AREA], tolerance=FINE)
    lines = frame.path(parts[dimension == 1], tolerance=FINE)
    if areas:
        yield element("path", d=areas, fill_rule="evenodd", fill_opacity="0.75", **fill(colour))
    if lines:
        yield element("path", d=lines, stroke_linecap="round", **stroke(colour, LINE))
