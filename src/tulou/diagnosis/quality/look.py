"""Looking for patterns: everything that can be looked for in one check, or between two, judged together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from tulou.diagnosis.quality.corrections import corrections, revised_rows, revisions
from tulou.diagnosis.quality.denominators import denominators
from tulou.diagnosis.quality.digits import digits, repeats
from tulou.diagnosis.quality.heaping import heaping
from tulou.diagnosis.quality.pattern import Alerts, Pattern, judged
from tulou.indicators.evaluate.run import Check
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.errors import BadUse
from tulou.model.changes import ChangeSet
from tulou.model.state import State
from tulou.model.store.manifest import Commit

LEVEL = 0.05
"""Greatest chance of any false alarm among all looks together, unless another is asked for: a convention."""
DAYS = 14.0
"""Days before a deadline that are looked at, unless others are asked for."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """An earlier check of the same city.

    Args:
        check: The check.
        findings: What it found.
        state: The city it was asked of.
        corrected: What was recorded later about its day.
    """

    check: Check
    findings: pa.Table
    state: State
    corrected: ChangeSet


def look(
    check: Check,
    rulebook: Rulebook,
    state: State,
    *,
    earlier: Earlier | None = None,
    deadlines: Sequence[datetime] = (),
    days: float = DAYS,
    level: float = LEVEL,
) -> Alerts:
    """Look for all patterns that can be looked for.

    Args:
        check: The check.
        rulebook: What was asked.
        state: The city it was asked of.
        earlier: An earlier check, to compare with.
        deadlines: Moments at which figures were handed in.
        days: Days before a deadline that are looked at.
        level: Greatest chance of any false alarm among all looks together.

    Raises:
        BadUse: For a level that is no probability, or days that are none.
    """
    if not 0 < level < 1:
        raise BadUse("a level is a probability between 0 and 1", where="--level", found=level, allowed=("0.05",))
    if not 0 < days < float("inf"):
        raise BadUse("a number of days is above zero", where="--window", found=days, allowed=("14",))
    return judged(_patterns(check, rulebook, state, earlier, deadlines, days), level)


def _patterns(
    check: Check,
    rulebook: Rulebook,
    state: State,
    earlier: Earlier | None,
    deadlines: Sequence[datetime],
    days: float,
) -> Iterator[Pattern]:
    yield from heaping(check.results, judges_of(rulebook, check))
    yield from digits(state)
    yield from repeats(state)
    if deadlines:
        commits: tuple[Commit, ...] = getattr(state, "commits", ())
        only = failing_objects(earlier) if earlier is not None else None
        yield from revisions(commits, revised_rows(state, only), deadlines, days)
    if earlier is not None:
        yield from denominators(earlier.check.results, check.results)
        yield from corrections(earlier.corrected, earlier.state, failing_by_attribute(earlier, rulebook))


def judges_of(rulebook: Rulebook, check: Check) -> dict[str, str]:
    """How each indicator is judged on the day of a check, where a single mark does it."""
    found: dict[str, str] = {}
    for name, indicator in rulebook.indicators.items():
        formula = indicator.variant("").on(check.day)
        if formula is not None and formula.judge is not None and formula.judge.how in {"at_least", "at_most"}:
            found[name] = formula.judge.how
    return found


def failing_objects(earlier: Earlier) -> dict[str, frozenset[str]]:
    """By entity: objects that failed an indicator."""
    found: dict[str, set[str]] = {}
    for entity, objects in zip(*(earlier.findings[one].to_pylist() for one in ("entity", "objects")), strict=True):
        found.setdefault(entity, set()).update(objects or ())
    return {entity: frozenset(objects) for entity, objects in found.items()}


def failing_by_attribute(earlier: Earlier, rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """By ``entity.attribute``: objects that failed an indicator which reads it."""
    failed: dict[tuple[str, str], set[str]] = {}
    columns = ("indicator", "entity", "objects")
    for name, entity, objects in zip(*(earlier.findings[one].to_pylist() for one in columns), strict=True):
        failed.setdefault((name, entity), set()).update(objects or ())
    found: dict[str, set[str]] = {}
    for (name, entity), objects in failed.items():
        for attribute in attributes_read(rulebook, name, earlier.check.day):
            if attribute.partition(".")[0] == entity:
                found.setdefault(attribute, set()).update(objects)
    return {name: frozenset(objects) for name, objects in found.items()}


def attributes_read(rulebook: Rulebook, indicator: str, day: date) -> frozenset[str]:
    """Attributes, as ``entity.attribute``, that the official answer of an indicator reads, through quantities too."""
    if indicator not in rulebook.indicators:
        return frozenset()
    formula = rulebook.indicators[indicator].variant("").on(day)
    if formula is None:
        return frozenset()
    bindings = [formula.binding, *([formula.per.binding] if formula.per and formula.per.binding else [])]
    selections = {formula.of} | {one.selection for each in bindings for one in each.inputs.values()}
    found: set[str] = set()
    for each in bindings:
        for one in each.inputs.values():
            if not one.is_network:
                _read(rulebook, rulebook.selections[one.selection].entity, one.attribute, found)
    for name in selections & set(rulebook.selections):
        chosen = rulebook.selections[name]
        for condition in chosen.where:
            _read(rulebook, chosen.entity, condition.attribute, found)
    return frozenset(found)


def _read(rulebook: Rulebook, entity: str, attribute: str, found: set[str]) -> None:
    """Note an attribute, and what it is worked out from where it is a quantity."""
    name = f"{entity}.{attribute}"
    if name in found:
        return
    found.add(name)
    quantity = rulebook.quantities.get(name)
    for origin in quantity.origins if quantity else ():
        if origin.column:
            _read(rulebook, entity, origin.column, found)
        for one in origin.binding.inputs.values() if origin.binding else ():
            if not one.is_network and one.selection in rulebook.selections:
                _read(rulebook, rulebook.selections[one.selection].entity, one.attribute, found)
