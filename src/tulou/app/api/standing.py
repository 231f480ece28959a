"""How a check stands over HTTP: verdicts at each level, what was not assessed and why, and tiers of units."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import pyarrow.compute as pc
from fastapi import APIRouter, Query

from tulou.app import scoring
from tulou.app.api.checks import bare, kept_check, state_of
from tulou.app.api.features import Paged
from tulou.app.api.shelf import Served
from tulou.app.api.speech import Speech
from tulou.app.checking import Kept
from tulou.diagnosis.composite.read import read_composites
from tulou.indicators.rulebook.content import LEVELS
from tulou.kernel.words import Language

NOT_ASSESSED = "not assessed"
SCORE_COLUMNS = (
    "unit", "unit_name", "tier", "score", "low", "high", "rank", "rank_low", "rank_high", "before", "behind", "known",
    "estimated", "status", "lacking",
)  # fmt: skip

ROUTER = APIRouter(prefix="/cities/{city}/checks/{check}", tags=["checks"])
"""How each check stands."""


@ROUTER.get("/levels")
def levels(shelf: Served, city: str, check: str, language: Speech) -> dict[str, Any]:
    """Verdicts at each level, from the city down: units, counts by status and by dimension."""
    kept = kept_check(shelf, city, check)
    by_level: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in _official(kept, ("level", "unit", "indicator", "status", "reason")):
        by_level[row["level"]].append(row)
    return {"levels": [_level(one, by_level[one], kept, language) for one in _ordered(by_level)]}


@ROUTER.get("/gaps")
def gaps(shelf: Served, city: str, check: str, language: Speech) -> dict[str, Any]:
    """What was not assessed, by reason: its indicators, levels and numbers of units."""
    kept = kept_check(shelf, city, check)
    columns = ("level", "indicator", "status", "reason", "reason_zh", "reason_en", "lacking")
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in _official(kept, columns):
        if row["status"] == NOT_ASSESSED:
            found[row["reason"] or "", row["lacking"] or ""].append(row)
    told = [_gap(reason, lacking, rows, kept, language) for (reason, lacking), rows in found.items()]
    return {"gaps": sorted(told, key=lambda one: (-len(one["indicators"]), -sum(one["units"].values()), one["says"]))}


@ROUTER.get("/composites")
def composites(shelf: Served, city: str, check: str, language: Speech) -> dict[str, Any]:
    """Composite scores that the rulebook of the check asks for; none unless it does."""
    rules = kept_check(shelf, city, check).rulebook
    return {
        "composites": [
            {
                "id": name,
                "title": one.title.say(language),
                "level": one.level,
                "weights": one.weights_from.say(language),
            }
            for name, one in read_composites(rules.folders, rules).items()
        ]
    }


@ROUTER.get("/composites/{composite}")
def composite(
    shelf: Served,
    city: str,
    check: str,
    composite: str,
    page: Paged,
    language: Speech,
    level: Annotated[str, Query(max_length=40)] = "",
) -> dict[str, Any]:
    """Tiers of units by a composite score, each with the interval of its rank."""
    kept = kept_check(shelf, city, check)
    key = (city, "composite", kept.check.id, composite, level)
    scored = shelf.once(key, lambda: scoring.evaluate_check(kept, composite, level=level)).scored
    made, table = scored.composite, scored.table
    return {
        "id": composite,
        "title": made.title.say(language),
        "about": made.about.say(language) if made.about else "",
        "weights": made.weights_from.say(language),
        "level": made.level,
        "tiers": pc.max(table["tier"]).as_py(),
        "matched": table.num_rows,
        "units": [
            {name: bare(row[name]) for name in SCORE_COLUMNS}
            for row in table.slice(page.offset, page.limit).to_pylist()
        ],
    }


def _official(kept: Kept, columns: Iterable[str]) -> list[Mapping[str, Any]]:
    table = kept.check.results
    rows: list[Mapping[str, Any]] = (
        table.filter(pc.equal(pc.cast(table["variant"], "string"), "")).select(list(columns)).to_pylist()
    )
    return rows


def _ordered(found: Iterable[str]) -> list[str]:
    """Levels from the whole to the parts; names that the rulebooks do not order come last."""
    place = {name: at for at, name in enumerate(reversed(LEVELS))}
    return sorted(found, key=lambda one: (place.get(one, len(place)), one))


def _level(name: str, rows: list[Mapping[str, Any]], kept: Kept, language: Language) -> dict[str, Any]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    known = kept.rulebook.indicators
    for row in rows:
        if row["indicator"] in known:
            counts[known[row["indicator"]].dimension][state_of(row)] += 1
    return {
        "id": name,
        "units": len({row["unit"] for row in rows}),
        "status": dict(Counter(state_of(row) for row in rows)),
        "dimensions": [
            {"id": one, "title": words.say(language), "status": dict(counts[one])}
            for one, words in kept.rulebook.dimensions.items()
            if one in counts
        ],
    }


def _gap(reason: str, lacking: str, rows: list[Mapping[str, Any]], kept: Kept, language: Language) -> dict[str, Any]:
    known = kept.rulebook.indicators
    ids = dict.fromkeys(row["indicator"] for row in rows)
    return {
        "reason": reason,
        "lacking": lacking,
        "says": rows[0][f"reason_{language}"] or reason,
        "indicators": [{"id": one, "title": known[one].title.say(language) if one in known else one} for one in ids],
        "units": dict(Counter(row["level"] for row in rows)),
    }
