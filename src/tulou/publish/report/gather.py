"""From a check and a city to the material of a report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from tulou import __version__
from tulou.diagnosis.diagnose import Diagnosis
from tulou.diagnosis.findings import TO_CONFIRM as FOUND_TO_CONFIRM
from tulou.indicators.evaluate.reasons import REASONS, reason_words
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import TO_CONFIRM as DOUBTS
from tulou.indicators.rulebook.content import LEVELS, Indicator, Rulebook
from tulou.kernel.words import LANGUAGES, Language, Words
from tulou.model.state import State
from tulou.publish.layers import layers_of
from tulou.publish.numbers import quantity, unit_text
from tulou.publish.report.assemble import assemble
from tulou.publish.report.content import ReportModel
from tulou.publish.report.material import NO_WORDS, Definition, Finding, Mark, Material, Result, Unit
from tulou.publish.report.pictures import ground_of
from tulou.publish.report.planned import Planned
from tulou.publish.words import has, label, say

NOT_ASSESSED, TO_CONFIRM = "not_assessed", "to_confirm"
DRAWN = {
    "geometry": Words("空间位置", "geometry"),
    "place": Words("所在点", "place"),
    "shape_area": Words("图形面积", "area as drawn"),
    "shape_length": Words("图形长度", "length as drawn"),
}
"""What every entity offers besides its attributes."""
COUNTED = ("building", "parcel", "road", "facility", "stop", "green", "water", "population")
"""Entities whose numbers of objects the first chapter states."""

OFFERED = {
    "geometry": Words("空间形状", "geometry"),
    "place": Words("空间位置", "place"),
    "shape_area": Words("图形面积", "area of its shape"),
    "shape_length": Words("图形长度", "length of its shape"),
}
"""What every entity offers besides its attributes."""

_FINDING_COLUMNS = (
    "status",
    "indicator",
    "unit",
    "entity",
    "objects",
    "count",
    "size",
    "size_unit",
    "people",
    "people_estimate",
    "cause",
    "owner",
)
_COLUMNS = (
    "indicator", "unit", "level", "variant", "value", "numerator", "denominator", "status", "known", "low", "high",
    "estimate", "reason", "reason_zh", "reason_en", "lacking", "pass_mark", "pass_mark_high", "mark_evidence", "chain",
)  # fmt: skip


def build_reports(
    diagnosis: Diagnosis,
    state: State,
    rulebook: Rulebook,
    languages: Sequence[Language] = LANGUAGES,
    *,
    planned: Planned | None = None,
) -> dict[Language, ReportModel]:
    """Make the report of a check in several languages; what they share is made once."""
    material = replace(material_of(diagnosis, state, rulebook), planned=planned)
    ground = ground_of(material)
    return {language: assemble(material, language, ground=ground) for language in languages}


def material_of(diagnosis: Diagnosis, state: State, rulebook: Rulebook) -> Material:
    """Gather what a report in any language is made of."""
    check = diagnosis.check
    units, shapes = _units(state)
    asked = dict.fromkeys(check.results["indicator"].unique().to_pylist())
    names = _names(rulebook)
    return Material(
        city=check.profile.name,
        day=check.day.isoformat(),
        commit=check.record,
        rulebook=rulebook.title,
        version=rulebook.version,
        dimensions=rulebook.dimensions,
        definitions=tuple(_definition(one) for name, one in rulebook.indicators.items() if name in asked),
        results=tuple(_results(check, rulebook, names)),
        findings=tuple(_findings(diagnosis.findings, rulebook)),
        units=tuple(units),
        shapes=shapes,
        layers=layers_of(state),
        chains=_chains(check, names),
        names=names,
        synthetic=check.profile.synthetic,
        credits=check.profile.credit,
        objects={name: len(state.rows(name)) for name in COUNTED if name in state.dictionary},
        barriers=diagnosis.barriers,
        maker=f"Tulou {__version__}",
    )


def _findings(table: pa.Table, rulebook: Rulebook) -> Iterator[Finding]:
    shapes = np.asarray(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)), object)
    inside = shapely.point_on_surface(shapes)
    levels = {name: entity.level for name, entity in rulebook.dictionary.items()}
    owners = {body.name: body.title for body in rulebook.responsible}
    columns = [table[name].to_pylist() for name in _FINDING_COLUMNS]
    for row, shape, place in zip(zip(*columns, strict=True), shapes, inside, strict=True):
        found = dict(zip(_FINDING_COLUMNS, row, strict=True))
        yield Finding(
            indicator=found["indicator"],
            unit=found["unit"],
            objects=tuple(found["objects"] or ()),
            place=_place(place) if levels.get(found["entity"]) != "city" else None,
            spots=_spots(shape),
            people=_number(found["people"]),
            people_estimate=bool(found["people_estimate"]),
            cause=_cause(found["cause"]),
            owner=owners.get(found["owner"], NO_WORDS),
            detail=_detail(found, rulebook),
            status=TO_CONFIRM if found["status"] == FOUND_TO_CONFIRM else "fail",
        )


def _place(point: shapely.Point | None) -> tuple[float, float] | None:
    """Where a finding is drawn; one about the whole city has no place of its own."""
    return (point.x, point.y) if point is not None and not point.is_empty else None


def _spots(shape: shapely.Geometry | None) -> tuple[tuple[float, float], ...]:
    if not isinstance(shape, shapely.MultiPoint):
        return ()
    return tuple((x, y) for x, y in shapely.get_coordinates(shape).tolist())


def _cause(code: str | None) -> Words:
    if not code:
        return NO_WORDS
    return label(f"cause.{code}") if has(f"cause.{code}") else Words(code, code)


def _detail(found: Mapping[str, Any], rulebook: Rulebook) -> Words:
    """What a finding is made of: how many objects of what kind, and by how much in all."""
    entity = rulebook.dictionary.get(found["entity"])
    title = entity.title if entity else Words(found["entity"] or "", found["entity"] or "")
    is_unit = bool(entity and entity.level)
    told: dict[Language, str] = {}
    for language in LANGUAGES:
        text = title.say(language)
        if not is_unit:
            text = say("problems.gathered", language, entity=text, count=f"{found['count']:,}")
        if found["size"] is not None and found["size_unit"] and (is_unit or found["size"] != found["count"]):
            size = quantity(found["size"], found["size_unit"], language)
            text += say("problems.short" if is_unit else "problems.size", language, size=size)
        told[language] = text
    return Words(told["zh"], told["en"])


def _definition(one: Indicator) -> Definition:
    return Definition(
        id=one.id,
        code=one.code,
        title=one.title,
        question=one.question,
        dimension=one.dimension,
        level=one.level,
        unit=one.unit,
        better=one.better,
        clauses=one.clauses,
        lists=one.lists,
        note=one.note or NO_WORDS,
        verified=one.verified or "",
        variants={each.name: each.title for each in one.variants if each.name and each.title},
    )


def _units(state: State) -> tuple[list[Unit], np.ndarray[Any, Any]]:
    """All units from the city down, with their shapes; the city itself when it has no row."""
    units: list[Unit] = []
    shapes: list[Any] = []
    levels = {entity.level: entity.name for entity in state.dictionary.values() if entity.level}
    for level in reversed(LEVELS[1:]):
        rows = state.rows(levels[level]) if level in levels else None
        if rows is None or not len(rows):
            if level == "city":
                units.append(Unit("city", "city", state.profile.name))
                shapes.append(None)
            continue
        derived = rows.numbers("derived") if "derived" in rows.entity.attributes else np.zeros(len(rows))
        for name, words, is_derived in zip(rows.ids, rows.texts("name"), derived, strict=True):
            units.append(Unit(name, level, words or name, bool(is_derived == 1.0)))
        shapes.extend(rows.shapes)
    found = np.empty(len(shapes), object)
    found[:] = shapes
    return units, found


def _names(rulebook: Rulebook) -> dict[str, Words]:
    """Titles of everything that a reason or a chain may name."""
    found: dict[str, Words] = {name: one.title for name, one in rulebook.parameters.items()}
    found |= {name: one.title for name, one in rulebook.indicators.items()}
    for name, chosen in rulebook.selections.items():
        found[name] = chosen.title
    for name, entity in rulebook.dictionary.items():
        found[name] = entity.title
        for key, attribute in entity.attributes.items():
            found[f"{name}.{key}"] = _joined(entity.title, attribute.title)
        for key, title in OFFERED.items():
            found[f"{name}.{key}"] = _joined(entity.title, title)
    for name, worked in rulebook.quantities.items():
        found[name] = _joined(rulebook.dictionary[worked.entity].title, worked.title)
    return found


def _joined(first: Words, second: Words) -> Words:
    return Words(f"{first.zh}：{second.zh}", f"{first.en}: {second.en}")


def _named(key: str, names: Mapping[str, Words]) -> Words:
    return names.get(key, Words(key, key))


def _results(check: Check, rulebook: Rulebook, names: Mapping[str, Words]) -> Iterator[Result]:
    columns = [check.results[name].to_pylist() for name in _COLUMNS]
    marks: dict[str, tuple[str, str]] = {}
    reasons: dict[tuple[str, str], Words] = {}
    for row in zip(*columns, strict=True):
        found = dict(zip(_COLUMNS, row, strict=True))
        if found["chain"] not in marks:
            marks[found["chain"]] = _judge(check, rulebook, found)
        key = (found["reason"] or "", found["lacking"] or "")
        if key not in reasons:
            reasons[key] = _reason(found, names)
        yield _result(found, marks[found["chain"]], reasons[key])


def _result(found: Mapping[str, Any], judge: tuple[str, str], reason: Words) -> Result:
    status = TO_CONFIRM if found["reason"] in DOUBTS else str(found["status"]).replace(" ", "_")
    mark = None
    if found["pass_mark"] is not None and judge[0]:
        evidence = found["mark_evidence"] or "none"
        mark = Mark(
            way=judge[0],
            value=found["pass_mark"],
            upper=_number(found["pass_mark_high"]),
            basis=judge[1],
            evidence=evidence,
            judges=evidence == "sourced" and (status != "reference" or bool(found["reason"])),
        )
    return Result(
        indicator=found["indicator"],
        unit=found["unit"],
        status=status,
        value=_number(found["value"]) if status != NOT_ASSESSED else math.nan,
        variant=found["variant"] or "",
        numerator=_number(found["numerator"]),
        denominator=_number(found["denominator"]),
        known=_number(found["known"]),
        low=_number(found["low"]),
        high=_number(found["high"]),
        estimate=bool(found["estimate"]),
        mark=mark,
        reason=reason,
        lacks=tuple(filter(None, (found["lacking"] or "").split(","))),
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _judge(check: Check, rulebook: Rulebook, found: Mapping[str, Any]) -> tuple[str, str]:
    """How the values of one chain are judged, and the clause of the mark."""
    indicator = rulebook.indicators[found["indicator"]]
    formulas = (indicator.variant(found["variant"] or "").on(check.day), indicator.variants[0].on(check.day))
    judge = next((formula.judge for formula in formulas if formula is not None and formula.judge), None)
    if judge is None:
        return "", ""
    parameter = rulebook.parameters[judge.mark]
    clause = parameter.values.on(check.day).clause if parameter.values.holds_on(check.day) else ""
    return judge.how, clause


def _reason(found: Mapping[str, Any], names: Mapping[str, Words]) -> Words:
    """A reason with what lacks called by its title."""
    code = found["reason"] or ""
    lacking = [_named(key, names) for key in filter(None, (found["lacking"] or "").split(","))]
    if code not in REASONS:
        return Words(found["reason_zh"] or "", found["reason_en"] or "")
    chinese = reason_words(code, tuple(words.zh for words in lacking)).zh
    english = reason_words(code, tuple(words.en for words in lacking)).en
    return Words(chinese, english)


def _chains(check: Check, names: Mapping[str, Words]) -> dict[str, tuple[tuple[Words, Words], ...]]:
    """The chain of each main answer, in words."""
    found: dict[str, tuple[tuple[Words, Words], ...]] = {}
    for chain in check.chains.values():
        if not chain["variant"]:
            rows = [*_measures(chain), *_inputs(chain, names), *_parameters(chain)]
            found[chain["indicator"]] = tuple(rows)
    return found


def _measures(chain: Mapping[str, Any]) -> Iterator[tuple[Words, Words]]:
    for one in chain.get("measures", ()):
        rules = ", ".join(f"{name} = {value}" for name, value in one["rules"].items())
        text = " · ".join(filter(None, (f"{one['name']} v{one['version']}", rules, one["source"])))
        yield label("block.measure"), Words(text, text)


def _inputs(chain: Mapping[str, Any], names: Mapping[str, Words]) -> Iterator[tuple[Words, Words]]:
    for one in chain.get("inputs", ()):
        selection, _, attribute = str(one["input"]).partition(".")
        key = f"{one['entity']}.{attribute}"
        title = _named(key, names) if key in names else _named(selection, names)
        commits = ", ".join(map(str, one["commits"]))
        count, unclear, estimates = (
            one.get("selected", one["on_record"]),
            one.get("unclear", 0),
            one.get("estimates", 0),
        )
        chinese = [f"{title.zh}（{one['input']}）", f"{count:,} 个对象"]
        english = [f"{title.en} ({one['input']})", f"{count:,} objects"]
        for number, words in (
            (unclear, ("个无法判断是否属于", "cannot be told to belong")),
            (estimates, ("个为估算", "are estimates")),
        ):
            if number:
                chinese.append(f"{number:,} {words[0]}")
                english.append(f"{number:,} {words[1]}")
        if commits:
            chinese.append(f"入库 {commits}")
            english.append(f"commit {commits}")
        yield label("block.input"), Words("，".join(chinese), ", ".join(english))


def _parameters(chain: Mapping[str, Any]) -> Iterator[tuple[Words, Words]]:
    for one in chain.get("parameters", ()):
        if not one["in_force"]:
            yield (
                label("block.parameter"),
                Words(f"{one['title']['zh']}（未生效）", f"{one['title']['en']} (not in force)"),
            )
            continue
        evidence = label(f"evidence.{one['evidence']}")
        value, since = _written(one["value"]), one["since"]
        tail = " · ".join(filter(None, (one["name"], one["clause"])))
        chinese, english = (f"{one['title'][name]} = {_with_unit(value, one['unit'], name)}" for name in LANGUAGES)
        chinese += f"，自 {since} 起，{tail}，{evidence.zh}"
        english += f", since {since}, {tail}, {evidence.en}"
        yield label("block.parameter"), Words(chinese, english)


def _with_unit(value: str, unit: str, language: Language) -> str:
    words = unit_text(unit, language)
    return f"{value}{words}" if words == "%" else f"{value} {words}".strip()


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        inner = value.get("values", {})
        return "; ".join(f"{name}: {_written(each)}" for name, each in inner.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and isinstance(value[0], Sequence):
            return "; ".join(f"≥{_written(pair[0])}: {_written(pair[1])}" for pair in value)
        return "–".join(_written(each) for each in value)
    return str(value)
