"""Running a process from end to end: its inputs read, the city opened, the outcome written and kept."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tulou.app.wiring import last_day, open_city
from tulou.kernel.atomic import write_bytes, write_text
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Extract
from tulou.kernel.progress import Progress, silent
from tulou.kernel.provenance import Quality, Source
from tulou.kernel.words import LANGUAGES, Language, Words
from tulou.model.state import Profile, State
from tulou.model.store.manifest import Commit
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Process, Run
from tulou.processes.outcome import Outcome
from tulou.publish.drawing.ground import Layers
from tulou.publish.layers import layers_of
from tulou.publish.paper.write import write_papers
from tulou.publish.process.assemble import paper_of, picture_of


@dataclass(frozen=True)
class Done:
    """A process that was run.

    Args:
        process: What was run.
        values: Value of each input.
        outcome: What it found.
        profile: The city; None when it was run without one.
        layers: What maps of it are drawn on.
    """

    process: Process
    values: Mapping[str, Any]
    outcome: Outcome
    profile: Profile | None
    layers: Layers = field(default_factory=Layers)


def run_process(
    name: str,
    given: Mapping[str, object],
    *,
    city: Path | None = None,
    at: date | None = None,
    as_of: str | None = None,
    branch: str = "main",
    progress: Progress | None = None,
) -> Done:
    """Run a process by name.

    Args:
        name: Its name.
        given: Inputs by name, as texts or values.
        city: Folder of the city it is run on.
        at: Day in the world; the newest known by default.
        as_of: Record; everything known by default.
        branch: Branch of the city.
        progress: Told how far it is.

    Raises:
        BadUse: When there is no such process, an input is wrong, or a city is missing or not needed.
    """
    process = processes()[name]
    if city is None and process.needs_city:
        raise BadUse("this process runs on a city", where=name, allowed=("--city CITY",))
    if city is not None and not (process.needs_city or process.takes_city):
        raise BadUse("this process needs no city", where=name, found=str(city))
    values = process.values(given)
    state: State | None = None
    profile: Profile | None = None
    if city is not None:
        opened = open_city(city)
        profile = opened.profile
        state = opened.state(valid=at or last_day(opened), record=as_of, branch=branch)
    outcome = process.run(Run(values, state, progress or silent))
    return Done(process, values, outcome, profile, Layers() if state is None else layers_of(state))


def keep_outcome(done: Done, city: Path, *, who: str, day: date | None = None, branch: str = "main") -> Commit:
    """Commit what a process found to the city, so that indicators read it as they read any fact.

    Args:
        done: The process that was run.
        city: Folder of the city.
        who: Who answers for it.
        day: Day from which it holds; the newest known by default.
        branch: Branch of the city.

    Raises:
        BadUse: When it found nothing that belongs to objects of a city.
    """
    facts = [one for one in done.outcome.facts if one.rows.num_rows]
    if not facts:
        raise BadUse("this outcome holds no facts of the city to keep", where=done.process.name, allowed=("--to",))
    opened = open_city(city)
    rows = sum(one.rows.num_rows for one in facts)
    source = Source(done.process.name, digest_of(done), "run", done.process.version)
    return opened.commit(
        Extract(source, facts, Quality(read=rows, kept=rows)),
        who=who,
        message=f"run {done.process.name}",
        valid_from=day or last_day(opened),
        branch=branch,
    )


def digest_of(done: Done) -> str:
    """Digest of all that was told, inputs and read files among it."""
    return hashlib.sha256(_text(done).encode()).hexdigest()


def _text(done: Done) -> str:
    return json.dumps(as_data(done), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write_outcome(done: Done, folder: Path, formats: Sequence[str], languages: Sequence[Language]) -> list[Path]:
    """Write what a process found: a paper in each language and format, and one file for machines."""
    profile = done.profile
    papers = {
        language: paper_of(
            done.process,
            done.values,
            done.outcome,
            language,
            city=profile.name if profile else "",
            synthetic=bool(profile and profile.synthetic),
            layers=done.layers,
        )
        for language in languages
    }
    written = write_papers(papers, done.process.name, folder, formats)
    path = folder / f"{done.process.name}.json"
    write_text(path, _text(done))
    for name, data in sorted(done.outcome.files.items()):
        write_bytes(folder / name, data)
    return [*written, path, *(folder / name for name in sorted(done.outcome.files))]


def write_picture(done: Done, folder: Path, languages: Sequence[Language]) -> list[Path]:
    """Write the first picture of what a process found, ``picture.LANGUAGE.svg``; none where it draws none."""
    written = []
    for plot in done.outcome.plots[:1]:
        for language in languages:
            path = folder / f"picture.{language}.svg"
            write_text(path, picture_of(plot, language, done.layers).standalone(paper=True))
            written.append(path)
    return written


def as_data(done: Done) -> dict[str, Any]:
    """What a process found, as plain data."""
    outcome = done.outcome
    return {
        "process": done.process.name,
        "version": done.process.version,
        "verified": done.process.verified.en if done.process.verified else None,
        "source": _plain(done.process.source),
        "city": done.profile.name if done.profile else None,
        "inputs": {name: _plain(value) for name, value in done.values.items()},
        "answer": {one: [line.say(one) for line in outcome.answer] for one in LANGUAGES},
        "warnings": {one: [line.say(one) for line in outcome.warnings] for one in LANGUAGES},
        "assumptions": {one: [line.say(one) for line in outcome.assumptions] for one in LANGUAGES},
        "figures": [
            {
                "name": one.name,
                "title": _plain(one.title),
                "value": _plain(one.value),
                "unit": one.unit,
                "low": _plain(one.low),
                "high": _plain(one.high),
            }
            for one in outcome.figures
        ],
        "tables": [
            {
                "name": one.name,
                "columns": [{"name": column.name, "unit": column.unit} for column in one.columns],
                "rows": [[_plain(cell) for cell in row] for row in one.rows],
            }
            for one in outcome.tables
        ],
        "balances": [{"title": one.title.en, "residual": one.residual} for one in outcome.balances],
        "files": dict(outcome.sources or {}),
    }


def _plain(value: object) -> Any:  # noqa: ANN401  (values of any kind)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Path):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Words):
        return {one: value.say(one) for one in LANGUAGES}
    return list(value) if isinstance(value, tuple) else value
