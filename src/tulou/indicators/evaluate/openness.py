"""Openness: which lists behind an answer nobody claims complete, and which way their missing objects could move it.

What is on record of an open list is a part of what there is. More objects counted can only raise a count; more of what
is divided by can only lower a ratio; of a share of an open list nobody can tell. What more targets do to each row, a
measure declares of itself (``raised_by``, ``lowered_by``); where it does not, either is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tulou.indicators.evaluate.city import City
from tulou.indicators.rulebook.content import AGGREGATES, MEANS, Binding, Formula, Quantity, Reference
from tulou.kernel.declaration import Measure

ROADS = "road"
"""Entity that networks are made of."""
UP, DOWN = frozenset({"up"}), frozenset({"down"})
EITHER = UP | DOWN
Ways = frozenset[str]
"""Ways in which missing objects could move a number: none, up, down, or both."""

OWN: Mapping[str, Ways] = {
    "count": UP,
    "sum": UP,
    "density": UP,
    "ratio": UP,
    "most": UP,
    "least": DOWN,
    "share": EITHER,
    "mean": EITHER,
    "sample_mean": frozenset(),
}
"""What more of the rows that count do to their aggregate; a sample speaks for the rest, within its interval. Of a
summary measure nobody can tell."""


@dataclass(frozen=True)
class Leeway:
    """What objects that are missing from open lists could do to a value.

    Args:
        rises: Lists of which more could raise it.
        falls: Lists of which more could lower it.
        of: The list of what counts, where its rows leave one another alone: more of them leave a share of less than
            everything less than everything. Empty where they do not.
    """

    rises: tuple[str, ...] = ()
    falls: tuple[str, ...] = ()
    of: str = ""

    @property
    def reaches_all(self) -> bool:
        """Whether a share could rise to everything."""
        return bool(set(self.rises) - {self.of})

    @property
    def reaches_nothing(self) -> bool:
        """Whether a share could fall to nothing."""
        return bool(set(self.falls) - {self.of})


NO_LEEWAY = Leeway()


def leeway(city: City, formula: Formula) -> Leeway:
    """Which way the missing objects of open lists could move an answer."""
    ways: dict[str, Ways] = {}
    for name, way in _ways(city, formula):
        ways[name] = ways.get(name, frozenset()) | way
    for chosen in tuple(ways):
        ways |= dict.fromkeys(_choosing(city, chosen), EITHER)
    is_open = {name: not city.is_complete(name) and _is_list(city, name) for name in ways}
    rises, falls = (
        tuple(sorted(name for name, way in ways.items() if is_open[name] and end <= way)) for end in (UP, DOWN)
    )
    return Leeway(rises, falls, "" if moves_itself(city, formula) else formula.of)


def moves_itself(city: City, formula: Formula) -> bool:
    """Whether more of the list that counts also moves the rows there are."""
    return any(name == formula.of and way for name, way in _of_binding(city, formula.of, formula.binding))


def _is_list(city: City, name: str) -> bool:
    return city.rulebook.dictionary[city.rulebook.selections[name].entity].is_list


def _ways(city: City, formula: Formula) -> Iterator[tuple[str, Ways]]:
    """Each list behind an answer, with what more of it could do to the value."""
    yield formula.of, OWN.get(formula.aggregate, EITHER)
    is_summary = formula.aggregate not in AGGREGATES
    is_weighed = formula.aggregate in {"share", *MEANS}
    for name, way in _of_binding(city, formula.of, formula.binding):
        yield name, EITHER if way and is_summary else way
    for name in _weighing(city, formula.binding) if is_weighed else ():
        yield name, EITHER
    if formula.per is not None and formula.per.of:
        yield formula.per.of, DOWN
        for name, way in _of_binding(city, formula.per.of, formula.per.binding) if formula.per.binding else ():
            yield name, EITHER if way else way


def _of_binding(city: City, of: str, binding: Binding) -> Iterator[tuple[str, Ways]]:
    """What more of each list does to the numbers of the rows there are."""
    declared = city.rulebook.measures[binding.measure] if binding.measure else None
    told: dict[str, Ways] = {}
    for argument, reference in binding.inputs.items():
        name = ROADS if reference.is_network else reference.selection
        told[name] = told.get(name, frozenset()) | _declared(declared, argument)
        yield from ((nested, EITHER) for nested in _behind(city, reference))
    for name, way in told.items():
        yield name, way if name == of else way or EITHER


def _weighing(city: City, binding: Binding) -> Iterator[str]:
    """Lists of which more also moves what rows are a part of."""
    declared = city.rulebook.measures[binding.measure] if binding.measure else None
    for argument, reference in binding.inputs.items():
        if declared is not None and argument in declared.weighed_by:
            yield ROADS if reference.is_network else reference.selection


def _declared(measure: Measure | None, argument: str) -> Ways:
    if measure is None:
        return frozenset()
    found = UP if argument in measure.raised_by else frozenset()
    found |= DOWN if argument in measure.lowered_by else frozenset()
    return EITHER if argument in measure.mixed_by else found


def _choosing(city: City, selection: str) -> Iterator[str]:
    """Other lists that decide which rows are in a selection."""
    for condition in city.rulebook.selections[selection].where:
        yield from _behind(city, Reference(selection, condition.attribute))


def _behind(city: City, reference: Reference) -> Iterator[str]:
    """Other lists that a quantity is worked out from."""
    if reference.is_network:
        return
    entity = city.rulebook.selections[reference.selection].entity
    quantity = city.rulebook.quantities.get(f"{entity}.{reference.attribute}")
    if quantity is not None:
        yield from _of_quantity(city, quantity)


def _of_quantity(city: City, quantity: Quantity) -> Iterator[str]:
    if quantity.roll_up is not None:
        yield quantity.roll_up.of
    for binding in (origin.binding for origin in quantity.origins if origin.binding is not None):
        measure = city.rulebook.measures[binding.measure]
        for argument, reference in binding.inputs.items():
            if reference.is_network:
                yield ROADS
            elif _is_of(city, reference, quantity.entity) and not _declared(measure, argument):
                yield from _behind(city, reference)
            else:
                yield reference.selection


def _is_of(city: City, reference: Reference, entity: str) -> bool:
    return city.rulebook.selections[reference.selection].entity == entity
