"""A small city made for tests of processes: plain columns in, a state out."""

from datetime import date
from pathlib import Path

import shapely

from tulou.kernel.clock import Moment
from tulou.model.dictionary import read_dictionary
from tulou.model.rows import rows_of
from tulou.model.state import MemoryState, Profile

DICTIONARY = read_dictionary([Path(__file__).parents[2] / "rulebooks" / "china" / "columns"])
EAST, NORTH = 560_000.0, 2_940_000.0


def city(day=date(2026, 1, 1), **tables):
    """A state with these tables, each a mapping of columns."""
    rows = {name: rows_of(DICTIONARY[name], columns) for name, columns in tables.items()}
    return MemoryState(Profile("test", "EPSG:4549"), DICTIONARY, Moment(day), rows)


def box(west, south, east, north):
    """A box in metres from the corner of the made city."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)
