"""Hand-worked checks, run through the real engine on a city made of the rows they give."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc
import shapely

from tulou.indicators.evaluate.measuring import measured
from tulou.indicators.evaluate.networks import NetworkBuilder, build_network
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.run import Check, evaluate
from tulou.indicators.rulebook.content import HandCheck, Indicator, Rulebook
from tulou.indicators.rulebook.reading import named
from tulou.kernel.clock import Moment
from tulou.kernel.errors import TulouError
from tulou.kernel.facts import GEOMETRY, ID
from tulou.kernel.progress import Progress, steps
from tulou.model.dictionary import Dictionary
from tulou.model.rows import Rows, rows_of
from tulou.model.state import MemoryState, Profile

CITY = "city"
METRIC = "EPSG:4549"
"""Coordinate system of the made city; any metric one would do, since checks are written in metres."""


@dataclass(frozen=True)
class Outcome:
    """How one hand-worked check came out.

    Args:
        indicator: Id of the indicator.
        name: What the check shows.
        where: File and line.
        ok: Whether everything expected came out.
        expected: What was expected.
        got: What came out, for the same keys.
        error: What went wrong when it could not be run.
    """

    indicator: str
    name: str
    where: str
    ok: bool
    expected: Mapping[str, object]
    got: Mapping[str, object]
    error: str = ""


def run_checks(
    rulebook: Rulebook,
    indicators: Iterable[str] | None = None,
    *,
    progress: Progress | None = None,
    build: NetworkBuilder = build_network,
) -> list[Outcome]:
    """Run the hand-worked checks of a rulebook.

    Args:
        rulebook: The rulebook.
        indicators: Ids; all when left out.
        progress: Told after each indicator.
        build: Makes networks from roads.
    """
    chosen = sorted(rulebook.indicators) if indicators is None else [named(rulebook.indicators, i) for i in indicators]
    return [
        run_check(rulebook, rulebook.indicators[name], check, build=build)
        for name in steps(chosen, "checks", progress)
        for check in rulebook.indicators[name].checks
    ]


def run_check(
    rulebook: Rulebook, indicator: Indicator, check: HandCheck, *, build: NetworkBuilder = build_network
) -> Outcome:
    """Run one hand-worked check."""
    try:
        state = state_of(rulebook.dictionary, check)
        done = evaluate(rulebook, state, indicators=[indicator.id], build=build)
    except (TulouError, NotImplementedError) as error:
        told = str(error) or type(error).__name__
        return Outcome(indicator.id, check.name, check.where, ok=False, expected=check.expect, got={}, error=told)
    got = _got(done, indicator, check)
    ok = all(_agrees(check.expect[key], got[key], check.within) for key in check.expect if key != "unit")
    return Outcome(indicator.id, check.name, check.where, ok, check.expect, got)


def state_of(dictionary: Dictionary, check: HandCheck) -> MemoryState:
    """The city that a check's rows make."""
    everything = "all" in check.complete
    given = {CITY: ({ID: CITY, **check.city},), **check.given}
    tables: dict[str, Rows] = {}
    for entity, rows in given.items():
        complete = frozenset({"*"}) if everything or entity in check.complete else frozenset[str]()
        tables[entity] = _rows(dictionary, entity, rows, complete)
    for entity in dictionary if everything else check.complete:
        if entity not in tables:
            tables[entity] = _rows(dictionary, entity, (), frozenset({"*"}))
    profile = Profile(CITY, METRIC, synthetic=True)
    return MemoryState(profile, dictionary, Moment(check.day), tables)


def _rows(
    dictionary: Dictionary, entity: str, rows: tuple[Mapping[str, object], ...], complete: frozenset[str]
) -> Rows:
    names = dict.fromkeys(name for row in rows for name in row)
    columns: dict[str, Any] = {ID: [row.get(ID, f"{entity}:{number}") for number, row in enumerate(rows, 1)]}
    for name in names:
        values = [row.get(name) for row in rows]
        if name == GEOMETRY:
            columns[name] = shapely.from_wkt(np.array(values, object))
        elif name != ID:
            kind = dictionary[entity].attribute(name).type
            columns[name] = [str(value) if kind == "text" and value is not None else value for value in values]
    return rows_of(dictionary[entity], columns, complete=complete)


def _got(done: Check, indicator: Indicator, check: HandCheck) -> dict[str, object]:
    table = done.results
    unit = str(check.expect.get("unit", CITY))
    is_it = pc.and_(pc.equal(table["unit"], unit), pc.equal(pc.cast(table["variant"], "string"), check.variant))
    rows = table.filter(is_it).to_pylist()
    if not rows:
        return dict.fromkeys(check.expect)
    row = rows[0]
    keys = [key for key in check.expect if key not in {"cause", "unit"}]
    got = {key: row[key] for key in ("value", "status", "reason", *keys)}
    if "cause" in check.expect:
        got["cause"] = _causes(done, indicator, check)
    return got


def _causes(done: Check, indicator: Indicator, check: HandCheck) -> list[str]:
    """All causes that rows were given, once each."""
    formula = indicator.variant(check.variant).on(check.day)
    if done.city is None or formula is None:
        return []
    try:
        found = measured(done.city, formula.of, formula.binding).parts.cause
    except Unanswerable:
        return []
    return sorted({str(cause) for cause in found if cause is not None}) if found is not None else []


def _agrees(expected: object, got: object, within: float) -> bool:
    if isinstance(expected, bool) or expected is None or got is None:
        return expected == got
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        return math.isclose(expected, got, rel_tol=within, abs_tol=within)
    if isinstance(got, list):
        wanted = expected if isinstance(expected, list) else [expected]
        return sorted(map(str, wanted)) == got
    return str(expected) == str(got)
