"""Random histories of a small city: two checks, with everything that can happen between them."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.diagnosis.difference.coalitions import Movement, Side, movement
from tulou.model.state import MemoryState

THEN, NOW = date(2023, 6, 30), date(2024, 6, 30)
KNOWN = 0.9
"""Share of the gaps of a made city that are filled, so that most of its figures can be told."""
EVENTS = ("correct", "build", "close", "split", "merge", "annex", "threshold", "formula", "later", "complete")


@dataclass
class History:
    """The tables of a city at three places of its two clocks, and what was asked at either end."""

    before: dict
    between: dict
    after: dict
    rulebook: object
    day: date

    def movement(self) -> Movement:
        first, second, third = (state_of(tables) for tables in (self.before, self.between, self.after))
        return movement(Side(small(), first, THEN), Side(self.rulebook, third, self.day), second)


def history(seed: int, events: frozenset[str]) -> History:
    """A city to which some things happen."""
    draw = np.random.default_rng(seed)
    tables = known_city(seed)
    between = copied(tables)
    if "correct" in events:
        correct(between, draw)
    after = copied(between)
    for event, happens in HAPPENINGS.items():
        if event in events:
            happens(after, draw)
    rulebook = small()
    if "threshold" in events:
        rulebook = with_threshold(rulebook)
    if "formula" in events:
        rulebook = with_formula(rulebook)
    return History(tables, between, after, rulebook, NOW if "later" in events else THEN)


def known_city(seed: int) -> dict:
    """A made city of which most is known, and whose two parks reach some of the housing land."""
    draw = np.random.default_rng(seed + 1)
    tables = city_tables(seed)
    homes = tables["building"]
    for name, usual in {"use": "residential", "storeys": 6.0, "floor_area": 100.0, "lift": False}.items():
        homes[name] = [usual if value is None and draw.random() < KNOWN else value for value in homes[name]]
    tables["green"]["geometry"] = [shapely.Point(-240, 50), shapely.Point(430, 50)]
    return tables


def copied(tables: dict) -> dict:
    return {entity: {name: list(values) for name, values in columns.items()} for entity, columns in tables.items()}


def correct(tables: dict, draw: np.random.Generator) -> None:
    """Later knowledge of the same day: storeys, lifts, a building nobody knew of, one that never was."""
    homes = tables["building"]
    for row in draw.choice(len(homes["id"]), 6, replace=False):
        homes["storeys"][row] = 7.0
        homes["lift"][row] = bool(draw.random() < 0.5)
    drop(homes, int(draw.integers(len(homes["id"]))))
    add_building(homes, "b900", draw)
    tables["green"]["area"][0] = 2500.0


def build(tables: dict, draw: np.random.Generator) -> None:
    """Real work: a new home, one torn down, lifts put in, a school."""
    homes = tables["building"]
    drop(homes, int(draw.integers(len(homes["id"]))))
    add_building(homes, "b901", draw)
    for row in draw.choice(len(homes["id"]), 8, replace=False):
        homes["lift"][row] = True
    schools = tables["facility"]
    for name, value in {
        "id": "s3",
        "geometry": shapely.Point(80, 20),
        "category": "primary_school",
        "capacity": 9.0,
    }.items():
        schools[name].append(value)


def close(tables: dict, draw: np.random.Generator) -> None:
    """Everything of a kind vanishes: what is divided by it is undefined."""
    kind = ["facility", "parcel", "green"][int(draw.integers(3))]
    while tables[kind]["id"]:
        drop(tables[kind], 0)


def split(tables: dict, draw: np.random.Generator) -> None:
    """A community is split in two."""
    units = tables["community"]
    row = int(draw.integers(len(units["id"])))
    left, below, right, above = units["geometry"][row].bounds
    middle = (left + right) / 2
    old = units["id"][row]
    drop(units, row)
    for part, (start, end) in {"a": (left, middle), "b": (middle, right)}.items():
        units["id"].append(old + part)
        units["geometry"].append(shapely.box(start, below, end, above))


def merge(tables: dict, draw: np.random.Generator) -> None:
    """Two blocks become one."""
    units = tables["block"]
    units["geometry"][0] = shapely.union(units["geometry"][0], units["geometry"][1])
    drop(units, 1)
    del draw


def annex(tables: dict, draw: np.random.Generator) -> None:
    """The city's limits move."""
    tables["city"]["geometry"][0] = shapely.box(0, 0, 100, 90 + float(draw.integers(5)))


HAPPENINGS = {"build": build, "close": close, "split": split, "merge": merge, "annex": annex}


def drop(columns: dict, row: int) -> None:
    for values in columns.values():
        del values[row]


def add_building(homes: dict, name: str, draw: np.random.Generator) -> None:
    x, y = draw.uniform(5, 95, 2)
    made = {"id": name, "geometry": shapely.box(x - 1, y - 1, x + 1, y + 1), "use": "residential", "storeys": 9.0}
    made |= {"floor_area": 300.0, "lift": True, "residents": 8.0}
    for column, values in homes.items():
        values.append(made[column])


def with_threshold(rulebook):
    """The same rulebook with a higher mark for parks, and lifts asked for from more storeys on."""
    parameters = dict(rulebook.parameters)
    for name, value in {"park.pass_mark": 95.0, "lift.least_storeys": 7.0}.items():
        old = parameters[name]
        values = replace(
            old.values,
            versions=tuple(replace(one, value=replace(one.value, number=value)) for one in old.values.versions),
        )
        parameters[name] = replace(old, values=values)
    return replace(rulebook, parameters=parameters, digest=rulebook.digest + "threshold")


def with_formula(rulebook):
    """The same rulebook with one indicator computed another way, one less, and one more."""
    indicators = dict(rulebook.indicators)
    swapped = indicators["tallest"]
    indicators["lift_share"] = replace(indicators["lift_share"], variants=swapped.variants)
    indicators["another"] = replace(indicators.pop("storeys_spread"), id="another")
    return replace(rulebook, indicators=indicators, digest=rulebook.digest + "formula")


def shuffled(state: MemoryState, seed: int) -> MemoryState:
    """The same state with its rows in another order."""
    draw = np.random.default_rng(seed)
    tables = {
        name: replace(rows, table=rows.table.take(draw.permutation(len(rows)))) for name, rows in state.tables.items()
    }
    return replace(state, tables=tables)
