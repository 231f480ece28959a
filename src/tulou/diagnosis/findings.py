"""Findings: what fails, where, why, whom it concerns, and who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.diagnosis.locate import Groups, grouped, shapes_of, unit_shapes
from tulou.diagnosis.people import people_of_rows, people_of_units
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.failing import Failing, failing
from tulou.indicators.evaluate.measuring import Measured, measured
from tulou.indicators.evaluate.placement import entity_of, units_of
from tulou.indicators.evaluate.results import nullable, repeated
from tulou.indicators.evaluate.run import Job, asked_of, verdicts_of
from tulou.indicators.evaluate.verdict import FAIL, Verdicts, judge_of, mark_of
from tulou.indicators.rulebook.content import Formula, Indicator, Responsible, Rulebook

Mask = NDArray[np.bool_]
_WORD = pa.dictionary(pa.int32(), pa.string())
TO_CONFIRM = "to confirm"
"""Status of a finding that somebody has to confirm on the ground; a proven one has the status ``fail``."""
_CAUSE = pa.list_(pa.struct([("cause", pa.string()), ("objects", pa.int64())]))

SCHEMA = pa.schema(
    [
        ("finding", pa.string()),
        ("status", _WORD),
        ("indicator", _WORD),
        ("dimension", _WORD),
        ("level", _WORD),
        ("unit", pa.string()),
        ("unit_name", pa.string()),
        ("entity", _WORD),
        ("objects", pa.list_(pa.string())),
        ("count", pa.int64()),
        ("size", pa.float64()),
        ("size_unit", _WORD),
        ("people", pa.float64()),
        ("people_estimate", pa.bool_()),
        ("cause", pa.string()),
        ("causes", _CAUSE),
        ("severity", pa.float64()),
        ("owner", _WORD),
        ("geometry", pa.binary()),
    ]
)
"""Columns of the findings. ``status`` is ``fail`` for what is proven, and ``to confirm`` for what fails on what is on
record while objects missing from open lists, or an estimate at its bounds, could turn it round. ``level`` and ``unit``
say where the objects lie; ``size`` is by how much they fail in all; ``people`` is null where nobody knows, and an
estimate where ``people_estimate`` says so; ``severity`` is null unless the rulebook grades it."""


@dataclass
class Collector:
    """Gathers findings while a check is made; give its ``watch`` to ``evaluate``."""

    _tables: list[pa.Table] = field(default_factory=list)
    _rows: dict[tuple[str, str], tuple[str, NDArray[np.bool_]]] = field(default_factory=dict)

    def watch(self, city: City, job: Job, verdicts: Mapping[str, Verdicts]) -> None:
        """See one answer while its rows are at hand."""
        if job.formula is None or not verdicts:
            return
        formula, owner = job.formula, owner_of(city.rulebook, job.indicator)
        if city.memo is None:
            failed, tables = _looked_for(city, job, formula, verdicts)
        else:
            # The memory keeps this work; it asks for its verdicts itself, so that it is never given those of another.
            failed, tables = city.remembered(
                ("findings", *job.name),
                (*asked_of(city, job), owner),
                lambda asked: _looked_for(asked, job, formula, verdicts_of(asked, job)),
            )
        if len(job.indicator.variants) > 1:
            self._rows[job.indicator.id, job.variant.name] = (formula.of, failed)
        self._tables += tables

    def findings(self) -> pa.Table:
        """All findings: what is proven before what is to be confirmed, most people first, the largest, then by id."""
        if not self._tables:
            return SCHEMA.empty_table()
        table = pa.concat_tables(self._tables).unify_dictionaries()
        keys = {
            "open": pc.equal(pc.cast(table["status"], pa.string()), TO_CONFIRM),
            "people": pc.fill_null(table["people"], -1.0),
            "size": table["size"],
            "finding": table["finding"],
        }
        order = pc.sort_indices(
            pa.table(keys),
            sort_keys=[
                ("open", "ascending"),
                ("people", "descending"),
                ("size", "descending"),
                ("finding", "ascending"),
            ],
        )
        return table.take(order).combine_chunks()

    def barriers(self) -> dict[str, int]:
        """Objects, by indicator, that pass in a straight line and fail along the walking network."""
        found: dict[str, int] = {}
        for (indicator, variant), (of, rows) in sorted(self._rows.items()):
            straight = self._rows.get((indicator, ""))
            if variant == "walking" and straight is not None and straight[0] == of:
                found[indicator] = int(np.count_nonzero(rows & ~straight[1]))
        return {indicator: count for indicator, count in found.items() if count}


def owner_of(rulebook: Rulebook, indicator: Indicator) -> Responsible | None:
    """Who answers for an indicator: the body that names it, else the one that names its dimension."""
    for body in rulebook.responsible:
        if indicator.id in body.indicators:
            return body
    return next((body for body in rulebook.responsible if indicator.dimension in body.dimensions), None)


def _looked_for(
    city: City, job: Job, formula: Formula, verdicts: Mapping[str, Verdicts]
) -> tuple[Mask, tuple[pa.Table, ...]]:
    """Which rows fail, and the findings of an official answer."""
    found = measured(city, formula.of, formula.binding)
    judge, may_judge = judge_of(job.indicator, job.variant, formula, city)
    fails = failing(job.indicator, formula, found, mark_of(city, job.indicator, judge))
    if job.variant.name or not may_judge:
        return fails.rows, ()
    return fails.rows, tuple(_found(city, job, formula, found, fails, verdicts))


def _found(
    city: City, job: Job, formula: Formula, found: Measured, fails: Failing, verdicts: Mapping[str, Verdicts]
) -> list[pa.Table]:
    """What is proven, and beside it what is to be confirmed in the other units of the same level."""
    proven = {level: told.fails for level, told in verdicts.items()}
    open_units = {level: told.to_confirm for level, told in verdicts.items()}
    judged = next((level for level, units in proven.items() if units.any()), "")
    if judged:
        open_units = {level: units & (level == judged) for level, units in open_units.items()}
    tables: list[pa.Table] = []
    left = fails.rows
    for status, units in ((FAIL, proven), (TO_CONFIRM, open_units)):
        groups = grouped(city, job, formula, left, units)
        if len(groups):
            tables.append(_of_objects(city, job, formula, found, fails, groups, status))
            left = left.copy()
            left[groups.rows] = False
        if not fails.rows.any():
            tables += _of_units(city, job, formula, verdicts, units, status)
    return tables


def _of_objects(
    city: City, job: Job, formula: Formula, found: Measured, fails: Failing, groups: Groups, status: str
) -> pa.Table:
    """Findings that name objects."""
    entity = city.rulebook.selections[formula.of].entity
    ids = city.column(formula.of, "id")[groups.rows]
    counts = np.diff(groups.ends)
    people = people_of_rows(city, formula, found, fails)
    count, guessed = groups.sums(people.count), groups.sums(people.estimate.astype(np.float64)) > 0.0
    first = groups.ends[:-1]
    names = ids[first] if job.indicator.level == "building" else groups.unit
    cause, causes = _causes(found, groups)
    columns: dict[str, Any] = {
        "finding": pc.binary_join_element_wise(job.indicator.id, pa.array(names, pa.string()), "/"),
        "level": pa.array(groups.level, pa.string()).dictionary_encode(),
        "unit": pa.array(groups.unit, pa.string()),
        "unit_name": pa.array(groups.name, pa.string()),
        "entity": repeated(entity, len(groups)),
        "objects": pa.ListArray.from_arrays(pa.array(groups.ends, pa.int32()), pa.array(ids, pa.string())),
        "count": pa.array(counts, pa.int64()),
        "size": pa.array(groups.sums(fails.size), pa.float64()),
        "size_unit": repeated(fails.unit, len(groups)),
        "people": nullable(np.where(guessed & (count == 0.0), np.nan, count)),
        "people_estimate": pa.array(guessed),
        "cause": cause,
        "causes": causes,
        "geometry": pa.array(shapely.to_wkb(shapes_of(city, formula, groups)), pa.binary()),
    }
    return _table(city, job.indicator, columns, counts, status)


def _of_units(
    city: City, job: Job, formula: Formula, verdicts: Mapping[str, Verdicts], failed: Mapping[str, Mask], status: str
) -> list[pa.Table]:
    """Findings of units that fail though none of their objects does: too little of something."""
    level = next((name for name, units in failed.items() if units.any()), "")
    if not level:
        return []
    at = np.flatnonzero(failed[level])
    units = units_of(city, level)
    size, ids = len(at), units.ids[at]
    mark = mark_of(city, job.indicator, formula.judge)
    value = verdicts[level].value[at]
    short = np.abs(value - np.clip(value, mark.low, mark.high)) if mark else np.full(size, np.nan)
    people = people_of_units(city, level)
    columns: dict[str, Any] = {
        "finding": pa.array([f"{job.indicator.id}/{name}" for name in ids], pa.string()),
        "level": repeated(level, size),
        "unit": pa.array(ids, pa.string()),
        "unit_name": pa.array(units.names[at], pa.string()),
        "entity": repeated(entity_of(city, level), size),
        "objects": pa.array([[name] for name in ids], pa.list_(pa.string())),
        "count": pa.array(np.ones(size, np.int64)),
        "size": nullable(short),
        "size_unit": repeated(job.indicator.unit, size),
        "people": nullable(people.count[at]),
        "people_estimate": pa.array(people.estimate[at]),
        "cause": pa.nulls(size, pa.string()),
        "causes": pa.array([[]] * size, _CAUSE),
        "geometry": pa.array(shapely.to_wkb(unit_shapes(city, level, at)), pa.binary()),
    }
    return [_table(city, job.indicator, columns, np.ones(size, np.int64), status)]


def _table(
    city: City, indicator: Indicator, columns: dict[str, Any], counts: NDArray[np.int64], status: str
) -> pa.Table:
    """The columns that all findings of an indicator share, added."""
    size = len(counts)
    owner = owner_of(city.rulebook, indicator)
    columns |= {
        "status": repeated(status, size),
        "indicator": repeated(indicator.id, size),
        "dimension": repeated(indicator.dimension, size),
        "severity": nullable(_severity(city, indicator, counts)),
        "owner": repeated(owner.name if owner else None, size),
    }
    return pa.table([columns[item.name] for item in SCHEMA], schema=SCHEMA)


def _severity(city: City, indicator: Indicator, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Grade by number of objects where the rulebook declares one; nobody else's grade is made up."""
    if not indicator.severity:
        return np.full(len(counts), np.nan)
    steps = city.setting(indicator.severity).brackets
    sizes = np.array([size for size, _ in steps])
    grades = np.array([np.nan, *(grade for _, grade in steps)])
    return grades[np.searchsorted(sizes, counts, side="right")]


def _causes(found: Measured, groups: Groups) -> tuple[pa.Array, pa.Array]:
    """The most frequent cause of each group, and how often each was."""
    size = len(groups)
    if found.parts.cause is None:
        return pa.nulls(size, pa.string()), pa.array([[]] * size, _CAUSE)
    cause = found.parts.cause[groups.rows]
    told = np.array([word is not None for word in cause], bool)
    words, code = np.unique(cause[told].astype(str), return_inverse=True)
    key, count = np.unique(groups.of_row[told] * max(len(words), 1) + code, return_counts=True)
    group, code = key // max(len(words), 1), key % max(len(words), 1)
    order = np.lexsort((code, -count, group))
    group, code, count = group[order], code[order], count[order]
    ends = np.searchsorted(group, np.arange(size + 1))
    named = pa.array(words[code].astype(object), pa.string())
    listed = pa.StructArray.from_arrays([named, pa.array(count, pa.int64())], ["cause", "objects"])
    first = np.where(ends[:-1] < ends[1:], ends[:-1], -1)
    top = named.take(pa.array(first, pa.int64(), mask=first < 0))
    return top, pa.ListArray.from_arrays(pa.array(ends, pa.int32()), listed)
