"""What the clauses promise over HTTP: how many commitments stand where, and one with its milestones and evidence.

Names of files, who gave them and who signed are on record and are not told here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tulou.app import tracking_json
from tulou.app.api.checks import plain
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.api.tracker_answers import in_words, listed, states
from tulou.app.tracking import FOLDER, JOURNAL, Seen, Tracker, open_tracker
from tulou.kernel.errors import BadUse
from tulou.operations.tracker.domain.grouping import Way
from tulou.operations.tracker.domain.telling import WHY_WORDS, step_words

SOON, MOST_SOON = 30, 3660
"""Days ahead that count as soon."""
EVIDENCE = ("entry", "kind", "sha256", "bytes", "dated", "known", "withdrawn")
HISTORY = ("entry", "kind", "by", "happened", "known", "digest")
APART = ("set_by",)
"""What is not told of a commitment."""

On = Annotated[date | None, Query()]
AsOf = Annotated[str, Query(alias="asOf", max_length=40)]

ROUTER = APIRouter(prefix="/cities/{city}/tracker", tags=["tracker"])
"""Tracker of each city."""


@ROUTER.get("")
def overview(
    shelf: Served,
    city: str,
    language: Speech,
    by: Way = "clause",
    on: On = None,
    as_of: AsOf = "",
    soon: Annotated[int, Query(ge=0, le=MOST_SOON)] = SOON,
) -> dict[str, Any]:
    """How many commitments stand where, each in a line, what presses, what fell back."""
    tracker, seen = _seen(shelf, city, on, as_of)
    found: dict[str, Any] = plain(tracking_json.overview(tracker, seen, by, soon))
    names = seen.agenda.commitments
    for one in found["pressing"]:
        one["why_title"] = WHY_WORDS[one["why"]].say(language)
        one["title"] = step_words(names[one["commitment"]], one["milestone"] or "").say(language)
    return found | {"states": states(language), "commitments": listed(seen, language)}


@ROUTER.get("/{commitment}")
def commitment(
    shelf: Served, city: str, commitment: str, language: Speech, on: On = None, as_of: AsOf = ""
) -> dict[str, Any]:
    """One commitment: who leads, by when, milestones, evidence, how far it is."""
    tracker, seen = _seen(shelf, city, on, as_of)
    known = seen.agenda.commitments
    if commitment not in known:
        raise Missing("there is no such commitment", where="commitment", found=commitment, allowed=tuple(known))
    found: dict[str, Any] = plain(tracking_json.commitment(tracker, seen, known[commitment]))
    told = {key: value for key, value in found.items() if key not in APART}
    return told | {
        "evidence": [{key: one[key] for key in EVIDENCE} for one in found["evidence"]],
        "history": [{key: one[key] for key in HISTORY} for one in found["history"]],
        "words": plain(in_words(tracker, seen, known[commitment], language)),
    }


def _seen(shelf: Shelf, city: str, on: date | None, as_of: str) -> tuple[Tracker, Seen]:
    """The tracker as it stood; kept until something is entered or checked."""
    folder = shelf.folder(city)
    places = (folder / FOLDER / JOURNAL, folder / "checks")
    stamp = tuple(place.stat().st_mtime_ns if place.exists() else 0 for place in places)
    tracker = shelf.once((city, "tracker", stamp), lambda: open_tracker(folder))
    try:
        return tracker, tracker.seen(on, as_of)
    except (BadUse, OverflowError):
        allowed = ("a number of an entry", "a day like 2026-01-29")
        raise BadUse("this is no record of the tracker", where="asOf", found=as_of, allowed=allowed) from None
