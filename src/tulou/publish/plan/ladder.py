"""Documents for machines: a plan for each of a ladder of budgets, with all that a page needs to show any of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from tulou.kernel.words import LANGUAGES, Language
from tulou.plan.candidates.content import REASONS, Candidate, LeftOut
from tulou.plan.effects import Effect
from tulou.plan.portfolio.solve import Portfolio
from tulou.plan.remedies.content import Remedy
from tulou.plan.renewal.ladder import Rung
from tulou.plan.renewal.plan import Project
from tulou.plan.shortfall import Gain
from tulou.publish.numbers import unit_text
from tulou.publish.plan.machine import portfolio_document
from tulou.publish.plan.material import Material, consents_of, place_of, title_of
from tulou.sources import datum as datums

Document = dict[str, Any]
VERSION = 1
"""Version of these documents; a name is never given another meaning within one."""
MOST_FLIPS = 400
"""Answers of units whose verdict turns that are listed of one rung; how many there are is told."""
CITY = "city"
DECIMALS = 6
"""Of a degree: about a decimetre."""


def ladder_document(found: Material, ladder: Sequence[Rung], crs: str) -> Document:
    """A ladder as plain values; words stand in every language.

    Args:
        found: The plan for the budgets themselves, and what tells it.
        ladder: The rungs.
        crs: Metric system of the city.
    """
    plan = found.plan
    chosen = {one.id: one for rung in ladder for one in rung.projects}
    listed = {name for other in plan.portfolio.alternatives for name in other.years}
    pool = {name: plan.asked.pool[name] for name in sorted({*chosen, *listed})}
    return {
        "format": VERSION,
        "what": "ladder",
        "check": plan.today.check.id,
        "day": plan.today.check.day.isoformat(),
        "synthetic": found.is_synthetic,
        "made_up_prices": found.has_made_up_prices,
        "objective": plan.wishes.objective,
        "weights": dict(sorted(plan.wishes.weights.items())),
        "fairness": {"kind": plan.wishes.fairness.kind, "share": plan.wishes.fairness.share},
        "must": list(plan.wishes.must),
        "gap_asked": plan.wishes.gap,
        "years": list(found.years),
        "indicators": _indicators(found, ladder),
        "remedies": {name: _remedy(one, found) for name, one in plan.catalogue.remedies.items()},
        "candidates": {name: _candidate(one.candidate, one.gains, found, crs) for name, one in pool.items()},
        "considered": len(plan.candidates.found),
        "rungs": [_rung(one) for one in ladder],
        "alternatives": [_portfolio(one) for one in plan.portfolio.alternatives],
        "more_money": [
            {"year": one.year, "money": one.money, "gain": one.gain, "added": len(one.added),
             "dropped": len(one.dropped)}
            for one in plan.more
        ],
        "left_out": _left_out([*plan.candidates.left_out, *plan.asked.left_out]),
        "unanswered": dict(plan.candidates.unanswered),
    }  # fmt: skip


def _indicators(found: Material, ladder: Sequence[Rung]) -> Document:
    asked = {name for rung in ladder for name in rung.joint or {}}
    asked |= {row["indicator"] for rung in ladder for row in _turned(rung.outlook) + _city(rung.outlook)}
    asked |= {name for one in found.plan.asked.pool.values() for name in one.gains}
    asked |= set(found.plan.candidates.unanswered)
    known = found.rulebook.indicators
    return {
        name: {
            "title": _in_words(known[name].title.say),
            "unit": known[name].unit,
            "unit_words": _in_words(lambda language, name=name: unit_text(known[name].unit, language)),  # type: ignore[misc]
        }
        for name in sorted(asked & set(known))
    }


def _remedy(one: Remedy, found: Material) -> Document:
    price = one.cost.price
    return {
        "title": _in_words(one.title.say),
        "about": _in_words(one.about.say),
        "per": _in_words(one.cost.per.say),
        "unit": one.cost.unit,
        "price": None
        if price is None
        else {
            "amount": price.amount,
            "dated": price.on.isoformat() if price.on else None,
            "source": price.source,
            "evidence": price.evidence,
            "made_up": price.evidence == "given" and found.has_made_up_prices,
        },
        "months": one.duration.months if one.duration else None,
    }


def _candidate(one: Candidate, gains: Mapping[str, Gain], found: Material, crs: str) -> Document:
    return {
        "title": _in_words(lambda language: title_of(one, language)),
        "remedy": one.remedy.id,
        "place": _in_words(lambda language: place_of(one, language)),
        "level": one.level,
        "unit": one.unit,
        "objects": len(one.objects),
        "entity": one.entity,
        "amount": one.amount if math.isfinite(one.amount) else None,
        "cost": one.cost,
        "consents": _in_words(lambda language: consents_of(found, one, language)),
        "gains": _gains(gains),
        "point": _point(one, crs),
    }


def _point(one: Candidate, crs: str) -> list[float] | None:
    """Longitude and latitude of a point within it; None where it has no place."""
    if one.shape is None or one.shape.is_empty:
        return None
    inside = shapely.point_on_surface(one.shape)
    lon, lat = datums.to_wgs84(np.array([inside.x]), np.array([inside.y]), datums.named(crs))
    return [round(float(lon[0]), DECIMALS), round(float(lat[0]), DECIMALS)]


def _rung(one: Rung) -> Document:
    told: Document = {
        "share": one.share,
        "budgets": {str(year): money for year, money in sorted(one.budgets.items())},
        "budget": sum(one.budgets.values()),
        "cost": one.cost,
        "faults": [{"what": fault.what, "where": fault.where, "found": fault.found, "allowed": list(fault.allowed)}
                   for fault in one.faults],
        "answer": None,
    }  # fmt: skip
    if one.portfolio is None or one.outlook is None:
        return told
    turned = _turned(one.outlook)
    return told | {
        "answer": _portfolio(one.portfolio) | {"ready": _ready(one.projects)},
        "joint": _gains(one.joint or {}),
        "flips": len(turned),
        "turned": turned[:MOST_FLIPS],
        "city": _city(one.outlook),
    }


def _ready(projects: Iterable[Project]) -> Document:
    return {one.id: one.ready for one in projects}


def _portfolio(one: Portfolio) -> Document:
    return portfolio_document(one) | {"least_share": one.least_share}


def _gains(gains: Mapping[str, Gain]) -> Document:
    return {name: {"people": gain.people, "objects": gain.objects} for name, gain in sorted(gains.items())}


def _turned(outlook: Effect | None) -> list[Document]:
    """Official answers whose verdict turns, those of the whole city first."""
    if outlook is None:
        return []
    rows = [one for one in _rows(outlook.flips) if not one["variant"]]
    return sorted(rows, key=lambda one: (one["level"] != CITY, one["level"], one["indicator"], one["unit"]))


def _city(outlook: Effect | None) -> list[Document]:
    """Official answers of the whole city that move."""
    if outlook is None:
        return []
    return [one for one in _rows(outlook.moves) if one["level"] == CITY and not one["variant"]]


def _rows(table: pa.Table) -> list[Document]:
    names = ("indicator", "variant", "level", "unit", "unit_name", "value_before", "value_after", "verdict_before",
             "verdict_after")  # fmt: skip
    kept = table.select([name for name in names if name in table.column_names]).to_pylist()
    return [{key: _bare(value) for key, value in row.items()} for row in kept]


def _left_out(listed: Iterable[LeftOut]) -> list[Document]:
    """What cannot be chosen, by remedy and reason, with how many candidates and findings each concerns."""
    found: dict[tuple[str, str], list[LeftOut]] = {}
    for one in listed:
        found.setdefault((one.remedy.id, one.reason), []).append(one)
    return [
        {"remedy": remedy, "reason": reason, "why": _in_words(REASONS[reason].say), "candidates": len(some),
         "findings": sum(one.findings for one in some)}
        for (remedy, reason), some in sorted(found.items())
    ]  # fmt: skip


def _in_words(say_in: Callable[[Language], str]) -> dict[str, str]:
    return {language: say_in(language) for language in LANGUAGES}


def _bare(value: Any) -> Any:  # noqa: ANN401  (cells of any type)
    return None if isinstance(value, float) and not math.isfinite(value) else value
