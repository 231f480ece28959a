"""Reading ``inspections/rules.yaml`` and ``inspections/bodies.yaml``: caps, kinds, plan, draw; bodies that inspect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tulou.indicators.rulebook.reading import Faults, choice, day, entries, keys, mapping, number, text, texts
from tulou.kernel.dated import Dated, Version
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.inspections.domain.caps import Caps, InspectionKind
from tulou.operations.inspections.domain.planning import PlanBody
from tulou.operations.safety.adapters.pages import GRADES, pages

FOLDER = "inspections"
FILE = "rules.yaml"
BODIES = "bodies.yaml"
STRATA = ("a", "b", "c", "d", "unknown")
"""Strata of a draw: by the first letter of the credit grade; without one, unknown."""


@dataclass(frozen=True)
class PlanRules:
    """What a plan rests on.

    Args:
        floor: Share of each body's days that is kept for the random draw.
        burden: What one more visit costs, in units of the weights.
        gap: Relative gap that is good enough.
        rate: How much of what there is the first visit finds: ``1 - exp(-rate)``.
        colours: Weight of an enterprise by its colour.
        source: Where the weights come from.
        evidence: How well they are evidenced.
    """

    floor: float
    burden: float
    gap: float
    rate: float
    colours: Mapping[str, float]
    source: str
    evidence: str


@dataclass(frozen=True)
class DrawRules:
    """What a draw rests on.

    Args:
        each: Inspectors a visit.
        most: Most visits an inspector is drawn for in one draw.
        strata: Share of each stratum that is drawn.
        source: Where the shares come from.
        evidence: How well they are evidenced.
    """

    each: int
    most: int
    strata: Mapping[str, float]
    source: str
    evidence: str


@dataclass(frozen=True)
class InspectionRules:
    """The rules of inspections, in one version.

    Args:
        since: First day on which they hold.
        caps: Caps on visits.
        kinds: Kinds of inspection.
        plan: What a plan rests on.
        draw: What a draw rests on.
        fewest: Cells below this are not published.
    """

    since: date
    caps: Caps
    kinds: Mapping[str, InspectionKind]
    plan: PlanRules
    draw: DrawRules
    fewest: int


@dataclass(frozen=True)
class InspectingBody:
    """A body that inspects.

    Args:
        id: Its id.
        title: Its name.
        level: Its level of government.
        days: Inspector-days it has in a year.
        per_visit: Inspector-days of one visit.
        trades: Trades it inspects.
        required: Visits a year that law requires of it, by trade.
        is_alone: Whether its visits cannot be joined.
        source: Where that comes from.
    """

    id: str
    title: Words
    level: str
    days: float
    per_visit: float
    trades: tuple[str, ...]
    required: Mapping[str, int]
    is_alone: bool
    source: str

    def planned(self, floor: float) -> PlanBody:
        """The body with the days that are left for planned visits beside the random ones."""
        return PlanBody(self.id, self.level, self.days * (1 - floor), self.per_visit, self.is_alone)


@dataclass(frozen=True)
class InspectionBook:
    """The rules of inspections through time.

    Args:
        versions: Its versions.
    """

    versions: Dated[InspectionRules]

    def on(self, when: date) -> InspectionRules:
        """The rules that hold on a day.

        Raises:
            BadUse: When none holds yet.
        """
        return self.versions.on(when).value


def read_inspection_rules(names: Sequence[str | Path]) -> InspectionBook:
    """Read the rules of inspections through time.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[date, Version[InspectionRules]]()
    for page in pages(names, FOLDER, FILE):
        with faults.kept(page.where()):
            keys(page, ("versions",))
        for entry in entries(page, "versions"):
            with faults.kept(entry.where()):
                rules = _rules(entry)
                found[rules.since] = Version(rules.since, rules, rules.caps.source, rules.caps.evidence)
    faults.raise_any()
    return InspectionBook(Dated.of("inspections", found.values()))


def read_bodies(names: Sequence[str | Path]) -> dict[str, InspectingBody]:
    """Read the bodies that inspect; a later rulebook takes the place of an earlier one, body by body.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, InspectingBody]()
    for page in pages(names, FOLDER, BODIES):
        for name in page:
            with faults.kept(page.where(name)):
                found[name] = _body(name, mapping(page, name))
    faults.raise_any()
    return found


def _rules(entry: At) -> InspectionRules:
    keys(entry, ("from", "caps", "kinds", "kinds_source", "plan", "draw", "fewest"))
    caps, kinds = mapping(entry, "caps"), mapping(entry, "kinds")
    keys(caps, ("levels", "total", "source", "evidence"))
    levels = mapping(caps, "levels")
    found = Caps(
        {name: _count(levels, name) for name in levels},
        _count(caps, "total"),
        text(caps, "source"),
        choice(caps, "evidence", GRADES),
    )
    return InspectionRules(
        day(entry, "from"),
        found,
        {name: _kind(name, mapping(kinds, name)) for name in kinds},
        _plan(mapping(entry, "plan")),
        _draw(mapping(entry, "draw")),
        _count(mapping(entry, "fewest"), "cases"),
    )


def _kind(name: str, entry: At) -> InspectionKind:
    keys(entry, ("title", "capped"))
    capped = entry.get("capped")
    if not isinstance(capped, bool):
        raise BadInput("a kind of inspection says whether it is capped", where=entry.where(), allowed=("capped: true",))
    return InspectionKind(name, words_of(entry, "title"), capped)


def _plan(entry: At) -> PlanRules:
    keys(entry, ("floor", "burden", "gap", "rate", "colours", "colours_source", "evidence"))
    colours = mapping(entry, "colours")
    floor, burden, gap, rate = (number(mapping(entry, name), "value") for name in ("floor", "burden", "gap", "rate"))
    if not 0 <= floor < 1:
        raise BadInput("a share is from 0 on and below 1", where=entry.where("floor"), found=f"{floor:g}")
    return PlanRules(
        floor,
        burden,
        gap,
        rate,
        {name: number(colours, name) for name in colours},
        text(entry, "colours_source"),
        choice(entry, "evidence", GRADES),
    )


def _draw(entry: At) -> DrawRules:
    keys(entry, ("each", "each_source", "most", "strata", "strata_source", "evidence"))
    strata = mapping(entry, "strata")
    keys(strata, STRATA)
    found = {name: number(strata, name) for name in STRATA}
    wrong = [name for name, share in found.items() if not 0 <= share <= 1]
    if wrong:
        raise BadInput("a share is from 0 to 1", where=strata.where(wrong[0]), found=f"{found[wrong[0]]:g}")
    return DrawRules(
        _count(entry, "each"),
        _count(entry, "most"),
        found,
        text(entry, "strata_source"),
        choice(entry, "evidence", GRADES),
    )


def _body(name: str, entry: At) -> InspectingBody:
    keys(entry, ("title", "level", "days", "per_visit", "trades", "required", "alone", "source"))
    required = mapping(entry, "required", needed=False)
    trades = texts(entry, "trades")
    days, per_visit = number(entry, "days"), number(entry, "per_visit")
    if days < 0 or per_visit <= 0:
        raise BadInput("a body has days, and a visit takes some", where=entry.where(), found=f"{days:g}, {per_visit:g}")
    unknown = sorted(set(required) - set(trades))
    if unknown:
        raise BadInput(
            "visits are required in a trade this body inspects", where=required.where(unknown[0]), allowed=trades
        )
    return InspectingBody(
        name,
        words_of(entry, "title"),
        text(entry, "level"),
        days,
        per_visit,
        trades,
        {one: _count(required, one) for one in required},
        bool(entry.get("alone", False)),
        text(entry, "source"),
    )


def _count(entry: At, key: str) -> int:
    found = number(entry, key)
    if found < 0 or not found.is_integer():
        raise BadInput("a count is a whole number from 0 on", where=entry.where(key), found=f"{found:g}")
    return int(found)
