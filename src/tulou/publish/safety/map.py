"""The four-colour map: units by their gravest risk, enterprises on them; what is unknown is hatched or hollow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.operations.safety.adapters.colouring import GradedRisk, UnitColour
from tulou.operations.safety.domain.grading import COLOURS, Colour, gravest
from tulou.publish.drawing import maps, sizes
from tulou.publish.drawing.frame import Frame
from tulou.publish.drawing.ground import Layers, base_map
from tulou.publish.drawing.palette import fill, stroke
from tulou.publish.drawing.picture import Picture
from tulou.publish.drawing.svg import element, escaped
from tulou.publish.words import say

VEIL = "0.62"
"""How much a unit's colour covers the base below it."""

DOT = 3.4
"""Radius of an enterprise, in units of the drawing."""

HATCH = "hatch"


@dataclass(frozen=True)
class FourColours:
    """The map with what it refers to.

    Args:
        picture: The map.
        base: The quiet base, as SVG.
        outlines: Outlines of units, as SVG definitions.
        definitions: Patterns and clips.
    """

    picture: Picture
    base: str
    outlines: str
    definitions: str

    def standalone(self) -> str:
        """The map as an SVG of its own."""
        return self.picture.standalone(self.base, self.definitions + self.outlines, paper=True)


def four_colour_map(
    units: Sequence[UnitColour],
    shapes: NDArray[np.object_],
    risks: Sequence[GradedRisk],
    layers: Layers,
    language: Language,
    credit: str = "",
) -> FourColours | None:
    """Draw the units and enterprises of a city by their gravest risk.

    Args:
        units: The units.
        shapes: Their shapes, metres, aligned.
        risks: All risks; those with a place are drawn by enterprise.
        layers: What stands there, to find one's way by.
        language: Language of the words.
        credit: Credit line.

    Returns:
        The map; None where no unit has a shape.
    """
    known = [shape for shape in shapes if shape is not None and not shape.is_empty]
    if not known:
        return None
    west, south, east, north = map(float, shapely.total_bounds(np.array(known, object)))
    frame = Frame.around((west, south, east, north))
    base = base_map(frame, layers)
    outlines, centres = maps.outlines(frame, shapes)
    sheet = maps.Sheet(frame, base, outlines, centres, language, credit)
    groups, legend = [], []
    for name, members in _classes(units).items():
        if members:
            groups.append(_group(name, members, units))
            legend.append(
                ("land" if name == "none" else name, say(f"safety.zone.{name}", language, count=len(members)))
            )
    marks = "".join(groups) + _dots(frame, risks)
    title, about = say("safety.map.title", language), say("safety.map.about", language)
    picture = maps.marked_map(sheet, "four-colours", marks, legend, title=title, about=about)
    return FourColours(picture, base, outlines, maps.definitions(frame))


def _classes(units: Sequence[UnitColour]) -> Mapping[str, list[int]]:
    """Units by what they are drawn as, in the order of the legend."""
    found: dict[str, list[int]] = {**{one: [] for one in COLOURS}, HATCH: [], "none": []}
    for at, unit in enumerate(units):
        found["none" if unit.has_none else unit.colour or HATCH].append(at)
    return found


def _group(name: str, members: Sequence[int], units: Sequence[UnitColour]) -> str:
    if name == "none":
        return ""
    uses = "".join(element("use", f"<title>{escaped(units[at].name)}</title>", href=f"#u{at}") for at in members)
    if name == HATCH:
        return element("g", uses, **{**stroke("paper", sizes.OUTLINE), "fill": "url(#hatch)"})
    return element(
        "g", uses, fill_opacity=VEIL, **{**stroke("paper", sizes.OUTLINE), **fill(name), "class_": f"f-{name} s-paper"}
    )


def _dots(frame: Frame, risks: Sequence[GradedRisk]) -> str:
    """Enterprises as dots, the gravest drawn last; one whose colour is unknown is hollow."""
    by_place: dict[tuple[float, float], list[Colour | None]] = {}
    for one in risks:
        if not math.isnan(one.risk.place[0]):
            by_place.setdefault(one.risk.place, []).append(one.now.colour)
    if not by_place:
        return ""
    spots = frame.place(np.array(list(by_place), float))
    found = [(gravest(colours)[0], x, y) for colours, (x, y) in zip(by_place.values(), spots, strict=True)]
    order = {colour: at for at, colour in enumerate((None, *reversed(COLOURS)))}
    circles = "".join(_dot(colour, x, y) for colour, x, y in sorted(found, key=lambda one: order[one[0]]))
    return element("g", circles, clip_path="url(#frame)")


def _dot(colour: Colour | None, x: float, y: float) -> str:
    if colour is None:
        return element("circle", cx=x, cy=y, r=DOT, **{**stroke("muted", 1.2), "fill": "#ffffff"})
    return element("circle", cx=x, cy=y, r=DOT, **{**stroke("paper", 0.8), **fill(colour), "class_": f"f-{colour}"})
