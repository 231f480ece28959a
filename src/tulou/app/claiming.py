"""Claims: somebody says that a list of a city is complete, so that what is not on it is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pyarrow as pa

from tulou.app.wiring import last_day, rulebook
from tulou.indicators.rulebook.content import Selection
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Facts
from tulou.model.dictionary import Dictionary
from tulou.model.store.city import City
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit

EVERYTHING = "*"
"""Claim to know every object of an entity."""
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


def claims_of(names: Iterable[str], selections: Mapping[str, Selection], dictionary: Dictionary) -> Claims:
    """What is claimed of which entity when lists are called complete.

    A selection by category is claimed category by category, so that other lists of the same entity stay open; one that
    is chosen by anything else needs its whole entity.

    Raises:
        BadUse: For a list that does not exist.
    """
    found: dict[str, set[str]] = {}
    for name in names:
        if name not in selections:
            raise BadUse("there is no such list", where="LIST", found=name, allowed=sorted({*dictionary, *selections}))
        chosen = selections[name]
        found.setdefault(chosen.entity, set()).update(_parts(chosen))
    return {entity: tuple(sorted(parts)) for entity, parts in sorted(found.items())}


def _parts(chosen: Selection) -> tuple[str, ...]:
    by_word = next((one for one in chosen.where if one.test == "one_of"), None)
    if by_word is None:
        return (EVERYTHING,)
    return tuple(f"{by_word.attribute}={word}" for word in by_word.words)
