"""Why a figure moved, in one paragraph of plain words, and the words for objects and rules behind it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tulou.diagnosis.difference.behind import Behind, ObjectChange
from tulou.diagnosis.difference.coalitions import BOUNDARY, CAUSES, CITY, DEFINITION
from tulou.diagnosis.difference.figures import APPEARED, DIVIDED
from tulou.diagnosis.difference.rules import RuleChange
from tulou.diagnosis.difference.touched import HOWS, Step
from tulou.kernel.facts import GEOMETRY
from tulou.kernel.words import Language
from tulou.publish.numbers import quantity
from tulou.publish.why.material import Change, Subject
from tulou.publish.why.shown import shown_change
from tulou.publish.words import say

MOST_GROUPS = 3
"""Kinds of objects named in a sentence; a list that is read out stays short."""
MOST_RULES = 3
GROUPED = 10_000
"""From here on whole numbers without a unit are set in groups of three digits."""
PUBLIC = "public"
"""Sensitivity of what everybody may see."""


_GAP = re.compile("(?<=[\u4e00-\u9fff]) (?=[升降变])")
"""A space between two Chinese words, which a unit such as 栋 leaves before the verb."""


def title_of(change: Change, language: Language) -> str:
    """What a figure is called: indicator, variant and unit."""
    title, row = change.titles.title.say(language), change.row
    if row["variant"]:
        variant = change.titles.variants.get(row["variant"])
        told = variant.say(language) if variant is not None else row["variant"]
        title = say("why.variant", language, title=title, variant=told)
    if row["level"] == "city":
        return title
    return say("why.of_unit", language, title=title, unit=row["unit_name"] or row["unit"])


def paragraph(change: Change, subject: Subject, language: Language) -> str:
    """Why one figure moved, in words that can be read out.

    Args:
        change: The figure.
        subject: What it is a part of.
        language: Language of the words.
    """
    row, unit = change.row, change.titles.unit
    verdict = _verdict(change, subject, language)
    title = title_of(change, language)
    if row["kind"] == DIVIDED:
        return _GAP.sub("", _divided(change, subject, title, verdict, language).strip())
    cause = row["because"] or ""
    why = _kin(change, language) if cause == BOUNDARY else reason(change.of(cause), subject, language)
    told = say(
        f"why.tell.{row['kind']}",
        language,
        title=title,
        before=quantity(row["before"], unit, language),
        after=quantity(row["after"], unit, language),
        cause=say(f"why.cause.{cause}", language) if cause else say("why.dash", language),
        why=_bracketed(why, language),
        verdict=verdict,
    ).strip()
    told = _GAP.sub("", told)
    lack = row["reason_zh"] if language == "zh" else row["reason_en"]
    if lack:
        told = _followed(told, say("why.lack", language, reason=lack), language)
    if row["kind"] != APPEARED or row["within_borders"] is None:
        return told
    borders = say("why.borders", language, value=quantity(row["within_borders"], unit, language))
    return _followed(told, borders, language)


def _followed(text: str, more: str, language: Language) -> str:
    """A sentence and the next."""
    return f"{text}{'' if language == 'zh' else ' '}{more}"


def _kin(change: Change, language: Language) -> str:
    """What a unit was made from, or became."""
    if not change.kin:
        return ""
    way = "out_of" if change.row["kind"] == APPEARED else "into"
    return say(f"why.kin.{way}", language, units=say("language.list", language).join(change.kin))


def _divided(change: Change, subject: Subject, title: str, verdict: str, language: Language) -> str:
    shown = shown_change(change.before, change.after, change.parts, change.titles.unit, language)
    if not any(change.parts.values()):
        return say("why.tell.same", language, title=title, after=shown.after, verdict=verdict)
    told: list[str] = []
    for cause in CAUSES:
        part = say("why.part", language, cause=say(f"why.cause.{cause}", language), part=shown.parts[cause])
        why = reason(change.of(cause), subject, language) if change.parts[cause] else ""
        told.append(part + _bracketed(why, language))
    delta = change.after - change.before
    way = "rose" if delta > 0 else "fell" if delta < 0 else "stood"
    return say(
        f"why.tell.{way}",
        language,
        title=title,
        before=shown.before,
        after=shown.after,
        change=shown.change,
        parts=say("why.join", language).join(told),
        verdict=verdict,
        closing=say(f"why.closing.{_direction(change)}", language),
    )


def _direction(change: Change) -> str:
    """Whether the part of the city is for the better."""
    part, better = change.parts[CITY], change.titles.better
    if part == 0.0:
        return "nothing"
    if better not in {"higher", "lower"}:
        return "neither"
    return "better" if (part > 0) == (better == "higher") else "worse"


def _verdict(change: Change, subject: Subject, language: Language) -> str:
    row = change.row
    before, after = row["status_before"], row["status_after"]
    if not change.is_turned or row["status_because"] is None:
        return ""
    words = [say(f"status.{status.replace(' ', '_')}", language) for status in (before, after)]
    cause = say(f"why.cause.{row['status_because']}", language)
    behind = change.of(row["status_because"])
    if behind is not None:
        marks = _rules([rule for rule in behind.rules if rule.kind == "mark"], language)
        cause += _bracketed(marks or _claims(behind, subject, language), language)
    return say("why.verdict", language, before=words[0], after=words[1], cause=cause)


def _claims(behind: Behind, subject: Subject, language: Language) -> str:
    """Lists of which it is claimed, or no longer, that nothing is missing."""
    known = subject.dictionary
    titles = [known[name].title.say(language) if name in known else name for name in behind.claims]
    return say("why.claims", language, lists=say("language.list", language).join(titles)) if titles else ""


def _bracketed(why: str, language: Language) -> str:
    return say("why.reason", language, why=why) if why else ""


def reason(behind: Behind | None, subject: Subject, language: Language) -> str:
    """What stands behind a part, in a few words; empty when nobody knows."""
    if behind is None:
        return ""
    if behind.cause == DEFINITION:
        return _rules(behind.rules, language)
    owners = [one for one in behind.objects if one.share is not None] or list(behind.objects)
    return _groups(owners, subject, language)


def _groups(objects: Iterable[ObjectChange], subject: Subject, language: Language) -> str:
    """Objects counted by kind and by what happened to them, those that matter most first."""
    counted: dict[str, Counter[str]] = {}
    for one in objects:
        counted.setdefault(kind_of(one, subject, language), Counter())[one.touch.how] += 1
    told = [
        say(
            "why.group.all",
            language,
            title=title,
            counts=say("language.list", language).join(
                say(f"why.group.{how}", language, count=f"{counts[how]:,}") for how in HOWS if counts[how]
            ),
        )
        for title, counts in list(counted.items())[:MOST_GROUPS]
    ]
    more = [say("why.group.more", language)] if len(counted) > MOST_GROUPS else []
    return say("why.and", language).join([*told, *more])


def kind_of(one: ObjectChange, subject: Subject, language: Language) -> str:
    """What an object is, as narrowly as the figure takes it."""
    if one.kind in subject.selections:
        return subject.selections[one.kind].say(language)
    return subject.dictionary[one.entity].title.say(language) if one.entity in subject.dictionary else one.entity


def _rules(rules: Iterable[RuleChange], language: Language) -> str:
    every = list(rules)
    chosen = [rule for rule in every if rule.kind != "mark"] or every
    told = [rule_words(rule, language) for rule in chosen[:MOST_RULES]]
    more = [say("why.group.more", language)] if len(chosen) > MOST_RULES else []
    return say("why.and", language).join([*told, *more])


def rule_words(rule: RuleChange, language: Language) -> str:
    """What changed in a rule."""
    title = rule.title.say(language)
    if rule.kind in {"parameter", "mark"} and _is_plain(rule.before) and _is_plain(rule.after):
        shown = [value_words(value, rule.unit, language) for value in (rule.before, rule.after)]
        told = say("why.rule.values", language, title=title, before=shown[0], after=shown[1])
    else:
        told = say(f"why.rule.{rule.kind}", language, title=title, before=rule.before, after=rule.after)
    clause = say("why.rule.clause", language, clause=rule.clause) if rule.clause else ""
    return told + clause


def _is_plain(value: object) -> bool:
    return isinstance(value, (int, float)) or (
        isinstance(value, list) and all(isinstance(one, (int, float)) for one in value)
    )


def value_words(value: Any, unit: str, language: Language) -> str:  # noqa: ANN401  (a value of any attribute)
    """One value of a rule or an attribute."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return say("language.unknown", language)
    if isinstance(value, bool):
        return say(f"paper.{'yes' if value else 'no'}", language)
    if isinstance(value, (int, float)) and unit in {"", "1"} and abs(value) < GROUPED and value == round(value):
        return f"{value:.0f}"  # A year, as often as not.
    if isinstance(value, (int, float)):
        return quantity(float(value), unit or "1", language, is_exact=True)
    if isinstance(value, list):
        return "–".join(value_words(one, unit, language) for one in value)
    return str(value)


def step_words(entity: str, step: Step, subject: Subject, language: Language) -> str:
    """One attribute of an object, before and after; of one that is not public only that it changed."""
    if step.attribute == GEOMETRY:
        return say("why.outline", language)
    known = subject.dictionary[entity].attributes if entity in subject.dictionary else {}
    attribute = known.get(step.attribute)
    name = attribute.title.say(language) if attribute is not None else step.attribute
    if attribute is not None and attribute.sensitivity != PUBLIC:
        return say("why.hidden", language, name=name)
    shown: list[str] = []
    for value in (step.before, step.after):
        titled = attribute.values.get(value) if attribute is not None and attribute.values else None
        unit = attribute.unit if attribute is not None else ""
        shown.append(titled.say(language) if titled is not None else value_words(value, unit, language))
    return say("why.step", language, name=name, before=shown[0], after=shown[1])


def happened(one: ObjectChange, subject: Subject, language: Language) -> str:
    """What happened to an object."""
    if one.touch.how != "changed":
        return say(f"why.how.{one.touch.how}", language)
    steps = [step_words(one.entity, step, subject, language) for step in one.touch.steps]
    return say("why.and", language).join(steps) or say("why.how.changed", language)
