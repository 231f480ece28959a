"""Taking facts in: from a file to a commit, and what a city gains from its own facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from tulou.app.messages import spoken
from tulou.app.timetables import with_headways
from tulou.app.wiring import last_day, new_city, open_city, rulebook
from tulou.indicators.rulebook.content import Setting
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.facts import Extract, Facts
from tulou.kernel.identity import digest_file
from tulou.kernel.progress import Progress, steps
from tulou.kernel.words import Language, Words
from tulou.model.dictionary import Dictionary
from tulou.model.land import derive_land
from tulou.model.people import Assumptions, estimate_population
from tulou.model.state import State
from tulou.model.store.city import City
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit
from tulou.model.units import derive_units
from tulou.sources.catalogue import recognise
from tulou.sources.mapping import read_mapping

SHOWN_EXAMPLES = 3
TIMETABLES = "gtfs"
VALID_FROM = "valid_from"
DERIVED_BY = "tulou derive"
TREATED: Mapping[str, Words] = {
    "repaired": Words("修复", "repaired"),
    "refused": Words("拒绝", "refused "),
    "noted": Words("注意", "noted   "),
}


@dataclass(frozen=True)
class Intake:
    """How one file is taken in.

    Args:
        valid_from: First day on which its rows hold, where they do not say themselves; None for the day of the file.
        who: Who answers for it.
        message: What it is about; the file's name by default.
        branch: Where to add it.
        mapping: Mapping file for a table or layer.
        entity: Entity the rows are about, where nothing else says it.
        datum: Datum of its coordinates, where the file does not say.
        service_day: For timetables: the day whose services count.
        keep_known: Whether a blank leaves what was known before.
    """

    valid_from: date | None = None
    who: str = ""
    message: str = ""
    branch: str = "main"
    mapping: Path | None = None
    entity: str = ""
    datum: str = ""
    service_day: date | None = None
    keep_known: bool = False


def take_in(city: City, file: Path, how: Intake, *, progress: Progress | None = None) -> Commit:
    """Read a file and add what it says as one commit.

    Args:
        city: The city.
        file: A file, or the folder of a timetable feed.
        how: How it is taken in.
        progress: Told where the work stands.

    Raises:
        BadInput: When the file cannot be used; the city is as it was.
        Conflict: When someone else made a commit meanwhile; the city is as they left it.
    """
    extract = read(city.dictionary, file, how, progress=progress)
    return city.commit(
        extract,
        who=how.who,
        message=how.message or file.name,
        valid_from=how.valid_from or day_of(file, extract),
        branch=how.branch,
        how=Importing(keep_known=how.keep_known),
        progress=progress,
    )


def read(dictionary: Dictionary, file: Path, how: Intake, *, progress: Progress | None = None) -> Extract:
    """Read a file by the connector that recognises it.

    Raises:
        BadInput: When nothing reads it, or it cannot be used.
        BadUse: When an option does not fit it.
    """
    connector = recognise(file)
    if how.entity and how.mapping is not None:
        raise BadUse("the mapping says what the rows are", where="--entity", found=how.entity)
    entity = dictionary[how.entity].name if how.entity else ""
    options: dict[str, Any] = {
        "datum": how.datum, "day": how.service_day, "entity": entity, "progress": progress,
    }  # fmt: skip
    if "progress" not in connector.takes:
        del options["progress"]
    if how.mapping is not None:
        options["mapping"] = read_mapping(how.mapping, dictionary)
    if connector.name == TIMETABLES:
        return with_headways(connector.read(file, **options))
    if "expected" in connector.takes:
        options["expected"] = dictionary
    return connector.read(file, **options)


def quality_text(commit: Commit, language: Language) -> str:
    """The quality report of an import, for a person."""
    quality = commit.quality
    parts = ", ".join(f"{part.entity} {part.rows:,}" for part in commit.parts)
    head = Words(
        f"提交 {commit.number}：{commit.message}  [{parts}]  读入 {quality.read:,}，采用 {quality.kept:,}，"
        f"修复 {quality.repaired:,}，拒绝 {quality.refused:,}",
        f"Commit {commit.number}: {commit.message}  [{parts}]  read {quality.read:,}, kept {quality.kept:,}, "
        f"repaired {quality.repaired:,}, refused {quality.refused:,}",
    )
    lines = [head.say(language)]
    for remark in quality.remarks:
        treated = TREATED[remark.treated].say(language)
        shown = f" ({', '.join(remark.examples[:SHOWN_EXAMPLES])})" if remark.examples else ""
        lines.append(f"  {treated} {remark.rows:>7,}  {spoken(remark.text, language)}{shown}")
    return "\n".join(lines)


def derive(
    city: City,
    day: date | None = None,
    *,
    people: float | None = None,
    again: bool = False,
    progress: Progress | None = None,
) -> list[Commit]:
    """Add what a city lacks and its own facts can tell: units, population, built-up land; all marked as derived.

    Args:
        city: The city.
        day: State to derive from; the newest day known by default.
        people: Known number of residents, to scale the estimate to.
        again: Whether to derive anew what was derived before.
        progress: Told after each step.

    Returns:
        One commit for each thing that was derived.
    """
    valid = day or last_day(city)
    made: list[Commit] = []
    tasks: dict[str, Callable[[State], list[Facts]]] = {
        "population": lambda state: _people(state, people, again=again),
        "land": lambda state: _present(derive_land(state, reach=_number("population.land_reach", valid))),
        "units": derive_units,
    }
    for name in steps(tasks, "derive", progress):
        facts = tasks[name](city.state(valid=valid))
        if facts:
            made.append(city.commit(facts, who=DERIVED_BY, message=f"derived: {name}", valid_from=valid))
    return made


def _people(state: State, people: float | None, *, again: bool) -> list[Facts]:
    recorded = state.rows("population")
    if len(recorded) and not (again and (recorded.numbers("estimated") == 1).all()):
        return []
    day = state.moment.valid
    low, high = _setting("population.floor_per_person_bounds", day).range or (math.nan, math.nan)
    assumed = Assumptions(
        _number("population.floor_per_person", day), (low, high), _number("population.storeys_unknown", day), people
    )
    return _present(estimate_population(state, assumed))


def _setting(name: str, day: date) -> Setting:
    """A parameter's setting; before its first day the first one, since an estimate must rest on something."""
    values = rulebook().parameters[name].values
    return values.on(day).value if values.holds_on(day) else values.versions[0].value


def _number(name: str, day: date) -> float:
    number = _setting(name, day).number
    if number is None:
        raise BadInput("this parameter must be one number", where=name)
    return number


def _present(facts: Facts | None) -> list[Facts]:
    return [] if facts is None else [facts]


def city_of_file(
    file: Path, folder: Path | None, *, name: str = "", people: float | None = None, progress: Progress | None = None
) -> Path:
    """Make a city from one file: import it, then derive what it lacks.

    Args:
        file: Any file a connector reads, such as an OpenStreetMap extract.
        folder: Folder of the city; beside the file by default.
        name: Name of the city; that of the file by default.
        people: Known number of residents, to scale the estimate to.
        progress: Told where the work stands.

    Returns:
        Folder of the city. When it was made from the very same file before, it is taken as it is.

    Raises:
        BadInput: When the file cannot be used; no city is left behind.
        BadUse: When something else stands in the folder.
    """
    stem = file.name.split(".")[0]
    place = folder or file.with_name(f"{stem}.city")
    if place.exists():
        if _was_made_from(place, file):
            return place
        raise BadUse("something else stands here already", where=str(place), allowed=("--to another folder",))
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(mkdtemp(dir=place.parent, prefix=f".{place.name}."))
    try:
        city = new_city(draft / "city", name or stem)
        take_in(city, file, Intake(), progress=progress)
        derive(city, people=people, progress=progress)
        (draft / "city").rename(place)
    finally:
        rmtree(draft, ignore_errors=True)
    return place


def _was_made_from(place: Path, file: Path) -> bool:
    try:
        commits = open_city(place).log()
    except BadInput:
        return False
    digest = digest_file(file)
    return any(commit.source is not None and commit.source.digest == digest for commit in commits)


def day_of(file: Path, extract: Extract) -> date:
    """Since when the facts of a file hold, when its rows and its bringer do not say.

    Returns:
        The day up to which the file says it is current; else the newest day from which its rows hold, where all say
        so; else the day the file was last changed.
    """
    if extract.source.moment:
        return datetime.fromisoformat(extract.source.moment).date()
    stated = [facts.rows[VALID_FROM] if VALID_FROM in facts.rows.column_names else None for facts in extract.facts]
    days = [max(column.to_pylist()) for column in stated if column is not None and len(column) > column.null_count == 0]
    if days and len(days) == len(stated):
        return max(days)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
