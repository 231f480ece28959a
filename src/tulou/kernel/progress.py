"""Progress: how long work tells the one who waits where it stands, without knowing about screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with (what is being done, steps done, steps in all)."""

T = TypeVar("T")


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def steps(items: Iterable[T], what: str, progress: Progress | None) -> Iterator[T]:
    """Walk through items and tell after each one."""
    tell = progress or silent
    listed = list(items)
    for done, item in enumerate(listed):
        tell(what, done, len(listed))
        yield item
    tell(what, len(listed), len(listed))
