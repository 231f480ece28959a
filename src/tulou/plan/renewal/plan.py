"""A plan: what is done in which year, what it brings by itself and together, and the next check beside today's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from tulou.diagnosis.diagnose import Diagnosis
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.quantities import city_of
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.progress import Progress, steps
from tulou.model.state import State
from tulou.plan.candidates.content import Candidate, Candidates
from tulou.plan.candidates.gather import candidates as gather
from tulou.plan.candidates.making import amount_unit
from tulou.plan.effects import Effect, effect
from tulou.plan.portfolio.solve import Portfolio
from tulou.plan.remedies.content import Catalogue
from tulou.plan.renewal.asking import Asked, priced, question_of, years_of
from tulou.plan.renewal.choosing import MoreMoney, choose, more_money
from tulou.plan.renewal.measuring import Ground, Measured, measure
from tulou.plan.renewal.wishes import Wishes
from tulou.plan.shortfall import Gain


@dataclass(frozen=True, eq=False)
class Project:
    """A chosen candidate.

    Args:
        measured: The candidate, and what it brings by itself.
        year: Year it is paid and begun in.
        ready: Year it is finished in.
    """

    measured: Measured
    year: int
    ready: int

    @property
    def candidate(self) -> Candidate:
        """The candidate."""
        return self.measured.candidate

    @property
    def id(self) -> str:
        """Id of the candidate."""
        return self.candidate.id


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan for a city.

    Args:
        wishes: What was asked for.
        today: The check it answers.
        catalogue: The remedies, with their prices.
        candidates: All that could be done.
        asked: The question the solver answered, and what is left out of it.
        portfolio: The solver's answer.
        projects: What is chosen, by year and id.
        joint: What all of it brings together, by indicator, measured on one branch.
        outlook: By year, the city at its end with all that is finished by then, beside today's.
        more: What more money buys.
        units: Unit of the amount of each remedy.
    """

    wishes: Wishes
    today: Diagnosis
    catalogue: Catalogue
    candidates: Candidates
    asked: Asked
    portfolio: Portfolio
    projects: tuple[Project, ...]
    joint: Mapping[str, Gain]
    outlook: Mapping[int, Effect]
    more: tuple[MoreMoney, ...]
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def cost(self) -> float:
        """What all of it costs, yuan."""
        return sum(project.candidate.cost or 0.0 for project in self.projects)

    @property
    def single(self) -> dict[str, tuple[float, float]]:
        """People and objects of the projects finished by the end, each as it was measured, summed by indicator."""
        found: dict[str, tuple[float, float]] = {}
        for project in self.projects:
            if project.ready > self.wishes.years[-1]:
                continue
            for name, gain in project.measured.gains.items():
                people, objects = found.get(name, (0.0, 0.0))
                found[name] = people + gain.people, objects + gain.objects
        return dict(sorted(found.items()))


@dataclass(frozen=True, eq=False)
class Basis:
    """What a plan is made from.

    Args:
        rulebook: What is asked of the city.
        state: The city.
        today: Its diagnosis, made of this state by this rulebook.
        catalogue: The remedies.
        memo: Work remembered.
    """

    rulebook: Rulebook
    state: State
    today: Diagnosis
    catalogue: Catalogue
    memo: Memo


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is worked out once, whatever money there is.

    Args:
        ground: What candidates were measured on.
        candidates: All that could be done.
        asked: The question for the solver, with the budgets of the wishes.
        units: Unit of the amount of each remedy.
    """

    ground: Ground
    candidates: Candidates
    asked: Asked
    units: Mapping[str, str]


def make_plan(basis: Basis, wishes: Wishes, *, progress: Progress | None = None) -> Plan:
    """What to do, and in which year.

    Args:
        basis: City, rulebook, findings and remedies.
        wishes: Money, what counts, and the conditions.
        progress: Told after each step.

    Raises:
        BadUse: When the conditions contradict one another: by how much the money falls short, which share can be
            given, what waits for one another.
    """
    return plan_of(basis, prepare(basis, wishes, progress=progress), wishes, progress=progress)


def prepare(basis: Basis, wishes: Wishes, *, progress: Progress | None = None) -> Prepared:
    """Gather the candidates and measure them, which takes longest and does not depend on the budgets.

    Args:
        basis: City, rulebook, findings and remedies.
        wishes: What counts, and the conditions.
        progress: Told after each candidate.

    Raises:
        BadUse: When something that must be done is no candidate.
    """
    ground = Ground.of(basis.rulebook, basis.state, basis.today.check.day, basis.memo)
    found = candidates_of(basis, wishes, progress=progress)
    payable, left = priced(found.found)
    measured = measure(ground, payable, wishes, progress=progress)
    asked = question_of(measured, wishes, known=found.found, left=left)
    return Prepared(ground, found, asked, _units(basis, found))


def plan_of(basis: Basis, prepared: Prepared, wishes: Wishes, *, progress: Progress | None = None) -> Plan:
    """Choose from candidates that were measured.

    Args:
        basis: City, rulebook, findings and remedies.
        prepared: The candidates, measured for these wishes.
        wishes: Money, what counts, and the conditions.
        progress: Told after each step.

    Raises:
        BadUse: When the conditions contradict one another.
    """
    ground, asked = prepared.ground, prepared.asked
    portfolio = choose(asked.question, gap=wishes.gap, alternatives=wishes.alternatives)
    more = more_money(asked.question, portfolio, wishes.step, gap=wishes.gap)
    projects = projects_of(asked, portfolio)
    ready = [one.candidate for one in projects if one.ready <= wishes.years[-1]]
    joint = ground.gains(ready) if ready else {}
    outlook = _outlook(basis, ground, wishes, projects, progress)
    return Plan(
        wishes, basis.today, basis.catalogue, prepared.candidates, asked, portfolio, projects, joint, outlook,
        tuple(more), prepared.units,
    )  # fmt: skip


def candidates_of(basis: Basis, wishes: Wishes | None = None, *, progress: Progress | None = None) -> Candidates:
    """What could be done about the findings, without measuring it."""
    view = city_of(basis.rulebook, basis.state, basis.today.check.day, memo=basis.memo)
    findings = basis.today.findings
    if wishes is None:
        return gather(view, basis.catalogue, findings, progress=progress)
    if wishes.indicators:
        names = pa.array(wishes.indicators, pa.string())
        findings = findings.filter(pc.is_in(pc.cast(findings["indicator"], pa.string()), value_set=names))
    return gather(
        view, basis.catalogue, findings, remedies=wishes.remedies, most_sites=wishes.most_sites, progress=progress
    )


def _units(basis: Basis, found: Candidates) -> dict[str, str]:
    view = city_of(basis.rulebook, basis.state, basis.today.check.day, memo=basis.memo)
    remedies = {one.remedy.id: one.remedy for one in found.found}
    return {name: amount_unit(view, remedy) for name, remedy in sorted(remedies.items())}


def projects_of(asked: Asked, portfolio: Portfolio) -> tuple[Project, ...]:
    """The projects of a portfolio, by year and id.

    Args:
        asked: The question it answers.
        portfolio: The portfolio.
    """
    chosen = [
        Project(asked.pool[name], year, year + years_of(asked.pool[name].candidate))
        for name, year in portfolio.years.items()
    ]
    return tuple(sorted(chosen, key=lambda one: (one.year, one.id)))


def _outlook(
    basis: Basis, ground: Ground, wishes: Wishes, projects: tuple[Project, ...], progress: Progress | None
) -> dict[int, Effect]:
    """The city at the end of each year, by the rules of today so that only the projects move it."""
    return {
        year: effect_of(basis, ground, [one.candidate for one in projects if one.ready <= year])
        for year in steps(wishes.years, "next check", progress)
    }


def effect_of(basis: Basis, ground: Ground, done: Sequence[Candidate]) -> Effect:
    """The city with some candidates done beside today's, by the rules of today.

    Args:
        basis: City, rulebook and today's diagnosis.
        ground: What the candidates were measured on.
        done: The candidates.
    """
    return effect(
        basis.rulebook, basis.state, ground.changes(done),
        day=basis.today.check.day, memo=basis.memo, before=basis.today,
    )  # fmt: skip
