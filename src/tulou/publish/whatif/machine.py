"""Documents for machines: an outcome as plain values that JSON can hold, with everything a program may want to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tulou.diagnosis.diagnose import Diagnosis
from tulou.indicators.rulebook.content import Setting
from tulou.kernel.words import Words
from tulou.model.state import Profile
from tulou.plan.effects import TURNS
from tulou.plan.projects.project import Project
from tulou.plan.whatif.laws import ParameterChange
from tulou.plan.whatif.outcome import FindingLine, Line, Named, Outcome, Stand, Unassessed
from tulou.plan.whatif.subjects import Coming, Compared, Tried

Document = dict[str, Any]
VERSION = 1
"""Version of these documents; a name is never given another meaning within one."""


def as_document(outcome: Outcome, *, most: int | None = None) -> Document:
    """An outcome as plain values.

    Args:
        outcome: The outcome.
        most: Most lines of each list; all when left out.
    """
    cut = slice(most)
    return {
        "format": VERSION,
        "city": outcome.effect.after.check.profile.name,
        "synthetic": outcome.effect.after.check.profile.synthetic,
        "before": _side(outcome.effect.before),
        "after": _side(outcome.effect.after),
        "counts": counts(outcome),
        "flips": [_line(line) for line in outcome.flips[cut]],
        "crossings": [_line(line) for line in outcome.crossings[cut]],
        "moves": [_line(line) for line in outcome.moves[cut]],
        "findings": [_finding(line) for line in outcome.findings[cut]],
        "fails_anew": {
            "indicators": [[line.indicator, line.level, line.unit] for line in outcome.red_lines],
            "findings": [line.change.finding for line in outcome.red_findings],
        },
        "not_assessed": [_unassessed(one) for one in outcome.unassessed],
    }


def trial_document(tried: Tried, *, most: int | None = None) -> Document:
    """Everything that is known of a project that was tried.

    Args:
        tried: The project.
        most: Most lines of each list; all when left out.
    """
    kept = None if tried.commit is None else {"branch": tried.commit.branch, "commit": tried.commit.number}
    head = {"what": "whatif", "project": project_document(tried.project), "kept": kept}
    return {**head, **as_document(tried.outcome, most=most)}


def law_document(compared: Compared) -> Document:
    """Everything that is known of two rules compared."""
    near = [{**_line(one.line), "distance": one.distance} for one in compared.near]
    return {
        "what": "lawdiff",
        "parameters": [_parameter(change) for change in compared.changes],
        **as_document(compared.outcome),
        "near_the_mark": {"share": compared.share, "answers": near},
    }


def calendar_document(profile: Profile, days: Sequence[Coming]) -> Document:
    """Everything that is known of the rules that come into force."""
    told = [
        {
            "day": one.commencement.day.isoformat(),
            "parameters": [_parameter(change) for change in one.commencement.parameters],
            "indicators_worked_otherwise": list(one.commencement.indicators),
            **as_document(one.outcome),
        }
        for one in days
    ]
    return {"what": "calendar", "format": VERSION, "city": profile.name, "synthetic": profile.synthetic, "days": told}


def _parameter(change: ParameterChange) -> Document:
    versions = (change.before, change.after)
    sides = [
        None if version is None else {
            "value": plain_setting(version.value), "unit": unit, "since": version.since.isoformat(),
            "clause": version.clause, "evidence": version.evidence,
        }
        for version, unit in zip(versions, change.units, strict=True)
    ]  # fmt: skip
    return {"parameter": change.name, "title": _words(change.title), "before": sides[0], "after": sides[1]}


def plain_setting(setting: Setting) -> Any:  # noqa: ANN401  (a number, a range, pairs, or a value by class)
    """What a setting says, as plain values."""
    if setting.class_of is not None:
        values = {name: list(one) if isinstance(one, tuple) else one for name, one in setting.by_class.items()}
        return {"by": ".".join(setting.class_of), "values": values}
    if setting.brackets:
        return [list(pair) for pair in setting.brackets]
    return list(setting.range) if setting.range is not None else setting.number


def counts(outcome: Outcome) -> dict[str, int]:
    """How many of each there are."""
    kinds = [line.change.kind for line in outcome.findings]
    turned = [line.turn for line in outcome.flips]
    return {
        "flips": len(outcome.flips),
        **{way: turned.count(way) for way in TURNS},
        "crossings": len(outcome.crossings),
        "moves": len(outcome.moves),
        "findings_appeared": kinds.count("appeared"),
        "findings_vanished": kinds.count("vanished"),
        "findings_changed": kinds.count("changed"),
        "objects_added": sum(len(line.added) for line in outcome.findings),
        "objects_dropped": sum(len(line.dropped) for line in outcome.findings),
        "fails_anew": len(outcome.red_lines) + len(outcome.red_findings),
        "not_assessed": len(outcome.unassessed),
    }


def project_document(project: Project) -> Document:
    """A project as plain values: its files, and what it does to which object."""
    edits = [
        {
            "action": edit.action,
            "entity": edit.entity,
            "id": edit.id,
            "name": edit.name,
            "values": {name: _plain(value) for name, value in edit.values.items()},
        }
        for edit in project.edits
    ]
    remarks = [_words(words) for words in project.remarks]
    return {"name": project.name, "files": dict(project.files), "edits": edits, "remarks": remarks}


def _side(diagnosis: Diagnosis) -> Document:
    check = diagnosis.check
    return {
        "check": check.id, "day": check.day.isoformat(), "record": check.record, "branch": check.branch,
        "rulebook": dict(check.rulebook),
    }  # fmt: skip


def _line(line: Line) -> Document:
    change = None
    if line.before.value is not None and line.after.value is not None:
        change = line.after.value - line.before.value
    return {
        "indicator": line.indicator,
        "title": _words(line.title),
        "variant": line.variant,
        "dimension": line.dimension,
        "measured_in": line.measured_in,
        "level": line.level,
        "unit": line.unit,
        "unit_name": line.unit_name,
        "people": line.people,
        "turn": line.turn,
        "change": change,
        "before": _stand(line.before),
        "after": _stand(line.after),
    }


def _stand(stand: Stand) -> Document:
    article = stand.article
    return {
        "value": stand.value,
        "numerator": stand.numerator,
        "denominator": stand.denominator,
        "low": stand.low,
        "high": stand.high,
        "verdict": stand.verdict or None,
        "meets_mark": stand.meets,
        "reason": _words(stand.reason) if stand.reason.en else None,
        "article": None if article is None else {
            "parameter": article.parameter,
            "title": _words(article.title),
            "mark": article.mark,
            "clause": article.clause,
            "in_force_since": article.since.isoformat(),
            "evidence": article.evidence,
        },
    }  # fmt: skip


def _finding(line: FindingLine) -> Document:
    change = line.change
    return {
        "finding": change.finding,
        "kind": change.kind,
        "indicator": change.indicator,
        "title": _words(line.title),
        "level": change.level,
        "unit": change.unit,
        "unit_name": change.unit_name,
        "entity": change.entity,
        "status": [status or None for status in change.status],
        "objects": list(change.counts),
        "people": list(change.people),
        "sizes": list(change.sizes),
        "size_unit": change.size_unit or None,
        "cause": change.cause or None,
        "added": [_named(one) for one in line.added],
        "dropped": [_named(one) for one in line.dropped],
    }


def _named(one: Named) -> Document:
    return {"id": one.id, "name": one.name, "in_city": one.is_there}


def _unassessed(one: Unassessed) -> Document:
    return {
        "indicator": one.indicator,
        "title": _words(one.title),
        "reason": _words(one.reason),
        "lacking": list(one.lacking),
        "is_new": one.is_new,
    }


def _words(words: Words) -> Mapping[str, str]:
    return {"zh": words.zh, "en": words.en}


def _plain(value: object) -> object:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    return str(value)
