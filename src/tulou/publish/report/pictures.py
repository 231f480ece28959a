"""Which maps and charts a report draws, and from what."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.words import Language
from tulou.publish.drawing import charts, maps
from tulou.publish.drawing.frame import Frame
from tulou.publish.drawing.ground import base_map
from tulou.publish.drawing.picture import Picture
from tulou.publish.numbers import number, quantity
from tulou.publish.paper.content import STATUSES
from tulou.publish.report.content import Lack, Tally, Worst
from tulou.publish.report.material import Definition, Finding, Mark, Material, Result
from tulou.publish.words import has, say

MOST_UNITS = 600
"""Units of one level up to which they are shaded on a map; beyond, a coarser level is taken."""

FEWEST_UNITS = 3
_RAMPS = {0: (3,), 1: (1, 3), 2: (0, 2, 4), 3: (0, 1, 3, 4), 4: (0, 1, 2, 3, 4)}
"""Shades of a ramp, by how many limits part them."""

_FINENESS = 8
"""A limit is rounded to about this part of the way from the mark to the far end."""

_ABOUT_DOTS = {"fail": "map.about_objects", "to_confirm": "map.about_confirm"}
_FINE_TO_COARSE = ("building", "community", "block", "district")


@dataclass(frozen=True, eq=False)
class Ground:
    """What the maps of a check share in every language; making it takes a while for a large city.

    Args:
        frame: The extent.
        base: The quiet base, as SVG.
        outlines: Unit outlines, as SVG definitions.
        centres: A point inside each unit, in units of the drawing.
    """

    frame: Frame
    base: str
    outlines: str
    centres: NDArray[np.float64]


def ground_of(material: Material) -> Ground | None:
    """The ground of the maps of a check; None when it has no geometry at all."""
    bounds = _bounds(material)
    if bounds is None:
        return None
    frame = Frame.around(bounds)
    base = base_map(frame, material.layers)
    sizes = Counter(unit.level for unit in material.units)
    shapes = np.asarray(material.shapes, object).copy()
    if len(shapes):
        drawn = [unit.level != "city" and sizes[unit.level] <= MOST_UNITS for unit in material.units]
        shapes[~np.array(drawn, bool)] = None
    outlines, centres = maps.outlines(frame, shapes)
    return Ground(frame, base, outlines, centres)


class Drawer:
    """Draws the pictures of one report."""

    def __init__(self, material: Material, language: Language, ground: Ground | None) -> None:
        self.material = material
        self.language = language
        self.rows = {unit.id: place for place, unit in enumerate(material.units)}
        self.level_sizes = Counter(unit.level for unit in material.units)
        self.sheet: maps.Sheet | None = None
        self.base = self.outlines = self.definitions = ""
        if ground is not None:
            self.base, self.outlines = ground.base, ground.outlines
            self.definitions = maps.definitions(ground.frame)
            credit = " · ".join([*material.credits, say("map.simplified", language)])
            self.sheet = maps.Sheet(ground.frame, ground.base, ground.outlines, ground.centres, language, credit)

    def of_indicator(
        self, one: Definition, results: Sequence[Result], findings: Sequence[Finding], mark: Mark | None
    ) -> tuple[Picture | None, Picture | None]:
        """Its chart and its map, as far as there is something to show."""
        level, rows = self._finest(results)
        chart = self._spread(one, level, rows, results, mark)
        if self.sheet is None:
            return chart, None
        shown = _shown(findings)
        if len(rows) >= FEWEST_UNITS:
            return chart, self._shaded(one, level, rows, mark, shown)
        if len(shown.places):
            title = say("map.title", self.language, title=one.title.say(self.language))
            about = say(_ABOUT_DOTS[shown.status], self.language)
            return chart, maps.dot_map(self.sheet, f"map-{one.id}", shown, title=title, about=about)
        return chart, None

    def overview(
        self,
        dimensions: Sequence[Tally],
        levels: Sequence[Tally],
        urgent: Mapping[str, Sequence[Worst]],
        lacks: Sequence[Lack],
    ) -> Mapping[str, Picture]:
        """The pictures of the summary page.

        Args:
            dimensions: Indicators by status, by dimension.
            levels: The same by level.
            urgent: ``worst``, what is proven to fail, and ``confirm``, what is to be confirmed.
            lacks: Which data would unlock most.
        """
        language = self.language
        drawn: dict[str, Picture] = {}
        for name, rows in (("by_dimension", dimensions), ("by_level", levels)):
            title = say("chart.status", language, title=say(f"summary.{name}", language))
            bars = [(row.title, row.counts) for row in rows]
            drawn[name] = charts.status_bars(name, bars, STATUSES, title=title, language=language)
        colours = {"worst": "fail", "confirm": "to_confirm"}
        for name, rows_of in urgent.items():
            if rows_of:
                people = [(row.title, row.people, row.people_text) for row in rows_of]
                title = say(f"summary.{name}", language)
                drawn[name] = charts.people_bars(name, people, title=title, colour=colours[name])
        if lacks:
            counts = [
                (row.name, float(row.count), say("summary.unlock_row", language, count=row.count)) for row in lacks
            ]
            title = say("summary.unlock", language)
            drawn["unlock"] = charts.people_bars("unlock", counts, title=title, colour="reference")
        dots = _shown(self.material.findings)
        if self.sheet is not None and len(dots.places):
            words = "summary.map_about" if dots.status == "fail" else "summary.map_about_confirm"
            about = say(words, language, city=self.material.city)
            title = say("summary.map", language)
            drawn["map"] = maps.dot_map(self.sheet, "map", dots, title=title, about=about)
        return drawn

    def _finest(self, results: Sequence[Result]) -> tuple[str, list[Result]]:
        """The finest level with enough results, and few enough units to draw."""
        units = self.material.units
        for level in _FINE_TO_COARSE:
            if not 0 < self.level_sizes[level] <= MOST_UNITS:
                continue
            rows = [
                result
                for result in results
                if result.unit in self.rows and units[self.rows[result.unit]].level == level
            ]
            if sum(math.isfinite(row.value) for row in rows) >= FEWEST_UNITS:
                return level, rows
        return "", []

    def _spread(
        self, one: Definition, level: str, rows: Sequence[Result], results: Sequence[Result], mark: Mark | None
    ) -> Picture | None:
        if not rows:
            return None
        city = next((row.value for row in results if row.unit == self._city()), math.nan)
        title = say(
            "chart.distribution",
            self.language,
            title=one.title.say(self.language),
            level=say(f"level.{level}", self.language),
        )
        return charts.spread(
            f"spread-{one.id}",
            np.array([row.value for row in rows]),
            title=title,
            language=self.language,
            show=lambda value: number(round(value, 10), unit=one.unit, is_exact=True),
            mark=_passing(mark) if mark and mark.judges else None,
            city=city,
        )

    def _city(self) -> str:
        return next((unit.id for unit in self.material.units if unit.level == "city"), "")

    def _shaded(
        self, one: Definition, level: str, rows: Sequence[Result], mark: Mark | None, dots: maps.Dots
    ) -> Picture | None:
        if self.sheet is None:
            return None
        language = self.language
        words = say(f"level.{level}", language) if has(f"level.{level}") else level
        judged = mark if mark and mark.judges else None
        tips = [""] * len(self.material.units)
        for row in rows:
            name = self.material.units[self.rows[row.unit]].name
            value = quantity(row.value, one.unit, language)
            status = say(f"status.{row.status}", language)
            tips[self.rows[row.unit]] = say("chart.value_of", language, name=name, value=f"{value} {status}")
        about = say("map.about", language, level=words)
        if len(dots.places):
            about += " " + say(_ABOUT_DOTS[dots.status], language)
        return maps.choropleth(
            self.sheet,
            f"map-{one.id}",
            self._classes(one, rows, judged),
            title=say("map.title", language, title=one.title.say(language)),
            about=about,
            failing=[self.rows[row.unit] for row in rows if row.status == "fail"],
            tooltips=tips if len(rows) <= maps.MOST_TOOLTIPS else (),
            dots=dots,
        )

    def _classes(self, one: Definition, rows: Sequence[Result], mark: Mark | None) -> list[maps.Class]:
        values = np.array([row.value for row in rows])
        breaks, colours = _steps(values, mark, one.better)
        is_upper_bound = mark is not None and mark.way == "at_most"
        where = np.searchsorted(breaks, values, side="left" if is_upper_bound else "right")
        found = []
        for place, colour in enumerate(colours):
            members = np.flatnonzero(np.isfinite(values) & (where == place)).tolist()
            text = self._range(breaks, place, one.unit)
            found.append(maps.Class(colour, text, tuple(self.rows[rows[row].unit] for row in members)))
        unknown = tuple(self.rows[row.unit] for row in rows if not math.isfinite(row.value))
        return [*found, maps.Class("hatch", say("map.unknown", self.language), unknown)]

    def _range(self, breaks: Sequence[float], place: int, unit: str) -> str:
        if not len(breaks):
            return say("block.value", self.language)
        if place == 0:
            return say("map.below", self.language, value=quantity(breaks[0], unit, self.language, is_exact=True))
        if place == len(breaks):
            return say("map.above", self.language, value=quantity(breaks[-1], unit, self.language, is_exact=True))
        low, high = number(breaks[place - 1], unit=unit, is_exact=True), number(breaks[place], unit=unit, is_exact=True)
        return say("language.range", self.language, low=low, high=high)


def _bounds(material: Material) -> tuple[float, float, float, float] | None:
    """Extent of the units below the city, else of all units, else of the buildings and roads."""
    below = [shape for unit, shape in zip(material.units, material.shapes, strict=False) if unit.level != "city"]
    for shapes in (np.array(below, object), material.shapes, material.layers.buildings, material.layers.roads):
        known = np.asarray(shapes, object)
        known = known[~(shapely.is_missing(known) | shapely.is_empty(known))] if len(known) else known
        if len(known):
            west, south, east, north = shapely.total_bounds(known)
            return float(west), float(south), float(east), float(north)
    return None


def _shown(findings: Sequence[Finding]) -> maps.Dots:
    """Places of what is proven to fail; where nothing is, of what is to be confirmed."""
    proven = [finding for finding in findings if finding.status == "fail"]
    return maps.Dots(_places(proven)) if proven else maps.Dots(_places(findings), "to_confirm")


def _places(findings: Sequence[Finding]) -> NDArray[np.float64]:
    """Places of findings, those that concern most people first."""
    located = [finding for finding in findings if finding.place is not None]
    located.sort(key=lambda finding: -(finding.people if math.isfinite(finding.people) else -1.0))
    spots = [spot for finding in located for spot in (finding.spots or (finding.place,))]
    return np.array(spots, np.float64).reshape(-1, 2)


def _passing(mark: Mark) -> tuple[float, float]:
    """From where to where a value passes."""
    if mark.way == "at_least":
        return mark.value, math.inf
    if mark.way == "at_most":
        return -math.inf, mark.value
    return mark.value, mark.upper if mark.way == "between" else mark.value


def _steps(values: NDArray[np.float64], mark: Mark | None, better: str) -> tuple[list[float], list[str]]:
    """Class limits and colours: two shades on each side of a pass mark, or one ramp without."""
    del better
    if mark is None or mark.way not in {"at_least", "at_most"} or not math.isfinite(mark.value):
        breaks = maps.class_breaks(values)
        return breaks, [f"step{step}" for step in _RAMPS[len(breaks)]]
    known = values[np.isfinite(values)]
    below, above = known[known < mark.value], known[known > mark.value]
    near = _half(below, mark.value), _half(above, mark.value)
    breaks = [value for value in (near[0], mark.value, near[1]) if math.isfinite(value)]
    low, high = ("fail", "pass") if mark.way == "at_least" else ("pass", "fail")
    colours = [*([f"far_{low}"] if math.isfinite(near[0]) else []), f"near_{low}", f"near_{high}"]
    return breaks, [*colours, *([f"far_{high}"] if math.isfinite(near[1]) else [])]


def _half(side: NDArray[np.float64], mark: float) -> float:
    """A round limit about halfway between the mark and the far end of one side."""
    if len(side) <= 1:
        return math.nan
    far = float(side.min() if side[0] < mark else side.max())
    step = maps.nice_step(abs(mark - far) / _FINENESS)
    found = round((mark + far) / 2 / step) * step
    return found if min(far, mark) < found < max(far, mark) else math.nan
