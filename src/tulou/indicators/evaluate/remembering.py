"""Remembering: a piece of work is taken from the memory when all it would read is what it read before."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tulou.indicators.evaluate.memo import Done, Memo
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.tracing import WORK, Read

if TYPE_CHECKING:
    from tulou.indicators.evaluate.city import City

T = TypeVar("T")


@dataclass(frozen=True)
class _Refused:
    """Work that ended in a question that cannot be answered, which is remembered like any result."""

    code: str
    lacking: tuple[str, ...]


@dataclass(eq=False)
class Remembered:
    """The work of one evaluation, taken from a memory where it can be.

    Args:
        city: The city that is asked.
        memo: The memory.
        ground: What all work rests on and nothing notes; work on another ground is other work.
    """

    city: City
    memo: Memo
    ground: Hashable
    _done: dict[Hashable, Done] = field(default_factory=dict)
    _versions: dict[Read, Hashable] = field(default_factory=dict)

    def get(self, key: Hashable, work: Callable[[City], T]) -> T:
        """The result of a piece of work.

        Raises:
            Unanswerable: When that is how it ends.
        """
        self.city.trace.note(WORK, key)
        done = self._of(key, work)
        value: Any = done.value
        if not done.is_kept:
            with self.city.trace.work():
                value = self._result(work)
            self.memo.refill(done, value)
        if isinstance(value, _Refused):
            raise Unanswerable(value.code, value.lacking)
        found: T = value
        return found

    def leaves(self, noted: Iterable[Read]) -> frozenset[Read]:
        """What some reads come down to: what was read of the rows and the rulebook, through all work they rest on."""
        found: set[Read] = set()
        left, seen = list(noted), set[Read]()
        while left:
            read = left.pop()
            if read in seen:
                continue
            seen.add(read)
            if read[0] == WORK:
                left += self._of(read[1], self.memo.works[self.ground, read[1]]).reads
            else:
                found.add(read)
        return frozenset(found)

    def _of(self, key: Hashable, work: Callable[[City], Any]) -> Done:
        if key in self._done:
            return self._done[key]
        whole = (self.ground, key)
        self.memo.works.setdefault(whole, work)
        trace = self.city.trace
        with trace.work():
            done = self.memo.find(whole, self._version)
        if done is None:
            with trace.work() as noted:
                value = self._result(work)
            reads = tuple(noted)
            with trace.work():
                versions = tuple(map(self._version, reads))
            done = self.memo.keep(whole, reads, versions, value)
        self._done[key] = done
        return done

    def _result(self, work: Callable[[City], Any]) -> Any:  # noqa: ANN401  (results of any kind)
        try:
            return work(self.city)
        except Unanswerable as error:
            return _Refused(error.code, error.lacking)

    def _version(self, read: Read) -> Hashable:
        """What stands where something is read; of work, the number of its result."""
        if read[0] == WORK:
            return self._of(read[1], self.memo.works[self.ground, read[1]]).token
        if read not in self._versions:
            self._versions[read] = self.city.stands(read)
        return self._versions[read]
