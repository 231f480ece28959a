"""The paper of a unit grid: how it is cut, and what is wrong with it, listed and drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from tulou.kernel.words import Language
from tulou.model.geography import to_geographic
from tulou.operations.city_management.domain.cells import GridRule
from tulou.operations.city_management.domain.topology import (
    GRID_FAULT_KINDS,
    NOTED,
    Cells,
    GridFault,
    Surroundings,
)
from tulou.publish.city_management.maps import definitions_of, grid_map, ground
from tulou.publish.drawing.ground import Layers
from tulou.publish.numbers import number
from tulou.publish.paper.content import Art, Column, Heading, Pairs, Paper, Part, Sheet, Text
from tulou.publish.words import say

PLACES = 6
"""Decimals of a longitude or latitude: a tenth of a metre."""
QUARTILES = (25, 50, 75)


@dataclass(frozen=True, eq=False)
class GridMaterial:
    """What the paper of a grid is made of.

    Args:
        name: What the city or file is called.
        cells: The cells.
        around: What they are held against.
        faults: What is wrong.
        rule: Sizes they are checked by.
        crs: Their metric system.
        layers: What the map is drawn on.
        is_synthetic: Whether the city was generated.
        is_proposed: Whether the grid was cut by Tulou.
    """

    name: str
    cells: Cells
    around: Surroundings
    faults: Sequence[GridFault]
    rule: GridRule
    crs: str
    layers: Layers
    is_synthetic: bool
    is_proposed: bool


def grid_paper(found: GridMaterial, language: Language) -> Paper:
    """The paper of a grid in one language."""
    title = say("manage.grid.title", language, city=found.name)
    paper = Paper(language, title, found.is_synthetic, tuple(_cover(found, language)), ())
    known = found.cells.shapes[~shapely.is_missing(found.cells.shapes)]
    parts = list(_answer(found, language))
    if not len(known):
        return replace(paper, parts=(*parts, *_faults(found, language)))
    west, south, east, north = map(float, shapely.total_bounds(known))
    sheet = ground((west, south, east, north), found.layers, language)
    marked = [(fault.shape, fault.kind not in NOTED) for fault in found.faults]
    picture = grid_map(
        sheet, found.cells.shapes, found.around.communities, marked, title=say("manage.grid.map", language)
    )
    parts += [Art((picture,)), *_faults(found, language)]
    return replace(paper, parts=tuple(parts), base=sheet.base, definitions=definitions_of(sheet))


def counted(faults: Sequence[GridFault]) -> dict[str, int]:
    """How many faults there are of each kind, in the order of the kinds."""
    counts = Counter(fault.kind for fault in faults)
    return {kind: counts[kind] for kind in GRID_FAULT_KINDS if counts[kind]}


def place_of(fault: GridFault, crs: str) -> tuple[float, float] | None:
    """Longitude and latitude of a fault; None where it has no place."""
    if fault.shape is None or fault.shape.is_empty:
        return None
    point = to_geographic(np.array([shapely.point_on_surface(fault.shape)], object), crs)[0]
    return round(point.x, PLACES), round(point.y, PLACES)


def _cover(found: GridMaterial, language: Language) -> Iterator[tuple[str, str]]:
    yield say("manage.grid.system", language), found.crs
    yield (
        say("manage.grid.made", language),
        say(f"manage.grid.{'proposed' if found.is_proposed else 'drawn'}", language),
    )


def _answer(found: GridMaterial, language: Language) -> Iterator[Part]:
    areas = shapely.area(found.cells.shapes[~shapely.is_missing(found.cells.shapes)])
    wrong = sum(fault.kind not in NOTED for fault in found.faults)
    yield Heading(say("manage.grid.answer", language), 1)
    yield Text(say("manage.grid.lead", language, cells=f"{len(found.cells.ids):,}", faults=f"{wrong:,}"), "lead")
    if found.is_proposed:
        yield Text(say("manage.grid.about_proposed", language), "note")
    if len(areas):
        low, middle, high = (number(float(one), unit="m2") for one in np.percentile(areas, QUARTILES))
        told = say("manage.grid.areas", language, low=low, middle=middle, high=high)
        size = number(found.rule.size, unit="m2")
        rows = [(say("manage.grid.area", language), told), (say("manage.grid.size", language), f"{size} m²")]
        rows += [(say(f"manage.fault.{kind}", language), f"{count:,}") for kind, count in counted(found.faults).items()]
        yield Pairs(tuple(rows))


def _faults(found: GridMaterial, language: Language) -> Iterator[Part]:
    yield Heading(say("manage.grid.faults", language), 1, breaks=True)
    heads = ("number", "kind", "cells", "other", "area", "longitude", "latitude")
    kinds = {"number": 0, "area": 1, "longitude": PLACES, "latitude": PLACES}
    columns = tuple(
        Column(say(f"manage.column.{name}", language), "number", 8.0, kinds[name])
        if name in kinds
        else Column(say(f"manage.column.{name}", language), "text", 16.0)
        for name in heads
    )
    rows = []
    for place, fault in enumerate(found.faults, 1):
        spot = place_of(fault, found.crs) or (None, None)
        names = say("language.list", language).join(fault.cells)
        rows.append((place, say(f"manage.fault.{fault.kind}", language), names, fault.other, fault.area, *spot))
    yield Sheet(say("manage.grid.sheet", language), columns, rows, say("manage.grid.none", language))
