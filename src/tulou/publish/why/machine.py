"""Documents for machines: what changed between two checks, and why, as plain values that JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from tulou.diagnosis.difference.behind import Behind, ObjectChange
from tulou.diagnosis.difference.coalitions import CAUSES
from tulou.diagnosis.difference.figures import DIVIDED
from tulou.diagnosis.difference.rules import RuleChange
from tulou.kernel.words import LANGUAGES, Language
from tulou.publish.numbers import unit_text
from tulou.publish.why.material import Change, EndLine, Subject
from tulou.publish.why.shown import shown_change
from tulou.publish.why.tell import happened, kind_of, paragraph, rule_words, title_of
from tulou.publish.words import say

Document = dict[str, Any]
VERSION = 1
"""Version of these documents; a name is never given another meaning within one."""
MOST_OBJECTS = 300
"""Objects listed behind one part of one figure, those with the largest share first; how many there are is told."""
KEPT = (
    "level", "unit", "unit_name", "indicator", "variant", "before", "after", "change", *CAUSES, "within_borders",
    "kind", "because", "status_before", "status_after", "status_because",
)  # fmt: skip


def changes_document(subject: Subject) -> Document:
    """What changed between two checks as plain values; words stand in every language.

    Args:
        subject: What is told.
    """
    return {
        "format": VERSION,
        "what": "changes",
        "city": subject.city,
        "synthetic": subject.synthetic,
        "credit": list(subject.credits),
        "before": _end(subject.before),
        "after": _end(subject.after),
        "causes": list(subject.causes),
        "made_again": subject.made_again,
        "counts": [dict(row) for row in subject.counts],
        "figures": [_figure(one, subject) for one in subject.changes],
    }


def _end(one: EndLine) -> Document:
    return asdict(one) | {"day": one.day.isoformat()}


def _figure(one: Change, subject: Subject) -> Document:
    row = one.row
    lacks = {language: row[f"reason_{language}"] for language in LANGUAGES}
    return {
        **{name: _bare(row[name]) for name in KEPT},
        "title": _in_words(lambda language: title_of(one, language)),
        "value_unit": one.titles.unit,
        "value_unit_words": _in_words(lambda language: unit_text(one.titles.unit, language)),
        "better": one.titles.better,
        "reason": lacks if all(lacks.values()) else None,
        "shown": {language: _shown(one, language) for language in LANGUAGES} if row["kind"] == DIVIDED else None,
        "kin": list(one.kin),
        "tells": _in_words(lambda language: paragraph(one, subject, language)) if one.behind else None,
        "behind": [_behind(each, subject) for each in one.behind],
    }


def _shown(one: Change, language: Language) -> Document:
    """Numbers rounded so that the parts add up to the change."""
    told = shown_change(one.before, one.after, one.parts, one.titles.unit, language)
    return {"before": told.before, "after": told.after, "change": told.change, "parts": dict(told.parts)}


def _behind(one: Behind, subject: Subject) -> Document:
    return {
        "cause": one.cause,
        "cause_words": _in_words(lambda language: say(f"why.cause.{one.cause}", language)),
        "rest": _bare(one.rest),
        "rows": one.rows,
        "claims": list(one.claims),
        "matched": len(one.objects),
        "objects": [_object(each, subject) for each in one.objects[:MOST_OBJECTS]],
        "rules": [_rule(each) for each in one.rules],
    }


def _object(one: ObjectChange, subject: Subject) -> Document:
    source = subject.commits.get(one.commit) if one.commit is not None else None
    return {
        "entity": one.entity,
        "kind": _in_words(lambda language: kind_of(one, subject, language)),
        "id": one.id,
        "name": one.name,
        "how": one.touch.how,
        "happened": _in_words(lambda language: happened(one, subject, language)),
        "share": _bare(one.share),
        "rows": one.rows,
        "commit": one.commit,
        "source": source.source if source is not None else None,
        "recorded": source.day.isoformat() if source is not None else None,
    }


def _rule(one: RuleChange) -> Document:
    return {
        "kind": one.kind,
        "name": one.name,
        "says": _in_words(lambda language: rule_words(one, language)),
        "clause": one.clause,
        "since": one.since,
    }


def _in_words(say_in: Callable[[Language], str]) -> dict[str, str]:
    return {language: say_in(language) for language in LANGUAGES}


def _bare(value: Any) -> Any:  # noqa: ANN401  (cells of any type)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def in_language(value: Any, language: Language) -> Any:  # noqa: ANN401  (documents of any shape)
    """A document with its words in one language.

    Args:
        value: A document, or a part of one, whose words stand in every language.
        language: The language.
    """
    if isinstance(value, Mapping):
        if value.keys() == set(LANGUAGES):
            return value[language]
        return {key: in_language(one, language) for key, one in value.items()}
    if isinstance(value, list):
        return [in_language(one, language) for one in value]
    return value
