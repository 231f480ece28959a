"""Claims: what a source says it knows completely, against what a selection asks for.

A claim is ``*`` for every object of an entity, or names what it is about: ``category=primary_school``, or several such
joined by ``&``, ``low_efficiency=true&use=logistics``. Who claims a list so says that whatever belongs to it is called
so: an object of which it is unknown does not belong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from tulou.indicators.rulebook.content import Condition, Selection

EVERYTHING = "*"
"""Claim to know every object of an entity."""
JOINED = "&"


def claims_for(selection: Selection) -> tuple[str, ...]:
    """The claims by which a list is called complete, and no other list; everything where it has no name to call."""
    told = _words(selection).values()
    return tuple(JOINED.join(sorted(one)) for one in product(*told)) if told else (EVERYTHING,)


def settled(selection: Selection, claims: Iterable[str]) -> frozenset[str]:
    """Attributes of which claims say that whatever belongs to a selection is called so.

    Args:
        selection: The list.
        claims: What is claimed of its entity.
    """
    words, held = _words(selection), frozenset(frozenset(one.split(JOINED)) for one in claims)
    about = {frozenset(part.partition("=")[0] for part in one) for one in held if one != {EVERYTHING}}
    found = (
        names
        for names in about
        if names <= words.keys() and all(frozenset(one) in held for one in product(*(words[name] for name in names)))
    )
    return frozenset[str]().union(*found)


def _words(selection: Selection) -> Mapping[str, tuple[str, ...]]:
    """By attribute, the names by which objects belong to a selection."""
    return {one.attribute: called for one in selection.where if (called := tuple(_called(one)))}


def _called(condition: Condition) -> Iterable[str]:
    if condition.test == "one_of":
        return (f"{condition.attribute}={word}" for word in condition.words)
    return (f"{condition.attribute}={str(condition.flag).lower()}",) if condition.test == "is" else ()
