"""A second year of the generated city: what is learned late, a district split in two, and real work on the ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.documents import At, read_document
from tulou.kernel.facts import EXISTS, GEOMETRY, ID, Extract, Facts
from tulou.kernel.provenance import Quality, Source
from tulou.kernel.words import Words
from tulou.sources.synthetic.buildings import PERSONS_PER_DWELLING, STOREY_HEIGHT
from tulou.sources.synthetic.layout import COMMUNITY_DEPTH, COMMUNITY_WIDTH
from tulou.sources.synthetic.registers import fill, generator, read_rules

SPLIT_DISTRICT = "district-1"
"""The district that is split; every generated city has it."""
SPLIT_INTO = (("district-north", "城北区"), ("district-south", "城南区"))
PARK_SIDE = 60.0
"""Side of a new park, metres."""
MARGIN = (0.2, 0.8)
"""Where in a community new things stand, as shares of its width and depth."""
PEOPLE = ("residents", "residents_60", "households", "children_0_3", "children_3_6", "children_primary")
"""What communities count of their population cells."""
DWELLINGS_PER_STOREY = 6.0
"""Dwellings on a storey of a new tower."""
OLD_SHARE, CHILDREN = (
    0.16,
    {"children_0_3": 0.03, "children_3_6": 0.03, "children_primary": 0.07, "children_secondary": 0.07},
)
"""Share of a tower's residents of 60 and over; share of its children by age."""


@dataclass(frozen=True)
class Step:
    """One commit of the second year.

    Args:
        what: What it is about.
        day: Day from which it holds.
        facts: What is asserted.
    """

    what: Words
    day: date
    facts: Extract


@dataclass
class _Register:
    """The registers as they stand while the year goes on, and what of them is new since the last commit."""

    tables: dict[str, pa.Table]
    seed: int
    rules: At
    touched: dict[str, dict[str, None]] = field(default_factory=dict)
    gone: dict[str, dict[str, None]] = field(default_factory=dict)

    def count(self, entity: str) -> int:
        """How many objects a register holds."""
        return int(self.tables[entity].num_rows)

    def column(self, entity: str, name: str) -> NDArray[Any]:
        """One attribute of all objects."""
        return np.asarray(self.tables[entity][name].to_numpy(zero_copy_only=False))

    def change(self, entity: str, at: NDArray[np.int64], values: Mapping[str, Any]) -> None:
        """Give some objects new values."""
        table = self.tables[entity]
        for name, given in values.items():
            column = table[name].to_pylist()
            for row, value in zip(at.tolist(), np.broadcast_to(given, len(at)).tolist(), strict=True):
                column[row] = value
            place, kind = table.schema.get_field_index(name), table.schema.field(name).type
            table = table.set_column(place, name, pa.array(column, kind))
        self.tables[entity] = table
        self._touch(entity, self.column(entity, ID)[at])

    def add(self, entity: str, columns: Mapping[str, Any]) -> None:
        """Add objects."""
        schema = self.tables[entity].schema
        made = pa.table({name: pa.array(list(values), schema.field(name).type) for name, values in columns.items()})
        self.tables[entity] = pa.concat_tables([self.tables[entity], made], promote_options="default")
        self._touch(entity, columns[ID])

    def remove(self, entity: str, at: NDArray[np.int64]) -> None:
        """Let objects go."""
        keep = np.ones(self.count(entity), bool)
        keep[at] = False
        self.gone.setdefault(entity, {}).update(dict.fromkeys(map(str, self.column(entity, ID)[at])))
        self.tables[entity] = self.tables[entity].filter(pa.array(keep))

    def facts(self, name: str) -> Extract:
        """What is new since the last call."""
        found: list[Facts] = []
        for entity, ids in sorted(self.touched.items()):
            table = self.tables[entity]
            found.append(Facts(entity, table.filter(pc.is_in(table[ID], value_set=pa.array(list(ids), pa.string())))))
        for entity, ids in sorted(self.gone.items()):
            absent = pa.table({ID: pa.array(list(ids), pa.string()), EXISTS: pa.array([False] * len(ids))})
            found.append(Facts(entity, absent))
        self.touched, self.gone = {}, {}
        rows = sum(one.rows.num_rows for one in found)
        source = Source(name, connector="synthetic", licence="synthetic data, no rights", datum="EPSG:4326")
        return Extract(source, found, Quality(rows, rows))

    def _touch(self, entity: str, ids: Iterable[str]) -> None:
        self.touched.setdefault(entity, {}).update(dict.fromkeys(map(str, ids)))


def next_year(first: Extract, *, began: date, seed: int) -> tuple[Step, ...]:
    """What happens to the generated city in the year after its first, commit by commit.

    Args:
        first: The city as ``rongcheng`` made it.
        began: Day from which the first year holds.
        seed: Everything random follows from it.

    Returns:
        A correction that was learned late, a district split in two, and work on the ground.
    """
    register = _Register({one.entity: one.rows for one in first.facts}, seed, read_rules())
    plan = _read_plan()
    _rows(register, plan["corrected"]["rows"], "corrected")
    _found(register, plan["corrected"]["found"], "corrected")
    late = Step(
        Words("迟到的更正：补登和改正上年台账", "Late correction: last year's registers completed and put right"),
        began,
        register.facts("correction (synthetic)"),
    )
    _split(register)
    new_year = date(began.year + 1, 1, 1)
    split = Step(
        Words("区划调整：一区分为两区", "A district is split in two"), new_year, register.facts("split (synthetic)")
    )
    return (late, split, *(_happened(register, part, new_year) for part in plan["happened"]))


def _read_plan() -> At:
    with as_file(files("tulou.sources.synthetic") / "next_year.yaml") as path:
        return read_document(path, path.name)


def _happened(register: _Register, part: At, year: date) -> Step:
    month, day = (int(text) for text in str(part["on"]).split("-"))
    name = str(part["on"])
    _rows(register, part.get("rows", {}), name)
    _found(register, part.get("new", {}), name)
    for category, share in part.get("gone", {}).get("facility", {}).items():
        at = np.flatnonzero(register.column("facility", "category") == category)
        register.remove("facility", _some(register, at, float(share), "gone", name, category))
    if "rebuilt" in part:
        _rebuild(register, part["rebuilt"])
    what = Words(str(part["what"]["zh"]), str(part["what"]["en"]))
    return Step(what, year.replace(month=month, day=day), register.facts(f"{what.en.lower()} (synthetic)"))


def _rows(register: _Register, rules: Mapping[str, Iterable[At]], name: str) -> None:
    """Rows that are given other values."""
    for entity, changes in rules.items():
        for number, rule in enumerate(changes):
            if not register.count(entity):
                continue
            fits = np.ones(register.count(entity), bool)
            for attribute, value in rule["where"].items():
                fits &= register.column(entity, attribute) == value
            at = _some(register, np.flatnonzero(fits), float(rule["share"]), entity, name, str(number))
            values: dict[str, Any] = dict(rule.get("to", {}))
            for attribute, times in rule.get("by", {}).items():
                values[attribute] = np.round(register.column(entity, attribute)[at].astype(float) * float(times))
            if len(at):
                register.change(entity, at, values)


def _some(register: _Register, at: NDArray[np.int64], share: float, *words: str) -> NDArray[np.int64]:
    """A share of some rows, at least one of them where there is any."""
    if not len(at):
        return at
    random = generator(register.seed, "next year", *words)
    return np.sort(random.choice(at, max(round(share * len(at)), 1), replace=False))


def _found(register: _Register, rules: Mapping[str, Mapping[str, float]], name: str) -> None:
    """New objects, or such as were not on record: facilities, and small parks in the corners of their communities."""
    for entity, shares in rules.items():
        for category, share in shares.items():
            homes = np.flatnonzero(register.column("community", "residents").astype(float) > 0)
            at = _some(register, homes, float(share), "new", name, category)
            ids = [f"{entity}-{category}-{name}-{number + 1}" for number in range(len(at))]
            columns: dict[str, Any] = {ID: ids, "category": [category] * len(at)}
            if entity == "green":
                columns |= _parks(register, at, name)
            else:
                columns["unit"] = register.column("community", ID)[at]
                columns[GEOMETRY] = shapely.to_wkb(shapely.points(_inside(register, at, name, category)))
                fill(
                    columns,
                    register.rules["facilities"][category]["fill"],
                    seed=register.seed,
                    name=f"{name}.{category}",
                )
            register.add(entity, columns)


def _inside(register: _Register, at: NDArray[np.int64], *words: str) -> NDArray[np.float64]:
    """A place inside each of some communities."""
    west, south, east, north = _bounds(register, at)
    random = generator(register.seed, "inside", *words)
    across, up = random.uniform(*MARGIN, (2, len(at)))
    return np.column_stack([west + across * (east - west), south + up * (north - south)])


def _bounds(register: _Register, at: NDArray[np.int64]) -> Sequence[NDArray[np.float64]]:
    return tuple(shapely.bounds(shapely.from_wkb(register.column("community", GEOMETRY)[at])).T)


def _parks(register: _Register, at: NDArray[np.int64], name: str) -> dict[str, Any]:
    """Square parks."""
    west, south, east, north = _bounds(register, at)
    x, y = _inside(register, at, name, "park").T
    half_x = (east - west) / COMMUNITY_WIDTH * PARK_SIDE / 2
    half_y = (north - south) / COMMUNITY_DEPTH * PARK_SIDE / 2
    return {
        "area": [PARK_SIDE**2] * len(at),
        "open_to_public": [True] * len(at),
        "corridor": [False] * len(at),
        GEOMETRY: shapely.to_wkb(shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)),
    }


def _split(register: _Register) -> None:
    """One district becomes two, made of the blocks in its northern and its southern half."""
    row = np.flatnonzero(register.column("district", ID) == SPLIT_DISTRICT)
    whole = shapely.from_wkb(register.column("district", GEOMETRY)[row][0])
    blocks = np.flatnonzero(register.column("block", "unit") == SPLIT_DISTRICT)
    shapes = shapely.from_wkb(register.column("block", GEOMETRY)[blocks])
    heights = shapely.get_y(shapely.centroid(shapes))
    is_north = heights > (heights.min() + heights.max()) / 2
    halves = [shapely.union_all(shapes[half]) for half in (is_north, ~is_north)] if is_north.any() else _halves(whole)
    register.remove("district", row)
    register.add(
        "district",
        {
            ID: [name for name, _ in SPLIT_INTO],
            "name": [title for _, title in SPLIT_INTO],
            "unit": ["city"] * len(SPLIT_INTO),
            GEOMETRY: shapely.to_wkb(np.array(halves)),
        },
    )
    register.change("block", blocks, {"unit": np.where(is_north, SPLIT_INTO[0][0], SPLIT_INTO[1][0]).astype(object)})


def _halves(shape: BaseGeometry) -> list[BaseGeometry]:
    """A shape cut at half its height, the northern part first."""
    west, south, east, north = shape.bounds
    middle = (south + north) / 2
    return [shape.intersection(shapely.box(west, low, east, high)) for low, high in ((middle, north), (south, middle))]


def _rebuild(register: _Register, rule: At) -> None:
    """The oldest houses of one community make room for towers; their people go, others come."""
    unit = register.column("building", "unit")
    lived = register.column("building", "residents").astype(float) > 0
    years = register.column("building", "year_built").astype(float)
    oldest = np.flatnonzero(lived)[np.argmin(years[lived])]
    here = np.flatnonzero((unit == unit[oldest]) & lived)
    gone = here[np.argsort(years[here], kind="stable")][: int(rule["buildings"])]
    towers = _towers(register, gone[: int(rule["towers"])], float(rule["storeys"]))
    cells = np.array([f"population-{name.removeprefix('building-')}" for name in register.column("building", ID)[gone]])
    community = np.flatnonzero(register.column("community", ID) == unit[oldest])
    leaving = np.flatnonzero(np.isin(register.column("population", ID).astype(str), cells))
    left = {name: register.column("population", name)[leaving].astype(float).sum() for name in PEOPLE}
    register.remove("population", leaving)
    register.remove("building", gone)
    register.add("building", towers)
    came = _cells(towers)
    register.add("population", came)
    counts = {
        name: register.column("community", name)[community].astype(float) - left[name] + sum(came[name])
        for name in PEOPLE
    }
    register.change("community", community, counts)


def _towers(register: _Register, plots: NDArray[np.int64], storeys: float) -> dict[str, Any]:
    """Towers on the ground of some houses."""
    count = len(plots)
    floor = register.column("building", "floor_area")[plots] / register.column("building", "storeys")[plots] * storeys
    dwellings = np.full(count, storeys * DWELLINGS_PER_STOREY)
    columns: dict[str, Any] = {
        ID: [f"building-tower-{number + 1}" for number in range(count)],
        "unit": register.column("building", "unit")[plots],
        "use": ["residential"] * count,
        "storeys": np.full(count, storeys),
        "height": np.full(count, storeys * STOREY_HEIGHT),
        "floor_area": floor,
        "lift": [True] * count,
        "year_built": np.full(count, 2026.0),
        "dwellings": dwellings,
        "households": dwellings,
        "residents": np.round(dwellings * PERSONS_PER_DWELLING),
        "residents_60": np.round(dwellings * PERSONS_PER_DWELLING * OLD_SHARE),
        GEOMETRY: register.column("building", GEOMETRY)[plots],
    }
    fill(columns, register.rules["fill"]["building"], seed=register.seed, name="tower")
    columns["structure_hazard"] = [False] * count
    return columns


def _cells(towers: Mapping[str, Any]) -> dict[str, Any]:
    """A population cell a tower."""
    residents = np.asarray(towers["residents"], float)
    shapes = shapely.centroid(shapely.from_wkb(np.asarray(towers[GEOMETRY], object)))
    return {
        ID: [f"population-{name.removeprefix('building-')}" for name in towers[ID]],
        "unit": towers["unit"],
        "residents": residents,
        "residents_60": towers["residents_60"],
        "households": towers["households"],
        **{name: np.round(residents * share) for name, share in CHILDREN.items()},
        GEOMETRY: shapely.to_wkb(shapes),
    }
