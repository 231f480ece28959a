"""Random edits of a made city and of the rulebook it is asked by, for the proofs that a memory changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import shapely

from indicators.made import DAY, SIDE, city_tables, state_of
from indicators.small_rulebook import small
from tulou.diagnosis.diagnose import Diagnosis, diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.dated import Dated
from tulou.model.changes import applied, changes
from tulou.model.state import State

Tables = dict[str, dict[str, list[Any]]]
DAYS = (date(2018, 1, 1), date(2021, 6, 1), DAY, date(2030, 1, 1))


@dataclass
class Asked:
    """A city as it stands, the claims made of it, and what it is asked by."""

    tables: Tables
    complete: set[str] = field(default_factory=set)
    rulebook: Rulebook = field(default_factory=small)
    day: date = DAY
    indicators: tuple[str, ...] | None = None

    @classmethod
    def begin(cls, seed: int) -> Asked:
        tables = city_tables(seed)
        return cls({name: {key: list(values) for key, values in table.items()} for name, table in tables.items()})

    def state(self) -> State:
        return state_of(self.tables, complete=tuple(sorted(self.complete)))

    def diagnosed(self, state: State, memo: Memo | None) -> Diagnosis:
        return diagnose(self.rulebook, state, day=self.day, indicators=self.indicators, memo=memo)


Edit = Callable[[Asked, np.random.Generator], None]


def _row(asked: Asked, entity: str, draw: np.random.Generator) -> int | None:
    size = len(asked.tables[entity]["id"])
    return int(draw.integers(size)) if size else None


def _shape(entity: str, draw: np.random.Generator) -> shapely.Geometry:
    x, y = draw.uniform(0, SIDE, 2)
    return shapely.Point(x, y) if entity in {"facility", "population", "green"} else shapely.box(x, y, x + 2, y + 2)


def change(asked: Asked, draw: np.random.Generator) -> None:
    """Another value of one attribute of one object; it may be the value that it has."""
    entity = str(draw.choice(["building", "parcel", "green", "population", "facility"]))
    row = _row(asked, entity, draw)
    columns = asked.tables[entity]
    name = str(draw.choice([name for name in columns if name not in {"id", "geometry"}]))
    if row is not None:
        columns[name][row] = columns[name][int(draw.integers(len(columns[name])))] if draw.random() < 0.8 else None


def move(asked: Asked, draw: np.random.Generator) -> None:
    entity = str(draw.choice(["building", "parcel", "green", "population", "facility"]))
    row = _row(asked, entity, draw)
    if row is not None:
        asked.tables[entity]["geometry"][row] = _shape(entity, draw)


def add(asked: Asked, draw: np.random.Generator) -> None:
    entity = str(draw.choice(["building", "facility", "green", "population"]))
    like = _row(asked, entity, draw)
    if like is None:
        return
    for name, values in asked.tables[entity].items():
        values.append(values[like])
        if name == "id":
            values[-1] = f"new{draw.integers(1 << 40)}"
        elif name == "geometry":
            values[-1] = _shape(entity, draw)


def remove(asked: Asked, draw: np.random.Generator) -> None:
    entity = str(draw.choice(["building", "facility", "green", "population", "parcel"]))
    row = _row(asked, entity, draw)
    if row is not None:
        for values in asked.tables[entity].values():
            del values[row]


def redraw(asked: Asked, draw: np.random.Generator) -> None:
    """A boundary between two communities moves, or one has another name."""
    communities = asked.tables["community"]
    west, east = communities["geometry"][0], communities["geometry"][4]
    if draw.random() < 0.5:
        communities["name"] = [f"C{draw.integers(3)}" for _ in communities["id"]]
        return
    edge = float(draw.choice([20.0, 25.0, 28.5]))
    (x, low, _, high), (_, _, far, _) = west.bounds, east.bounds
    communities["geometry"][0] = shapely.box(x, low, edge, high)
    communities["geometry"][4] = shapely.box(edge, low, far, high)


def claim(asked: Asked, draw: np.random.Generator) -> None:
    asked.complete ^= {str(draw.choice(["building", "facility", "green", "parcel"]))}


def another_day(asked: Asked, draw: np.random.Generator) -> None:
    asked.day = DAYS[int(draw.integers(len(DAYS)))]


def another_rulebook(asked: Asked, draw: np.random.Generator) -> None:
    """A mark is another, or a formula asks for more to be known."""
    book = small()
    kind = draw.integers(3)
    if kind == 0:
        mark = book.parameters["park.pass_mark"]
        first = mark.values.versions[0]
        value = replace(first.value, number=float(draw.choice([20.0, 85.0, 99.0])))
        dated = Dated(mark.values.name, (replace(first, value=value),))
        asked.rulebook = replace(book, parameters={**book.parameters, mark.name: replace(mark, values=dated)})
    elif kind == 1:
        one = book.indicators["lift_share"]
        formula = replace(one.variants[0].formulas[0], known=float(draw.choice([10.0, 60.0, 95.0])))
        changed = replace(one, variants=(replace(one.variants[0], formulas=(formula,)), *one.variants[1:]))
        asked.rulebook = replace(book, indicators={**book.indicators, one.id: changed})
    else:
        asked.rulebook = book


EDITS: dict[str, Edit] = {
    "change": change,
    "move": move,
    "add": add,
    "remove": remove,
    "redraw": redraw,
    "claim": claim,
    "day": another_day,
    "rulebook": another_rulebook,
}


def edited_by(before: State, after: State) -> State:
    """A state equal to another but for the order of rows, made from one by a change set."""
    return applied(before, changes(before, after))
