"""Rows of the tables of the report of work safety."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tulou.kernel.words import Language
from tulou.operations.inspections.domain.chains import broken, matrix
from tulou.operations.safety.domain.credit import NO_START, NOT_CLASSED, NOT_KNOWN, Credit
from tulou.operations.safety.domain.dangers import Share, came_back
from tulou.operations.safety.domain.grading import COLOURS
from tulou.publish.paper.content import Column, Kind, Value
from tulou.publish.safety.material import Material
from tulou.publish.words import say

NUMBERS = frozenset(
    {
        "found",
        "closed",
        "open",
        "red",
        "orange",
        "yellow",
        "blue",
        "unknown",
        "visits",
        "joint",
        "cap",
        "drawn",
        "members",
        "count",
    }
)
WIDE = {
    "danger": 22.0,
    "why": 30.0,
    "enterprise": 20.0,
    "code": 24.0,
    "order": 30.0,
    "bodies": 22.0,
    "kind": 18.0,
    "next": 16.0,
}
NARROW = 5.0
PERCENT = 100
SHOWN = 16
"""Letters of a digest that a table shows."""

LEVELS = ("major", "general", "")
TABLES: dict[str, tuple[str, ...]] = {
    "levels": ("level", "found", "closed", "open"),
    "dangers": ("case", "danger", "level", "source", "enterprise", "due", "standing", "again"),
    "units": ("unit", "colour", "red", "orange", "yellow", "blue", "unknown"),
    "bodies": ("body", "visits", "joint"),
    "breaches": ("code", "level", "visits", "cap"),
    "draws": ("draw", "body", "members", "drawn", "public", "order"),
    "grades": ("grade", "count"),
    "moved": ("code", "start", "grade", "why", "next"),
    "due": ("certificate", "code", "holder", "kind", "state", "day"),
    "chains": ("chain", "step", "power", "verdict", "bodies"),
}


def columns(name: str, language: Language) -> tuple[Column, ...]:
    """Columns of a table."""
    return tuple(_column(one, language) for one in TABLES[name])


def _column(name: str, language: Language) -> Column:
    kind: Kind = "number" if name in NUMBERS else "text"
    width = NARROW if name in NUMBERS else WIDE.get(name, 10.0)
    return Column(say(f"safety.paper.column.{name}", language), kind, width, digits=0)


def rows_of(name: str, found: Material, language: Language) -> list[Sequence[Value]]:
    """Rows of a table."""
    return list(_ROWS[name](found, language))


def word(name: str, language: Language) -> str:
    """A word of the report."""
    return say(f"safety.paper.word.{name.replace(' ', '_')}", language)


def share_words(one: Share, fewest: int, language: Language) -> str:
    """A share with its denominator and interval; below the fewest cases only the counts."""
    if not one.whole:
        return say("safety.paper.nothing", language)
    plain = {"part": one.part, "whole": one.whole}
    if one.whole < fewest:
        return say("safety.paper.few", language, fewest=fewest, **plain)
    rate, low, high = (f"{PERCENT * value:.1f}" for value in (one.part / one.whole, one.low, one.high))
    return say("safety.paper.share", language, rate=rate, low=low, high=high, **plain)


def _levels(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    for level in LEVELS:
        counts = (table.get(level, 0) for table in (found.counts.found, found.counts.closed, found.counts.open))
        yield (word(level or "unclassed", language), *counts)


def _dangers(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    order = ("major", "", "general")
    waiting = [one for one in found.dangers if one.ended is None]
    for one in sorted(waiting, key=lambda one: (order.index(one.level), not one.is_overdue, one.case)):
        firm = found.enterprises.get(one.enterprise)
        yield (
            one.case,
            one.title,
            word(one.level or "unclassed", language),
            found.rules.sources[one.source].say(language) if one.source in found.rules.sources else one.source,
            firm.name if firm else one.enterprise or one.place,
            f"{one.due.astimezone(found.zone):%Y-%m-%d}" if one.due else "",
            word("overdue" if one.is_overdue else "open", language),
            ", ".join(came_back(one, found.dangers, found.rules.again)),
        )


def _units(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    order: dict[str | None, int] = {"red": 0, "orange": 1, "yellow": 2, None: 3, "blue": 4}
    for one in sorted(found.units, key=lambda one: (order[one.colour], one.unit)):
        if one.has_none:
            continue
        name = say(f"safety.paper.column.{one.colour or 'unknown'}", language)
        yield (one.name, name, *(one.counts.get(colour, 0) for colour in COLOURS), one.unknown)


def _bodies(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    every, joint = Counter[str](), Counter[str]()
    for bodies in found.visits:
        every.update(bodies)
        joint.update(bodies if len(bodies) > 1 else ())
    for name, count in sorted(every.items()):
        yield (found.bodies[name].say(language) if name in found.bodies else name, count, joint[name])


def _breaches(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    for one in found.breaches:
        yield (one.enterprise, one.level or word("total", language), one.visits, one.most)


def _draws(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    for one in found.draws:
        body = found.bodies[one.order.body].say(language) if one.order.body in found.bodies else one.order.body
        members = sum(len(stratum.members) for stratum in one.order.strata)
        public = one.order.public or word("no_public", language)
        yield (one.order.id, body, members, len(one.drawn), public, one.order.digest[:SHOWN])


def _grades(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    counted = Counter(one.grade for one in found.credit.values())
    for grade, count in sorted(
        counted.items(), key=lambda one: (not one[0], one[0][:1], one[0][1:] != "+", one[0][1:])
    ):
        yield (grade or word("not_assessed", language), count)


def _moved(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    for code, one in found.credit.items():
        if one.grade == one.start and not one.missing:
            continue
        why = "; ".join(f"{rule.rule.title.say(language)} [{', '.join(rule.records)}]" for rule in one.applied)
        coming = found.ahead.get(code)
        next_ = f"{coming[0]}: {coming[1]} → {coming[2]}" if coming else ""
        yield (code, one.start, one.grade or word("not_assessed", language), why or _missing(one, language), next_)


def _missing(one: Credit, language: Language) -> str:
    names = {NO_START: "no_start", NOT_CLASSED: "not_classed", NOT_KNOWN: "not_known"}
    return word(names[one.missing], language) if one.missing else ""


def _due(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    for one in found.due:
        if one.state in {"valid", "unknown"}:
            continue
        item = one.certificate
        kind = found.kinds[item.kind].title.say(language) if item.kind in found.kinds else item.kind
        yield (item.id, item.enterprise, item.holder, kind, word(one.state, language), str(one.day))


def _chains(found: Material, language: Language) -> Iterator[Sequence[Value]]:
    known = found.chains
    for chain in known.chains.values():
        titles = {one.id: one.title.say(language) for one in chain.steps}
        for cell in matrix(chain, list(known.powers)):
            if cell.is_sound:
                continue
            bodies = ", ".join(known.bodies[one.body].say(language) for one in cell.grants)
            power = known.powers[cell.power].say(language)
            yield (chain.title.say(language), titles[cell.step], power, word(cell.verdict, language), bodies)


def broken_lines(found: Material, language: Language) -> Iterator[str]:
    """Hand-overs of chains that lead to nobody."""
    for chain in found.chains.chains.values():
        titles = {one.id: one.title.say(language) for one in chain.steps}
        for before, after, power in broken(chain, list(found.chains.powers)):
            yield say(
                "safety.paper.broken", language, chain=chain.title.say(language), before=titles[before],
                after=titles[after], power=found.chains.powers[power].say(language),
            )  # fmt: skip


def colour_counts(found: Material) -> dict[str, int]:
    """How many risks are of which colour."""
    counted = Counter(one.now.colour for one in found.risks)
    return {**{colour: counted[colour] for colour in COLOURS}, "unknown": counted[None], "total": len(found.risks)}


_ROWS = {
    "levels": _levels,
    "dangers": _dangers,
    "units": _units,
    "bodies": _bodies,
    "breaches": _breaches,
    "draws": _draws,
    "grades": _grades,
    "moved": _moved,
    "due": _due,
    "chains": _chains,
}
