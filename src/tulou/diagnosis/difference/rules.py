"""Changes of definition: what in the rules of a figure is not what it was, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tulou.diagnosis.difference.coalitions import Coalitions
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.tracing import Read
from tulou.indicators.rulebook.content import Formula, Indicator, Rulebook
from tulou.kernel.words import Words

RuleKind = Literal["parameter", "mark", "formula", "selection", "quantity", "measure", "begun", "ended"]
"""What changed: a value that the figure is worked out by, the mark it is judged by, the formula, what is selected, how
a number is worked out, the version of a measure; or the question was not asked before, or is not any more."""
KINDS: tuple[RuleKind, ...] = ("begun", "ended", "parameter", "formula", "selection", "quantity", "measure", "mark")


@dataclass(frozen=True)
class RuleChange:
    """One rule that changed.

    Args:
        kind: What it is.
        name: Its name.
        title: Its title.
        before: What it said, as plain data; None when it said nothing or that is no one value.
        after: What it says.
        unit: Unit of both.
        clause: Clause that says so now.
        since: First day on which it holds, as text.
    """

    kind: RuleKind
    name: str
    title: Words
    before: Any = None
    after: Any = None
    unit: str = ""
    clause: str = ""
    since: str = ""


def rule_changes(
    coalitions: Coalitions, indicator: str, variant: str, reads: frozenset[Read] = frozenset()
) -> tuple[RuleChange, ...]:
    """Rules of an answer that changed between two checks, in the order of ``KINDS``.

    Args:
        coalitions: Checks of all coalitions.
        indicator: The indicator.
        variant: Its variant.
        reads: What the answer reads, see ``City.reads``.
    """
    moved = coalitions.movement
    return rules_between(
        (moved.before.rulebook, moved.after.rulebook),
        (moved.before.day, moved.after.day),
        (coalitions.first, coalitions.last),
        indicator,
        variant,
        reads,
    )


def rules_between(
    books: tuple[Rulebook, Rulebook],
    days: tuple[date, date],
    checks: tuple[Check, Check],
    indicator: str,
    variant: str,
    reads: frozenset[Read] = frozenset(),
) -> tuple[RuleChange, ...]:
    """Rules of an answer that changed from one check to another, in the order of ``KINDS``.

    Args:
        books: What either was asked by.
        days: Day of either.
        checks: Both.
        indicator: The indicator.
        variant: Its variant.
        reads: What the answer reads, see ``City.reads``.
    """
    asked = [_asked(book, indicator, variant) for book in books]
    formulas = [one.variant(variant).on(day) if one else None for one, day in zip(asked, days, strict=True)]
    chains = _chain(checks[0], indicator, variant), _chain(checks[1], indicator, variant)
    found = [
        *_coming(asked, formulas),
        *_parameters(chains, formulas),
        *_formula(asked, formulas),
        *_entries(books, reads),
        *_measures(chains),
    ]
    return tuple(sorted(found, key=lambda change: (KINDS.index(change.kind), change.name)))


def _asked(book: Rulebook, indicator: str, variant: str) -> Indicator | None:
    found = book.indicators.get(indicator)
    return found if found is not None and any(one.name == variant for one in found.variants) else None


def _chain(check: Check, indicator: str, variant: str) -> Mapping[str, Any]:
    return next(
        (one for one in check.chains.values() if (one["indicator"], one["variant"]) == (indicator, variant)), {}
    )


def _coming(asked: list[Indicator | None], formulas: list[Formula | None]) -> Iterator[RuleChange]:
    for kind, here, there in (("begun", 1, 0), ("ended", 0, 1)):
        question = asked[here]
        if formulas[here] is not None and formulas[there] is None and question is not None:
            yield RuleChange("begun" if kind == "begun" else "ended", question.id, question.title)


def _parameters(
    chains: tuple[Mapping[str, Any], Mapping[str, Any]], formulas: list[Formula | None]
) -> Iterator[RuleChange]:
    before, after = ({item["name"]: item for item in chain.get("parameters", ())} for chain in chains)
    marks = {formula.judge.mark for formula in formulas if formula is not None and formula.judge is not None}
    for name in sorted(set(before) & set(after)):
        old, new = before[name], after[name]
        if (old.get("value"), old["in_force"], old.get("unit")) == (new.get("value"), new["in_force"], new.get("unit")):
            continue
        title = Words(new["title"]["zh"], new["title"]["en"])
        unit = new.get("unit") or old.get("unit") or ""
        yield RuleChange(
            "mark" if name in marks else "parameter",
            name,
            title,
            old.get("value"),
            new.get("value"),
            unit,
            new.get("clause") or "",
            new.get("since") or "",
        )


def _formula(asked: list[Indicator | None], formulas: list[Formula | None]) -> Iterator[RuleChange]:
    old, new = formulas
    if old is None or new is None or asked[1] is None:
        return
    told = [(one.of, str(one.binding), one.aggregate, _per(one), one.known, one.factor) for one in (old, new)]
    if told[0] != told[1]:
        since = new.since.isoformat() if new.since else ""
        yield RuleChange("formula", asked[1].id, asked[1].title, since=since)


def _per(formula: Formula) -> str:
    return "" if formula.per is None else f"{formula.per.of}:{formula.per.binding}"


def _entries(books: tuple[Rulebook, Rulebook], reads: frozenset[Read]) -> Iterator[RuleChange]:
    """Selections and quantities that say something else; what only one rulebook has belongs to the formula."""
    tables: tuple[tuple[RuleKind, str], ...] = (("selection", "selections"), ("quantity", "quantities"))
    for kind, table in tables:
        one, other = (getattr(book, table) for book in books)
        for name in sorted({str(read[1]) for read in reads if read[0] == table}):
            if name in one and name in other and repr(one[name]) != repr(other[name]):
                yield RuleChange(kind, name, other[name].title)


def _measures(chains: tuple[Mapping[str, Any], Mapping[str, Any]]) -> Iterator[RuleChange]:
    before, after = ({item["name"]: item["version"] for item in chain.get("measures", ())} for chain in chains)
    for name in sorted(set(before) & set(after)):
        if before[name] != after[name]:
            yield RuleChange("measure", name, Words(name, name), before[name], after[name])
