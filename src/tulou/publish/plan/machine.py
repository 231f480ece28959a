"""Documents for machines: a plan, its candidates and its sites as plain values that JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from tulou.kernel.words import Words
from tulou.plan.candidates.content import REASONS, Candidate, Candidates, LeftOut
from tulou.plan.portfolio.solve import Portfolio
from tulou.plan.remedies.content import Catalogue, Remedy
from tulou.plan.renewal.plan import Plan, Project
from tulou.plan.shortfall import Gain

Document = dict[str, Any]
VERSION = 1
"""Version of these documents; a name is never given another meaning within one."""


def plan_document(plan: Plan) -> Document:
    """A plan as plain values."""
    wishes, portfolio = plan.wishes, plan.portfolio
    return {
        "format": VERSION,
        "what": "plan",
        "city": plan.today.check.profile.name,
        "synthetic": plan.today.check.profile.synthetic,
        "check": plan.today.check.id,
        "day": plan.today.check.day.isoformat(),
        "objective": wishes.objective,
        "weights": dict(sorted(wishes.weights.items())),
        "budgets": {str(year): wishes.budgets[year] for year in wishes.years},
        "fairness": {"kind": wishes.fairness.kind, "share": wishes.fairness.share},
        "must": list(wishes.must),
        "indicators": list(wishes.indicators),
        **_portfolio(portfolio),
        "cost": plan.cost,
        "projects": [_project(one) for one in plan.projects],
        "alternatives": [_portfolio(one) for one in portfolio.alternatives],
        "single": {name: {"people": people, "objects": objects} for name, (people, objects) in plan.single.items()},
        "joint": _gains(plan.joint),
        "more_money": [
            {"year": one.year, "money": one.money, "gain": one.gain, "added": list(one.added),
             "dropped": list(one.dropped)}
            for one in plan.more
        ],
        "outlook": [_outlook(year, plan) for year in wishes.years],
        "left_out": _left_out([*plan.candidates.left_out, *plan.asked.left_out]),
        "unanswered": dict(plan.candidates.unanswered),
    }  # fmt: skip


def candidates_document(found: Candidates, city: str) -> Document:
    """Candidates as plain values."""
    return {
        "format": VERSION,
        "what": "candidates",
        "city": city,
        "candidates": [candidate_document(one) for one in found.found],
        "left_out": _left_out(found.left_out),
        "unanswered": dict(found.unanswered),
    }


def catalogue_document(catalogue: Catalogue) -> Document:
    """A catalogue of remedies as plain values."""
    return {
        "format": VERSION,
        "what": "remedies",
        "remedies": [_remedy(one) for one in catalogue.remedies.values()],
    }


def candidate_document(one: Candidate) -> Document:
    """One candidate."""
    return {
        "id": one.id,
        "remedy": one.remedy.id,
        "level": one.level,
        "unit": one.unit,
        "unit_name": one.unit_name,
        "entity": one.entity,
        "objects": list(one.objects),
        "site": None if one.site is None else {"entity": one.site.entity, "id": one.site.id, "name": one.site.name},
        "findings": list(one.findings),
        "amount": one.amount if math.isfinite(one.amount) else None,
        "cost": one.cost,
        "consents": list(one.remedy.consents),
        "edits": [
            {"action": edit.action, "entity": edit.entity, "id": edit.id, "values": dict(edit.values)}
            for edit in one.edits
        ],
    }


def _project(one: Project) -> Document:
    return {
        **candidate_document(one.candidate), "year": one.year, "ready": one.ready, "after": one.measured.after or None,
        "gains": _gains(one.measured.gains), "alone": _gains(one.measured.alone),
    }  # fmt: skip


def _portfolio(one: Portfolio) -> Document:
    return portfolio_document(one) | {"shares": dict(one.shares)}


def portfolio_document(one: Portfolio) -> Document:
    """A portfolio as plain data: what it gains, how sure that is, and what it spends when."""
    return {
        "value": one.value,
        "bound": one.bound,
        "gap": one.gap,
        "spent": {str(year): money for year, money in sorted(one.spent.items())},
        "years": dict(sorted(one.years.items())),
        "reached": list(one.reached),
    }


def _gains(gains: Mapping[str, Gain]) -> Document:
    return {
        name: {
            "people": gain.people, "objects": gain.objects,
            "made_good": {unit: part for unit, part in gain.ways.items() if part},
        }
        for name, gain in sorted(gains.items())
    }  # fmt: skip


def _outlook(year: int, plan: Plan) -> Document:
    answers = plan.outlook[year].moves
    names = ("indicator", "variant", "level", "unit", "value_before", "value_after", "status_before", "status_after")
    return {"year": year, "moves": answers.select(names).to_pylist(), "flips": plan.outlook[year].flips.num_rows}


def _left_out(listed: Iterable[LeftOut]) -> list[Document]:
    return [
        {"remedy": one.remedy.id, "candidate": one.candidate or None, "reason": one.reason,
         "why": _words(REASONS[one.reason]), "findings": one.findings}
        for one in listed
    ]  # fmt: skip


def _remedy(one: Remedy) -> Document:
    price = one.cost.price
    return {
        "id": one.id,
        "title": _words(one.title),
        "about": _words(one.about),
        "fixes": {name: list(causes) for name, causes in one.fixes.items()},
        "also": list(one.also),
        "unit": one.cost.unit,
        "per": _words(one.cost.per),
        "price": None
        if price is None
        else {
            "amount": price.amount, "unit": price.unit, "dated": price.on.isoformat() if price.on else None,
            "source": price.source, "evidence": price.evidence,
        },
        "consents": list(one.consents),
        "after": list(one.after),
        "excludes": list(one.excludes),
        "months": one.duration.months if one.duration else None,
    }  # fmt: skip


def _words(words: Words) -> Document:
    return {"zh": words.zh, "en": words.en}
