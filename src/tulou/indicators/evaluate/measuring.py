"""Measuring: a binding worked out for all rows of its selection at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City, Values, column_key
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.rulebook.bindings import free_units, resolved
from tulou.indicators.rulebook.content import Binding, Reference
from tulou.kernel import units
from tulou.kernel.arrays import Kind, Parts
from tulou.kernel.declaration import Argument, Measure
from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
Datum = Values | Network
"""What a data argument of a measure is given."""
RuleValue = float | tuple[tuple[float, float], ...]
"""What a rule of a measure is given: one number, or brackets."""
PERSON, BOUNDED, BOUNDS = "person", "residents", ("residents_low", "residents_high")
"""Columns of estimated people and of their bounds."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What a binding gives, a row of its selection each.

    Args:
        parts: Part, whole, bounds, cause.
        part_unit: Unit of the part.
        whole_unit: Unit of the whole.
        is_numbers: Whether the measure gave one number a row, so that ``whole`` is 1 everywhere.
        estimated: Rows that rest on an estimate; None for none.
        uses_estimates: Whether anything else it rests on (targets) is an estimate.
        people: Where the rows are estimated people: their lower and their upper bound, each a multiple of the estimate.
    """

    parts: Parts
    part_unit: str
    whole_unit: str
    is_numbers: bool
    estimated: Mask | None
    uses_estimates: bool
    people: tuple[Numbers, Numbers] | None = None

    @property
    def known(self) -> Mask:
        """Rows whose part and whole are known."""
        return ~(np.isnan(self.parts.part) | np.isnan(self.parts.whole))


def measured(city: City, of: str, binding: Binding) -> Measured:
    """Work out a binding, or take it from the cache.

    Raises:
        Unanswerable: When a rule is not in force, or something it needs is not on record at all.
    """
    return city.once(measured_key(of, binding), lambda city: _measure(city, of, binding))


def measured_key(of: str, binding: Binding) -> Hashable:
    """Where a binding's result is cached: the same binding asked twice is worked out once."""
    return ("measured", of, str(binding))


def _measure(city: City, of: str, binding: Binding) -> Measured:
    if not binding.measure:
        return _amount(city, of, binding.inputs["amount"])
    declaration = city.rulebook.measures[binding.measure]
    columns = {
        name: city.column_type(reference.selection, reference.attribute).unit
        for name, reference in binding.inputs.items()
        if not reference.is_network
    }
    free = free_units(declaration, columns)
    rules = dict(_rules(city, declaration, binding, free))
    _refuse_nothing_there(city, of, binding)
    data = _data(city, declaration, binding, free)
    try:
        given = _given(city, (of, str(binding)), declaration, data, rules)
    except shapely.errors.GEOSException:
        named = tuple(dict.fromkeys(each.selection for each in binding.inputs.values() if not each.is_network))
        raise Unanswerable("broken_shapes", named) from None
    found = [resolved(unit, free) for unit in declaration.units] or ["1"]
    parts = given if isinstance(given, Parts) else _numbers(given)
    if len(parts.part) != city.counted(of).size:
        raise BadUse(
            f"measure '{declaration.name}' does not give one number for each row of '{of}'",
            where=binding.measure,
            found=len(parts.part),
            allowed=(str(city.counted(of).size),),
        )
    parts = _doubted(parts, city.counted(of).doubtful)
    estimated, others = _estimates(city, of, binding)
    is_parts = isinstance(given, Parts)
    whole_unit = found[1] if is_parts else "1"
    people = _people(city, of, binding.inputs.values())
    return Measured(parts, found[0], whole_unit, not is_parts, estimated, others, people)


def _given(
    city: City, key: Hashable, declared: Measure, data: Sequence[Datum | None], rules: Mapping[str, RuleValue | str]
) -> Values | Parts:
    """What a measure gives; with a memory, rows that see nothing of a change are taken over from last time."""
    found: Values | Parts
    if city.memo is None or not declared.bounded_by:
        found = declared.function(*data, **rules)
    else:
        found = city.memo.nearby.asked(key, declared, data, rules)
    return found


def _amount(city: City, of: str, reference: Reference) -> Measured:
    amounts = np.asarray(city.column(of, reference.attribute), np.float64)
    unit = city.column_type(of, reference.attribute).unit
    parts = _doubted(_numbers(amounts), city.counted(of).doubtful)
    estimated = city.estimates(of, reference.attribute)
    people = _people(city, of, (reference,))
    return Measured(parts, unit, "1", is_numbers=True, estimated=estimated, uses_estimates=False, people=people)


def _people(city: City, of: str, references: Iterable[Reference]) -> tuple[Numbers, Numbers] | None:
    """Bounds of estimated people, as multiples of the estimate; None where no column counts people that have any."""
    rows = city.rows(city.rulebook.selections[of].entity)
    own = [each for each in references if not each.is_network and each.selection == of]
    counts = any(units.same_kind(city.column_type(of, each.attribute).unit, PERSON) for each in own)
    if not counts or not all(map(rows.has, BOUNDS)):
        return None
    middle = _on_record(city, of, BOUNDED)
    low, high = (
        np.divide(
            _on_record(city, of, bound), middle, out=np.full(len(middle), np.nan), where=np.nan_to_num(middle) > 0.0
        )
        for bound in BOUNDS
    )
    return np.where(np.isnan(low), 1.0, low), np.where(np.isnan(high), 1.0, high)


def _on_record(city: City, of: str, attribute: str) -> Numbers:
    """A column of a selection as it is on record, whatever quantity has its name."""
    entity = city.rulebook.selections[of].entity
    return city.remembered(
        ("on record", of, attribute), (), lambda city: city.members(of).take(city.rows(entity).numbers(attribute))
    )


def _numbers(given: Values) -> Parts:
    numbers = np.asarray(given, np.float64)
    return Parts(part=numbers, whole=np.ones(len(numbers)))


def _doubted(parts: Parts, doubtful: Mask | None) -> Parts:
    """Rows that are members although a condition could not be told are of unknown value."""
    if doubtful is None:
        return parts
    part = np.where(doubtful, np.nan, parts.part)
    return Parts(part, parts.whole, parts.low, parts.high, parts.cause, parts.nearest)


def _refuse_nothing_there(city: City, of: str, binding: Binding) -> None:
    """No target on record at all is unknown, unless a source claims that its list is complete."""
    others = sorted({item.selection for item in binding.inputs.values() if not item.is_network} - {of})
    empty = tuple(name for name in others if not city.counted(name).size and not city.is_complete(name))
    if empty:
        raise Unanswerable("no_targets", empty)


def _data(city: City, declaration: Measure, binding: Binding, free: dict[str, str]) -> list[Datum | None]:
    found: list[Datum | None] = []
    for argument in declaration.data:
        reference = binding.inputs.get(argument.name)
        found.append(None if reference is None else _datum(city, argument, reference, free))
    return found


def _datum(city: City, argument: Argument, reference: Reference, free: dict[str, str]) -> Datum:
    if reference.is_network:
        return city.network(reference.attribute)
    column = city.column(reference.selection, reference.attribute)
    if argument.kind is not Kind.NUMBERS:
        return column
    unit = city.column_type(reference.selection, reference.attribute).unit
    factor = units.factor(unit, resolved(argument.units[0], free))
    return column if factor == 1.0 else column * factor


def _rules(
    city: City, declaration: Measure, binding: Binding, free: dict[str, str]
) -> Iterator[tuple[str, RuleValue | str]]:
    for argument in declaration.rules:
        rule = binding.rules.get(argument.name)
        if rule is not None:
            yield argument.name, rule.word or rule_value(city, argument, rule.parameter, free)


def rule_value(city: City, argument: Argument, name: str, free: dict[str, str]) -> RuleValue:
    """A parameter as an argument of a measure takes it, in its unit.

    Raises:
        Unanswerable: When nothing is in force, or the class of the city is not known.
    """
    setting, parameter = city.setting(name), city.rulebook.parameters[name]
    factor = units.factor(parameter.unit, resolved(argument.units[-1], free))
    if setting.brackets:
        by = units.factor(parameter.by, resolved(argument.units[0], free))
        return tuple((size * by, value * factor) for size, value in setting.brackets)
    if setting.number is None:
        raise Unanswerable("rule_not_in_force", (name,))
    value = setting.number * factor
    return ((0.0, value),) if argument.kind is Kind.BRACKETS else value


def _estimates(city: City, of: str, binding: Binding) -> tuple[Mask | None, bool]:
    """Rows of the selection that rest on estimates, and whether the other inputs do."""
    own: Mask | None = None
    others = False
    for reference in binding.inputs.values():
        if reference.is_network:
            continue
        found = city.estimates(reference.selection, reference.attribute)
        if found is None or not found.any():
            continue
        if reference.selection == of:
            own = found if own is None else own | found
        else:
            others = True
    return own, others


def binding_keys(city: City, of: str, binding: Binding) -> list[Hashable]:
    """All cache keys that a binding uses, so that they can be dropped after their last use."""
    found: list[Hashable] = [measured_key(of, binding)]
    for reference in binding.inputs.values():
        if reference.is_network:
            continue
        found.append(column_key(reference.selection, reference.attribute))
        entity = city.rulebook.selections[reference.selection].entity
        if f"{entity}.{reference.attribute}" in city.rulebook.quantities:
            found.append(("quantity", entity, reference.attribute))
    return found
