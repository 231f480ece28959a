"""Due dates of inspection and ends of design lives, by year, by unit and by era of codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.model.rows import Rows
from tulou.processes.buildings.rules import LifeRules, rules
from tulou.processes.declaration import Run
from tulou.processes.earthquake.stock import standing
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.unit_places import UnitPlaces, unit_places

Array = NDArray[np.float64]
DAYS = 365.2425
"""Days of a year of the calendar, on the mean."""
MOST_ROWS = 200
"""Buildings told, the longest overdue first."""


@dataclass(frozen=True, eq=False)
class _Dues:
    """Due dates of buildings.

    Args:
        buildings: The buildings.
        day: The day on which it is told.
        inspection: Day of the next inspection, as an ordinal; NaN where unknown.
        life: Day on which the design life ends; NaN where unknown.
        assumed: Whether the design life is not on record.
        units: Units that hold them.
    """

    buildings: Rows
    day: date
    inspection: Array
    life: Array
    assumed: NDArray[np.bool_]
    units: UnitPlaces

    @property
    def today(self) -> float:
        """The day, as an ordinal."""
        return float(self.day.toordinal())

    @property
    def is_overdue(self) -> NDArray[np.bool_]:
        """Buildings whose inspection was due before the day."""
        return np.asarray(self.inspection < self.today)

    @property
    def is_past_life(self) -> NDArray[np.bool_]:
        """Buildings whose design life has ended."""
        return np.asarray(self.life < self.today)


def due(run: Run) -> Outcome:
    """Run the process, see ``building_due.PROCESS``."""
    values, state, held = run.values, run.city, rules()
    if (values["old"] is None) != (values["every_old"] is None):
        raise BadUse("these inputs are given together", where="old", allowed=("old", "every_old"))
    buildings = standing(state)
    if not len(buildings):
        raise NotEnoughData("the city has no building", where="building")
    found = _dues(buildings, state.moment.valid, values, unit_places(state, values["level"], buildings.places), held)
    years = range(found.day.year, found.day.year + values["ahead"] + 1)
    return Outcome(
        answer=_answer(found, values["ahead"]),
        figures=_figures(found),
        tables=(_by_year(found, years), _by_unit(found), _eras(found, held), _list(found)),
        plots=(_bars(found, years),),
        assumptions=_assumptions(found, values, held),
        warnings=_warnings(found),
        facts=(_facts(found),),
    )


def _dues(buildings: Rows, day: date, values: Mapping[str, Any], units: UnitPlaces, held: LifeRules) -> _Dues:
    year = buildings.numbers("year_built")
    recorded = buildings.numbers("design_life")
    assumed = np.isnan(recorded) & np.isfinite(year)
    life = _year_end(year + np.where(np.isnan(recorded), held.life, recorded))
    inspected = _ordinals(buildings, "inspected_on")
    built = _year_end(year)
    first = built + values["first"] * DAYS
    every = np.full(len(year), float(values["every"]))
    if values["old"] is not None:
        age = (np.where(np.isnan(inspected), day.toordinal(), inspected) - built) / DAYS
        every = np.where(age >= values["old"], float(values["every_old"]), every)
    inspection = np.where(np.isnan(inspected), first, np.round(inspected + every * DAYS))
    # A building inspected before its first date is not asked for earlier than that date.
    inspection = np.fmax(inspection, np.where(np.isnan(inspected), np.nan, first))
    return _Dues(buildings, day, np.asarray(np.round(inspection), np.float64), life, assumed, units)


def _year_end(year: Array) -> Array:
    """Last day of each year, as an ordinal; NaN where unknown or outside the calendar."""
    found = np.full(len(year), np.nan)
    for value in np.unique(year[np.isfinite(year)]):
        if 1 <= int(value) <= date.max.year:
            found[year == value] = date(int(value), 12, 31).toordinal()
    return found


def _ordinals(buildings: Rows, attribute: str) -> Array:
    column = buildings.column(attribute)
    if column is None:
        return np.full(len(buildings), np.nan)
    return np.array([np.nan if one is None else one.toordinal() for one in column.to_pylist()], float)


def _answer(found: _Dues, ahead: int) -> tuple[Words, ...]:
    overdue, past = int(found.is_overdue.sum()), int(found.is_past_life.sum())
    limit = date(min(found.day.year + ahead, date.max.year), 12, 31).toordinal()
    coming = int(((found.inspection >= found.today) & (found.inspection <= limit)).sum())
    return (
        Words(
            f"{len(found.buildings):,} 栋房屋中，{overdue:,} 栋体检已逾期，{ahead} 年内还有 {coming:,} 栋到期；"
            f"{past:,} 栋设计工作年限已满。",
            f"Of {len(found.buildings):,} buildings {overdue:,} are overdue for inspection and {coming:,} more fall "
            f"due within {ahead} years; the design lives of {past:,} have ended.",
        ),
    )


def _figures(found: _Dues) -> tuple[Figure, ...]:
    people = found.buildings.numbers("residents")
    return (
        Figure("overdue", Words("体检逾期", "Overdue"), float(found.is_overdue.sum()), "building", digits=0),
        Figure(
            "past_life",
            Words("设计年限已满", "Design life ended"),
            float(found.is_past_life.sum()),
            "building",
            digits=0,
        ),
        Figure(
            "people_past_life",
            Words("年限已满房屋中的居民", "People in them"),
            float(np.nansum(people[found.is_past_life])) if np.isfinite(people).any() else float("nan"),
            "person",
            digits=0,
        ),
        Figure(
            "unknown",
            Words("无法推算", "Cannot be told"),
            float(np.isnan(found.inspection).sum()),
            "building",
            digits=0,
        ),
    )


def _years(ordinals: Array) -> NDArray[np.int64]:
    """Year of each day; 0 where unknown."""
    return np.array([0 if np.isnan(one) else date.fromordinal(int(one)).year for one in ordinals], np.int64)


def _by_year(found: _Dues, years: range) -> Table:
    columns = (
        Column("year", Words("年份", "Year")),
        Column("inspections", Words("体检到期", "Inspections due"), "building", 0),
        Column("lives", Words("年限届满", "Design lives that end"), "building", 0),
    )
    inspection, life = Counter(_years(found.inspection).tolist()), Counter(_years(found.life).tolist())
    inspection.pop(0, None)
    life.pop(0, None)
    first = years[0]
    rows: list[list[Cell]] = [
        [
            Words(f"{first} 年以前", f"before {first}"),
            sum(count for year, count in inspection.items() if year < first),
            sum(count for year, count in life.items() if year < first),
        ]
    ]
    rows += [[str(year), inspection[year], life[year]] for year in years]
    return Table("years", Words("逐年到期", "Due by year"), columns, rows)


def _by_unit(found: _Dues) -> Table:
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("buildings", Words("房屋", "Buildings"), "building", 0),
        Column("overdue", Words("体检逾期", "Overdue"), "building", 0),
        Column("past_life", Words("年限已满", "Design life ended"), "building", 0),
        Column("unknown", Words("无法推算", "Cannot be told"), "building", 0),
    )
    marks = np.stack(
        [np.ones(len(found.buildings)), found.is_overdue, found.is_past_life, np.isnan(found.inspection)], axis=1
    ).astype(float)
    sums = found.units.sums(marks)
    order = sorted(range(len(sums)), key=lambda at: (-sums[at, 1], at))
    rows: list[list[Cell]] = [[found.units.says(at), *map(float, sums[at])] for at in order if sums[at].any()]
    return Table("units", Words("各单元", "Units"), columns, rows)


def _eras(found: _Dues, held: LifeRules) -> Table:
    columns = (
        Column("era", Words("规范年代", "Era of codes")),
        Column("buildings", Words("房屋", "Buildings"), "building", 0),
        Column("people", Words("居民", "People"), "person", 0),
    )
    year, people = found.buildings.numbers("year_built"), found.buildings.numbers("residents")
    since = -np.inf
    rows: list[list[Cell]] = []
    for era in held.eras:
        inside = (year >= since) & (year < era.until)
        rows.append([era.title, int(inside.sum()), float(np.nansum(people[inside]))])
        since = era.until
    unknown = np.isnan(year)
    rows.append([Words("年代不明", "unknown"), int(unknown.sum()), float(np.nansum(people[unknown]))])
    return Table("eras", Words("抗震规范年代", "Eras of seismic codes"), columns, rows)


def _list(found: _Dues) -> Table:
    columns = (
        Column("id", Words("房屋", "Building")),
        Column("unit", Words("单元", "Unit")),
        Column("inspection", Words("体检到期", "Inspection due")),
        Column("days", Words("逾期", "Overdue"), "day", 0),
        Column("life", Words("年限届满", "Design life ends")),
    )
    order = np.lexsort((np.arange(len(found.inspection)), found.inspection))
    rows: list[list[Cell]] = []
    for at in order[: min(MOST_ROWS, int(found.is_overdue.sum()))]:
        unit = int(found.units.unit[at])
        rows.append(
            [
                str(found.buildings.ids[at]),
                found.units.says(unit if unit >= 0 else len(found.units.ids)),
                date.fromordinal(int(found.inspection[at])).isoformat(),
                float(found.today - found.inspection[at]),
                date.fromordinal(int(found.life[at])).isoformat() if np.isfinite(found.life[at]) else None,
            ]
        )
    return Table("overdue", Words(f"体检逾期（前 {MOST_ROWS} 栋）", f"Overdue (the first {MOST_ROWS})"), columns, rows)


def _bars(found: _Dues, years: range) -> BarPlot:
    inspection = Counter(_years(found.inspection).tolist())
    bars = tuple((str(year), float(inspection[year])) for year in years)
    return BarPlot("years", Words("逐年体检到期", "Inspections due by year"), Words("栋", "Buildings"), bars)


def _assumptions(found: _Dues, values: Mapping[str, Any], held: LifeRules) -> tuple[Words, ...]:
    told = [
        Words(
            f"体检年限由使用者给出：建成 {values['first']:g} 年首次，之后每 {values['every']:g} 年一次。",
            f"Intervals are given by the user: first after {values['first']:g} years, then every {values['every']:g}.",
        ),
        held.notes["eras"],
    ]
    if found.assumed.any():
        told.append(held.notes["life"])
    if not np.isfinite(_ordinals(found.buildings, "inspected_on")).any():
        told.append(
            Words("没有任何体检记录：按从未体检计。", "No inspection is on record: all are taken as never inspected.")
        )
    return tuple(told)


def _warnings(found: _Dues) -> tuple[Words, ...]:
    unknown = int(np.isnan(found.inspection).sum())
    if not unknown:
        return ()
    return (
        Words(
            f"{unknown:,} 栋建成年份未知，无法推算到期日，不等于未到期。",
            f"{unknown:,} buildings of unknown year have no due date, which is not to say that they are not due.",
        ),
    )


def _facts(found: _Dues) -> Facts:
    """Due dates of the buildings of which they can be told."""
    at = np.flatnonzero(np.isfinite(found.inspection))

    def days(ordinals: Array) -> pa.Array:
        return pa.array([None if np.isnan(one) else date.fromordinal(int(one)) for one in ordinals[at]], pa.date32())

    columns = {
        "id": pa.array([str(found.buildings.ids[place]) for place in at], pa.string()),
        "inspection_due": days(found.inspection),
        "life_ends": days(found.life),
        "inspection_overdue": pa.array(found.is_overdue[at].tolist(), pa.bool_()),
    }
    return Facts("building", pa.table(columns))
