"""A check from end to end: evaluate, diagnose, keep, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from tulou.app.wiring import RULEBOOKS, last_day, measures, open_city, rulebook
from tulou.diagnosis.diagnose import Diagnosis, diagnose, missing, standings
from tulou.diagnosis.findings import SCHEMA as NOTHING_LOOKED_FOR
from tulou.indicators.evaluate.explain import reopened
from tulou.indicators.evaluate.keeping import kept_checks, load_check, load_findings, save_check
from tulou.indicators.evaluate.run import Check
from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.kept import keep_rulebook, kept_rulebook
from tulou.kernel.errors import BadInput, BadUse, Fault, NotEnoughData
from tulou.kernel.progress import Progress
from tulou.model.state import State
from tulou.model.store.city import City


@dataclass(frozen=True)
class Question:
    """What is asked of a city.

    Args:
        valid: Day in the world; the newest known when None.
        record: Commit number, tag or moment as text; all that is known when None.
        rulebooks: Rulebooks to ask by.
        indicators: Ids to ask; all when empty.
        branch: Branch to ask about.
    """

    valid: date | None = None
    record: str | None = None
    rulebooks: Sequence[str] = RULEBOOKS
    indicators: Sequence[str] = ()
    branch: str = "main"


def state_of(city: City, question: Question) -> State:
    """The state a question is about."""
    day = question.valid or last_day(city, question.branch)
    return city.state(valid=day, record=question.record, branch=question.branch)


@dataclass(frozen=True)
class Kept:
    """A check read back, with all it takes to explain and report it.

    Args:
        folder: Where it is kept.
        check: The check.
        diagnosis: What it means.
        rulebook: What was asked.
        state: The city it was asked of.
    """

    folder: Path
    check: Check
    diagnosis: Diagnosis
    rulebook: Rulebook
    state: State


def run(city: City, question: Question, *, progress: Progress | None = None) -> Kept:
    """Check a city and keep the check beside it."""
    # Arrow's own pool keeps what it is given back, a sixth of all memory in a large check.
    pa.set_memory_pool(pa.system_memory_pool())
    rules = rulebook(tuple(question.rulebooks))
    state = state_of(city, question)
    keep_rulebook(city.path, rules)  # Before the check, so that an edit made meanwhile does not come between.
    diagnosis = diagnose(rules, state, indicators=question.indicators or None, progress=progress)
    return Kept(save_check(city.path, diagnosis.check, diagnosis.findings), diagnosis.check, diagnosis, rules, state)


def kept(path: Path, name: str = "", *, rulebooks: Sequence[str] = RULEBOOKS) -> Kept:
    """Read back the newest check of a city, or the one named.

    Args:
        path: Folder of the city.
        name: Id of the check, or the beginning of one.
        rulebooks: Rulebooks it was made by.

    Raises:
        NotEnoughData: When no check was made yet.
        BadUse: When there is no such check.
        BadInput: When the rulebook it was made by no longer loads.
    """
    city = open_city(path)
    folders = kept_checks(path)
    if not folders:
        raise NotEnoughData("no check of this city was made yet", where=str(path), allowed=(f"tulou check {path}",))
    chosen = [folder for folder in folders if folder.name.startswith(name)] if name else [newest(folders)]
    if not chosen:
        raise BadUse("there is no such check", where=str(path), found=name, allowed=[one.name for one in folders])
    folder = chosen[-1]
    read = load_check(folder)
    state = city.state(valid=read.day, record=read.record, branch=read.branch)
    rules = rules_of(path, read, rulebooks)
    check = reopened(read, rules, state)
    findings = load_findings(folder)
    diagnosis = Diagnosis(
        check,
        NOTHING_LOOKED_FOR.empty_table() if findings is None else findings,
        standings(check, rules),
        missing(check),
        {},
    )
    return Kept(folder, check, diagnosis, rules, state)


def rules_of(path: Path, check: Check, named: Sequence[str] = RULEBOOKS) -> Rulebook:
    """The rulebook a check was made by: the one named when it is the same still, else the copy kept with the city.

    Raises:
        NotEnoughData: When it was changed and no copy was kept.
        BadInput: When the copy no longer loads; says so with every fault.
    """
    rules = rulebook(tuple(named))
    if rules.digest == check.rulebook["digest"]:
        return rules
    try:
        return kept_rulebook(path, check.rulebook["digest"], measures())
    except BadInput as error:
        first = Fault("the rulebook of this check no longer loads", check.id, check.rulebook["id"])
        raise BadInput.of([first, *error.faults]) from None


def newest(folders: Sequence[Path]) -> Path:
    """The check that was made last."""
    return max(folders, key=lambda folder: (folder.stat().st_mtime_ns, folder.name))


def city_unit(kept: Kept) -> str:
    """Id of the unit that stands for the whole city.

    Raises:
        NotEnoughData: When the check holds no figure for the city.
    """
    for row in kept.check.results.select(["level", "unit"]).to_pylist():
        if row["level"] == "city":
            return str(row["unit"])
    raise NotEnoughData("this check holds no figure for the whole city", where=kept.folder.name)
