"""One figure over all checks of a city as it was published, with what changed in its rules from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyarrow.compute as pc

from tulou.app.checking import rules_of
from tulou.app.comparing import CITY_LEVEL
from tulou.diagnosis.difference.rules import RuleChange, rules_between
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.tracing import Read
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.model.store.city import City

MARK = "mark"
"""The one kind of rule that judges a value and does not make it."""


@dataclass(frozen=True)
class Figure:
    """Which figure.

    Args:
        indicator: Id of the indicator.
        unit: Id of the unit; the whole city when empty.
        variant: Which answer; the official one when empty.
    """

    indicator: str
    unit: str = ""
    variant: str = ""


@dataclass(frozen=True)
class PublishedPoint:
    """A figure as one check published it.

    Args:
        check: The check.
        row: Its row of results.
        rules: What changed in its rules since the check before.
    """

    check: Check
    row: dict[str, Any]
    rules: tuple[RuleChange, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether it cannot be put beside the one before, because it is another question."""
        return any(one.kind != MARK for one in self.rules)


@dataclass(frozen=True)
class PublishedSeries:
    """A figure over all checks.

    Args:
        rulebook: Rulebook of the newest of them.
        points: One a check that holds the figure, by day.
    """

    rulebook: Rulebook
    points: Sequence[PublishedPoint]


def published_series(city: City, figure: Figure) -> PublishedSeries:
    """A figure over all kept checks of a city.

    Args:
        city: The city.
        figure: Which figure.

    Raises:
        NotEnoughData: When no check was made yet.
        BadUse: When no check holds the figure.
        BadInput: When a check is damaged, or its rulebook no longer loads.
    """
    checks = [load_check(folder) for folder in kept_checks(city.path)]
    if not checks:
        raise NotEnoughData("no check of this city was made yet", where="checks", allowed=("tulou check CITY",))
    ordered = sorted(checks, key=lambda check: (check.day, check.record or 0, check.id))
    found = [(check, row) for check in ordered if (row := _row(check, figure)) is not None]
    if not found:
        _refuse(checks, figure)
    books: dict[str, Rulebook] = {}
    for check, _ in found:
        digest = str(check.rulebook["digest"])
        if digest not in books:
            books[digest] = rules_of(city.path, check)
    points = [PublishedPoint(*found[0])]
    points += [
        PublishedPoint(check, row, _between(before, check, books, figure))
        for (before, _), (check, row) in pairwise(found)
    ]
    return PublishedSeries(books[str(found[-1][0].rulebook["digest"])], points)


def _row(check: Check, figure: Figure) -> dict[str, Any] | None:
    column, value = ("unit", figure.unit) if figure.unit else ("level", CITY_LEVEL)
    table = check.results
    for name, wanted in (("indicator", figure.indicator), (column, value), ("variant", figure.variant)):
        table = table.filter(pc.equal(pc.cast(table[name], "string"), wanted))
    rows: list[dict[str, Any]] = table.slice(0, 1).to_pylist()
    return rows[0] if rows else None


def _between(one: Check, other: Check, books: dict[str, Rulebook], figure: Figure) -> tuple[RuleChange, ...]:
    both = books[str(one.rulebook["digest"])], books[str(other.rulebook["digest"])]
    reads = frozenset(_reads(other, figure))
    return rules_between(both, (one.day, other.day), (one, other), figure.indicator, figure.variant, reads)


def _reads(check: Check, figure: Figure) -> Iterator[Read]:
    """Selections and quantities that the chain of an answer names."""
    for chain in check.chains.values():
        if (chain["indicator"], chain["variant"]) == (figure.indicator, figure.variant):
            for one in chain.get("inputs", ()):
                selection, _, attribute = str(one["input"]).partition(".")
                yield "selections", selection
                yield "quantities", f"{one['entity']}.{attribute}"


def _refuse(checks: Sequence[Check], figure: Figure) -> None:
    """Say what of a question no check answers."""
    known = sorted({name for check in checks for name in check.results["indicator"].unique().to_pylist()})
    if figure.indicator not in known:
        raise BadUse("no check asks this indicator", where="indicator", found=figure.indicator, allowed=known)
    rows = [
        row
        for check in checks
        for row in check.results.select(["indicator", "variant", "unit"]).to_pylist()
        if row["indicator"] == figure.indicator
    ]
    variants = sorted({row["variant"] for row in rows if row["variant"]})
    if figure.variant and figure.variant not in variants:
        raise BadUse("this indicator has no such variant", where="variant", found=figure.variant, allowed=variants)
    units = sorted({row["unit"] for row in rows})
    raise BadUse("there is no figure for this unit", where="unit", found=figure.unit, allowed=units)
