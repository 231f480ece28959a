"""The tracker for programs: the same answers as on the screen, as plain data."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from tulou.app.tracking import Seen, Tracker
from tulou.kernel.words import Words
from tulou.operations.tracker.domain.commitment import Commitment
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.domain.grouping import Way, counts, groups, pressing
from tulou.operations.tracker.domain.progress import Progress
from tulou.operations.tracker.domain.standing import Standing
from tulou.operations.tracker.domain.upward import upgoing

Plain = dict[str, Any]


def text_of(data: Any) -> str:  # noqa: ANN401  (any plain data)
    """Plain data as JSON that people can read too."""
    return json.dumps(data, ensure_ascii=False, indent=1, default=str, allow_nan=False)


def front(tracker: Tracker, seen: Seen) -> Plain:
    """Which city, which day, which record."""
    last = seen.events[-1] if seen.events else None
    return {
        "city": tracker.name,
        "synthetic": tracker.synthetic,
        "day": str(seen.day),
        "as_of": seen.as_of or None,
        "entries": len(seen.events),
        "newest_entry": last.number if last else None,
        "digest": last.digest if last else None,
    }


def overview(tracker: Tracker, seen: Seen, way: Way, soon: int) -> Plain:
    """How many commitments of each group stand where."""
    listed = [
        {"key": group.key, "title": both(group.title), **_counts(seen, group.commitments, soon),
         "commitments": list(group.commitments)}
        for group in groups(seen.agenda, way)
    ]  # fmt: skip
    return {
        **front(tracker, seen),
        "by": way,
        "soon_days": soon,
        "groups": listed,
        "all": _counts(seen, seen.standings, soon),
        "pressing": [
            {"commitment": one.commitment, "milestone": one.step or None, "day": one.day, "why": one.why}
            for one in pressing(seen.standings, seen.day, soon)
        ],
        "fallen_back": sorted(tracker.fallen_back(seen.standings)),
    }


def commitment(tracker: Tracker, seen: Seen, one: Commitment) -> Plain:
    """All that is known of one commitment."""
    standing = seen.standings[one.id]
    own = [event for event in seen.events if event.commitment == one.id]
    return {
        **front(tracker, seen),
        **_set(one),
        **_stands(standing),
        "fallen_back": one.id in tracker.fallen_back({one.id: standing}),
        "progress": _progress(tracker.progress_of(seen.agenda, one)),
        "figures": {name: tracker.latest(name) for name in one.indicators},
        "moved": [
            {"entry": event.number, "field": move.field, "known": event.known.isoformat(), "is_later": move.is_later}
            for event, move in tracker.moved(seen.events)
            if move.commitment == one.id
        ],
        "history": [_event(event) for event in own],
    }


def matters(tracker: Tracker, seen: Seen) -> Plain:
    """The matters that go upward."""
    return {
        **front(tracker, seen),
        "matters": [
            {
                "stage": one.stage,
                "entry": one.number or None,
                "under": one.under.id,
                "clause": one.under.clause,
                "sentences": list(one.under.sentences),
                "about": one.about or None,
                "title": one.title,
                "way": one.way,
                "to": list(one.to),
                "by": one.by or None,
                "since": one.since,
                "answer": one.answer or None,
                "answered": one.answered,
            }
            for one in upgoing(seen.agenda, seen.standings)
        ],
    }


def both(words: Words) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": words.zh, "en": words.en}


def _counts(seen: Seen, names: Iterable[str], soon: int) -> Plain:
    found = counts(seen.standings, names, seen.day, soon)
    return {"total": found.total, "states": dict(found.states), "overdue": found.overdue, "soon": found.soon,
            "unset": found.unset}  # fmt: skip


def _set(one: Commitment) -> Plain:
    target = one.target
    return {
        "id": one.id,
        "clause": one.clause,
        "sentences": list(one.sentences),
        "says": both(one.says),
        "kind": one.kind,
        "lead": list(one.lead),
        "supporting": list(one.supporting),
        "places": list(one.places),
        "rhythm": one.rhythm or None,
        "due": one.due,
        "target": target
        and {
            "says": both(target.says),
            "indicator": target.indicator or None,
            "value": target.value,
            "way": target.way,
        },
        "baseline": one.baseline or None,
        "needs": list(one.needs),
        "milestones": [{"id": step.id, "title": both(step.title), "due": step.due} for step in one.milestones],
        "set_by": dict(one.setters),
    }


def _stands(standing: Standing) -> Plain:
    return {
        "state": standing.state,
        "overdue": standing.is_overdue,
        "lacking": list(standing.lacking),
        "lacks": list(standing.lacks),
        "reached": dict(standing.reached or {}),
        "evidence": [
            {
                "entry": item.number,
                "kind": item.kind,
                "name": item.name,
                "sha256": item.digest,
                "bytes": item.size,
                "source": item.source,
                "by": item.given_by,
                "dated": item.dated,
                "known": item.known.isoformat(),
                "withdrawn": item.withdrawn or None,
            }
            for item in standing.evidence
        ],
    }


def _progress(found: Progress) -> Plain:
    return {
        "indicator": found.indicator or None,
        "baseline": _number(found.baseline),
        "restated_baseline": _number(found.restated),
        "now": _number(found.now),
        "parts": dict(found.parts) if found.parts is not None else None,
        "share": _number(found.share),
        "reason": found.reason or None,
    }


def _event(event: Event) -> Plain:
    facts: Mapping[str, Any] = event.facts
    return {
        "entry": event.number,
        "kind": event.kind,
        "by": event.by,
        "who": event.who or None,
        "happened": event.happened,
        "known": event.known.isoformat(),
        "facts": dict(facts),
        "digest": event.digest,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
