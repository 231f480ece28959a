"""Kept checks of a city over HTTP: figures, findings on the map, definitions, and where each number comes from."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from fastapi import APIRouter, Depends, Query, Response

from tulou.app import checking
from tulou.app.api.features import GEOJSON, Paged, json_answer
from tulou.app.api.places import in_degrees
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.diagnosis.findings import TO_CONFIRM
from tulou.indicators.evaluate.explain import Explanation, explain
from tulou.indicators.evaluate.keeping import kept_checks
from tulou.indicators.evaluate.telling import STATUS_WORDS, TO_CONFIRM_WORDS, cause_words, status_words
from tulou.indicators.rulebook.content import Indicator, Rulebook
from tulou.kernel.words import Language, Words
from tulou.publish.numbers import unit_text

NEWEST = "newest"
CITY_LEVEL = "city"
MOST_OBJECTS = 500
RESULT_COLUMNS = (
    "unit", "unit_name", "level", "indicator", "variant", "value", "numerator", "denominator", "status", "lacking",
    "pass_mark", "pass_mark_high", "mark", "mark_evidence", "better", "basis", "known", "low", "high", "rows",
    "estimate", "complete",
)  # fmt: skip
FINDING_COLUMNS = (
    "finding", "status", "indicator", "dimension", "level", "unit", "unit_name", "entity", "objects", "count", "size",
    "size_unit", "people", "people_estimate", "cause", "severity", "owner",
)  # fmt: skip


class Only:
    """Which rows of a table are wanted: those that hold every value asked for.

    Args:
        indicator: Id of an indicator.
        level: Level of units.
        unit: Id of a unit.
        status: A status.
        variant: A variant; the official answers when empty, all with ``*``.
    """

    def __init__(
        self,
        indicator: Annotated[str, Query(max_length=80)] = "",
        level: Annotated[str, Query(max_length=40)] = "",
        unit: Annotated[str, Query(max_length=200)] = "",
        status: Annotated[str, Query(max_length=40)] = "",
        variant: Annotated[str, Query(max_length=80)] = "",
    ) -> None:
        self.asked = {"indicator": indicator, "level": level, "unit": unit, "status": status}
        self.variant = variant

    def keep(self, table: pa.Table) -> pa.Table:
        """The rows that are wanted."""
        for name, value in self.asked.items():
            if value:
                table = table.filter(pc.equal(pc.cast(table[name], pa.string()), value))
        if "variant" in table.column_names and self.variant != "*":
            table = table.filter(pc.equal(pc.cast(table["variant"], pa.string()), self.variant))
        return table


Rows = Annotated[Only, Depends()]

ROUTER = APIRouter(prefix="/cities/{city}/checks", tags=["checks"])
"""Checks of each city."""


@ROUTER.get("")
def checks(shelf: Served, city: str) -> dict[str, Any]:
    """Checks that were made."""
    folders = kept_checks(shelf.folder(city))
    newest = checking.newest(folders).name if folders else None
    return {"newest": newest, "checks": [_head(kept_check(shelf, city, folder.name)) for folder in folders]}


@ROUTER.get("/{check}")
def check(shelf: Served, city: str, check: str, language: Speech) -> dict[str, Any]:
    """One check: counts by dimension and every figure of the whole city."""
    kept = kept_check(shelf, city, check)
    table = kept.check.results
    whole = table.filter(pc.equal(pc.cast(table["level"], pa.string()), CITY_LEVEL))
    dimensions = {one: words.say(language) for one, words in kept.rulebook.dimensions.items()}
    figures = _results(whole, language)
    return _head(kept) | {"dimensions": _counted(figures, kept.rulebook, dimensions), "figures": figures}


@ROUTER.get("/{check}/indicators")
def indicators(shelf: Served, city: str, check: str, language: Speech) -> dict[str, Any]:
    """Definitions of what was asked."""
    kept = kept_check(shelf, city, check)
    asked = kept.check.results["indicator"].unique().to_pylist()
    known = kept.rulebook.indicators
    return {"indicators": [_definition(known[one], kept.rulebook, language) for one in asked if one in known]}


@ROUTER.get("/{check}/results")
def results(shelf: Served, city: str, check: str, only: Rows, page: Paged, language: Speech) -> dict[str, Any]:
    """Figures by unit."""
    table = only.keep(kept_check(shelf, city, check).check.results)
    shown = table.slice(page.offset, page.limit)
    return {"matched": table.num_rows, "results": _results(shown, language)}


@ROUTER.get("/{check}/findings", response_class=Response)
def findings(shelf: Served, city: str, check: str, only: Rows, page: Paged, language: Speech) -> Response:
    """What fails, where."""
    kept = kept_check(shelf, city, check)
    table = only.keep(kept.diagnosis.findings)
    shown = table.slice(page.offset, page.limit)
    document = {
        "type": "FeatureCollection",
        "features": _findings(shown, kept, language),
        "numberMatched": table.num_rows,
        "numberReturned": shown.num_rows,
    }
    return json_answer(document, GEOJSON)


@ROUTER.get("/{check}/explain")
def explained(
    shelf: Served,
    city: str,
    check: str,
    language: Speech,
    indicator: Annotated[str, Query(max_length=80)],
    unit: Annotated[str, Query(max_length=200)] = "",
    variant: Annotated[str, Query(max_length=80)] = "",
    top: Annotated[int, Query(ge=0, le=MOST_OBJECTS)] = 50,
) -> dict[str, Any]:
    """Where a number comes from."""
    kept = kept_check(shelf, city, check)
    told = explain(kept.check, indicator, unit or checking.city_unit(kept), variant=variant, top=top)
    return _explanation(told, language)


def kept_check(shelf: Shelf, city: str, name: str) -> checking.Kept:
    """A kept check, opened once.

    Raises:
        Missing: When the city has no such check.
    """
    folder = shelf.folder(city)
    folders = {one.name: one for one in kept_checks(folder)}
    if name == NEWEST and folders:
        name = checking.newest(list(folders.values())).name
    if name not in folders:
        raise Missing("there is no such check", where="check", found=name, allowed=(NEWEST, *folders))
    return shelf.once((city, "check", name), lambda: checking.kept(folder, name))


def _head(kept: checking.Kept) -> dict[str, Any]:
    check = kept.check
    table = check.results
    whole = table.filter(pc.equal(pc.cast(table["level"], pa.string()), CITY_LEVEL))
    return {
        "id": check.id,
        "day": check.day.isoformat(),
        "record": check.record,
        "branch": check.branch,
        "rulebook": dict(check.rulebook),
        "status": dict(Counter(state_of(row) for row in whole.select(["status", "reason"]).to_pylist())),
        "findings": kept.diagnosis.findings.num_rows,
        "synthetic": check.profile.synthetic,
    }


def state_of(row: Mapping[str, Any]) -> str:
    """Status of a row of figures: to confirm where a list it counts is still open."""
    is_open = status_words(row["status"], row["reason"]) is TO_CONFIRM_WORDS
    return TO_CONFIRM if is_open else str(row["status"])


def _results(table: pa.Table, language: Language) -> list[dict[str, Any]]:
    """Rows of figures with their status in words; what is no number is null."""
    found = []
    for row in table.select([*RESULT_COLUMNS, "reason", "reason_zh", "reason_en"]).to_pylist():
        said = status_words(row["status"], row["reason"]).say(language)
        why = row[f"reason_{language}"]
        told = {name: bare(row[name]) for name in RESULT_COLUMNS}
        found.append(told | {"status": state_of(row), "says": said, "reason": why})
    return found


def _counted(figures: list[dict[str, Any]], rules: Rulebook, dimensions: Mapping[str, str]) -> list[dict[str, Any]]:
    counts: dict[str, Counter[str]] = {}
    for one in figures:
        if not one["variant"] and one["indicator"] in rules.indicators:
            counts.setdefault(rules.indicators[one["indicator"]].dimension, Counter())[one["status"]] += 1
    return [
        {"id": name, "title": title, "status": dict(counts[name])}
        for name, title in dimensions.items()
        if name in counts
    ]


def _definition(one: Indicator, rules: Rulebook, language: Language) -> dict[str, Any]:
    return {
        "id": one.id,
        "code": one.code,
        "title": one.title.say(language),
        "question": one.question.say(language),
        "dimension": one.dimension,
        "dimension_title": rules.dimensions[one.dimension].say(language),
        "level": one.level,
        "unit": one.unit,
        "unit_words": unit_text(one.unit, language),
        "better": one.better,
        "clauses": list(one.clauses),
        "lists": list(one.lists),
        "basis": list(one.basis),
        "evidence": one.evidence,
        "verified": one.verified,
        "note": one.note.say(language) if one.note else "",
        "variants": [
            {"id": each.name, "title": each.title.say(language) if each.title else each.name}
            for each in one.variants
            if each.name
        ],
    }


def _findings(table: pa.Table, kept: checking.Kept, language: Language) -> list[dict[str, Any]]:
    shapes = np.asarray(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)), object)
    told: list[str | None] = shapely.to_geojson(in_degrees(shapes, kept.state.profile.crs)).tolist()
    bodies = {one.name: one.title.say(language) for one in kept.rulebook.responsible}
    rows = table.select(FINDING_COLUMNS).to_pylist()
    return [
        {
            "type": "Feature",
            "id": row["finding"],
            "geometry": None if place is None else json.loads(place),
            "properties": {name: bare(row[name]) for name in FINDING_COLUMNS} | _in_words(row, kept, bodies, language),
        }
        for row, place in zip(rows, told, strict=True)
    ]


def _in_words(
    row: Mapping[str, Any], kept: checking.Kept, bodies: Mapping[str, str], language: Language
) -> dict[str, str]:
    said = TO_CONFIRM_WORDS if row["status"] == TO_CONFIRM else STATUS_WORDS["fail"]
    known = kept.rulebook.indicators.get(row["indicator"])
    return {
        "says": said.say(language),
        "title": known.title.say(language) if known else row["indicator"],
        "cause_title": cause_words(row["cause"]).say(language) if row["cause"] else "",
        "owner_title": bodies.get(row["owner"] or "", ""),
    }


def _explanation(told: Explanation, language: Language) -> dict[str, Any]:
    return {
        "indicator": told.indicator.id,
        "title": told.indicator.title.say(language),
        "unit": told.indicator.unit,
        "unit_words": unit_text(told.indicator.unit, language),
        "result": {name: bare(told.result[name]) for name in RESULT_COLUMNS},
        "chain": plain(told.chain),
        "objects": [plain(asdict(one)) for one in told.objects],
        "counted": told.counted,
        "part_unit": told.part_unit,
        "part_words": unit_text(told.part_unit, language),
        "whole_unit": told.whole_unit,
        "whole_words": unit_text(told.whole_unit, language),
        "lines": told.lines(language),
    }


def bare(value: Any) -> Any:  # noqa: ANN401  (cells of any type)
    """A cell as JSON has it: what is no number is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def plain(value: Any) -> Any:  # noqa: ANN401  (documents of any shape)
    """A document as JSON has it, in the words it was kept in."""
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, (str, bool, int)) or value is None:
        return value
    return bare(value) if isinstance(value, float) else str(value)
