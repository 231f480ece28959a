"""Shortfall: how many people and objects are on the wrong side of a mark, unit by unit, so that a gain can be counted.

What a project is worth is the shortfall without it less the shortfall with it:

- where objects fail, the people of the objects that no longer do (homes that are safe now, homes now within reach);
- where a unit has too little of something and none of its objects can be named, the people of the unit once it has
  enough; until then nobody is over the mark, and only the way to it is told:
  ``(lack before - lack after) / lack before``.

Only units that fail without the project count, at the finest level that fails, as for findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tulou.diagnosis.people import people_of_rows, people_of_units
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.failing import failing
from tulou.indicators.evaluate.measuring import measured
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.placement import placed, units_of
from tulou.indicators.evaluate.run import Job, evaluate
from tulou.indicators.evaluate.verdict import Mark, Verdicts, judge_of, mark_of
from tulou.indicators.rulebook.content import Formula, Rulebook
from tulou.model.state import State

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Short:
    """What falls short in the units of one level.

    Args:
        units: Their ids.
        fails: Whether each fails.
        people: People of the objects that fail in each; those whose number nobody knows count as nobody.
        objects: Objects that fail in each, by their share.
        lack: How far the value of each unit is from the mark, in the unit of the indicator.
        residents: People who live in each; NaN where unknown.
    """

    units: NDArray[np.object_]
    fails: NDArray[np.bool_]
    people: Numbers
    objects: Numbers
    lack: Numbers
    residents: Numbers


@dataclass(frozen=True)
class Gain:
    """What a change brings, for one indicator.

    Args:
        people: People brought over the mark; below zero when some are put under it.
        objects: Objects, or units, brought over the mark.
        by_unit: People by unit of the level that fails.
        level: That level; empty when nothing failed.
        ways: Units of which no object can be named: which part of what they lack is made good.
        residents: People of those units; 0 where unknown.
    """

    people: float = 0.0
    objects: float = 0.0
    by_unit: Mapping[str, float] = field(default_factory=dict)
    level: str = ""
    ways: Mapping[str, float] = field(default_factory=dict)
    residents: Mapping[str, float] = field(default_factory=dict)


Shortfalls = Mapping[str, Mapping[str, Short]]
"""By indicator and level, the finest level first."""


def shortfalls(
    rulebook: Rulebook,
    state: State,
    *,
    day: date | None = None,
    indicators: Iterable[str] | None = None,
    memo: Memo | None = None,
) -> Shortfalls:
    """What falls short in a city, by indicator and level.

    Args:
        rulebook: What is asked.
        state: The city.
        day: Day whose rules hold; the state's own when left out.
        indicators: Ids to ask; all when left out.
        memo: Work remembered from other evaluations of this city.
    """
    found: dict[str, Mapping[str, Short]] = {}

    def watch(city: City, job: Job, verdicts: Mapping[str, Verdicts]) -> None:
        told = _of_answer(city, job, verdicts)
        if told:
            found[job.indicator.id] = told

    evaluate(rulebook, state, day=day, indicators=indicators, watch=watch, memo=memo)
    return found


def further(more: Mapping[str, Gain], less: Mapping[str, Gain]) -> dict[str, Gain]:
    """What one change brings beyond another, by indicator.

    Args:
        more: What both bring together.
        less: What the other brings by itself.
    """
    return {name: _further(more.get(name, Gain()), less.get(name, Gain())) for name in sorted({*more, *less})}


def _further(more: Gain, less: Gain) -> Gain:
    return Gain(
        more.people - less.people,
        more.objects - less.objects,
        _apart(more.by_unit, less.by_unit),
        more.level or less.level,
        _apart(more.ways, less.ways),
        {**less.residents, **more.residents},
    )


def _apart(more: Mapping[str, float], less: Mapping[str, float]) -> dict[str, float]:
    return {name: more.get(name, 0.0) - less.get(name, 0.0) for name in dict.fromkeys([*more, *less])}


def gains(before: Shortfalls, after: Shortfalls) -> dict[str, Gain]:
    """What a change brings, by indicator; indicators that did not fail before are left out unless they fail after."""
    found: dict[str, Gain] = {}
    for indicator in sorted({*before, *after}):
        gain = _gain(before.get(indicator, {}), after.get(indicator, {}))
        if gain.level:
            found[indicator] = gain
    return found


def _gain(before: Mapping[str, Short], after: Mapping[str, Short]) -> Gain:
    level = _finest(before) or _finest(after)
    if not level:
        return Gain()
    rows = {side: _by_unit(found.get(level)) for side, found in (("before", before), ("after", after))}
    people: dict[str, float] = {}
    ways: dict[str, float] = {}
    residents: dict[str, float] = {}
    objects = 0.0
    for unit in dict.fromkeys([*rows["before"], *rows["after"]]):
        old, new = rows["before"].get(unit, _NOBODY), rows["after"].get(unit, _NOBODY)
        if not (old.fails or new.fails):
            continue
        if old.objects or new.objects:
            gained = _of_objects(old, new)
        else:
            gained, residents[unit] = _of_unit(old, new), _residents(old, new)
            ways[unit] = _way(old, new)
        people[unit], objects = gained[0], objects + gained[1]
    moved = {unit: count for unit, count in people.items() if count}
    return Gain(sum(moved.values()), objects, moved, level, ways, residents)


@dataclass(frozen=True)
class _Unit:
    fails: bool = False
    people: float = 0.0
    objects: float = 0.0
    lack: float = 0.0
    residents: float = np.nan


_NOBODY = _Unit()


def _of_objects(old: _Unit, new: _Unit) -> tuple[float, float]:
    """People and objects that fail no longer; where a unit passed before, what fails now weighs against the change."""
    if not old.fails:
        return -new.people, -new.objects
    return old.people - new.people, old.objects - new.objects


def _of_unit(old: _Unit, new: _Unit) -> tuple[float, float]:
    """The people of a unit that passes now, or that fails now."""
    turned = float(old.fails) - float(new.fails)
    return turned * _residents(old, new), turned


def _residents(old: _Unit, new: _Unit) -> float:
    return next((one for one in (old.residents, new.residents) if np.isfinite(one)), 0.0)


def _way(old: _Unit, new: _Unit) -> float:
    """The part of the lack that is made good; a unit that begins to fail goes the whole way back."""
    left = new.lack if new.fails else 0.0
    return (old.lack - left) / old.lack if old.fails and old.lack else -float(new.fails)


def _by_unit(short: Short | None) -> dict[str, _Unit]:
    if short is None:
        return {}
    columns = (short.people, short.objects, short.lack, short.residents)
    told = zip(short.units, short.fails, *(column.tolist() for column in columns), strict=True)
    return {str(name): _Unit(bool(fails), *numbers) for name, fails, *numbers in told}


def _finest(found: Mapping[str, Short]) -> str:
    return next((level for level, short in found.items() if short.fails.any()), "")


def _of_answer(city: City, job: Job, verdicts: Mapping[str, Verdicts]) -> dict[str, Short]:
    """What falls short of one indicator, by the official answer and only where it may judge."""
    if job.formula is None or job.variant.name or not verdicts:
        return {}
    judge, may_judge = judge_of(job.indicator, job.variant, job.formula, city)
    mark = mark_of(city, job.indicator, judge)
    if not may_judge or mark is None:
        return {}
    rows = _rows(city, job, job.formula, mark)
    return {level: _short(city, job.formula, level, told, mark, rows) for level, told in verdicts.items()}


def _rows(city: City, job: Job, formula: Formula, mark: Mark) -> tuple[Numbers, Numbers]:
    """Objects that fail, and the people of each; nobody where nobody knows."""
    found = measured(city, formula.of, formula.binding)
    fails = failing(job.indicator, formula, found, mark)
    if not fails.rows.any():
        return np.zeros(len(fails.rows)), np.zeros(len(fails.rows))
    people = np.nan_to_num(people_of_rows(city, formula, found, fails).count)
    return fails.rows.astype(np.float64), np.where(fails.rows, people, 0.0)


def _short(
    city: City, formula: Formula, level: str, told: Verdicts, mark: Mark, rows: tuple[Numbers, Numbers]
) -> Short:
    units = units_of(city, level)
    shares = placed(city, formula.of, level)
    objects, people = (
        np.asarray(np.bincount(shares.unit, shares.of(one), minlength=len(units)), np.float64) for one in rows
    )
    lack = np.nan_to_num(np.abs(told.value - np.clip(told.value, mark.low, mark.high)))
    if mark.how in {"at_least", "at_most"}:
        lack = np.where(mark.passes(told.value), 0.0, lack)
    return Short(units.ids, told.fails, people, objects, lack, people_of_units(city, level).count)
