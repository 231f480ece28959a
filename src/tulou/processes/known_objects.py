"""Objects of a city by what a file calls them: their id, or a name that only one of them has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tulou.kernel.words import Words
from tulou.model.state import State


@dataclass(frozen=True)
class Known:
    """What names in a file stand for.

    Args:
        ids: Id of the object that each name stands for.
        strange: Names that are no object of the city.
        twice: Names that several objects share, so that nobody knows which is meant.
    """

    ids: Mapping[str, str]
    strange: tuple[str, ...]
    twice: tuple[str, ...]

    def warnings(self, what: Words) -> tuple[Words, ...]:
        """Which names are left out.

        Args:
            what: What the objects are called, in the plural.
        """
        told: list[Words] = []
        if self.strange:
            many, first = len(self.strange), self.strange[0]
            told.append(
                Words(
                    f"{many} 个名称不是该城市的{what.zh}，如 {first}，不入库。",
                    f"{many} names are no {what.en} of the city, such as {first}: not kept.",
                )
            )
        if self.twice:
            told.append(
                Words(
                    f"这些名称的{what.zh}不止一个，须写编号：" + "、".join(self.twice),
                    f"Several {what.en} have these names, so give ids: " + ", ".join(self.twice),
                )
            )
        return tuple(told)


def known_objects(state: State, entity: str, names: Iterable[str]) -> Known:
    """Which objects of a city are meant?

    Args:
        state: The city.
        entity: Kind of the objects.
        names: Ids or names.
    """
    rows = state.rows(entity)
    ids = {str(one) for one in rows.ids}
    called: dict[str, list[str]] = {}
    for one, name in zip(rows.ids, rows.texts("name"), strict=True):
        if name:
            called.setdefault(name, []).append(str(one))
    asked = sorted(set(names))
    twice = tuple(name for name in asked if name not in ids and len(called.get(name, ())) > 1)
    found = {
        name: name if name in ids else called[name][0]
        for name in asked
        if name in ids or len(called.get(name, ())) == 1
    }
    return Known(found, tuple(name for name in asked if name not in found and name not in twice), twice)
