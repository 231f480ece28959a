"""Bindings: a measure with its inputs and rules, each checked for its kind and its unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tulou.indicators.rulebook.content import Binding, Parameter, Reference, Rule
from tulou.indicators.rulebook.reading import Faults, at, mapping, text
from tulou.indicators.rulebook.vocabulary import TAKEN, Column, Vocabulary
from tulou.kernel import units
from tulou.kernel.arrays import Kind
from tulou.kernel.declaration import Argument, Measure
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput


@dataclass(frozen=True)
class Bound:
    """A binding and what comes out of it.

    Args:
        binding: The binding.
        gives: ``parts``, ``numbers`` or ``summary``.
        part: Unit of the part, or of the number.
        whole: Unit of the whole; a pure number when one number a row is given.
    """

    binding: Binding
    gives: str
    part: str
    whole: str


def resolved(unit: str, free: Mapping[str, str]) -> str:
    """A unit of a declaration with ``any`` and ``other`` replaced by the units that are bound."""
    for name, found in free.items():
        unit = re.sub(rf"\b{name}\b", f"({found})" if unit != name else found, unit)
    return unit


def free_units(measure: Measure, columns: Mapping[str, str]) -> dict[str, str]:
    """What ``any`` and ``other`` stand for: the unit of the first argument that is marked so.

    Args:
        measure: The declaration.
        columns: Argument name to the unit of the column bound to it.
    """
    found: dict[str, str] = {}
    for argument in measure.data:
        marked = argument.units[0] if argument.units else ""
        if marked in units.FREE and argument.name in columns:
            found.setdefault(marked, columns[argument.name])
    return found


def read_binding(entry: At, vocabulary: Vocabulary, of: str, faults: Faults) -> Bound:
    """Read ``measure``, ``inputs`` and ``rules`` of an entry.

    Args:
        entry: The mapping that holds them.
        vocabulary: Names known.
        of: Selection that the first data argument must be of; a bare entity's name for quantities.
        faults: Where faults of single inputs are kept.

    Raises:
        BadInput: When the measure itself is not known.
    """
    name = text(entry, "measure")
    if name not in vocabulary.measures:
        allowed = sorted(vocabulary.measures)
        raise BadInput("there is no such measure", where=entry.where("measure"), found=name, allowed=allowed)
    measure = vocabulary.measures[name]
    before = len(faults.found)
    columns = _inputs(entry, measure, vocabulary, faults)
    _first_is_of(entry, measure, columns, of, faults)
    free = free_units(measure, {name: column.unit for name, (_, column) in columns.items()})
    _fit(entry, measure, columns, free, faults)
    rules = _rules(entry, measure, vocabulary, free, faults)
    inputs = {argument.name: columns[argument.name][0] for argument in measure.data if argument.name in columns}
    binding = Binding(name, inputs, {rule.name: rules[rule.name] for rule in measure.rules if rule.name in rules})
    if len(faults.found) > before:
        free = {mark: free.get(mark, "1") for mark in units.FREE}
    found = [resolved(unit, free) for unit in measure.units] or ["1"]
    return Bound(binding, measure.gives, found[0], found[1] if measure.gives == "parts" else "1")


def _inputs(entry: At, measure: Measure, vocabulary: Vocabulary, faults: Faults) -> dict[str, tuple[Reference, Column]]:
    inputs = mapping(entry, "inputs", needed=False)
    known = {argument.name for argument in measure.data}
    found: dict[str, tuple[Reference, Column]] = {}
    for name, written in inputs.items():
        if name not in known:
            _unknown_argument(measure, name, inputs, known, faults)
            continue
        with faults.kept(inputs.where(name)):
            found[name] = vocabulary.reference(written, inputs.where(name))
    for argument in measure.data:
        if not argument.optional and argument.name not in inputs:
            faults.add(
                f"measure '{measure.name}' needs input '{argument.name}' ({_told(argument)})",
                entry.where("inputs" if "inputs" in entry else "measure"),
            )
    return found


def _unknown_argument(measure: Measure, name: str, entry: At, known: set[str], faults: Faults) -> None:
    faults.add(f"measure '{measure.name}' has no such argument here", entry.where(name), name, sorted(known))


def _first_is_of(
    entry: At, measure: Measure, columns: Mapping[str, tuple[Reference, Column]], of: str, faults: Faults
) -> None:
    first = next((argument for argument in measure.data if argument.kind is not Kind.NETWORK), None)
    if first is None or first.name not in columns:
        return
    reference = columns[first.name][0]
    if reference.selection != of:
        where = mapping(entry, "inputs").where(first.name)
        faults.add(f"'{first.name}' must be of '{of}', whose rows are counted", where, str(reference), (f"{of}.…",))


def _fit(
    entry: At,
    measure: Measure,
    columns: Mapping[str, tuple[Reference, Column]],
    free: Mapping[str, str],
    faults: Faults,
) -> None:
    """Whether kind and unit of each column suit its argument."""
    inputs = mapping(entry, "inputs", needed=False)
    for argument in measure.data:
        if argument.name not in columns:
            continue
        reference, column = columns[argument.name]
        where = inputs.where(argument.name)
        wanted = TAKEN.get(argument.kind)
        if wanted != column.kind:
            faults.add(
                f"'{argument.name}' of '{measure.name}' takes {_told(argument)}, this is a {column.kind}",
                where,
                str(reference),
                (f"a {wanted}",) if wanted else (),
            )
        elif column.kind == "number":
            with faults.kept(where):
                units.factor(column.unit, resolved(argument.units[0], free))


def _rules(
    entry: At, measure: Measure, vocabulary: Vocabulary, free: Mapping[str, str], faults: Faults
) -> dict[str, Rule]:
    written = mapping(entry, "rules", needed=False)
    known = {argument.name: argument for argument in measure.rules}
    found: dict[str, Rule] = {}
    for name, value in written.items():
        if name not in known:
            if not _is_of_summary(entry, name, vocabulary):
                _unknown_argument(measure, name, written, set(known), faults)
            continue
        with faults.kept(written.where(name)):
            found[name] = read_rule(known[name], value, vocabulary, free, written.where(name))
    for argument in measure.rules:
        if not argument.optional and argument.name not in written:
            faults.add(
                f"measure '{measure.name}' needs rule '{argument.name}' ({_told(argument)})",
                entry.where("rules" if "rules" in entry else "measure"),
            )
    return found


def _is_of_summary(entry: At, rule: str, vocabulary: Vocabulary) -> bool:
    """Whether a rule is asked by the summary measure named under ``aggregate``."""
    summary = str(entry.get("aggregate", ""))
    return summary in vocabulary.measures and any(rule == item.name for item in vocabulary.measures[summary].rules)


def read_rule(argument: Argument, value: object, vocabulary: Vocabulary, free: Mapping[str, str], where: str) -> Rule:
    """Read what a keyword of a measure is bound to.

    Raises:
        BadInput: When it is no word of the measure, no parameter, or a parameter of another shape or unit.
    """
    if argument.kind is Kind.CHOICE:
        if argument.choices and str(value) not in argument.choices:
            raise BadInput(f"not a word of '{argument.name}'", where=where, found=value, allowed=argument.choices)
        return Rule(word=str(value))
    if isinstance(value, (int, float)):
        raise BadInput(
            "a number of policy stands in parameters/, with its date and clause; name it here",
            where=where,
            found=value,
            allowed=sorted(vocabulary.parameters),
        )
    parameter = vocabulary.parameter(str(value), where)
    with at(where):
        parameter_fits(parameter, argument, free)
    return Rule(parameter=parameter.name)


def parameter_fits(parameter: Parameter, argument: Argument, free: Mapping[str, str]) -> None:
    """Refuse a parameter whose shape or unit an argument cannot take."""
    shapes = {version.value.shape for version in parameter.values.versions}
    takes = {"number", "brackets"} if argument.kind is Kind.BRACKETS else {"number"}
    if argument.kind not in {Kind.NUMBER, Kind.BRACKETS} or shapes - takes:
        raise BadInput(
            f"'{argument.name}' takes {_told(argument)}; '{parameter.name}' holds {', '.join(sorted(shapes))}",
            found=parameter.name,
            allowed=sorted(takes),
        )
    units.factor(parameter.unit, resolved(argument.units[-1], free))
    if argument.kind is Kind.BRACKETS and "brackets" in shapes:
        units.factor(parameter.by or "1", resolved(argument.units[0], free))


def _told(argument: Argument) -> str:
    """An argument in words."""
    kinds = {Kind.BRACKETS: "brackets or one number", Kind.CHOICE: "one of: " + ", ".join(argument.choices)}
    kind = kinds.get(argument.kind, f"a {TAKEN.get(argument.kind, argument.kind)}")
    shown = " by ".join(argument.units[::-1])
    return f"{kind} in {shown}" if shown and argument.kind not in {Kind.SHAPES, Kind.PLACES} else kind
