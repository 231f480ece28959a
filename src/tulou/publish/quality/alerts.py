"""Patterns to look at as a paper: what was seen, how likely it is by chance, what may explain it, what to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tulou.diagnosis.quality.pattern import Alerts, Pattern
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.words import Language
from tulou.publish.numbers import number
from tulou.publish.paper.content import Column, Heading, Paper, Part, Row, Sheet, Text, Value
from tulou.publish.words import say

WHOLE = 100.0
RAREST = 1e-6
"""Chances below this are told as *less than* it: the model is not better than that."""
MOST_NAMED = 12


@dataclass(frozen=True)
class Looked:
    """What was looked at.

    Args:
        place: Name of the city.
        before: Id of the earlier check; empty for none.
        after: Id of the check.
        synthetic: Whether the city was generated.
        credits: Credit lines of the sources.
    """

    place: str
    before: str
    after: str
    synthetic: bool
    credits: tuple[str, ...] = ()


def alerts_paper(alerts: Alerts, looked: Looked, rulebook: Rulebook, language: Language) -> Paper:
    """Patterns to look at, as a paper.

    Args:
        alerts: What was looked for and seen.
        looked: At what.
        rulebook: Where indicators and attributes are named.
        language: Language of the paper.
    """
    parts: list[Part] = [
        Heading(say("alerts.chapter.raised", language), 1),
        Text(lead_of(alerts, language), "lead"),
        Text(say("alerts.note", language), "note"),
        Text(compared_of(looked, language), "note"),
    ]
    for one in alerts.raised:
        parts += _told(one, alerts, rulebook, language)
    parts += [Heading(say("alerts.chapter.looked", language), 1), looked_sheet(alerts, rulebook, language)]
    cover: list[Row] = [(say("quality.check", language), looked.after)]
    title = say("alerts.title", language, place=looked.place)
    return Paper(language, title, looked.synthetic, tuple(cover), tuple(parts), looked.credits)


def lead_of(alerts: Alerts, language: Language) -> str:
    """How many looks were made and how many reach the line, in a sentence."""
    if not alerts.looked:
        return say("alerts.none_looked", language)
    level = number(alerts.level * WHOLE)
    return say("alerts.lead", language, looked=len(alerts.looked), raised=len(alerts.raised), level=level)


def compared_of(looked: Looked, language: Language) -> str:
    """Which checks were compared, in a sentence."""
    if not looked.before:
        return say("alerts.one", language)
    return say("alerts.two", language, before=looked.before, after=looked.after)


def alert_lines(one: Pattern, alerts: Alerts, rulebook: Rulebook, language: Language) -> list[str]:
    """One alert in sentences: title, what was seen, how likely, innocent causes, what to look at."""
    lines = [
        title_of(one, rulebook, language),
        seen_of(one, language),
        say(
            "alerts.chance",
            language,
            chance=chance_text(one.chance),
            adjusted=chance_text(one.adjusted),
            looked=len(alerts.looked),
            statistic=say(f"alerts.statistic.{one.kind}", language),
        ),
        _headed("alerts.innocent", f"alerts.innocents.{one.kind}", language),
        _headed("alerts.look", f"alerts.looks.{one.kind}", language),
    ]
    if one.objects:
        more = " …" if len(one.objects) > MOST_NAMED else ""
        named = say("language.list", language).join(one.objects[:MOST_NAMED]) + more
        lines.append(say("alerts.objects", language, objects=named))
    return lines


def title_of(one: Pattern, rulebook: Rulebook, language: Language) -> str:
    """Kind and subject of a pattern."""
    return f"{say(f'alerts.kind.{one.kind}', language)}: {subject_of(one, rulebook, language)}"


def subject_of(one: Pattern, rulebook: Rulebook, language: Language) -> str:
    """What a pattern is about: an indicator and its level, an attribute, or a deadline."""
    if one.subject in rulebook.indicators:
        level = f" ({say(f'level.{one.level}', language)})" if one.level else ""
        return rulebook.indicators[one.subject].title.say(language) + level
    entity, _, attribute = one.subject.partition(".")
    if entity in rulebook.dictionary and attribute in rulebook.dictionary[entity].attributes:
        found = rulebook.dictionary[entity]
        return f"{found.title.say(language)} · {found.attributes[attribute].title.say(language)}"
    return one.subject


def seen_of(one: Pattern, language: Language) -> str:
    """What was seen, in a sentence."""
    seen: Mapping[str, str] = {name: number(value) for name, value in one.seen.items()}
    return say(f"alerts.seen.{one.kind}", language, **seen)


def chance_text(chance: float) -> str:
    """A chance with two digits that matter."""
    return f"< {RAREST:.6f}" if chance < RAREST else f"{chance:.2g}"


def looked_sheet(alerts: Alerts, rulebook: Rulebook, language: Language) -> Sheet:
    """Every look that was made, the rarest first."""
    names = ("kind", "subject", "statistic", "chance", "adjusted", "seen")
    widths = {"subject": 26.0, "seen": 44.0, "statistic": 20.0}
    columns = tuple(Column(say(f"alerts.column.{name}", language), width=widths.get(name, 12.0)) for name in names)
    rows: list[list[Value]] = [
        [
            say(f"alerts.kind.{one.kind}", language),
            subject_of(one, rulebook, language),
            say(f"alerts.statistic.{one.kind}", language),
            chance_text(one.chance),
            chance_text(one.adjusted),
            seen_of(one, language),
        ]
        for one in sorted(alerts.looked, key=lambda one: (one.chance, one.kind, one.subject))
    ]
    return Sheet(say("alerts.sheet.looked", language), columns, rows, say("alerts.none_looked", language))


def _told(one: Pattern, alerts: Alerts, rulebook: Rulebook, language: Language) -> list[Part]:
    title, seen, *rest = alert_lines(one, alerts, rulebook, language)
    return [Heading(title, 2), Text(seen), *(Text(line, "bullet") for line in rest)]


def _headed(head: str, body: str, language: Language) -> str:
    colon = "：" if language == "zh" else ": "
    return f"{say(head, language)}{colon}{say(body, language)}"
