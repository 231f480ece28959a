"""A cache that forgets: what no later question needs is dropped, so that memory stays small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Cache:
    """Arrays by key, each kept until it was used as often as was announced.

    Keys never announced are kept for good.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}
        self._uses: Counter[Hashable] = Counter()

    def announce(self, keys: Iterable[Hashable]) -> None:
        """Say that some keys will be asked for once more."""
        self._uses.update(keys)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, made when it is not there."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("T", self._kept[key])

    def release(self, keys: Iterable[Hashable]) -> list[Hashable]:
        """Say that announced uses are over; what has none left is dropped, and its keys are given back."""
        over: list[Hashable] = []
        for key in keys:
            self._uses[key] -= 1
            if self._uses[key] <= 0:
                self._kept.pop(key, None)
                del self._uses[key]
                over.append(key)
        return over

    def __len__(self) -> int:
        return len(self._kept)
