"""What the commands of city management print: rates, groups, scores, recurring places, limits."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tulou.app.case_lines import limit_words
from tulou.app.city_management import Docket
from tulou.app.city_management_parts import Register
from tulou.app.screen import table
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Language, Words
from tulou.operations.city_management.domain.classes import Classes, LimitTable
from tulou.operations.city_management.domain.counting import Rate, rates_of
from tulou.publish.city_management.report import ReportMaterial
from tulou.publish.numbers import NO_NUMBER
from tulou.publish.words import say

PERCENT = 100.0
SHOWN = ("reported", "filed", "to_handle", "handled", "handled_in_time", "waiting_late", "reworked")
LEFT_OUT: Mapping[str, Words] = {
    "no_class": Words(
        "{} 条的类型没有对应类别，未采用", "{} requests are of types that stand for no class, and are left out"
    ),
    "no_moment": Words("{} 条没有可读的时间，未采用", "{} requests have no moment that can be read, and are left out"),
    "no_place": Words(
        "{} 条没有可用的位置，不上图、不计复发", "{} requests have no place: they are not on the map and recur nowhere"
    ),
}


def rate_lines(rates: Sequence[Rate], spoken: Language) -> Iterator[str]:
    """Rates with what stands above and below, and their intervals."""
    heads = [say(f"manage.column.{name}", spoken) for name in ("rate", "value", "interval", "numerator", "denominator")]
    rows = [
        (
            rate.rule.title.say(spoken),
            _percent(rate.value),
            _interval(rate),
            f"{rate.numerator:,}",
            f"{rate.denominator:,}",
        )
        for rate in rates
    ]
    yield table(heads, rows)


def group_lines(docket: Docket, way: str, spoken: Language) -> Iterator[str]:
    """Counts by group, with the rate in time and its interval."""
    groups = docket.groups(way)
    heads = [
        say(f"manage.column.{way}", spoken) if way else "",
        *(say(f"manage.count.{name}", spoken) for name in SHOWN),
    ]
    heads += [say("manage.column.in_time", spoken), say("manage.column.interval", spoken)]
    rows = []
    for name, counts in groups.items():
        rate = next(one for one in rates_of(counts, docket.rules.rates) if one.rule.id == "handled_in_time")
        title = docket.title(way, name).say(spoken) or say("manage.report.unplaced", spoken)
        rows.append((title, *(f"{counts[key]:,}" for key in SHOWN), _percent(rate.value), _interval(rate)))
    yield table(heads, rows)


def score_lines(docket: Docket, formula: str, way: str, spoken: Language) -> Iterator[str]:
    """A published score by group, term by term.

    Raises:
        BadUse: When there is no such formula, or it asks for counts that cases do not give.
    """
    if formula not in docket.formulas:
        raise BadUse("there is no such formula", where="--formula", found=formula, allowed=sorted(docket.formulas))
    made = docket.formulas[formula]
    missing = [name for name in made.counts if name not in docket.counts]
    if missing:
        titles = [f"{name} ({made.counts[name].say(spoken)})" for name in missing]
        raise BadUse("cases do not give what this formula asks for", where=formula, found=", ".join(titles))
    groups = docket.groups(way)
    yield f"{made.title.say(spoken)} · {made.source}"
    yield say("manage.score.note", spoken)
    heads = [
        say(f"manage.column.{way}", spoken),
        *(term.title.say(spoken) for term in made.terms),
        say("manage.score.sum", spoken),
    ]
    rows = [
        (
            say("manage.score.all", spoken),
            *_points(made.scores(_floats(docket.counts)), made.score(_floats(docket.counts))),
        )
    ]
    for name, counts in groups.items():
        if counts["to_handle"]:
            title = docket.title(way, name).say(spoken) or say("manage.report.unplaced", spoken)
            rows.append((title, *_points(made.scores(_floats(counts)), made.score(_floats(counts)))))
    yield table(heads, rows)


def recurrence_lines(found: ReportMaterial, limit: int, spoken: Language) -> Iterator[str]:
    """Recurring places, those with most cases first."""
    rule = found.recurrence
    least = rule.public_least if found.is_public else 1
    shown = [one for one in found.recurring if len(one.cluster.cases) >= least]
    facts = {"window": f"{rule.window:g}", "distance": f"{rule.distance:g}", "least": rule.least}
    yield say("manage.report.about_recurring", spoken, places=f"{len(shown):,}", **facts)
    if len(shown) < len(found.recurring):
        yield say("manage.report.few", spoken, least=rule.public_least)
    if shown and limit:
        names = ("class", "street", "cell", "cases", "came_back", "since", "until", "point")
        rows = [
            (
                one.title.say(spoken), one.street, one.cell, f"{len(one.cluster.cases):,}",
                f"{one.cluster.came_back:,}", f"{one.cluster.first.date()}", f"{one.cluster.last.date()}",
                f"{one.point[0]:.5f}, {one.point[1]:.5f}",
            )
            for one in shown[:limit]
        ]  # fmt: skip
        yield table([say(f"manage.column.{name}", spoken) for name in names], rows)


def part_lines(found: Register, limit: int, spoken: Language) -> Iterator[str]:
    """Parts by class and state, how many have a cell and a body, and what is wrong with the register."""
    placed, answered = sum(bool(part.cell) for part in found.parts), sum(map(bool, found.bodies))
    facts = {"parts": f"{len(found.parts):,}", "placed": f"{placed:,}", "answered": f"{answered:,}"}
    yield say("manage.parts.lead", spoken, city=found.name, **facts)
    rows = []
    for (name, state), count in found.counts().items():
        code = found.classes.classes[name].code if name in found.classes.classes else ""
        title, word = found.classes.title(name).say(spoken), say(f"manage.parts.state.{state or 'unknown'}", spoken)
        rows.append((f"{code} {title}", word, f"{count:,}"))
    yield table([say(f"manage.column.{head}", spoken) for head in ("class", "state", "parts")], rows)
    kinds = Counter(fault.kind for fault in found.faults)
    for kind, count in kinds.items():
        yield f"  {say(f'manage.parts.fault.{kind}', spoken)}  {count:,}"
    if limit and found.faults:
        shown = [
            (say(f"manage.parts.fault.{one.kind}", spoken), one.part, one.found, one.beside)
            for one in found.faults[:limit]
        ]
        yield table([say(f"manage.column.{head}", spoken) for head in ("kind", "part", "found", "other")], shown)


def limit_lines(tables: Mapping[str, LimitTable], classes: Classes, name: str, spoken: Language) -> Iterator[str]:
    """The staged limits of one city, or the cities that are known.

    Raises:
        BadUse: When there is no such table.
    """
    if not name:
        rows = [(one.id, one.title.say(spoken), f"{len(one.rows)}", one.source) for one in tables.values()]
        yield table(["id", *(say(f"manage.column.{head}", spoken) for head in ("what", "count", "from"))], rows)
        return
    if name not in tables:
        raise BadUse("there is no such table of limits", where="NAME", found=name, allowed=sorted(tables))
    found = tables[name]
    yield f"{found.title.say(spoken)} · {found.source} · {found.evidence}"
    rows = [("", step.title.say(spoken), limit_words(step.limit, spoken), "") for step in found.centre]
    for row in found.rows:
        code = classes[row.case_class].code
        title = f"{code} {classes.title(row.case_class).say(spoken)}"
        for place, step in enumerate(row.steps):
            condition = row.condition.say(spoken) if not place else ""
            rows.append(
                (title if not place else "", step.title.say(spoken), limit_words(step.limit, spoken), condition)
            )
    yield table([say(f"manage.column.{head}", spoken) for head in ("class", "what", "due", "condition")], rows)


def left_out_words(left_out: Mapping[str, int]) -> list[Words]:
    """What was left out of a list."""
    return [
        Words(words.zh.format(f"{left_out[name]:,}"), words.en.format(f"{left_out[name]:,}"))
        for name, words in LEFT_OUT.items()
        if left_out.get(name)
    ]


def json_of(docket: Docket, way: str) -> str:
    """Counts and rates of a period, and of its groups, as JSON."""
    plain: dict[str, Any] = {
        "city": docket.name,
        "since": docket.period.start.astimezone(docket.clock).isoformat(),
        "until": docket.period.end.astimezone(docket.clock).isoformat(),
        **_plain(docket, docket.counts),
    }
    if way:
        plain["by"] = {name: _plain(docket, counts) for name, counts in docket.groups(way).items()}
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _plain(docket: Docket, counts: Mapping[str, int]) -> dict[str, Any]:
    rates = {}
    for rate in rates_of(counts, docket.rules.rates):
        low, high = rate.interval
        rates[rate.rule.id] = {
            "value": _number(rate.value), "low": _number(low), "high": _number(high),
            "numerator": rate.numerator, "denominator": rate.denominator,
        }  # fmt: skip
    return {"counts": dict(counts), "rates": rates}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _floats(counts: Mapping[str, int]) -> dict[str, float]:
    return {name: float(count) for name, count in counts.items()}


def _points(terms: Mapping[str, float], whole: float) -> list[str]:
    return [NO_NUMBER if math.isnan(one) else f"{one:.2f}" for one in (*terms.values(), whole)]


def _percent(value: float) -> str:
    return NO_NUMBER if math.isnan(value) else f"{PERCENT * value:.1f}%"


def _interval(rate: Rate) -> str:
    low, high = rate.interval
    return NO_NUMBER if math.isnan(low) else f"{_percent(low)} – {_percent(high)}"
