"""The register of parts of a city: read, checked, linked to cells and bodies; and begun from objects it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from tulou.app.city_management_grid import ENTITY as CELLS
from tulou.app.wiring import RULEBOOKS, last_day, open_city
from tulou.indicators.rulebook.reading import keys, looked_up, mapping, text
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.identity import object_id
from tulou.kernel.polygons import holders
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit
from tulou.operations.city_management.adapters.reading import pages
from tulou.operations.city_management.adapters.tables import read_classes
from tulou.operations.city_management.domain.classes import Classes
from tulou.operations.city_management.domain.codes import COUNTY, PART
from tulou.operations.city_management.domain.parts import ManagedPart, PartFault, body_for, check_parts

ENTITY = "managed_part"
REGISTERED_BY = "tulou manage parts"
INTACT = "intact"


@dataclass(frozen=True)
class Register:
    """The parts of a city.

    Args:
        name: The city.
        parts: The parts.
        faults: What is wrong with the register.
        classes: Classes of parts and events.
        bodies: Body that answers for each part; empty where neither owner nor territory is known.
    """

    name: str
    parts: Sequence[ManagedPart]
    faults: Sequence[PartFault]
    classes: Classes
    bodies: Sequence[str]

    def counts(self) -> dict[tuple[str, str], int]:
        """How many parts there are by class and state."""
        found = Counter((part.part_class, part.state) for part in self.parts)
        return {key: found[key] for key in sorted(found)}


def register_of(city: Path, day: date | None = None, names: Sequence[str] = RULEBOOKS) -> Register:
    """The register of a city, checked.

    Raises:
        NotEnoughData: When it holds no parts.
    """
    opened = open_city(city)
    state = opened.state(valid=day or last_day(opened))
    rows, classes = state.rows(ENTITY), read_classes(names)
    if not len(rows):
        allowed = (f"tulou import {city} FILE --entity {ENTITY}", f"tulou manage parts {city} --begin")
        raise NotEnoughData("this city has no register of parts", where=str(city), allowed=allowed)
    inside, responsible = _cells(state, rows)
    columns = {name: _texts(rows, name) for name in ("code", "class", "owner", "state", "cell")}
    known = np.asarray(np.isfinite(rows.places).all(axis=1), bool)
    parts = [
        ManagedPart(
            str(one), columns["code"][at], columns["class"][at] or _class_of(columns["code"][at], classes),
            columns["owner"][at], columns["state"][at], columns["cell"][at], inside[at], bool(known[at]),
        )
        for at, one in enumerate(rows.ids)
    ]  # fmt: skip
    bodies = [body_for("part", part.owner, responsible.get(part.cell, "")) for part in parts]
    return Register(state.profile.name, parts, check_parts(parts, classes), classes, bodies)


def begin_register(
    city: Path, *, who: str = "", day: date | None = None, names: Sequence[str] = RULEBOOKS
) -> Commit | None:
    """Begin the register of a city from objects it has, each with the next code of its class in its county.

    Objects that are registered already keep their code.

    Returns:
        The commit; None when all are registered.

    Raises:
        NotEnoughData: When the city has no such objects, or no unit grid that says in which county they lie.
    """
    opened = open_city(city)
    valid = day or last_day(opened)
    state, rule = opened.state(valid=valid), _source(names)
    rows = state.rows(rule.entity)
    if not len(rows):
        raise NotEnoughData("this city has no objects that are parts", where=str(city), allowed=(rule.entity,))
    inside, _ = _cells(state, rows)
    if not any(inside):
        allowed = (f"tulou manage grid propose {city} --keep",)
        raise NotEnoughData("this city holds no unit grid", where=str(city), allowed=allowed)
    held = state.rows(ENTITY)
    taken = {code[:-PART]: max(number, 0) for code, number in _last_numbers(_texts(held, "code")).items()}
    known = set(_texts(held, "object"))
    kinds = [rule.classes.get(one, rule.otherwise) for one in _texts(rows, rule.by)]
    chosen = [at for at, one in enumerate(map(str, rows.ids)) if one not in known and inside[at]]
    if not chosen:
        return None
    classes, codes = read_classes(names), []
    for at in chosen:
        head = inside[at][:COUNTY] + classes[kinds[at]].code
        taken[head] = taken.get(head, 0) + 1
        codes.append(f"{head}{taken[head]:0{PART}d}")
    states, owners = _states(rows, rule.states), _texts(rows, "owner")
    shapes = rows.shapes[chosen]
    table = pa.table(
        {
            "id": [object_id("part", code) for code in codes],
            "code": codes,
            "class": [kinds[at] for at in chosen],
            "state": pa.array([states[at] for at in chosen], pa.string()),
            "cell": [inside[at] for at in chosen],
            "owner": pa.array([owners[at] or None for at in chosen], pa.string()),
            "object": [str(rows.ids[at]) for at in chosen],
            "geometry": pa.array(shapely.to_wkb(shapes), pa.binary()),
        }
    )
    return opened.commit(
        [Facts(ENTITY, table)], who=who or REGISTERED_BY, message=f"parts registered from {rule.entity}",
        valid_from=valid, how=Importing(is_metric=True),
    )  # fmt: skip


@dataclass(frozen=True)
class _Source:
    """Objects that are parts as well."""

    entity: str
    by: str
    classes: Mapping[str, str]
    otherwise: str
    states: Mapping[str, str]


def _source(names: Sequence[str]) -> _Source:
    found: _Source | None = None
    classes = read_classes(names)
    for page in pages(names, "parts.yaml"):
        keys(page, ("from", "by", "classes", "otherwise", "states"))
        table, states = mapping(page, "classes"), mapping(page, "states")
        for key in table:
            looked_up(classes.classes, text(table, key), "class of parts or events", table.where(key))
        otherwise = looked_up(
            classes.classes, text(page, "otherwise"), "class of parts or events", page.where("otherwise")
        )
        found = _Source(
            text(page, "from"), text(page, "by"), {key: text(table, key) for key in table}, otherwise,
            {key: text(states, key) for key in states},
        )  # fmt: skip
    if found is None:
        raise BadInput("no rulebook says which objects are parts", where="city_management/parts.yaml")
    return found


def _cells(state: State, rows: Rows) -> tuple[list[str], dict[str, str]]:
    """Code of the cell that each row lies in, and the body responsible for each cell."""
    cells = state.rows(CELLS)
    cells = cells.where(~shapely.is_missing(cells.shapes))
    codes = _texts(cells, "code")
    at = holders(np.asarray(cells.shapes, object), rows.places)
    responsible = dict(zip(codes, _texts(cells, "responsible"), strict=True))
    return [codes[one] if one >= 0 else "" for one in at.tolist()], responsible


def _texts(rows: Rows, attribute: str) -> list[str]:
    return [str(one or "") for one in rows.texts(attribute)]


def _class_of(code: str, classes: Classes) -> str:
    known = classes.of_code("part", code[COUNTY:-PART])
    return known.id if known else ""


def _last_numbers(codes: Sequence[str]) -> dict[str, int]:
    """The largest code of each county and class, with its number."""
    largest: dict[str, str] = {}
    for code in sorted(one for one in codes if one.isdigit()):
        largest[code[:-PART]] = code
    return {code: int(code[-PART:]) for code in largest.values()}


def _states(rows: Rows, flags: Mapping[str, str]) -> list[str | None]:
    """State of each object: that of the first flag that is set; intact when all flags are known and none is."""
    found: list[str | None] = [None] * len(rows)
    values = {flag: rows.numbers(flag) for flag in flags}
    for at in range(len(rows)):
        state = next((flags[flag] for flag, column in values.items() if column[at] == 1), None)
        is_known = all(np.isfinite(column[at]) for column in values.values())
        found[at] = state or (INTACT if is_known else None)
    return found
