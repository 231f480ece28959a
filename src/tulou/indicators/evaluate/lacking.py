"""What lacks: which inputs of a formula are not on record, named so that somebody can go and get them."""

from __future__ import annotations

import numpy as np
import shapely

from tulou.indicators.evaluate.city import City
from tulou.indicators.rulebook.content import Binding, Formula

WHOLE = 100.0


def lacking(city: City, formula: Formula) -> dict[str, tuple[str, ...]]:
    """Names of what lacks, by the reason they would be told for."""
    entity = city.rulebook.selections[formula.of].entity
    names = _unknown(city, formula.binding, formula.known)
    if formula.per is not None and formula.per.binding is not None:
        names += _unknown(city, formula.per.binding, formula.known)
    members = city.members(formula.of)
    names += [f"{entity}.{name}" for name in members.lacking] if members.doubtful is not None else []
    empty = members.size == 0 and members.lacking
    rows = tuple(f"{entity}.{name}" for name in members.lacking) if empty else (formula.of,)
    divided = formula.per.of if formula.per else "city.geometry"
    return {
        "too_little_known": tuple(dict.fromkeys(names)) or (formula.of,),
        "no_rows": rows,
        "list_not_complete": (formula.of,),
        "nothing_to_divide": (divided if formula.aggregate in {"density", "ratio"} else formula.of,),
        "not_finite": (formula.of,),
    }


def _unknown(city: City, binding: Binding, wanted: float) -> list[str]:
    """Inputs of which less than is wanted is known, the least known first; any gap when none is that bad."""
    found: list[tuple[float, str]] = []
    for reference in binding.inputs.values():
        if reference.is_network:
            continue
        share = _known_share(city, reference.selection, reference.attribute)
        if share < WHOLE:
            entity = city.rulebook.selections[reference.selection].entity
            found.append((share, f"{entity}.{reference.attribute}"))
    bad = [name for share, name in sorted(found) if share < wanted]
    return bad or [name for _, name in sorted(found)]


def _known_share(city: City, selection: str, attribute: str) -> float:
    column = city.column(selection, attribute)
    if not len(column):
        return WHOLE
    kind = city.column_type(selection, attribute).kind
    if kind == "text":
        known = column != None  # noqa: E711  (an array of objects, compared one by one)
    elif kind == "geometry":
        known = ~shapely.is_missing(column)
    elif kind == "place":
        known = ~np.isnan(column).any(axis=1)
    else:
        known = ~np.isnan(column)
    return float(np.count_nonzero(known)) / len(column) * WHOLE
