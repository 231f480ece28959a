"""A city of real files, brought in and checked the way the command line does it."""

from collections.abc import Sequence
from pathlib import Path

from tulou.app.checking import Kept, Question, run
from tulou.app.intake import Intake, derive, take_in
from tulou.app.wiring import new_city
from tulou.model.store.city import City

MAPPINGS = Path(__file__).parent / "mappings"


def mapped(name: str, **words) -> Intake:
    """An import by one of the mapping files beside this module."""
    return Intake(mapping=MAPPINGS / f"{name}.yaml", **words)


def city_of(place: Path, name: str, imports: Sequence[tuple[Path, Intake]]) -> tuple[City, list[tuple[int, ...]]]:
    """A city with what it lacks derived, and rows read, kept, repaired and refused by each import."""
    city = new_city(place, name)
    told = []
    for file, how in imports:
        found = take_in(city, file, how).quality
        told.append((found.read, found.kept, found.repaired, found.refused))
    derive(city)
    return city, told


def figures(kept: Kept, level: str = "city") -> dict[tuple[str, str], dict]:
    """Rows of the results of one level that has one unit, by indicator and variant."""
    rows = kept.check.results.to_pylist()
    return {(row["indicator"], row["variant"]): row for row in rows if row["level"] == level}


def checked(city: City) -> Kept:
    """The city checked by all rulebooks."""
    return run(city, Question())


def assessed(kept: Kept) -> int:
    """Indicators that gave a figure for the city."""
    rows = figures(kept).values()
    return len({row["indicator"] for row in rows if row["status"] != "not assessed"})
