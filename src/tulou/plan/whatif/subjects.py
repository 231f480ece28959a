"""Subjects: what an outcome is about: a project that was tried, two rules compared, a day on which rules come in."""

from __future__ import annotations

from dataclasses import dataclass

from tulou.indicators.rulebook.content import Rulebook
from tulou.model.changes import ChangeSet
from tulou.model.state import State
from tulou.model.store.manifest import Commit
from tulou.plan.projects.project import Project
from tulou.plan.whatif.laws import Commencement, ParameterChange
from tulou.plan.whatif.outcome import NearLine, Outcome


@dataclass(frozen=True, eq=False)
class Tried:
    """A project that was tried.

    Args:
        project: The project.
        changed: What it changes in the city, people included.
        state: The city without it.
        rulebook: What was asked.
        outcome: What it comes to.
        commit: The commit it was kept as; None when nothing was kept.
    """

    project: Project
    changed: ChangeSet
    state: State
    rulebook: Rulebook
    outcome: Outcome
    commit: Commit | None = None


@dataclass(frozen=True, eq=False)
class Compared:
    """One city by two rules.

    Args:
        state: The city.
        changes: Parameters that say something else.
        outcome: What that comes to.
        near: Marginal answers of the indicators judged by them.
        share: How near these lie.
    """

    state: State
    changes: tuple[ParameterChange, ...]
    outcome: Outcome
    near: tuple[NearLine, ...]
    share: float


@dataclass(frozen=True, eq=False)
class Coming:
    """A day on which rules come into force, and what that comes to.

    Args:
        commencement: The day and its rules.
        outcome: What they turn, against the day before.
    """

    commencement: Commencement
    outcome: Outcome
