"""Editing: from a project to the change set it makes in a city."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY, ID
from tulou.kernel.polygons import AREA
from tulou.model.changes import AttributeChange, ChangeSet, EntityChanges, applied
from tulou.model.dictionary import Entity
from tulou.model.rows import Rows, rows_of
from tulou.model.state import State
from tulou.model.store.reading import joined as one_array
from tulou.model.store.reading import kind_of
from tulou.plan.projects.joining import joined
from tulou.plan.projects.project import Edit, Project
from tulou.plan.projects.residents import (
    CELL,
    Assumed,
    cells_of,
    homes,
    land_around,
    leaving,
    own_cells,
    unit_changes,
)

BUILDING, ROAD, POPULATION, PARCEL = "building", "road", "population", "parcel"
RESIDENTS = "residents"
LIVED_BY = ("use", "storeys", "height", "floor_area", "residents", GEOMETRY)
"""Attributes of a building that decide how many people live in it."""


def as_changes(project: Project, state: State, *, assumed: Assumed | None = None) -> ChangeSet:
    """What a project changes in a city, the people who move in and out included.

    Args:
        project: The project.
        state: The city it is carried out in.
        assumed: What estimates of people rest on, see ``residents.assumed_by``; None counts stated residents only.
    """
    edits = _Edits(state)
    for edit in project.edits:
        edits.take(edit)
    _join_roads(edits)
    _move_people(edits, assumed)
    return edits.changes()


@dataclass(eq=False)
class _Edits:
    """Edits gathered by entity while a change set is made."""

    state: State
    new: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    gone: dict[str, dict[str, None]] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    rows: list[Rows] = field(default_factory=list)

    def take(self, edit: Edit) -> None:
        values: dict[str, Any] = dict(edit.values)
        if edit.shape is not None:
            values[GEOMETRY] = edit.shape
        if edit.action == "remove":
            self.gone.setdefault(edit.entity, {})[edit.id] = None
        elif edit.action == "add":
            self.new.setdefault(edit.entity, {})[edit.id] = values
        else:
            for name, value in values.items():
                self.change(edit.entity, edit.id, name, value)

    def change(self, entity: str, name: str, attribute: str, value: object) -> None:
        self.changed.setdefault(entity, {}).setdefault(attribute, {})[name] = value

    def added(self, entity: str) -> Rows:
        """New objects of an entity."""
        return _new_rows(self.state.dictionary[entity], self.new.get(entity, {}))

    def removed(self, entity: str) -> Rows:
        """Objects that go."""
        rows = self.state.rows(entity)
        return rows.where(np.isin(rows.ids.astype(str), list(self.gone.get(entity, {}))))

    def changes(self) -> ChangeSet:
        made: dict[str, EntityChanges] = {}
        names = {*self.new, *self.gone, *self.changed, *(rows.entity.name for rows in self.rows)}
        for name in sorted(names):
            changed = self._of(name)
            if not changed.is_empty:
                made[name] = changed
        return ChangeSet(made)

    def _of(self, name: str) -> EntityChanges:
        rows = self.state.rows(name)
        appeared = [self.added(name), *(some for some in self.rows if some.entity.name == name)]
        vanished = sorted(set(self.gone.get(name, {})) & {str(one) for one in rows.ids}) if name in self.gone else []
        attributes = {
            attribute: change
            for attribute, values in sorted(self.changed.get(name, {}).items())
            if (change := _change(rows, attribute, values)) is not None
        }
        return EntityChanges(rows.entity, _stacked(rows.entity, appeared), pa.array(vanished, pa.string()), attributes)


def _new_rows(entity: Entity, objects: Mapping[str, Mapping[str, Any]]) -> Rows:
    names = dict.fromkeys(name for values in objects.values() for name in values)
    columns: dict[str, Any] = {ID: list(objects)}
    for name in (*entity.attributes, GEOMETRY):
        if name in names:
            columns[name] = [values.get(name) for values in objects.values()]
    return rows_of(entity, columns)


def _stacked(entity: Entity, tables: Iterable[Rows]) -> Rows:
    found = [rows.table for rows in tables if len(rows)]
    if not found:
        return _new_rows(entity, {})
    spoken = {name for table in found for name in table.column_names}
    order = [name for name in (ID, *entity.attributes, GEOMETRY) if name in spoken]
    return Rows(entity, pa.concat_tables(found, promote_options="default").select(order))


def _change(rows: Rows, attribute: str, values: Mapping[str, Any]) -> AttributeChange | None:
    """A change of one attribute of some objects; those that have the value already are left out."""
    at = {str(name): row for row, name in enumerate(rows.ids)}
    ids = [name for name in sorted(values) if name in at]
    kind = kind_of(rows.entity, attribute)
    column = rows.column(attribute)
    places = pa.array([at[name] for name in ids], pa.int64())
    before = pa.nulls(len(ids), kind) if column is None else one_array(column.take(places)).cast(kind)
    given = [values[name] for name in ids]
    after = pa.array(shapely.to_wkb(np.array(given, object)) if attribute == GEOMETRY else given, kind)
    differs = pa.array([one != other for one, other in zip(before.to_pylist(), after.to_pylist(), strict=True)])
    if not ids or not any(differs.to_pylist()):
        return None
    return AttributeChange(attribute, pa.array(ids).filter(differs), before.filter(differs), after.filter(differs))


def _join_roads(edits: _Edits) -> None:
    """Give new roads, and the roads they meet, the vertices they share."""
    new = {name: values for name, values in edits.new.get(ROAD, {}).items() if values.get(GEOMETRY) is not None}
    if not new:
        return
    roads = edits.state.rows(ROAD)
    stand = roads.where(~np.isin(roads.ids.astype(str), list(edits.gone.get(ROAD, {}))))
    on_level = [not (values.get("bridge") or values.get("tunnel")) for values in new.values()]
    found = joined([values[GEOMETRY] for values in new.values()], stand, on_level=on_level)
    for name, line in zip(new, found.lines, strict=True):
        edits.new[ROAD][name][GEOMETRY] = line
    for row, line in found.changed.items():
        edits.change(ROAD, str(stand.ids[row]), GEOMETRY, line)


def _move_people(edits: _Edits, assumed: Assumed | None) -> None:
    if POPULATION not in edits.state.dictionary:
        return
    built = edits.added(BUILDING)
    moves = [*_move_in(edits, built, assumed), *_move_out(edits), *_resettle(edits, assumed)]
    if assumed is not None and PARCEL in edits.state.dictionary and len(built):
        land = land_around(built.where(shapely.get_dimensions(built.shapes) >= AREA), edits.state, assumed.land_reach)
        edits.rows += [land] if land is not None else []
    _count_again(edits, moves)


Moves = list[tuple[NDArray[np.float64], float]]
"""Places, and by how many people they change."""


def _move_in(edits: _Edits, built: Rows, assumed: Assumed | None) -> Moves:
    """People of new homes."""
    if not len(built):
        return []
    found = homes(built, edits.state, assumed.people if assumed else None)
    cells = edits.state.rows(POPULATION)
    if len(cells):  # Cells of the new buildings alone would stand for the whole city.
        edits.rows.append(cells_of(found, cells))
    return list(zip(found.places, found.people.tolist(), strict=True))


def _move_out(edits: _Edits) -> Moves:
    """People of buildings that are removed."""
    removed = edits.removed(BUILDING)
    found = leaving(removed, edits.state)
    for cell in found.gone:
        edits.gone.setdefault(POPULATION, {})[cell] = None
    for cell, people in found.left.items():
        edits.change(POPULATION, cell, RESIDENTS, people)
        edits.change(POPULATION, cell, "estimated", value=True)
    places = {str(name): place for name, place in zip(removed.ids, removed.places, strict=True)}
    return [(places[name], -people) for name, people in found.people.items()]


def _resettle(edits: _Edits, assumed: Assumed | None) -> Moves:
    """People of buildings whose use, size or residents change.

    Where a cell stands for a building alone, its people are counted again. A building that had no home in it and has
    now is moved into like a new one.
    """
    made = edits.changes()
    if BUILDING not in made.entities:
        return []
    changes = made.entities[BUILDING].attributes
    names = {name for attribute in LIVED_BY if attribute in changes for name in changes[attribute].ids.to_pylist()}
    if not names:
        return []
    before, after = edits.state.rows(BUILDING), applied(edits.state, made).rows(BUILDING)
    some = _named(before, names)
    own = own_cells(some, edits.state) if len(some) else {}
    stated = set(changes[RESIDENTS].ids.to_pylist()) if RESIDENTS in changes else set()
    cells = {
        name: cell for name, cell in own.items() if name in stated or (assumed is not None and cell.startswith(CELL))
    }
    lived = homes(some, edits.state, assumed.people if assumed else None)
    empty = names - set(own) - {str(name) for name in lived.ids}
    moves = _count_own(edits, _named(after, set(cells)), cells, assumed)
    return [*moves, *_move_in(edits, _named(after, empty), assumed)]


def _count_own(edits: _Edits, buildings: Rows, cells: Mapping[str, str], assumed: Assumed | None) -> Moves:
    """Count the people of buildings again that a cell stands for alone."""
    of_city = edits.state.rows(POPULATION)
    residents = dict(zip(map(str, of_city.ids), np.nan_to_num(of_city.numbers(RESIDENTS)).tolist(), strict=True))
    found = homes(buildings, edits.state, assumed.people if assumed else None)
    rows = {str(name): row for row, name in enumerate(found.ids)}
    moves: Moves = []
    for name, place in zip(buildings.ids, buildings.places, strict=True):
        cell, row = cells[str(name)], rows.get(str(name))
        people = 0.0 if row is None else float(found.people[row])
        moves.append((place, people - residents[cell]))
        if row is None:
            edits.gone.setdefault(POPULATION, {})[cell] = None
            continue
        for attribute, value in found.said(row).items():
            if attribute in of_city.entity.attributes:
                edits.change(POPULATION, cell, attribute, value)
    return moves


def _named(rows: Rows, names: Collection[str]) -> Rows:
    return rows.where(np.isin(rows.ids.astype(str), sorted(names)))


def _count_again(edits: _Edits, moves: Sequence[tuple[NDArray[np.float64], float]]) -> None:
    """Residents on record of the units that people move into or out of."""
    for entity in edits.state.dictionary.values():
        if not moves or not entity.level or RESIDENTS not in entity.attributes:
            continue
        found = unit_changes(moves, edits.state.rows(entity.name))
        for name, (before, after) in found.items():
            if before != after:
                edits.change(entity.name, name, RESIDENTS, after)
