"""Dependence: what a figure reads of the city, and which objects it counts as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tulou.diagnosis.difference.coalitions import Coalitions
from tulou.diagnosis.difference.touched import PLACE, Touched
from tulou.indicators.evaluate.aggregate import aggregated
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.openness import ROADS
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.tracing import Read
from tulou.indicators.rulebook.content import Formula
from tulou.kernel.facts import GEOMETRY


@dataclass(frozen=True)
class Figure:
    """Names one figure of a check.

    Args:
        level: Level of the unit.
        unit: Id of the unit.
        indicator: Id of the indicator.
        variant: Which answer; the official one has the empty name.
    """

    level: str
    unit: str
    indicator: str
    variant: str = ""


def asked(check: Check, figure: Figure) -> tuple[City, Formula] | None:
    """The city of a check just made and the formula it answers a figure by; None when it does not."""
    if check.city is None:
        return None
    question = check.city.rulebook.indicators.get(figure.indicator)
    if question is None or all(one.name != figure.variant for one in question.variants):
        return None
    formula = question.variant(figure.variant).on(check.day)
    return None if formula is None else (check.city, formula)


@dataclass(frozen=True, eq=False)
class Dependence:
    """What an answer reads.

    Args:
        cities: The city before and after, each with the formula it is asked by; only those that answer.
        reads: What is read of rows and rulebook in either.
    """

    cities: tuple[tuple[City, Formula], ...]
    reads: frozenset[Read]

    @cached_property
    def columns(self) -> Mapping[str, frozenset[str]]:
        """Columns read, by entity."""
        found: dict[str, set[str]] = {}
        for read in self.reads:
            if read[0] == "column":
                name = str(read[2])
                found.setdefault(str(read[1]), set()).add(GEOMETRY if name in PLACE else name)
        return {entity: frozenset(names) for entity, names in found.items()}

    @cached_property
    def counted(self) -> frozenset[str]:
        """Entities of which the rows count themselves, above or below the line."""
        found: set[str] = set()
        for city, formula in self.cities:
            names = {formula.of} | ({formula.per.of} if formula.per is not None else set())
            found |= {city.rulebook.selections[name].entity for name in names}
        return frozenset(found)

    def kinds(self, entity: str) -> Mapping[str, str]:
        """The selection that each object is in, before or after; only of selections that ask something."""
        if entity not in self._kinds:
            found: dict[str, str] = {}
            for city, _ in self.cities:
                for name in self._selections(city, entity):
                    if city.rulebook.selections[name].where:
                        found.update(dict.fromkeys(_members(city, name), name))
            self._kinds[entity] = found
        return self._kinds[entity]

    def seen(self, touched: Touched) -> list[tuple[str, str]]:
        """Touched objects of which something is read that changed, as entity and id."""
        found: list[tuple[str, str]] = []
        for entity, names in sorted(self.columns.items()):
            ids = touched.ids(entity, names)
            if ids and not self._counts_all(entity):
                kinds = self.kinds(entity)
                ids = [name for name in ids if name in kinds]
            found += [(entity, name) for name in ids]
        return found

    def _counts_all(self, entity: str) -> bool:
        """Whether objects of an entity are read whatever selection they are in."""
        if entity == ROADS or any(city.state.dictionary[entity].level for city, _ in self.cities):
            return True
        names = [city.rulebook.selections[name] for city, _ in self.cities for name in self._selections(city, entity)]
        is_narrow = any(selection.where for selection in names)
        return not is_narrow or (entity not in self.counted and any(not selection.where for selection in names))

    def _selections(self, city: City, entity: str) -> list[str]:
        book = city.rulebook.selections
        names = sorted(str(read[1]) for read in self.reads if read[0] == "selections")
        return [name for name in names if name in book and book[name].entity == entity]

    @cached_property
    def _kinds(self) -> dict[str, Mapping[str, str]]:
        return {}


def dependence(coalitions: Coalitions, figure: Figure) -> Dependence:
    """What a figure depends on, before and after.

    Args:
        coalitions: Checks made with a memory.
        figure: The figure.
    """
    cities = [found for check in (coalitions.first, coalitions.last) if (found := asked(check, figure)) is not None]
    reads: set[Read] = set()
    for city, formula in cities:
        reads |= city.reads(lambda here, way=formula: _answer(here, way, figure.level))  # type: ignore[misc]
    return Dependence(tuple(cities), frozenset(reads))


def _answer(city: City, formula: Formula, level: str) -> None:
    city.is_complete(formula.of)  # Verdicts rest on it.
    try:
        aggregated(city, formula, level)
    except Unanswerable:
        return


def _members(city: City, name: str) -> list[str]:
    try:
        members = city.members(name)
    except Unanswerable:
        return []
    return [str(one) for one in members.take(city.rows(city.rulebook.selections[name].entity).ids)]
