"""Cities made ready for projects to be tried on: measured once without one, with the work remembered for the next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from typing import Literal

from tulou.app.whatif import Ground
from tulou.diagnosis.diagnose import diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.kernel.errors import Conflict, NotEnoughData, TulouError

Readiness = Literal["cold", "preparing", "ready"]
MOST_READY = 4
"""Cities kept ready at once; the one used longest ago goes first."""
MOST_REMEMBERED = 1 << 30
"""Bytes of work remembered of each."""
GETTING_READY = "the city is being made ready for trials; ask again in a moment"
BUSY = "another project is being tried on this city; ask again in a moment"

Key = tuple[str, str, int | None, str]
"""Digest of the rules, day, record, branch: when any of these is another, a city is made ready anew."""


@dataclass(eq=False)
class _Place:
    """A city: its memory, what is ready of it, and who is trying something on it.

    Args:
        memo: Work on it.
        turn: Held by the one trial, or the making ready, that is being worked out.
        ready: What is ready, by what it was made of.
        fault: Why it could not be made ready, to be told to the next who asks.
    """

    memo: Memo = field(default_factory=lambda: Memo(MOST_REMEMBERED))
    turn: Lock = field(default_factory=Lock)
    ready: tuple[Key, Ground] | None = None
    making: Key | None = None
    done: Event = field(default_factory=Event)
    fault: TulouError | None = None


@dataclass(eq=False)
class Grounds:
    """Cities that projects are tried on, over all requests of a server."""

    _places: OrderedDict[Path, _Place] = field(default_factory=OrderedDict)
    _lock: RLock = field(default_factory=RLock)

    def readiness(self, folder: Path, bare: Ground) -> Readiness:
        """Whether a trial would be answered at once.

        Args:
            folder: Folder of the city.
            bare: The city and the rules.
        """
        place, key = self._place(folder), _key(bare)
        if place.ready is not None and place.ready[0] == key:
            return "ready"
        return "preparing" if place.making == key and not place.done.is_set() else "cold"

    def prepare(self, folder: Path, bare: Ground) -> Readiness:
        """Begin to make a city ready, where that was not begun."""
        place, key = self._place(folder), _key(bare)
        with self._lock:
            found = self.readiness(folder, bare)
            if found != "cold":
                return found
            place.making, place.fault = key, None
            place.done = Event()
            Thread(target=_make, args=(place, key, bare), daemon=True).start()
        return "preparing"

    @contextmanager
    def trying(self, folder: Path, bare: Ground, patience: float) -> Iterator[tuple[Ground, Memo]]:
        """Have a city for one trial.

        Args:
            folder: Folder of the city.
            bare: The city and the rules.
            patience: Seconds waited for it to be ready, and for those who ask at the same time.

        Yields:
            The city made ready, and the memory of work on it.

        Raises:
            Conflict: When it is not ready by then, or another trial is still at work.
            TulouError: When it cannot be made ready.
        """
        place = self._place(folder)
        self.prepare(folder, bare)
        place.done.wait(patience)
        if place.fault is not None and place.making == _key(bare):
            place.making, fault = None, place.fault
            raise fault
        if place.ready is None or place.ready[0] != _key(bare):
            raise Conflict(GETTING_READY, where="whatif")
        if not place.turn.acquire(timeout=patience):
            raise Conflict(BUSY, where="whatif")
        try:
            yield place.ready[1], place.memo
        finally:
            place.turn.release()

    def _place(self, folder: Path) -> _Place:
        with self._lock:
            place = self._places.setdefault(folder, _Place())
            self._places.move_to_end(folder)
            while len(self._places) > MOST_READY:
                self._places.popitem(last=False)
            return place


def _make(place: _Place, key: Key, bare: Ground) -> None:
    """Measure a city without any project."""
    with place.turn:
        try:
            before = diagnose(bare.rules, bare.state, memo=place.memo)
        except TulouError as error:
            place.fault = error
        except MemoryError:
            place.fault = NotEnoughData("there is not enough memory; nothing was kept", where="whatif")
        else:
            place.ready = (key, Ground(bare.state, bare.rules, before))
        finally:
            place.done.set()


def _key(bare: Ground) -> Key:
    moment = bare.state.moment
    return bare.rules.digest, moment.valid.isoformat(), moment.record, moment.branch
