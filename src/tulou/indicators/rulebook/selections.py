"""Selections and quantities: named subsets of rows, and numbers a row that are worked out."""

from __future__ import annotations

from typing import cast, get_args

from tulou.indicators.rulebook.bindings import read_binding
from tulou.indicators.rulebook.content import Condition, Origin, Quantity, RollUp, RollUpHow, Selection, Test
from tulou.indicators.rulebook.fit import result_factor
from tulou.indicators.rulebook.reading import Faults, at, choice, entries, keys, looked_up, mapping, text, texts
from tulou.indicators.rulebook.vocabulary import BUILT_IN, ENTITY_LEVELS, Column, Vocabulary
from tulou.kernel import units
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.model.dictionary import words_of

COMPARISONS = ("at_least", "more_than", "at_most", "less_than")
SELECTION_KEYS = ("title", "entity", "where", "unknown", "about")
QUANTITY_KEYS = ("title", "entity", "unit", "first_of", "roll_up", "about")
ORIGIN_KEYS = ("column", "measure", "inputs", "rules", "estimate")


def announce_quantities(page: At, vocabulary: Vocabulary, faults: Faults) -> None:
    """Note the names and units of quantities, so that anything may name them."""
    for name in page:
        with faults.kept(page.where(name)):
            entry = mapping(page, name)
            entity = looked_up(vocabulary.dictionary, text(entry, "entity"), "entity", entry.where("entity"))
            unit = text(entry, "unit")
            with at(entry.where("unit")):
                units.parse(unit)
            taken = name in vocabulary.dictionary[entity].attributes or name in BUILT_IN
            if taken or f"{entity}.{name}" in vocabulary.quantities:
                raise BadInput(f"'{entity}' already has '{name}'", where=page.where(name), found=name)
            vocabulary.quantities[f"{entity}.{name}"] = unit


def read_selections(page: At, vocabulary: Vocabulary, faults: Faults) -> None:
    """Read one page of selections into the vocabulary."""
    for name in page:
        with faults.kept(page.where(name)):
            if name in vocabulary.selections:
                raise BadInput("there is a selection or entity of this name", where=page.where(name), found=name)
            vocabulary.selections[name] = _selection(mapping(page, name), name, vocabulary, faults)


def _selection(entry: At, name: str, vocabulary: Vocabulary, faults: Faults) -> Selection:
    keys(entry, SELECTION_KEYS)
    title = words_of(entry, "title")
    entity = looked_up(vocabulary.dictionary, text(entry, "entity"), "entity", entry.where("entity"))
    unknown = choice(entry, "unknown", ("left_out", "counted"), "left_out")
    where = mapping(entry, "where", needed=False)
    found: list[Condition] = []
    for attribute, asked in where.items():
        with faults.kept(where.where(attribute)):
            column = vocabulary.column(entity, attribute, where.where(attribute))
            found += _conditions(attribute, asked, column, where, vocabulary, entity)
    return Selection(name, title, entity, tuple(found), unknown == "counted")


def _conditions(
    attribute: str, asked: object, column: Column, parent: At, vocabulary: Vocabulary, entity: str
) -> list[Condition]:
    place = parent.where(attribute)
    if isinstance(asked, At):
        return [_tested(attribute, test, asked, column, vocabulary, entity) for test in asked]
    if isinstance(asked, bool):
        if column.kind != "flag":
            raise BadInput(f"'{attribute}' is a {column.kind}, not a flag", where=place, found=asked)
        return [Condition(attribute, "is", flag=asked)]
    if column.kind != "text":
        raise BadInput(f"'{attribute}' is a {column.kind}; compare it with a parameter", where=place, found=asked)
    return [
        Condition(attribute, "one_of", words=_words(attribute, texts(parent, attribute), vocabulary, entity, place))
    ]


def _words(attribute: str, asked: tuple[str, ...], vocabulary: Vocabulary, entity: str, place: str) -> tuple[str, ...]:
    declared = vocabulary.dictionary[entity].attributes.get(attribute)
    allowed = declared.values if declared else None
    for word in asked:
        if allowed and word not in allowed:
            raise BadInput(
                f"'{entity}.{attribute}' has no such value", where=place, found=word, allowed=sorted(allowed)
            )
    return asked


def _tested(attribute: str, test: str, asked: At, column: Column, vocabulary: Vocabulary, entity: str) -> Condition:
    place, value = asked.where(test), asked[test]
    if test == "known" and isinstance(value, bool):
        return Condition(attribute, "known", flag=value)
    if test == "not" and isinstance(value, bool) and column.kind == "flag":
        return Condition(attribute, "is_not", flag=value)
    if test == "not" and column.kind == "text":
        return Condition(attribute, "none_of", words=_words(attribute, texts(asked, test), vocabulary, entity, place))
    if test not in COMPARISONS or column.kind != "number":
        allowed = (*COMPARISONS, "known") if column.kind == "number" else ("not", "known")
        raise BadInput(f"a {column.kind} is not tested so", where=place, found=f"{test}: {value}", allowed=allowed)
    parameter = vocabulary.parameter(str(value), place)
    shapes = {version.value.shape for version in parameter.values.versions}
    if shapes != {"number"}:
        raise BadInput("one number is needed to compare with", where=place, found=", ".join(sorted(shapes)))
    with at(place):
        units.factor(parameter.unit, column.unit)
    return Condition(attribute, cast("Test", test), parameter=parameter.name)


def read_quantities(page: At, vocabulary: Vocabulary, faults: Faults) -> dict[str, Quantity]:
    """Read one page of quantities, by ``entity.name``."""
    found: dict[str, Quantity] = {}
    for name in page:
        with faults.kept(page.where(name)):
            quantity = _quantity(mapping(page, name), name, vocabulary, faults)
            found[f"{quantity.entity}.{name}"] = quantity
    return found


def _quantity(entry: At, name: str, vocabulary: Vocabulary, faults: Faults) -> Quantity:
    keys(entry, QUANTITY_KEYS)
    entity = looked_up(vocabulary.dictionary, text(entry, "entity"), "entity", entry.where("entity"))
    title, unit = words_of(entry, "title"), text(entry, "unit")
    if ("first_of" in entry) == ("roll_up" in entry):
        raise BadInput("exactly one of these is needed", where=entry.where(), allowed=("first_of", "roll_up"))
    if "roll_up" in entry:
        return Quantity(name, title, entity, unit, roll_up=_roll_up(entry, entity, unit, vocabulary))
    origins: list[Origin] = []
    for origin in entries(entry, "first_of"):
        with faults.kept(origin.where()):
            origins.append(_origin(origin, entity, unit, vocabulary, faults))
    return Quantity(name, title, entity, unit, tuple(origins))


def _origin(entry: At, entity: str, unit: str, vocabulary: Vocabulary, faults: Faults) -> Origin:
    keys(entry, ORIGIN_KEYS)
    is_estimate = entry.get("estimate") is True
    if "column" in entry:
        column = vocabulary.column(entity, text(entry, "column"), entry.where("column"))
        if column.kind != "number":
            raise BadInput(f"a number is needed, this is a {column.kind}", where=entry.where("column"))
        with at(entry.where("column")):
            units.factor(column.unit, unit)
        return Origin(column=text(entry, "column"), is_estimate=is_estimate)
    before = len(faults.found)
    bound = read_binding(entry, vocabulary, entity, faults)
    if bound.gives == "summary":
        raise BadInput("one number for each row is needed", where=entry.where("measure"), found=bound.binding.measure)
    if len(faults.found) == before:
        with at(entry.where("measure")):
            result_factor(bound.part, unit, lenient=True)
    return Origin(binding=bound.binding, is_estimate=is_estimate)


def _roll_up(entry: At, entity: str, unit: str, vocabulary: Vocabulary) -> RollUp:
    rolled = mapping(entry, "roll_up")
    keys(rolled, ("of", "value", "how"))
    if vocabulary.dictionary[entity].level not in ENTITY_LEVELS:
        raise BadInput("only units gather rows", where=entry.where("entity"), found=entity, allowed=ENTITY_LEVELS)
    selection = vocabulary.selection(text(rolled, "of"), rolled.where("of"))
    how = cast("RollUpHow", choice(rolled, "how", get_args(RollUpHow)))
    value = text(rolled, "value", needed=how != "count")
    if value:
        column = vocabulary.column(selection.entity, value, rolled.where("value"))
        if column.kind != "number":
            raise BadInput(f"a number is needed, this is a {column.kind}", where=rolled.where("value"), found=value)
        with at(rolled.where("value")):
            result_factor(column.unit, unit, lenient=True)
    return RollUp(selection.name, value, how)


def refuse_circles(quantities: dict[str, Quantity], vocabulary: Vocabulary, faults: Faults) -> None:
    """Refuse quantities that need themselves, directly or through others."""
    needs = {name: _needs(quantity, quantities, vocabulary) for name, quantity in quantities.items()}
    clear: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            faults.add("quantities need one another in a circle", "", " → ".join((*path[path.index(name) :], name)))
        elif name not in clear:
            for other in needs[name]:
                visit(other, (*path, name))
        clear.add(name)

    for name in quantities:
        visit(name, ())


def _needs(quantity: Quantity, quantities: dict[str, Quantity], vocabulary: Vocabulary) -> list[str]:
    """Quantities that one is made from, those in the conditions of the selections it uses included."""
    named: set[str] = set()
    selections: set[str] = set()
    for origin in quantity.origins:
        named.add(f"{quantity.entity}.{origin.column}")
        for reference in origin.binding.inputs.values() if origin.binding else ():
            if not reference.is_network:
                selections.add(reference.selection)
                named.add(f"{vocabulary.selections[reference.selection].entity}.{reference.attribute}")
    if quantity.roll_up:
        selections.add(quantity.roll_up.of)
        named.add(f"{vocabulary.selections[quantity.roll_up.of].entity}.{quantity.roll_up.value}")
    for selection in (vocabulary.selections[name] for name in selections):
        named.update(f"{selection.entity}.{condition.attribute}" for condition in selection.where)
    return sorted(named & set(quantities))
