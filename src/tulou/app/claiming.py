"""Claims: somebody says that a list of a city is complete, so that what is not on it is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from tulou.app.wiring import last_day, rulebook
from tulou.indicators.evaluate.claims import claims_for
from tulou.indicators.evaluate.lacking import title_of
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.rulebook.content import Selection
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.model.dictionary import Dictionary
from tulou.model.store.city import City
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit

Claims = Mapping[str, tuple[str, ...]]
"""By entity, the parts of its list that are claimed."""


def claim(
    city: City,
    lists: Iterable[str],
    *,
    who: str = "",
    message: str = "",
    day: date | None = None,
    branch: str = "main",
    withdraw: bool = False,
) -> Commit:
    """Record that lists are complete, or take such claims back, as one commit.

    Args:
        city: The city.
        lists: Entities, or selections of the rulebook, e.g. ``stop`` or ``fire_station``.
        who: Who answers for it.
        message: What it rests on.
        day: First day for which it is said; the newest day known by default.
        branch: Where to say it.
        withdraw: Whether claims are taken back.

    Raises:
        BadUse: For a list that does not exist.
    """
    names = tuple(lists)
    found = claims_of(names, rulebook().selections, city.dictionary)
    nothing = pa.table({"id": pa.array([], pa.string())})
    told = [Facts(entity, nothing, () if withdraw else parts) for entity, parts in found.items()]
    said = "withdrawn" if withdraw else "complete"
    return city.commit(
        told,
        who=who,
        message=message or f"{said}: {', '.join(names)}",
        valid_from=day or last_day(city),
        branch=branch,
        how=Importing(withdraw=found if withdraw else {}),
    )


@dataclass(frozen=True)
class Doubt:
    """A list that stays open although it is claimed, since some objects may belong to it.

    Args:
        selection: The list.
        objects: How many may belong to it.
        unknown: What is unknown of them.
    """

    selection: Selection
    objects: int
    unknown: tuple[Words, ...]


def doubts(city: City, names: Iterable[str], *, day: date | None = None, branch: str = "main") -> list[Doubt]:
    """Which lists stay open after a claim: unknown of an object whether it belongs is not the same as no.

    Args:
        city: The city.
        names: What was claimed: entities, whose every selection is looked at, or selections.
        day: Day for which it was said; the newest day known by default.
        branch: Where it was said.
    """
    asked, book = frozenset(names), rulebook()
    valid = day or last_day(city)
    seen = city_of(book, city.state(valid=valid, branch=branch), valid)
    found = []
    for name, chosen in sorted(book.selections.items()):
        if {name, chosen.entity} & asked and seen.is_claimed(name) and (objects := seen.hidden(name)):
            lacking = sorted(seen.counted(name).lacking.keys() - seen.settled(name))
            found.append(Doubt(chosen, objects, tuple(title_of(seen, f"{chosen.entity}.{one}") for one in lacking)))
    return sorted(found, key=lambda one: -one.objects)


def claims_of(names: Iterable[str], selections: Mapping[str, Selection], dictionary: Dictionary) -> Claims:
    """What is claimed of which entity when lists are called complete.

    A list is claimed by the names of what belongs to it, so that other lists of the same entity stay open; one that is
    chosen by nothing of a name needs its whole entity.

    Raises:
        BadUse: For a list that does not exist.
    """
    found: dict[str, set[str]] = {}
    for name in names:
        if name not in selections:
            raise BadUse("there is no such list", where="LIST", found=name, allowed=sorted({*dictionary, *selections}))
        chosen = selections[name]
        found.setdefault(chosen.entity, set()).update(claims_for(chosen))
    return {entity: tuple(sorted(parts)) for entity, parts in sorted(found.items())}
