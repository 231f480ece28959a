"""A snapshot of all cases as they stand, beside the city: derived from the events, and thrown away without loss.

It names the event up to which it was made, by number and digest. It is used only where the record holds that event,
and events after it are replayed on top, so that what is read equals a replay of everything. A file that is absent,
damaged or of another record is passed by and made anew.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from tulou.kernel.atomic import write_bytes
from tulou.kernel.identity import digest_text
from tulou.operations.cases.domain.case import Case, Hands, replayed
from tulou.operations.cases.domain.events import FIRST, Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Limit, Pause

FORMAT = 2
NAME = "standings.json"
MANY = 500
"""So many events are replayed before a new snapshot is worth its writing."""

_MOMENTS = ("opened", "since", "last", "ended")


class Record(Protocol):
    """What a snapshot asks of a store."""

    def events(self, case: str = "", *, after: int = 0) -> tuple[Event, ...]:
        """Events of one case, or of all, after a number; in order."""

    def flow(self, digest: str) -> Flow:
        """A version of a flow that was kept."""

    def digest_of(self, number: int) -> str:
        """Digest of an event; empty when there is none of that number."""


@dataclass(frozen=True)
class KeptStandings:
    """All cases after an event.

    Args:
        number: Number of the event.
        digest: Its digest.
        cases: Cases by id, in the order in which they were opened.
    """

    number: int
    digest: str
    cases: Mapping[str, Case]


def standing_cases(record: Record, file: Path) -> dict[str, Case]:
    """All cases as they stand, by id: those of the snapshot with every later event replayed on top.

    Args:
        record: The events.
        file: Where the snapshot is; it is made anew once many events came after it.
    """
    kept = load(file)
    if kept is None or not kept.number or record.digest_of(kept.number) != kept.digest:
        kept = KeptStandings(0, FIRST, {})
    later = record.events(after=kept.number)
    named = {one.facts["flow"] for one in later if "flow" in one.facts} | {one.digest for one in kept.cases.values()}
    cases = replayed(later, {digest: record.flow(digest) for digest in named}, kept.cases)
    if len(later) >= MANY:
        number = later[-1].number
        save(file, KeptStandings(number, record.digest_of(number), cases))
    return cases


def save(file: Path, kept: KeptStandings) -> None:
    """Write a snapshot in one step; a folder that cannot be written to goes without."""
    body = json.dumps([_plain(one) for one in kept.cases.values()], ensure_ascii=False, separators=(",", ":"))
    head = {"format": FORMAT, "number": kept.number, "digest": kept.digest, "body": digest_text(body)}
    try:
        write_bytes(file, f"{json.dumps(head)}\n{body}".encode())
    except OSError:
        return


def load(file: Path) -> KeptStandings | None:
    """Read a snapshot; None when there is none, or it is not whole."""
    try:
        head, _, body = file.read_bytes().decode().partition("\n")
        stated = json.loads(head)
        if stated["format"] != FORMAT or stated["body"] != digest_text(body):
            return None
        with _uncollected():
            cases = [_case(one) for one in json.loads(body)]
        return KeptStandings(int(stated["number"]), str(stated["digest"]), {one.id: one for one in cases})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Build many objects at once without looking for garbage among them, which takes longer than building them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _plain(case: Case) -> dict[str, Any]:
    found = dict(vars(case))
    for name in _MOMENTS:
        found[name] = found[name] and found[name].isoformat()
    found["pauses"] = [(one.start.isoformat(), one.end and one.end.isoformat(), one.reason) for one in case.pauses]
    found["limits"] = {state: (one.amount, one.unit) for state, one in case.limits.items()}
    found["reached"] = {name: moment.isoformat() for name, moment in case.reached.items()}
    found["called"] = {key: moment.isoformat() for key, moment in case.called.items()}
    found["done"] = {move: (sorted(one.bodies), sorted(one.signers)) for move, one in case.done.items()}
    return found


def _case(found: dict[str, Any]) -> Case:
    for name in _MOMENTS:
        found[name] = _moment(found[name])
    found["pauses"] = tuple(
        Pause(datetime.fromisoformat(start), _moment(end), why) for start, end, why in found["pauses"]
    )
    found["limits"] = {state: Limit(*pair) for state, pair in found["limits"].items()}
    found["reached"] = {name: datetime.fromisoformat(moment) for name, moment in found["reached"].items()}
    found["called"] = {key: datetime.fromisoformat(moment) for key, moment in found["called"].items()}
    found["done"] = {
        move: Hands(frozenset(bodies), frozenset(signers)) for move, (bodies, signers) in found["done"].items()
    }
    return Case(**found)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
