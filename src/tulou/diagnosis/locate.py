"""Locating findings: rows that fail, gathered by the unit they lie in, or each for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.openness import moves_itself
from tulou.indicators.evaluate.placement import entity_of, levels_of, placed, units_of
from tulou.indicators.evaluate.run import Job
from tulou.indicators.rulebook.content import Formula

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


EXTREMES = ("most", "least")


@dataclass(frozen=True, eq=False)
class Groups:
    """Failing rows in groups, one finding each.

    Args:
        unit: Id of the unit of each group.
        name: Its name.
        level: Level of the unit.
        rows: Failing rows, those of a group next to one another.
        ends: Where each group begins in ``rows``, and the end of the last.
    """

    unit: NDArray[np.object_]
    name: NDArray[np.object_]
    level: NDArray[np.object_]
    rows: NDArray[np.int64]
    ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def of_row(self) -> NDArray[np.int64]:
        """Group of each of ``rows``."""
        return np.repeat(np.arange(len(self)), np.diff(self.ends))

    def sums(self, column: Numbers) -> Numbers:
        """A column of the selection summed for each group."""
        return np.asarray(np.bincount(self.of_row, column[self.rows], minlength=len(self)), np.float64)


def grouped(city: City, job: Job, formula: Formula, rows: Mask, failed: Mapping[str, Mask]) -> Groups:
    """Failing rows by the finest unit the city has; each by itself for an indicator of buildings.

    Only rows in units that fail are findings. Rows of an indicator that is judged for coarser units only are gathered
    by finer ones, so that a finding has a place; rows in none of them by the unit that fails. Rows that make one thing
    together (the pieces of the largest cluster) are one finding of the unit that fails.

    Args:
        city: The city.
        job: What was answered.
        formula: How.
        rows: Rows that fail.
        failed: Units that fail, by level, the finest first.
    """
    levels = [level for level in levels_of(city, "community") if level in ("community", "block")] or ["city"]
    judged = next((level for level, found in failed.items() if found.any()), "")
    if not judged or not rows.any():
        return _none()
    at = np.full(len(rows), -1, np.int64)
    shares = placed(city, formula.of, judged)
    inside = failed[judged][shares.unit] & rows[shares.row]
    at[shares.row[inside][::-1]] = shares.unit[inside][::-1]
    chosen = np.flatnonzero(at >= 0)
    if job.indicator.level == "building":
        return _each(city, chosen, at, judged)
    finer = levels[0] if levels[0] not in failed and judged != levels[0] else judged
    if formula.aggregate in EXTREMES and moves_itself(city, formula):
        finer = judged
    return _gathered(city, formula, chosen, at, (judged, finer))


def _none() -> Groups:
    nothing = np.empty(0, object)
    return Groups(nothing, nothing, nothing, np.empty(0, np.int64), np.zeros(1, np.int64))


def _each(city: City, rows: NDArray[np.int64], at: NDArray[np.int64], level: str) -> Groups:
    places = units_of(city, level)
    unit = at[rows]
    levels = np.full(len(rows), level, object)
    return Groups(places.ids[unit], places.names[unit], levels, rows, np.arange(len(rows) + 1))


def _gathered(
    city: City, formula: Formula, rows: NDArray[np.int64], at: NDArray[np.int64], levels: tuple[str, str]
) -> Groups:
    """Rows by the finer unit where they lie in one, else by the unit that fails."""
    judged, finer = levels
    coarse, fine = units_of(city, judged), units_of(city, finer)
    key = at[rows] + len(fine)
    if finer != judged:
        shares = placed(city, formula.of, finer)
        inner = np.full(len(at), -1, np.int64)
        inner[shares.row[::-1]] = shares.unit[::-1]
        key = np.where(inner[rows] >= 0, inner[rows], key)
    order = np.lexsort((rows, key))
    keys, first = np.unique(key[order], return_index=True)
    is_fine = keys < len(fine)
    ids, names = np.concatenate([fine.ids, coarse.ids]), np.concatenate([fine.names, coarse.names])
    level = np.where(is_fine, finer, judged).astype(object)
    return Groups(ids[keys], names[keys], level, rows[order], np.append(first, len(rows)).astype(np.int64))


def shapes_of(city: City, formula: Formula, groups: Groups) -> NDArray[np.object_]:
    """Where each group is: the points inside its objects; None where no object has a place."""
    places = city.column(formula.of, "place")[groups.rows]
    known = ~np.isnan(places).any(axis=1)
    found = np.full(len(groups), None, object)
    of_row = groups.of_row[known]
    if len(of_row):
        points = np.asarray(shapely.points(places[known]), object)
        shapely.multipoints(points, indices=of_row, out=found)
    alone = np.diff(groups.ends) == 1
    single = np.flatnonzero(alone & ~shapely.is_missing(found))
    found[single] = shapely.get_geometry(found[single], 0)
    return found


def unit_shapes(city: City, level: str, at: NDArray[np.int64]) -> NDArray[np.object_]:
    """Outlines of units; None where unknown."""
    entity = entity_of(city, level)
    rows = city.rows(entity) if entity else None
    if rows is None or not len(rows):
        return np.full(len(at), None, object)
    return rows.shapes[at]
