"""What lacks: which inputs of a formula are not on record, named so that somebody can go and get them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City, Values
from tulou.indicators.evaluate.openness import NO_LEEWAY, Leeway
from tulou.indicators.evaluate.verdict import Mark
from tulou.indicators.rulebook.content import Binding, Formula, Reference
from tulou.kernel.words import Words

WHOLE = 100.0
BUILT_IN_TITLES: Mapping[str, Words] = {
    "geometry": Words("图形", "geometry"),
    "place": Words("位置", "place"),
    "shape_area": Words("面积", "area"),
    "shape_length": Words("长度", "length"),
    "id": Words("编号", "id"),
}
"""Names of what every entity offers."""


def lacking(
    city: City, formula: Formula, mark: Mark | None = None, leeway: Leeway = NO_LEEWAY
) -> dict[str, tuple[str, ...]]:
    """Names of what lacks, by the reason they would be told for."""
    entity = city.rulebook.selections[formula.of].entity
    names = _unknown(city, formula.binding, formula.known) + _unknown_per(city, formula)
    members = city.counted(formula.of)
    names += [f"{entity}.{name}" for name in members.lacking] if members.doubtful is not None else []
    empty = members.size == 0 and members.lacking
    rows = tuple(f"{entity}.{name}" for name in members.lacking) if empty else (formula.of,)
    divided = formula.per.of if formula.per else "city.geometry"
    return {
        "too_little_known": tuple(dict.fromkeys(names)) or (formula.of,),
        "no_rows": rows,
        "list_not_complete": (formula.of,),
        "divisor_not_mapped": (divided,),
        "nothing_to_divide": (divided if formula.aggregate in {"density", "ratio"} else formula.of,),
        "not_finite": (formula.of,),
        **_turning(mark, leeway),
        **dict.fromkeys(("pass_straddles", "fail_straddles"), _estimated(city, formula)),
    }


def _turning(mark: Mark | None, leeway: Leeway) -> dict[str, tuple[str, ...]]:
    """Open lists of which more could turn a pass into a fail, and a fail into a pass."""
    both = tuple(sorted({*leeway.rises, *leeway.falls}))
    ways = {"at_least": (leeway.falls, leeway.rises), "at_most": (leeway.rises, leeway.falls)}
    passes, fails = ways.get(mark.how, (both, both)) if mark else (both, both)
    return {"pass_open": passes, "fail_open": fails}


def _estimated(city: City, formula: Formula) -> tuple[str, ...]:
    """Inputs that are estimates or partly unknown, which give a figure its bounds; else the list that counts."""
    bindings = [formula.binding] + ([formula.per.binding] if formula.per and formula.per.binding else [])
    references = [each for binding in bindings for each in binding.inputs.values() if not each.is_network]
    found = [each for each in references if _is_doubted(city, each)]
    entities = {each: city.rulebook.selections[each.selection].entity for each in found}
    return tuple(dict.fromkeys(f"{entities[each]}.{each.attribute}" for each in found)) or (formula.of,)


def _is_doubted(city: City, reference: Reference) -> bool:
    marked = city.estimates(reference.selection, reference.attribute)
    return (
        bool(marked is not None and marked.any())
        or _known_share(city, reference.selection, reference.attribute) < WHOLE
    )


def _unknown_per(city: City, formula: Formula) -> list[str]:
    """What lacks of the thing divided by: all of it, or some of its inputs."""
    if formula.per is None:
        return []
    if not city.counted(formula.per.of).size:
        return [formula.per.of]
    return _unknown(city, formula.per.binding, formula.known) if formula.per.binding else []


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
    known = _is_known(column, city.column_type(selection, attribute).kind)
    return float(np.count_nonzero(known)) / len(column) * WHOLE


def _is_known(column: Values, kind: str) -> NDArray[np.bool_]:
    if kind == "text":
        return np.asarray(pc.is_valid(pa.array(column, pa.string())).to_numpy(zero_copy_only=False), bool)
    if kind == "geometry":
        return np.asarray(~shapely.is_missing(column), bool)
    unknown = np.isnan(column)
    return np.asarray(~(unknown.any(axis=1) if kind == "place" else unknown), bool)


def title_of(city: City, name: str) -> Words:
    """What lacks, in both languages: an attribute, a quantity, a selection, a parameter, or the name as it is."""
    book = city.rulebook
    entity, _, attribute = name.partition(".")
    for table, key in ((book.selections, name), (book.parameters, name)):
        if key in table:
            return table[key].title
    if entity not in book.dictionary or not attribute:
        return Words(name, name)
    found = book.quantities.get(name) or book.dictionary[entity].attributes.get(attribute)
    told = found.title if found else BUILT_IN_TITLES.get(attribute, Words(attribute, attribute))
    whole = book.dictionary[entity].title
    return Words(f"{whole.zh}的{told.zh}", f"{told.en} ({whole.en})")
