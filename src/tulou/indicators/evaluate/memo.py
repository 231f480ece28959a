"""Memory of work done: what each piece of work gave, for what it read, over any number of evaluations.

A piece of work has a key, and what it reads is noted while it is done (see ``tracing``). When it is asked for again, in
another state, by another rulebook or for another day, and all it read is the same, its result is taken from here. When
only some of it differs, the work is done again; where the result is the same nevertheless, whatever rests on it need
not be done again either.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import count
from threading import RLock
from typing import Any

from tulou.indicators.evaluate.nearby import Nearby
from tulou.indicators.evaluate.sameness import is_same, room
from tulou.indicators.evaluate.tracing import Read
from tulou.kernel.identity import digest_text
from tulou.model.dictionary import Dictionary

LIMIT = 2 << 30
"""Bytes of results kept when nobody says otherwise: the work on a city of some 100,000 buildings."""
MOST = 48
"""Results remembered of one piece of work; those last used stay."""

TWINS = 4
"""Latest results that a new one is compared with."""

WholeKey = tuple[Hashable, Hashable]
"""What names a piece of work: the ground all work rests on, and its own key."""

VersionOf = Callable[[Read], Hashable]
"""Tells what stands where something was read."""


@dataclass(eq=False)
class Done:
    """A piece of work done.

    Args:
        reads: What it read.
        versions: What stood there.
        token: Number of its result: equal results of one piece of work have one number.
        value: Its result, when it is still kept.
        is_kept: Whether it is.
    """

    reads: tuple[Read, ...]
    versions: tuple[Hashable, ...]
    token: int
    value: Any = None
    is_kept: bool = False


Found = dict[tuple[Read, ...], OrderedDict[tuple[Hashable, ...], Done]]


@dataclass(eq=False)
class Memo:
    """Remembers work over evaluations; give the same one to each.

    Args:
        limit: Bytes of results kept; beyond it those least lately used are forgotten and worked out again when needed.
    """

    limit: int = LIMIT
    counts: dict[str, int] = field(default_factory=dict)
    """Pieces of work done since the memo was made, by kind."""

    def __post_init__(self) -> None:
        self.works: dict[WholeKey, Callable[[Any], Any]] = {}
        self._found: dict[WholeKey, Found] = {}
        self._latest: OrderedDict[int, Done] = OrderedDict()
        self._holders: Counter[int] = Counter()
        self._room = 0
        self._tokens = count(1)
        self._prints: dict[int, tuple[object, str]] = {}
        self._lock = RLock()
        self.nearby = Nearby()

    def find(self, key: WholeKey, version_of: VersionOf) -> Done | None:
        """Work done before on the very same; None when there is none."""
        for reads, results in list(self._found.get(key, {}).items()):
            if not results:
                continue
            versions = _versions(reads, results, version_of)
            with self._lock:
                found = results.get(versions) if versions is not None else None
                if found is not None and versions is not None:
                    results.move_to_end(versions)
                    self._touch(found)
                    return found
        return None

    def keep(self, key: WholeKey, reads: tuple[Read, ...], versions: tuple[Hashable, ...], value: Any) -> Done:  # noqa: ANN401  (results of any kind)
        """Remember a piece of work; a result equal to an earlier one takes its number."""
        with self._lock:
            name = key[1]
            kind = str(name[0] if isinstance(name, tuple) else name)
            self.counts[kind] = self.counts.get(kind, 0) + 1
            twin = self._twin(key, value)
            done = Done(reads, versions, next(self._tokens) if twin is None else twin.token)
            results = self._found.setdefault(key, {}).setdefault(reads, OrderedDict())
            results[versions] = done
            if len(results) > MOST:
                self._drop(results.popitem(last=False)[1])
            self.refill(done, value if twin is None else twin.value)
            return done

    def refill(self, done: Done, value: Any) -> None:  # noqa: ANN401  (results of any kind)
        """Keep the result of known work, which had been forgotten."""
        with self._lock:
            done.value, done.is_kept = value, True
            self._latest[id(done)] = done
            self._holders[id(value)] += 1
            if self._holders[id(value)] == 1:
                self._room += room(value)
            if self._room > self.limit:
                self.nearby.forget()
            while self._room > self.limit and len(self._latest) > 1:
                self._drop(next(iter(self._latest.values())))

    def earlier(self, key: WholeKey) -> list[Done]:
        """Results of a piece of work that are kept, the latest first."""
        found = [done for results in self._found.get(key, {}).values() for done in results.values() if done.is_kept]
        return sorted(found, key=lambda done: done.token, reverse=True)

    @property
    def bytes_held(self) -> int:
        """About how many bytes the results kept take."""
        return self._room

    def held(self, key: Hashable) -> int:
        """Results remembered of one piece of work, on whatever ground, kept or not."""
        found = [results for (_, name), results in self._found.items() if name == key]
        return sum(len(done) for results in found for done in results.values())

    def told(self, item: object) -> str:
        """A digest of an entry of a rulebook, equal when the entries are."""
        found = self._prints.get(id(item))
        if found is None or found[0] is not item:
            # Keeping the entry keeps its number its own.
            words = dict(item) if isinstance(item, Dictionary) else item
            found = self._prints[id(item)] = (item, digest_text(repr(words)))
        return found[1]

    def _twin(self, key: WholeKey, value: Any) -> Done | None:  # noqa: ANN401  (results of any kind)
        return next((done for done in self.earlier(key)[:TWINS] if is_same(done.value, value)), None)

    def _touch(self, done: Done) -> None:
        if id(done) in self._latest:
            self._latest.move_to_end(id(done))

    def _drop(self, done: Done) -> None:
        if self._latest.pop(id(done), None) is None:
            return
        value, done.value, done.is_kept = done.value, None, False
        self._holders[id(value)] -= 1
        if not self._holders[id(value)]:
            # Equal results are one object, which takes its room once.
            del self._holders[id(value)]
            self._room -= room(value)


def _versions(
    reads: tuple[Read, ...], results: OrderedDict[tuple[Hashable, ...], Done], version_of: VersionOf
) -> tuple[Hashable, ...] | None:
    """What stands now where the work read; None as soon as no earlier work read that."""
    left, found = list(results), list[Hashable]()
    for place, read in enumerate(reads):
        found.append(version_of(read))
        left = [versions for versions in left if versions[place] == found[-1]]
        if not left:
            return None
    return tuple(found)
