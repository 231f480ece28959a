"""Cities that are served: opened when they are asked for, states kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from starlette.requests import Request

from tulou.app.api.problems import Missing
from tulou.app.wiring import last_day, look_at
from tulou.kernel.clock import MAIN
from tulou.model.state import State
from tulou.model.store.city import City

T = TypeVar("T")
MOST_KEPT = 64
"""Things of one kind, worked out for readers, that are kept at once over all cities where nothing else is said."""
MOST_OF: Mapping[str, int] = {"state": 4, "check": 6, "tiles": 32, "objects": 16, "alarms": 8, "tracker": 8}
"""The same for kinds that are large: states of a city, checks with the state they were made of, layers of tiles (eight
a state), objects of an indicator, and operations with all their records. What was used longest ago goes first."""


STAMPED = ("city.json", "dictionary.json", "commits", "branches", "tags")
"""Files and folders of a city that every addition to it writes to."""


@dataclass(eq=False)
class Shelf:
    """Cities by the name they are served under.

    Args:
        folders: Folder of each.
    """

    folders: Mapping[str, Path]
    _kept: dict[str, OrderedDict[tuple[Any, ...], Any]] = field(default_factory=dict)
    _making: dict[tuple[Any, ...], Lock] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def folder(self, name: str) -> Path:
        """Folder of a city.

        Raises:
            Missing: When no such city is served.
        """
        if name not in self.folders:
            raise Missing("no such city is served", where="city", found=name, allowed=self.folders)
        return self.folders[name]

    def city(self, name: str) -> City:
        """A city as it is on the disk now; opened again when something was added."""
        folder = self.folder(name)
        return self.once((name, "city", stamp_of(folder)), lambda: look_at(folder))

    def state(self, name: str, *, valid: date | None = None, record: str | None = None, branch: str = MAIN) -> State:
        """A city on a day, as far as it was known at a record; kept as long as nothing was added."""
        stamp = stamp_of(self.folder(name))

        def made() -> State:
            city = self.city(name)
            return city.state(valid=valid or last_day(city, branch), record=record, branch=branch)

        def which() -> tuple[Any, ...]:
            moment = made().moment
            return (name, "state", moment.valid, moment.record, branch)

        return self.once(self.once((name, "asked", stamp, valid, record, branch), which), made)

    def once(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """What was made for a key, or made now; of two who ask at once the second waits for the first.

        Args:
            key: The city, the kind of thing, and what tells it from others of its kind.
            make: Makes it.
        """
        kind = str(key[1])
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                kept = self._kept.setdefault(kind, OrderedDict())
                if key in kept:
                    kept.move_to_end(key)
                    found: T = kept[key]
                    return found
            made = make()
            with self._lock:
                kept[key] = made
                self._making.pop(key, None)
                while len(kept) > MOST_OF.get(kind, MOST_KEPT):
                    kept.popitem(last=False)
            return made

    def held(self, kind: str) -> int:
        """How many things of a kind are kept."""
        with self._lock:
            return len(self._kept.get(kind, ()))


def stamp_of(folder: Path) -> tuple[int, ...]:
    """Tells whether anything was added to a city: when its description and its log were last written."""
    found = []
    for part in STAMPED:
        try:
            found.append((folder / part).stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)


def shelf_of(request: Request) -> Shelf:
    """The cities that the application serves."""
    found: Shelf = request.app.state.shelf
    return found


async def _given(request: Request) -> Shelf:
    """The same without another thread, which would cost more than the looking."""
    return shelf_of(request)


Served = Annotated[Shelf, Depends(_given)]
"""What a handler declares to be given the cities."""
