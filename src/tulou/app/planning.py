"""A plan from end to end: the city diagnosed, remedies priced, projects chosen, kept on branches, published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tulou.app.checking import Question, state_of
from tulou.app.plans import FILE, FOLDER, LADDER
from tulou.app.wiring import open_city, rulebook
from tulou.diagnosis.diagnose import diagnose
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadUse, Conflict
from tulou.kernel.facts import Extract
from tulou.kernel.identity import digest_text
from tulou.kernel.progress import Progress, steps
from tulou.kernel.provenance import Quality, Source
from tulou.kernel.words import Language
from tulou.model.state import State
from tulou.model.store.city import City
from tulou.model.store.clashing import facts_of
from tulou.model.store.importing import Importing
from tulou.model.store.layout import check_name
from tulou.plan.candidates.content import Candidates
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.project import Project as Edits
from tulou.plan.remedies.content import Catalogue
from tulou.plan.remedies.prices import Prices, read_prices
from tulou.plan.remedies.read import read_remedies
from tulou.plan.renewal.ladder import Rung, ladder_of
from tulou.plan.renewal.plan import Basis, Plan, Project, candidates_of, plan_of, prepare
from tulou.plan.renewal.wishes import Wishes
from tulou.publish.paper.write import write_papers
from tulou.publish.plan.assemble import papers
from tulou.publish.plan.handing import for_report
from tulou.publish.plan.ladder import ladder_document
from tulou.publish.plan.machine import plan_document
from tulou.publish.plan.material import Material

BY = "tulou plan"
PAPER = "plan"
DIGITS = 16
"""Characters of a digest that name a plan."""


@dataclass(frozen=True)
class Request:
    """What is to be planned.

    Args:
        question: City, day, record, branch and rulebooks.
        prices: File with prices; None for those of the catalogue alone.
        has_made_up_prices: Whether those prices are made up for a demonstration; every output says so.
        keep_on: Beginning of the names of the branches that the chosen projects are kept on; empty to keep none.
        who: Who answers for it.
    """

    question: Question
    prices: Path | None = None
    has_made_up_prices: bool = False
    keep_on: str = ""
    who: str = BY


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan that was made.

    Args:
        id: Made from the check, the prices and what was asked for.
        city: Folder of the city.
        plan: The plan.
        basis: What it was made from.
        prices: The prices.
        has_made_up_prices: Whether they are made up for a demonstration.
        branches: Branch of each project that was kept, by id.
        ladder: The plan for less and for more money; empty when that was not asked.
    """

    id: str
    city: Path
    plan: Plan
    basis: Basis
    prices: Prices
    has_made_up_prices: bool
    branches: Mapping[str, str]
    ladder: tuple[Rung, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the plan is kept."""
        return self.city / FOLDER / self.id


def catalogue_of(rules: Rulebook, prices: Path | None) -> Prices:
    """The remedies of a rulebook, with the prices of a file.

    Raises:
        BadInput: With every fault of the catalogue or the prices.
    """
    catalogue = read_remedies(rules)
    return Prices(catalogue) if prices is None else read_prices(prices, catalogue)


def basis_of(city: City, question: Question, catalogue: Catalogue, *, progress: Progress | None = None) -> Basis:
    """The city of a question, diagnosed."""
    rules = rulebook(tuple(question.rulebooks))
    state = state_of(city, question)
    memo = Memo()
    return Basis(rules, state, diagnose(rules, state, memo=memo, progress=progress), catalogue, memo)


def plan_city(
    path: Path, request: Request, wishes: Wishes, *, shares: Sequence[float] = (), progress: Progress | None = None
) -> Planned:
    """Make a plan for a city and keep it beside the city.

    Args:
        path: Folder of the city.
        request: City, prices, branches.
        wishes: Money, what counts, and the conditions.
        shares: Shares of the budgets that the plan is made for besides, see ``ladder_of``.
        progress: Told where the work stands.

    Raises:
        BadInput: When prices or remedies are faulty.
        BadUse: When a name does not exist, or the conditions contradict one another.
        Conflict: When a branch of one of the names stands already; nothing is kept.
    """
    city = open_city(path)
    rules = rulebook(tuple(request.question.rulebooks))
    prices = catalogue_of(rules, request.prices)
    refuse_unknown(rules, prices.catalogue, wishes)
    if request.keep_on:
        _check_new(city, request.keep_on)
    basis = basis_of(city, request.question, prices.catalogue, progress=progress)
    prepared = prepare(basis, wishes, progress=progress)
    plan = plan_of(basis, prepared, wishes, progress=progress)
    ladder = ladder_of(basis, prepared, plan, shares, progress=progress) if shares else ()
    branches = _keep_on_branches(city, basis.state, plan, request, progress) if request.keep_on else {}
    planned = Planned(_id(plan, prices), path, plan, basis, prices, request.has_made_up_prices, branches, ladder)
    planned.folder.mkdir(parents=True, exist_ok=True)
    if ladder:
        told = ladder_document(material_of(planned), ladder, basis.state.profile.crs)
        write_text(planned.folder / LADDER, json.dumps(told, ensure_ascii=False, allow_nan=False))
    write_text(planned.folder / FILE, json.dumps(document_of(planned), ensure_ascii=False, indent=1, allow_nan=False))
    return planned


def refuse_unknown(rules: Rulebook, catalogue: Catalogue, wishes: Wishes) -> None:
    """Refuse wishes that name an indicator or a remedy that does not exist.

    Args:
        rules: The rulebook.
        catalogue: The remedies.
        wishes: What is asked for.

    Raises:
        BadUse: When a name does not exist; offers the nearest.
    """
    _check_names(rules, wishes)
    _check_remedies(catalogue, wishes)


def candidates_in(
    path: Path, question: Question, prices: Path | None, *, progress: Progress | None = None
) -> tuple[Candidates, Basis]:
    """What could be done about the findings of a city, without measuring it."""
    city = open_city(path)
    catalogue = catalogue_of(rulebook(tuple(question.rulebooks)), prices).catalogue
    basis = basis_of(city, question, catalogue, progress=progress)
    return candidates_of(basis, progress=progress), basis


def document_of(planned: Planned) -> dict[str, object]:
    """Everything that is known of a plan, for programs."""
    return {
        "id": planned.id,
        **plan_document(planned.plan),
        "prices": {"file": planned.prices.file, "sha256": planned.prices.digest,
                   "made_up": planned.has_made_up_prices},
        "branches": dict(planned.branches),
        "report": for_report(material_of(planned)),
    }  # fmt: skip


def material_of(planned: Planned) -> Material:
    """What the papers of a plan are made of."""
    profile = planned.plan.today.check.profile
    return Material(
        planned.plan, planned.basis.rulebook, profile.name, profile.synthetic, planned.prices.file,
        planned.has_made_up_prices, profile.credit,
    )  # fmt: skip


def write_plan(
    planned: Planned, formats: Sequence[str], languages: Sequence[Language], *, folder: Path | None = None
) -> list[Path]:
    """Write the papers of a plan; beside the plan by default.

    Returns:
        The files written.
    """
    if not formats:
        return []
    return write_papers(papers(material_of(planned), languages), PAPER, folder or planned.folder, formats)


def _id(plan: Plan, prices: Prices) -> str:
    wishes = plan.wishes
    told = [
        plan.today.check.id, prices.digest, wishes.objective, sorted(wishes.budgets.items()),
        sorted(wishes.weights.items()), wishes.fairness.kind, wishes.fairness.share, wishes.must, wishes.remedies,
        wishes.indicators, wishes.gap, wishes.most_sites, wishes.step, wishes.alternatives,
    ]  # fmt: skip
    return f"{plan.today.check.day.isoformat()}-{digest_text(json.dumps(told, ensure_ascii=False))[:DIGITS]}"


def _check_names(rules: Rulebook, wishes: Wishes) -> None:
    for option, names in (("--indicator", wishes.indicators), ("--weight", tuple(wishes.weights))):
        for name in names:
            if name not in rules.indicators:
                raise BadUse("there is no such indicator", where=option, found=name, allowed=sorted(rules.indicators))


def _check_remedies(catalogue: Catalogue, wishes: Wishes) -> None:
    for name in wishes.remedies:
        if name not in catalogue.remedies:
            raise BadUse("there is no such remedy", where="--remedy", found=name, allowed=sorted(catalogue.remedies))


def _check_new(city: City, name: str) -> None:
    """Refuse names of branches before anything is measured."""
    check_name(name, "branch")
    taken = sorted(one for one in city.branches() if one == name or one.startswith(f"{name}."))
    if taken:
        raise Conflict(
            "a branch of this name stands already", where="--branch", found=taken[0], allowed=("a new name",)
        )


def _keep_on_branches(
    city: City, state: State, plan: Plan, request: Request, progress: Progress | None
) -> dict[str, str]:
    """Each chosen project on a branch of its own; none of them when one cannot be kept."""
    found: dict[str, str] = {}
    width = len(str(len(plan.projects)))
    try:
        for number, one in enumerate(steps(plan.projects, "branches", progress), 1):
            name = f"{request.keep_on}.{number:0{width}}.{one.candidate.remedy.id}"
            found[one.id] = name
            _keep(city, state, one, name, request)
    except BaseException:
        for name in found.values():
            (city.layout.branches / f"{name}.json").unlink(missing_ok=True)
        raise
    return found


def _keep(city: City, state: State, one: Project, name: str, request: Request) -> None:
    changed = as_changes(Edits(one.id, one.candidate.edits), state)
    facts = facts_of(changed)
    rows = sum(some.rows.num_rows for some in facts)
    city.branch(name, base=request.question.branch, record=state.moment.record, about=one.id)
    city.commit(
        Extract(Source(one.id, connector=BY), facts, Quality(rows, rows)), who=request.who, message=one.id,
        valid_from=state.moment.valid, branch=name, how=Importing(strict=True, is_metric=True),
    )  # fmt: skip
