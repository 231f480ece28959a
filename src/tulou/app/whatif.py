"""A project tried on a city: read, measured beside the city without it, and kept on a branch where that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tulou.app.checking import Question, state_of
from tulou.app.wiring import open_city, rulebook
from tulou.diagnosis.diagnose import Diagnosis
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.errors import BadInput, Conflict
from tulou.kernel.facts import Extract
from tulou.kernel.identity import digest_text
from tulou.kernel.progress import Progress
from tulou.kernel.provenance import Quality, Source
from tulou.model.changes import ChangeSet
from tulou.model.state import State
from tulou.model.store.city import City
from tulou.model.store.clashing import facts_of
from tulou.model.store.importing import Importing
from tulou.model.store.layout import check_name
from tulou.model.store.manifest import Commit
from tulou.plan.effects import effect
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.project import Project
from tulou.plan.projects.reading import read_project
from tulou.plan.projects.residents import assumed_by
from tulou.plan.whatif.outcome import outcome
from tulou.plan.whatif.subjects import Tried

BY = "tulou whatif"


@dataclass(frozen=True)
class Trial:
    """What is to be tried.

    Args:
        files: Files of the project.
        question: What is asked of the city, and on which branch the project stands.
        datum: What the coordinates of the files are, where they do not say.
        name: What to call the project; the names of its files by default.
        keep_on: Name of a new branch to keep it on; empty to keep nothing.
        who: Who answers for it.
    """

    files: Sequence[Path]
    question: Question
    datum: str = ""
    name: str = ""
    keep_on: str = ""
    who: str = BY


@dataclass(frozen=True, eq=False)
class Ground:
    """What a project is tried on.

    Args:
        state: The city without it.
        rules: What is asked.
        before: What is known of the city without it, when that was worked out already by the same questions.
    """

    state: State
    rules: Rulebook
    before: Diagnosis | None = None


def try_project(
    city: Path | City,
    trial: Trial,
    *,
    ground: Ground | None = None,
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> Tried:
    """Try a project on a city.

    Args:
        city: The city, or its folder.
        trial: What is to be tried.
        ground: What it is tried on; as the trial asks when left out.
        memo: Work remembered from other evaluations of this city.
        progress: Told where the work stands.

    Raises:
        BadInput: When a file cannot be used; nothing is kept.
        BadUse: When a branch, record, rulebook or indicator does not exist, or the new branch cannot have this name.
        Conflict: When the branch stands already, or someone else made a commit meanwhile; nothing is kept.
    """
    place = open_city(city) if isinstance(city, Path) else city
    question = trial.question
    if trial.keep_on:
        _check_new(place, trial.keep_on)
    ground = ground or Ground(state_of(place, question), rulebook(tuple(question.rulebooks)))
    rules, state = ground.rules, ground.state
    project = read_project(list(trial.files), place.dictionary, state, datum=trial.datum, name=trial.name)
    changed = as_changes(project, state, assumed=assumed_by(rules, state.moment.valid))
    if changed.is_empty:
        raise BadInput("the project changes nothing in this city", where=project.name)
    found = effect(
        rules, state, changed, memo=memo, indicators=question.indicators or None, before=ground.before,
        progress=progress,
    )  # fmt: skip
    commit = keep(place, project, changed, trial, state, progress=progress) if trial.keep_on else None
    return Tried(project, changed, state, rules, outcome(found, rules), commit)


def keep(
    city: City, project: Project, changed: ChangeSet, trial: Trial, state: State, *, progress: Progress | None = None
) -> Commit:
    """Keep a project as one commit on a new branch of the city; neither stands when the other cannot.

    Args:
        city: The city.
        project: The project.
        changed: What it changes.
        trial: How it is kept.
        state: The city it was measured on; the branch begins there.
        progress: Told of each step.

    Raises:
        BadUse: When the branch cannot have this name.
        Conflict: When it stands already, or someone else made a commit meanwhile.
    """
    facts = facts_of(changed)
    rows = sum(some.rows.num_rows for some in facts)
    extract = Extract(_source(project), facts, Quality(rows, rows))
    city.branch(trial.keep_on, base=trial.question.branch, record=state.moment.record, about=project.name)
    try:
        return city.commit(
            extract, who=trial.who, message=project.name, valid_from=state.moment.valid, branch=trial.keep_on,
            how=Importing(strict=True, is_metric=True), progress=progress,
        )  # fmt: skip
    except BaseException:
        (city.layout.branches / f"{trial.keep_on}.json").unlink(missing_ok=True)
        raise


def _source(project: Project) -> Source:
    """Where a commit says it comes from: the file of the project, or all of them by name."""
    digests = list(project.files.values())
    digest = digests[0] if len(digests) == 1 else digest_text("\n".join(digests))
    return Source(", ".join(project.files), digest, "project")


def _check_new(city: City, name: str) -> None:
    """Refuse a name for a branch before anything is measured."""
    known = city.branches()
    if check_name(name, "branch") in known:
        raise Conflict("a branch of this name stands already", where="--branch", found=name, allowed=("a new name",))
