"""A made street with people along it and shelters of known area, so that every answer can be worked by hand."""

from datetime import date

import shapely

from tulou.app.wiring import dictionary
from tulou.kernel.clock import Moment
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run


def state_of(**tables):
    """A city from tables of plain columns; ``at`` gives points along the street."""
    book = dictionary()
    made = {}
    for name, columns in tables.items():
        count = len(next(iter(columns.values())))
        whole = {"id": [f"{name}-{n}" for n in range(count)], **columns}
        if "at" in whole:
            whole["geometry"] = [shapely.Point(x, 0) for x in whole.pop("at")]
        made[name] = rows_of(book[name], whole, complete=frozenset({"*"}))
    return MemoryState(Profile("Made", "EPSG:4549", synthetic=True), book, Moment(date(2026, 1, 1)), made)


def street(**tables):
    """One street of 6 km in two blocks."""
    return state_of(
        road={"geometry": [shapely.LineString([(0, 0), (6000, 0)])], "class": ["branch"], "walkable": [True],
              "drivable": [True], "width": [10.0]},
        block={"geometry": [shapely.box(-10, -500, 3000, 500), shapely.box(3000, -500, 6010, 500)],
               "name": ["West", "East"]},
        **tables,
    )  # fmt: skip


def ran(name, state, **given):
    process = processes()[name]
    return process.run(Run(process.values(given), state))


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name)
