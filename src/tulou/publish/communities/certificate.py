"""The certificate of a decision of owners: what was asked, who took part, what the law needs, what was objected."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tulou.kernel.words import Language, Words
from tulou.operations.communities.domain.majorities import Counting, Law
from tulou.operations.communities.domain.voting import SIDES, Amount, By, Condition, Count, Timing
from tulou.publish.paper.content import Column, Grid, Heading, Pairs, Paper, Part, Row, Sheet, Text
from tulou.publish.words import label, say

WIDE, NARROW = 18.0, 9.0
AREA_DIGITS = 2
PERCENT = 100
AREA: By = "area"


@dataclass(frozen=True)
class Decision:
    """What the certificate says.

    Args:
        title: What was to be decided.
        community: Name of the community.
        buildings: Buildings whose owners alone decide; empty for all.
        matter: Id of the matter.
        law: The law.
        counting: The rules of counting.
        silence: What silence meant.
        silence_basis: Where the community's own rules say so; empty where they do not.
        timing: The days.
        count: The ballots, counted.
        tests: The conditions.
        objections: Day, who, what, and what was answered.
        digests: SHA-256 of each file by its name.
    """

    title: Words
    community: str
    buildings: tuple[str, ...]
    matter: str
    law: Law
    counting: Counting
    silence: str
    silence_basis: str
    timing: Timing
    count: Count
    tests: tuple[Condition, ...]
    objections: tuple[tuple[date, str, str, str], ...]
    digests: Mapping[str, str]

    @property
    def is_adopted(self) -> bool:
        """Whether every condition of the count is met."""
        return all(test.is_met for test in self.tests)


def certificate_of(found: Decision, language: Language) -> Paper:
    """The certificate of a decision in one language."""
    cover = [
        (say("community.community", language), found.community),
        (say("community.motion", language), found.title.say(language)),
        (say("community.matter", language), matter_text(found.law, found.matter, language)),
        (say("community.law", language), f"{found.law.source.say(language)} ({found.law.version})"),
    ]
    if found.buildings:
        cover.append((say("community.scope", language), say("language.list", language).join(found.buildings)))
    title = say("community.certificate", language, community=found.community)
    return Paper(language, title, synthetic=False, cover=tuple(cover), parts=tuple(_parts(found, language)))


def matter_text(law: Law, matter: str, language: Language) -> str:
    """A matter with its item of the article and the majority it needs."""
    one = law.matter(matter)
    majority = law.majorities[one.majority][1].say(language)
    item = say("community.item", language, item=one.item)
    return say("community.matter_text", language, title=one.title.say(language), item=item, majority=majority)


def exact(value: Fraction, by: By, language: Language) -> str:
    """Heads as a whole number, area in m² with two decimals; the exact fraction beside it where two do not tell it."""
    if by != AREA:
        return f"{int(value):,}" if value.denominator == 1 else f"{float(value):,.2f}"
    text = f"{float(value):,.{AREA_DIGITS}f} m²"
    told = Fraction(round(value * 10**AREA_DIGITS), 10**AREA_DIGITS)
    return text if told == value else say("community.about", language, value=text)


def share_text(part: Fraction, whole: Fraction) -> str:
    """A part of a whole in percent, cut and not rounded, so that 66.666 % is never shown as two thirds."""
    if not whole:
        return "–"
    cut = part * PERCENT * 10**AREA_DIGITS // whole
    return f"{cut / 10**AREA_DIGITS:.{AREA_DIGITS}f}%"


def _parts(found: Decision, language: Language) -> Iterator[Part]:
    yield Heading(say("community.outcome", language), 1)
    yield Text(say(f"community.{'adopted' if found.is_adopted else 'not_adopted'}", language), "lead")
    for fault in formal_faults(found.timing, found.counting, found.count):
        yield Text(fault.say(language), "missing")
    yield Heading(say("community.conditions", language), 2)
    yield _tests(found, language)
    yield Text(say("community.cut", language), "note")
    yield Heading(say("community.count", language), 2)
    yield _sides(found.count, language)
    yield Heading(say("community.dates", language), 2)
    yield Pairs(tuple(_dates(found, language)))
    yield _objections(found, language)
    yield Heading(say("community.rules", language), 2)
    yield Pairs(tuple(_rules(found, language)))
    yield Heading(say("community.files", language), 2)
    yield Pairs(tuple((name, f"SHA-256 {digest}") for name, digest in sorted(found.digests.items())))
    yield Text(say("community.no_names", language), "note")
    yield Text(say("community.not_a_court", language), "note")


def formal_faults(timing: Timing, counting: Counting, count: Count) -> Iterator[Words]:
    """What is wrong, or not known, besides the count."""
    has_notice = timing.has_notice(counting.notice_days)
    if has_notice is None:
        yield label("community.notice_unknown")
    elif not has_notice:
        told = {"days": (timing.begins - (timing.noticed or timing.begins)).days, "needed": counting.notice_days}
        yield _filled("community.notice_late", told)
    if count.late:
        units = ", ".join(count.late[:_MOST]) + (" …" if len(count.late) > _MOST else "")
        yield _filled("community.late", {"count": len(count.late), "units": units})


_MOST = 12
"""Units named in one sentence."""


def _filled(name: str, parts: Mapping[str, object]) -> Words:
    return Words(say(name, "zh", **parts), say(name, "en", **parts))


def _tests(found: Decision, language: Language) -> Grid:
    head = ("condition", "by", "needed_share", "needed", "have", "share", "met")
    rows = [
        (
            say(f"community.test.{one.name}", language),
            say(f"community.by.{one.by}", language),
            say("community.share_of", language, share=one.share.say(), whole=exact(one.whole, one.by, language)),
            needed_text(one, language),
            exact(one.have, one.by, language),
            share_text(one.have, one.whole),
            say(f"community.{'yes' if one.is_met else 'no'}", language),
        )
        for one in found.tests
    ]
    titles = tuple(say(f"community.column.{name}", language) for name in head)
    widths = (WIDE, NARROW, WIDE, WIDE, WIDE, NARROW, NARROW)
    return Grid(titles, tuple(rows), widths, numbers=(3, 4, 5))


def needed_text(test: Condition, language: Language) -> str:
    """What just reaches a condition; area to the hundredth of a square metre, on the safe side."""
    is_passed = test.by == AREA and test.share.is_strict
    needed = test.needed
    if test.by == AREA:
        whole = math.floor if is_passed else math.ceil
        needed = Fraction(whole(needed * 10**AREA_DIGITS), 10**AREA_DIGITS)
    return f"{'>' if is_passed else '≥'} {exact(needed, test.by, language)}"


def _sides(count: Count, language: Language) -> Grid:
    rows: list[tuple[str, Amount, str]] = [
        (say(f"community.side.{side}", language), count.sides[side], _unit_count(count, side)) for side in SIDES
    ]
    if count.majority:
        rows.append((say("community.side.added", language), count.counted_silent, ""))
    rows.append((say("community.side.taking_part", language), count.taking_part, ""))
    rows.append((say("community.side.silent", language), count.silent, _unit_count(count, "silent")))
    rows.append((say("community.side.all", language), count.total, ""))
    head = tuple(say(f"community.column.{name}", language) for name in ("side", "area", "heads", "units"))
    told = tuple((name, exact(one.area, AREA, language), f"{one.heads:,}", units) for name, one, units in rows)
    return Grid(head, told, (WIDE, WIDE, NARROW, NARROW), numbers=(1, 2, 3))


def _unit_count(count: Count, name: str) -> str:
    return next((f"{units:,}" for choice, units in count.units.items() if choice == name), "")


def _dates(found: Decision, language: Language) -> Iterator[Row]:
    unknown = say("language.unknown", language)
    timing = found.timing
    for name in ("noticed", "begins", "ends", "announced"):
        day = getattr(timing, name)
        yield say(f"community.day.{name}", language), str(day) if day else unknown
    until = timing.may_be_revoked_until(found.counting.revocation_years)
    yield say("community.day.revocation", language), str(until) if until else unknown


def _objections(found: Decision, language: Language) -> Sheet:
    names = ("day", "from", "text", "answer")
    columns = tuple(
        Column(say(f"community.column.{name}", language), width=NARROW if name in {"day", "from"} else WIDE)
        for name in names
    )
    rows = [
        (str(day), source, text, answer or say("community.unanswered", language))
        for day, source, text, answer in found.objections
    ]
    return Sheet(say("community.objections", language), columns, rows, say("community.no_objections", language))


def _rules(found: Decision, language: Language) -> Iterator[Row]:
    for name, basis in found.counting.bases.items():
        told = {"days": found.counting.notice_days, "years": found.counting.revocation_years}
        words = say(f"community.rule.{name}", language, **told)
        if name == "silence":
            words = say(f"community.silence.{found.silence}", language)
        source = basis.source.say(language)
        if name == "silence" and found.silence_basis:
            source = found.silence_basis
        yield (
            words,
            say("community.basis", language, source=source, evidence=say(f"evidence.{basis.evidence}", language)),
        )
