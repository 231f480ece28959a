"""The city as a rulebook sees it: selections of rows, their columns, quantities, networks and rules of one day."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.cache import Cache
from tulou.indicators.evaluate.claims import EVERYTHING, settled
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.networks import SPEED, NetworkBuilder
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.evaluate.remembering import Remembered
from tulou.indicators.evaluate.tracing import ALL, Read, Trace, traced_rows, traced_rulebook
from tulou.indicators.rulebook.content import (
    Condition,
    Formula,
    Parameter,
    Quantity,
    Rulebook,
    Selection,
    Setting,
    Variant,
)
from tulou.indicators.rulebook.vocabulary import Column, Vocabulary
from tulou.kernel import units
from tulou.kernel.dated import Version
from tulou.kernel.identity import digest_bytes
from tulou.kernel.network import Network
from tulou.model.rows import Rows
from tulou.model.state import State

T = TypeVar("T")
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Values = NDArray[Any]
"""A column: numbers, texts, shapes, or places."""
Worked = tuple[Numbers, Mask | None]
"""Numbers a row, and which of them are estimates."""


@dataclass(frozen=True, eq=False)
class Counted:
    """How many rows of an entity are in a selection, whichever they are.

    Args:
        size: How many.
        unclear: Rows for which a condition could not be told.
        doubtful: Among the members, those counted although a condition could not be told; None for none.
        lacking: Attributes that could not be told, with how many rows each.
    """

    size: int
    unclear: int
    doubtful: Mask | None
    lacking: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Members:
    """Rows of an entity that are in a selection.

    Args:
        at: Positions among the entity's rows; None for all of them.
        counted: How many.
    """

    at: NDArray[np.int64] | None
    counted: Counted

    @property
    def size(self) -> int:
        """How many."""
        return self.counted.size

    def take(self, column: Values) -> Values:
        """The members' values of a column of the entity."""
        return column if self.at is None else column[self.at]


@dataclass(eq=False)
class City:
    """A state of a city with what a rulebook adds to it.

    Args:
        rulebook: The rulebook.
        state: The state.
        asked_for: Day whose rules hold; work that depends on it reads ``day``.
        build: Makes a network from roads.
        work_out: Works out a quantity of all rows of its entity, see ``quantities``.
        memo: What was worked out before, in other evaluations; None to remember nothing.
    """

    rulebook: Rulebook
    state: State
    asked_for: date
    build: NetworkBuilder
    work_out: Callable[[City, Quantity], Worked]
    memo: Memo | None = None
    cache: Cache = field(default_factory=Cache)
    trace: Trace = field(default_factory=Trace)
    _rows: dict[str, Rows] = field(default_factory=dict)
    _plain: dict[str, Rows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        book = self._book = self.rulebook
        quantities = {name: quantity.unit for name, quantity in book.quantities.items()}
        self.vocabulary = Vocabulary(
            book.dictionary, book.measures, dict(book.selections), quantities, dict(book.parameters)
        )

        self._remembered: Remembered | None = None
        if self.memo is not None:
            ground = (*map(self.memo.told, (book.dictionary, self.state.dictionary)), self.build, self.work_out)
            self._remembered = Remembered(self, self.memo, ground)
            self.rulebook = traced_rulebook(book, self.trace)

    @property
    def day(self) -> date:
        """Day whose rules hold."""
        self.trace.note("day")
        return self.asked_for

    @property
    def name(self) -> str:
        """Name of the city."""
        self.trace.note("name")
        return self.state.profile.name

    def once(self, key: Hashable, work: Callable[[City], T]) -> T:
        """The result of a piece of work, done once; with a memory, not even once when it was done before on the same.

        Args:
            key: Names the work among all work on any city; holds all that the work does not read of the city given to
                it, its rows and its rulebook's selections, quantities, parameters and measures.
            work: Does it.
        """
        if self._remembered is not None:
            return self._remembered.get(key, work)
        return self.cache.get(key, lambda: work(self))

    def remembered(self, key: Sequence[Hashable], asked: Sequence[object], work: Callable[[City], T]) -> T:
        """The result of work that one evaluation asks for once: kept in the memory when there is one, else nowhere.

        Args:
            key: Names the work, see ``once``.
            asked: Entries of a rulebook that the work is about; entries equal to them are the same work.
            work: Does it.
        """
        return work(self) if self.memo is None else self.once((*key, *map(self.memo.told, asked)), work)

    def reads(self, work: Callable[[City], object]) -> frozenset[Read]:
        """What a piece of work reads of rows and rulebook, through all it rests on; nothing without a memory."""
        if self._remembered is None:
            return frozenset()
        with self.trace.work() as noted:
            work(self)
        return self._remembered.leaves(noted)

    def rows(self, entity: str) -> Rows:
        """The objects of one entity, read once."""
        if entity not in self._rows:
            found = self._untraced(entity)
            self._rows[entity] = found if self.memo is None else traced_rows(found, self.trace)
        return self._rows[entity]

    def _untraced(self, entity: str) -> Rows:
        if entity not in self._plain:
            self._plain[entity] = self.state.rows(entity)
        return self._plain[entity]

    def stands(self, read: Read) -> Hashable:
        """What stands where work reads: equal for equal content, in this and every other city."""
        kind, *names = map(str, read)
        if kind in _OF_ROWS:
            return _OF_ROWS[kind](self._untraced(names[0]), *names[1:])
        if kind in _OF_CITY:
            return _OF_CITY[kind](self)
        table: Mapping[str, Any] = getattr(self._book, names[0] if kind == ALL else kind)
        if kind == ALL:
            return tuple(table)
        if self.memo is None or names[0] not in table:
            return None
        found = table[names[0]]
        return self._parameter_told(self.memo, found) if kind == "parameters" else self.memo.told(found)

    def forget(self, key: Hashable) -> None:
        """Let go of the shapes of an entity that no later answer is announced to need; with a memory, keep them."""
        if self.memo is not None:
            return
        for entity, rows in self._rows.items():
            if key == rows_key(entity):
                rows.forget_shapes()

    def network(self, name: str) -> Network:
        """A network, built once.

        Raises:
            Unanswerable: When there are no roads.
        """
        return self.once(("network", name), lambda city: _network(city, name))

    def column_type(self, selection: str, attribute: str) -> Column:
        """Kind and unit of a column of a selection."""
        return self.kind(self.rulebook.selections[selection].entity, attribute)

    def kind(self, entity: str, attribute: str) -> Column:
        """Kind and unit of a column of an entity."""
        self.trace.note("quantities", f"{entity}.{attribute}")
        return self.vocabulary.column(entity, attribute, "")

    def members(self, name: str) -> Members:
        """The rows of a selection."""
        return self.once(("members", name), lambda city: city._members(city.rulebook.selections[name]))  # noqa: SLF001

    def counted(self, name: str) -> Counted:
        """How many rows are in a selection; work that asks this alone is the same when others stand in their place."""
        return self.remembered(("counted", name), (), lambda city: city.members(name).counted)

    def column(self, selection: str, attribute: str) -> Values:
        """A column of a selection: numbers in the dictionary's unit, texts, shapes or places."""
        if self.memo is None and self.members(selection).at is None:
            return self.entity_column(self.rulebook.selections[selection].entity, attribute)
        return self.once(column_key(selection, attribute), lambda city: _of_members(city, selection, attribute))

    def entity_column(self, entity: str, attribute: str) -> Values:
        """A column of all rows of an entity."""
        rows = self.rows(entity)
        if f"{entity}.{attribute}" in self.rulebook.quantities:
            return self.quantity(entity, attribute)[0]
        if attribute in {"geometry", "place"}:
            return rows.shapes if attribute == "geometry" else rows.places
        if attribute in _OF_SHAPES:
            return self.once((attribute, entity), lambda city: _OF_SHAPES[attribute](city.rows(entity).shapes))
        if attribute == "id":
            return rows.ids
        return rows.texts(attribute) if rows.entity.attribute(attribute).type == "text" else rows.numbers(attribute)

    def quantity(self, entity: str, name: str) -> Worked:
        """A quantity of all rows of an entity, and which rows are estimates."""
        return self.once(
            quantity_key(entity, name), lambda city: city.work_out(city, city.rulebook.quantities[f"{entity}.{name}"])
        )

    def estimates(self, selection: str, attribute: str) -> Mask | None:
        """Which rows of a selection have an estimate in a column; None for no row."""
        return self.remembered(
            ("estimates", selection, attribute),
            (),
            lambda city: city._estimates(selection, attribute),  # noqa: SLF001
        )

    def _estimates(self, selection: str, attribute: str) -> Mask | None:
        entity = self.rulebook.selections[selection].entity
        found: Mask | None = None
        if f"{entity}.{attribute}" in self.rulebook.quantities:
            found = self.quantity(entity, attribute)[1]
        marked = self._marked(entity)
        if marked is not None:
            found = marked if found is None else found | marked
        return None if found is None else self.members(selection).take(found)

    def _marked(self, entity: str) -> Mask | None:
        """Rows whose source marks them as estimates."""
        rows = self.rows(entity)
        if not rows.has("estimated"):
            return None
        return self.once(("estimated", entity), lambda city: city.rows(entity).numbers("estimated") == 1.0)

    def is_complete(self, selection: str) -> bool:
        """Whether a source claims to know every object of a selection, and of none it is unknown whether it is one.

        An object of which a condition is unknown may be a member that nobody counted: with one, the list is open. Who
        claims a list by name (``use=residential``) says that what belongs there is called so, and settles that.
        """
        try:
            return self.is_claimed(selection) and not self.hidden(selection)
        except Unanswerable:
            return False

    def is_claimed(self, selection: str) -> bool:
        """Whether a source claims to know every object of a selection."""
        chosen = self.rulebook.selections[selection]
        return EVERYTHING in self.rows(chosen.entity).complete or bool(self.settled(selection))

    def hidden(self, selection: str) -> int:
        """How many objects outside a selection may be in it, since a condition that no claim settles is unknown.

        Raises:
            Unanswerable: When what it asks for cannot be worked out at all.
        """
        if self.rulebook.selections[selection].counts_unknown or not self.counted(selection).unclear:
            return 0
        return self.remembered(("hidden", selection), (), lambda city: city._hidden(selection))  # noqa: SLF001

    def _hidden(self, selection: str) -> int:
        chosen = self.rulebook.selections[selection]
        _, unclear, _ = self._judged(chosen, self.settled(selection))
        return int(np.count_nonzero(unclear))

    def settled(self, selection: str) -> frozenset[str]:
        """Attributes of which a source claims that whatever belongs to a selection is called so."""
        chosen = self.rulebook.selections[selection]
        return settled(chosen, self.rows(chosen.entity).complete)

    def in_force(self, variant: Variant) -> Formula | None:
        """The formula of a variant on the day; an answer's own key says which it is."""
        return variant.on(self.asked_for)

    def version(self, parameter: str) -> Version[Setting]:
        """What a parameter says on the day, whatever the class.

        Raises:
            Unanswerable: When nothing is in force.
        """
        dated = self.rulebook.parameters[parameter].values
        if not dated.holds_on(self.asked_for):
            raise Unanswerable("rule_not_in_force", (parameter,))
        return dated.on(self.asked_for)

    def setting(self, parameter: str) -> Setting:
        """What a parameter says on the day for this city.

        Raises:
            Unanswerable: When nothing is in force, or the class of the city is not known.
        """
        found = self.version(parameter).value
        held = found.for_class(self._class(found))
        if held is None:
            raise Unanswerable("class_unknown", (".".join(found.class_of or ()),))
        return held

    def number(self, parameter: str, unit: str) -> float:
        """A parameter of one number, in a unit."""
        found = self.setting(parameter).number
        if found is None:
            raise Unanswerable("rule_not_in_force", (parameter,))
        return found * units.factor(self.rulebook.parameters[parameter].unit, unit)

    def _parameter_told(self, memo: Memo, found: Parameter) -> Hashable:
        """What a parameter says on the day, with all that is told of it."""
        dated = found.values
        held = memo.told(dated.on(self.asked_for)) if dated.holds_on(self.asked_for) else None
        return (found.title, found.unit, found.by, found.checked_on, found.rulebook, held)

    def _class(self, setting: Setting) -> str | None:
        if setting.class_of is None:
            return None
        entity, attribute = setting.class_of
        rows = self.rows(entity)
        known = {value for value in rows.texts(attribute) if value is not None}
        return known.pop() if len(known) == 1 else None

    def _members(self, selection: Selection) -> Members:
        rows = self.rows(selection.entity)
        size = len(rows)
        if not selection.where:
            return Members(None, Counted(size, 0, None, {}))
        holds, unclear, lacking = self._judged(selection)
        chosen = holds if selection.counts_unknown else holds & ~unclear
        at = None if chosen.all() else np.flatnonzero(chosen)
        doubtful = None
        if selection.counts_unknown and unclear.any():
            doubtful = unclear if at is None else unclear[at]
        told = {name: count for name, count in lacking.items() if count}
        count = size if at is None else len(at)
        return Members(at, Counted(count, int(np.count_nonzero(unclear)), doubtful, told))

    def _judged(
        self, selection: Selection, settled: frozenset[str] = frozenset()
    ) -> tuple[Mask, Mask, Mapping[str, int]]:
        """Rows that are or may be members, those that may, and how many lack each attribute.

        Args:
            selection: What they are judged by.
            settled: Attributes of which unknown means no.
        """
        size = len(self.rows(selection.entity))
        holds, unclear = np.ones(size, bool), np.zeros(size, bool)
        lacking: dict[str, int] = {}
        for condition in selection.where:
            true, unknown = self._tested(selection.entity, condition)
            if condition.attribute in settled:
                unknown = np.zeros(size, bool)
            holds &= true | unknown
            unclear |= unknown
            lacking[condition.attribute] = int(np.count_nonzero(unknown))
        return holds, unclear & holds, lacking

    def _tested(self, entity: str, condition: Condition) -> tuple[Mask, Mask]:
        """Where a condition holds, and where it cannot be told."""
        column = self.kind(entity, condition.attribute)
        if column.kind == "text":
            return self._text_tested(entity, condition)
        if column.kind not in {"number", "flag"}:
            known = self._is_known(entity, condition.attribute)
            return known == condition.flag, np.zeros(len(known), bool)
        numbers = self.entity_column(entity, condition.attribute)
        unknown = np.isnan(numbers)
        if condition.test == "known":
            return unknown != condition.flag, np.zeros(len(numbers), bool)
        if condition.test == "is_not":
            return numbers != float(condition.flag), np.zeros(len(numbers), bool)
        if condition.test == "is":
            return numbers == float(condition.flag), unknown
        return _COMPARE[condition.test](numbers, self.number(condition.parameter, column.unit)), unknown

    def _text_tested(self, entity: str, condition: Condition) -> tuple[Mask, Mask]:
        rows = self.rows(entity)
        column = rows.column(condition.attribute)
        nowhere = np.zeros(len(rows), bool)
        unknown, is_one = ~nowhere, nowhere
        if column is not None:
            words = pa.array(condition.words, pa.string())
            unknown = np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False), bool)
            is_one = np.asarray(pc.is_in(pc.cast(column, pa.string()), words).to_numpy(zero_copy_only=False), bool)
        if condition.test == "known":
            return unknown != condition.flag, nowhere
        return (~is_one, nowhere) if condition.test == "none_of" else (is_one, unknown)

    def _is_known(self, entity: str, attribute: str) -> Mask:
        rows = self.rows(entity)
        if attribute in {"geometry", "place"}:
            return ~shapely.is_missing(rows.shapes)
        column = rows.column(attribute)
        if column is None:
            return np.zeros(len(rows), bool)
        return np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False), bool)


def _network(city: City, name: str) -> Network:
    roads = city.rows("road")
    if not len(roads):
        raise Unanswerable("no_roads", (f"network.{name}",))
    known = f"road.{SPEED}" in city.rulebook.quantities
    speed = city.entity_column("road", SPEED if known else "speed_limit")
    return city.build(roads, name, speed)


def _of_members(city: City, selection: str, attribute: str) -> Values:
    return city.members(selection).take(city.entity_column(city.rulebook.selections[selection].entity, attribute))


def column_key(selection: str, attribute: str) -> Hashable:
    """Where the column of a selection is cached."""
    return ("column", selection, attribute)


def quantity_key(entity: str, name: str) -> Hashable:
    """Where a quantity is cached."""
    return ("quantity", entity, name)


def _areas(shapes: NDArray[np.object_]) -> Numbers:
    """Areas; unknown for what is no area."""
    return np.where(shapely.get_dimensions(shapes) > 1, shapely.area(shapes), np.nan)


def _lengths(shapes: NDArray[np.object_]) -> Numbers:
    """Lengths; unknown for points."""
    return np.where(shapely.get_dimensions(shapes) > 0, shapely.length(shapes), np.nan)


_OF_SHAPES: Mapping[str, Callable[[NDArray[np.object_]], Numbers]] = {"shape_area": _areas, "shape_length": _lengths}

_OF_ROWS: Mapping[str, Callable[..., Hashable]] = {
    "column": Rows.digest,
    "size": len,
    "names": lambda rows: rows.names,
    "has": Rows.has,
    "claims": lambda rows: rows.complete,
    "evidence": lambda rows: digest_bytes(rows.evidence.tobytes()),
}
"""What stands where something of the rows of an entity is read."""

_OF_CITY: Mapping[str, Callable[[City], Hashable]] = {
    "day": lambda city: city.asked_for,
    "name": lambda city: city.state.profile.name,
}

_COMPARE: Mapping[str, Callable[[Numbers, float], Mask]] = {
    "at_least": lambda numbers, mark: numbers >= mark,
    "more_than": lambda numbers, mark: numbers > mark,
    "at_most": lambda numbers, mark: numbers <= mark,
    "less_than": lambda numbers, mark: numbers < mark,
}


def rows_key(entity: str) -> Hashable:
    """What announces that an answer needs the rows of an entity."""
    return ("rows", entity)
