"""What is told of commitments over HTTP, in words: where each stands, by when, what shows it, what lacks.

Names of files, where they came from and who signed are on record and are not told here; numbers by which a person could
be reached are masked in notes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tulou.app.tracking import Seen, Tracker
from tulou.kernel.words import Language
from tulou.operations.hotline.domain.masking import masked
from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.domain.grouping import clause_name
from tulou.operations.tracker.domain.standing import STATES, Judgement, Standing
from tulou.operations.tracker.domain.telling import (
    CLAIM_WORDS,
    ENTRY_WORDS,
    LACK_WORDS,
    RHYTHM_WORDS,
    STATE_WORDS,
    basis_of,
    progress_words,
    target_words,
)
from tulou.publish.numbers import unit_text

UNTOLD = frozenset({"evidence", "matter"})
"""Entries whose own words name files or sources."""


def states(language: Language) -> list[dict[str, str]]:
    """The states in which commitments stand, in order."""
    return [{"id": state, "title": STATE_WORDS[state].say(language)} for state in STATES]


def listed(seen: Seen, language: Language) -> list[dict[str, Any]]:
    """Every commitment in a line: what it says, where it stands, who leads, by when, what lacks."""
    return [_line(seen.agenda, standing, language) for standing in seen.standings.values()]


def in_words(tracker: Tracker, seen: Seen, one: Commitment, language: Language) -> dict[str, Any]:
    """One commitment in words.

    Args:
        tracker: The tracker.
        seen: The tracker as it stood.
        one: The commitment.
        language: Language of the answer.
    """
    agenda, standing = seen.agenda, seen.standings[one.id]
    return _line(agenda, standing, language) | {
        "clause_title": one.title.say(language),
        "basis": basis_of(one).say(language),
        "supporting": _bodies(agenda, one.supporting, language),
        "places": [agenda.places[name].say(language) for name in one.places if name in agenda.places],
        "target": target_words(one.target, tracker.titles).say(language) if one.target else "",
        "needs": [
            {
                "kind": kind,
                "title": _kind(agenda, kind, language),
                "there": kind not in standing.lacking,
            }
            for kind in one.needs
        ],
        "given": [
            {
                "entry": item.number,
                "title": _kind(agenda, item.kind, language),
                "by": agenda.body_title(item.given_by).say(language),
                "withdrawn": bool(item.withdrawn),
            }
            for item in standing.evidence
        ],
        "milestones": [
            {
                "id": step.id,
                "title": step.title.say(language),
                "due": step.due and step.due.isoformat(),
                "reached": _day((standing.reached or {}).get(step.id)),
            }
            for step in one.milestones
        ],
        "report": _judged(agenda, standing.assessment, language),
        "second_party": _judged(agenda, standing.verification, language),
        "progress": progress_words(tracker.progress_of(agenda, one)).say(language),
        "figures": [_figure(tracker, name, language) for name in one.indicators],
        "history": [_entry(agenda, event, language) for event in seen.events if event.commitment == one.id],
    }


def _line(agenda: Agenda, standing: Standing, language: Language) -> dict[str, Any]:
    one = standing.commitment
    return {
        "id": one.id,
        "clause": clause_name(one.clause),
        "says": one.says.say(language),
        "state": standing.state,
        "state_title": STATE_WORDS[standing.state].say(language),
        "overdue": standing.is_overdue,
        "lead": _bodies(agenda, one.lead, language),
        "due": _day(one.due),
        "rhythm": RHYTHM_WORDS[one.rhythm].say(language),
        "asked": len(one.needs),
        "there": len(one.needs) - len(standing.lacking),
        "lacks": [LACK_WORDS[lack].say(language) for lack in standing.lacks],
    }


def _judged(agenda: Agenda, found: Judgement | None, language: Language) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "says": CLAIM_WORDS[found.says].say(language),
        "by": agenda.body_title(found.by).say(language),
        "on": found.happened.isoformat(),
        "note": masked(found.note)[0],
    }


def _entry(agenda: Agenda, event: Event, language: Language) -> dict[str, Any]:
    facts = event.facts
    said = "" if event.kind in UNTOLD else masked(str(facts.get("note") or facts.get("reason") or ""))[0]
    claim = facts.get("state") or facts.get("says")
    return {
        "entry": event.number,
        "kind": ENTRY_WORDS[event.kind].say(language),
        "by": agenda.body_title(event.by).say(language),
        "happened": str(event.happened),
        "known": event.known.isoformat(),
        "claim": CLAIM_WORDS[str(claim)].say(language) if claim in CLAIM_WORDS else "",
        "what": _kind(agenda, str(facts["kind"]), language) if event.kind == "evidence" else said,
    }


def _figure(tracker: Tracker, name: str, language: Language) -> dict[str, Any]:
    known = tracker.rules.indicators[name]
    value = tracker.latest(name)
    return {
        "indicator": name,
        "title": known.title.say(language),
        "value": value,
        "unit": known.unit,
        "unit_words": unit_text(known.unit, language),
    }


def _bodies(agenda: Agenda, names: Iterable[str], language: Language) -> list[str]:
    return [agenda.body_title(name).say(language) for name in names]


def _kind(agenda: Agenda, kind: str, language: Language) -> str:
    return agenda.evidence[kind].say(language) if kind in agenda.evidence else kind


def _day(day: object) -> str | None:
    return None if day is None else str(day)
