"""Registries: named declarations, filled once at start, then never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import Generic, Protocol, TypeVar, runtime_checkable

from tulou.kernel.errors import BadUse


@runtime_checkable
class Named(Protocol):
    """Anything with a name to be found by."""

    @property
    def name(self) -> str:
        """The name, unique in its registry."""
        ...


T = TypeVar("T", bound=Named)


class Registry(Mapping[str, T], Generic[T]):
    """A read-only table of declarations by name."""

    def __init__(self, what: str, items: Iterable[T] = ()) -> None:
        self.what = what
        self._items: dict[str, T] = {}
        for item in items:
            if item.name in self._items:
                raise BadUse(f"two {what}s have one name", found=item.name)
            self._items[item.name] = item
        self._items = dict(sorted(self._items.items()))

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            raise BadUse(f"there is no such {self.what}", found=name, allowed=self._items) from None

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def joined(self, more: Iterable[T]) -> Registry[T]:
        """A new registry with more entries; this one stays as it is."""
        return Registry(self.what, [*self._items.values(), *more])


def from_outsiders(group: str) -> list[object]:
    """Load what other packages offer under an entry-point group such as ``tulou.measures``."""
    return [point.load() for point in sorted(entry_points(group=group), key=lambda point: point.name)]
