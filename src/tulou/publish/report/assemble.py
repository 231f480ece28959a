"""From results and findings to the words, numbers and order of a report."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tulou.kernel.words import Language, Words
from tulou.publish.numbers import number, quantity, unit_text
from tulou.publish.paper.content import STATUSES, Row, Status
from tulou.publish.report.content import (
    Advice,
    Block,
    Lack,
    Problem,
    ReportModel,
    Tally,
    UnitRow,
    Variant,
    Worst,
)
from tulou.publish.report.material import Definition, Finding, Mark, Material, Result, Unit
from tulou.publish.report.pictures import Drawer, Ground, ground_of
from tulou.publish.words import has, say

LEVELS = ("city", "district", "block", "community", "building")
ABOUT = "≈ "
MOST_WORST = 10
MOST_LACKS = 12
MOST_SHOWN_IDS = 4
MOST_NAMES = 8
LONGEST_ID, ID_HEAD, ID_TAIL = 18, 12, 4
"""Characters of an id in the registers: most, and what is left of both ends of a longer one."""


@dataclass(frozen=True)
class _Index:
    """The material, arranged for look-up."""

    units: Mapping[str, Unit]
    main: Mapping[str, Sequence[Result]]
    variants: Mapping[str, Sequence[Result]]
    findings: Mapping[str, Sequence[Finding]]
    values: Mapping[tuple[str, str], float]
    city: str


def assemble(
    material: Material, language: Language, *, ground: Ground | None = None, pictures: bool = True
) -> ReportModel:
    """Make one report.

    Args:
        material: Results, findings, units, layers.
        language: Language of the report.
        ground: What its maps share, when it was made before for another language.
        pictures: Whether to draw maps and charts.
    """
    index = _arranged(material)
    drawer = Drawer(material, language, ground or ground_of(material)) if pictures else None
    blocks = tuple(_block(one, material, index, language, drawer) for one in _ordered(material))
    problems = _problems(material, index, language)
    total = _tally("total", "", blocks)
    dimensions = tuple(
        _tally(key, words.say(language), [block for block in blocks if block.dimension == key])
        for key, words in material.dimensions.items()
        if any(block.dimension == key for block in blocks)
    )
    levels = tuple(
        _tally(key, say(f"level.{key}", language), [block for block in blocks if block.level == key])
        for key in LEVELS
        if any(block.level == key for block in blocks)
    )
    worst, unsure = (_worst(blocks, index, language, status) for status in ("fail", "to_confirm"))
    lacks = _lacks(material, index, language)
    title = say("title.report", language, city=material.city)
    drawn = drawer.overview(dimensions, levels, {"worst": worst, "confirm": unsure}, lacks) if drawer else {}
    return ReportModel(
        language=language,
        title=title,
        city=material.city,
        synthetic=material.synthetic,
        cover=_cover(material, language),
        credits=material.credits,
        lead=_lead(total, language),
        total=total,
        dimensions=dimensions,
        levels=levels,
        worst=worst,
        unsure=unsure,
        lacks=lacks,
        overview=_overview(material, language),
        method=_method(total, dimensions, levels, language),
        achievements=_names_of(blocks, "pass", "achievements", language),
        failures=_names_of(blocks, "fail", "problems", language),
        doubts=_doubts(blocks, language),
        cautions=_cautions(total, language),
        blocks=blocks,
        problems=problems,
        advice=_advice(blocks, index, material, language),
        plan=material.planned.lead.say(language) if material.planned else "",
        projects=_projects(material, language),
        base=drawer.base if drawer else "",
        outlines=drawer.outlines if drawer else "",
        definitions=drawer.definitions if drawer else "",
        pictures=drawn,
    )


def _arranged(material: Material) -> _Index:
    main: defaultdict[str, list[Result]] = defaultdict(list)
    variants: defaultdict[str, list[Result]] = defaultdict(list)
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for result in material.results:
        (variants if result.variant else main)[result.indicator].append(result)
    for finding in material.findings:
        findings[finding.indicator].append(finding)
    city = next((unit.id for unit in material.units if unit.level == "city"), "")
    values = {(name, result.unit): result.value for name in findings for result in main.get(name, ())}
    return _Index({unit.id: unit for unit in material.units}, main, variants, findings, values, city)


def _ordered(material: Material) -> list[Definition]:
    places = {key: place for place, key in enumerate(material.dimensions)}
    levels = {key: place for place, key in enumerate(LEVELS)}
    return sorted(
        material.definitions,
        key=lambda one: (levels.get(one.level, len(levels)), places.get(one.dimension, len(places)), one.code, one.id),
    )


def _of_city(results: Iterable[Result], city: str, name: str) -> Result:
    """The result for the city; without one the indicator is not assessed there."""
    return next((result for result in results if result.unit == city), Result(name, city, "not_assessed"))


def _block(one: Definition, material: Material, index: _Index, language: Language, drawer: Drawer | None) -> Block:
    results = index.main.get(one.id, ())
    head = _of_city(results, index.city, one.id)
    units = tuple(_unit_row(result, one, index, language) for result in results if result.unit != index.city)
    mark = head.mark or next((result.mark for result in results if result.mark), None)
    interval = math.isfinite(head.low) and math.isfinite(head.high) and head.low < head.high
    findings = index.findings.get(one.id, ())
    chart, chart_map = drawer.of_indicator(one, results, findings, mark) if drawer else (None, None)
    return Block(
        id=one.id,
        code=one.code,
        title=one.title.say(language),
        question=one.question.say(language),
        dimension=one.dimension,
        level=one.level,
        unit=unit_text(one.unit, language),
        status=cast("Status", head.status),
        value=head.value,
        text=quantity(head.value, one.unit, language),
        mark=mark_text(mark, one.unit, language),
        mark_judges=bool(mark and mark.judges),
        basis=mark.basis if mark else "",
        evidence=say(f"evidence.{mark.evidence}", language) if mark and has(f"evidence.{mark.evidence}") else "",
        reason=head.reason.say(language),
        known=head.known,
        interval=_interval(head, one.unit, language) if interval else "",
        low=head.low,
        high=head.high,
        estimated=head.estimate,
        note=one.note.say(language),
        variants=_variants(one, head, index, language),
        units=units,
        counts=(*_counts(units, language), *_barriers(one, material, language)),
        chain=tuple((label.say(language), text.say(language)) for label, text in material.chains.get(one.id, ())),
        facts=_facts(one, language),
        map=chart_map,
        chart=chart,
        problems=len(findings),
        fails_above=mark is not None and mark.way == "at_most",
    )


def mark_text(mark: Mark | None, unit: str, language: Language) -> str:
    """A mark in words, e.g. ``≥ 85%``; empty without one."""
    if mark is None or not math.isfinite(mark.value):
        return ""
    if mark.way == "between":
        low = number(mark.value, unit=unit, is_exact=True)
        return say("mark.between", language, low=low, high=quantity(mark.upper, unit, language, is_exact=True))
    return say(f"mark.{mark.way}", language, value=quantity(mark.value, unit, language, is_exact=True))


def _interval(result: Result, unit: str, language: Language) -> str:
    low, high = number(result.low, unit=unit), quantity(result.high, unit, language)
    return say("language.range", language, low=low, high=high)


def _unit_row(result: Result, one: Definition, index: _Index, language: Language) -> UnitRow:
    unit = index.units.get(result.unit)
    level = unit.level if unit else ""
    return UnitRow(
        id=result.unit,
        name=unit.name if unit else result.unit,
        level=say(f"level.{level}", language) if has(f"level.{level}") else level,
        value=result.value,
        text=quantity(result.value, one.unit, language),
        status=cast("Status", result.status),
        known=result.known,
        numerator=result.numerator,
        denominator=result.denominator,
        reason=result.reason.say(language),
    )


def _variants(one: Definition, head: Result, index: _Index, language: Language) -> tuple[Variant, ...]:
    found = [
        Variant(
            title=one.variants.get(result.variant, Words(result.variant, result.variant)).say(language),
            text=quantity(result.value, one.unit, language),
            status=cast("Status", result.status),
            mark=mark_text(result.mark, one.unit, language),
            reason=result.reason.say(language),
            value=result.value,
        )
        for result in index.variants.get(one.id, ())
        if result.unit == index.city
    ]
    if not found:
        return ()
    text, mark = quantity(head.value, one.unit, language), mark_text(head.mark, one.unit, language)
    status = cast("Status", head.status)
    first = Variant(say("block.main_variant", language), text, status, mark, head.reason.say(language), head.value)
    return (first, *found)


def _counts(units: Sequence[UnitRow], language: Language) -> tuple[str, ...]:
    levels = dict.fromkeys(row.level for row in units)
    lines = []
    for level in levels:
        rows = [row for row in units if row.level == level and row.status != "not_assessed"]
        judged = [row for row in rows if row.status in {"pass", "fail"}]
        if judged:
            failing = sum(row.status == "fail" for row in judged)
            lines.append(say("block.units_fail", language, fail=f"{failing:,}", total=f"{len(judged):,}", level=level))
        elif rows:
            lines.append(say("block.units_count", language, total=f"{len(rows):,}", level=level))
    return tuple(lines)


def _barriers(one: Definition, material: Material, language: Language) -> tuple[str, ...]:
    count = material.barriers.get(one.id, 0)
    return (say("block.barriers", language, count=f"{count:,}"),) if count else ()


def _facts(one: Definition, language: Language) -> tuple[Row, ...]:
    comma = say("language.list", language)
    rows = [
        (say("block.code", language), f"{one.code} · {one.id}" if one.code else one.id),
        (say("column.level", language), say(f"level.{one.level}", language)),
    ]
    if one.lists:
        rows.append((say("block.lists", language), comma.join(one.lists)))
    if one.clauses:
        numbers = comma.join(say("block.clause", language, number=number_) for number_ in one.clauses)
        rows.append((say("block.clauses", language), numbers))
    rows.append((say("block.verified", language), one.verified or say("block.verified_none", language)))
    return tuple(rows)


def _tally(key: str, title: str, blocks: Iterable[Block]) -> Tally:
    found = Counter(block.status for block in blocks)
    return Tally(key, title, tuple(found[status] for status in STATUSES))


def _cover(material: Material, language: Language) -> tuple[Row, ...]:
    rows = [
        (say("title.day", language), material.day),
        (say("title.record", language), _record(material, language)),
        (say("title.rulebook", language), f"{material.rulebook.say(language)} ({material.version})"),
        (say("title.credit", language), say("language.list", language).join(material.credits)),
        (say("title.maker", language), material.maker),
    ]
    return tuple((name, text) for name, text in rows if text)


def _record(material: Material, language: Language) -> str:
    if material.commit is None:
        return say("title.record_all", language)
    return say("title.record_commit", language, commit=material.commit)


def _lead(total: Tally, language: Language) -> str:
    counts: dict[str, object] = dict(zip(STATUSES, total.counts, strict=True))
    missing = total.counts[STATUSES.index("not_assessed")]
    computed = total.total - missing
    return say("summary.lead", language, total=total.total, computed=computed, missing=missing, **counts)


def _overview(material: Material, language: Language) -> tuple[str, ...]:
    comma = say("language.list", language)
    lines = [
        say(
            "overview.text",
            language,
            city=material.city,
            day=material.day,
            rulebook=material.rulebook.say(language),
            version=material.version,
            record=_record(material, language),
        )
    ]
    levels = Counter(unit.level for unit in material.units)
    named = [
        say("overview.unit_count", language, level=say(f"level.{key}", language), count=f"{levels[key]:,}")
        for key in LEVELS
        if levels[key]
    ]
    if named:
        lines.append(say("overview.units", language, units=comma.join(named)))
    if any(unit.derived for unit in material.units):
        lines.append(say("overview.derived", language))
    objects = [
        say("overview.unit_count", language, level=_name(key, material, language), count=f"{count:,}")
        for key, count in material.objects.items()
        if count
    ]
    if objects:
        lines.append(say("overview.objects", language, objects=comma.join(objects)))
    lines += [say("title.not_appraisal", language), say("overview.missing", language)]
    return tuple(lines)


def _name(key: str, material: Material, language: Language) -> str:
    return material.names[key].say(language) if key in material.names else key


def _method(total: Tally, dimensions: Sequence[Tally], levels: Sequence[Tally], language: Language) -> tuple[str, ...]:
    first = say("method.system", language, dimensions=len(dimensions), levels=len(levels), total=total.total)
    others = ("judge", "open", "unknown", "known", "interval", "variants", "grade")
    return (first, *(say(f"method.{name}", language) for name in others))


def _names_of(blocks: Sequence[Block], status: Status, name: str, language: Language) -> str:
    chosen = [block for block in blocks if block.status == status]
    if not chosen:
        return say(f"conclusion.{name}_none", language)
    names = say("language.list", language).join(block.title for block in chosen)
    return say(f"conclusion.{name}_text", language, count=len(chosen), names=names)


def _doubts(blocks: Sequence[Block], language: Language) -> str:
    chosen = [block for block in blocks if block.status == "to_confirm"]
    names = say("language.list", language).join(block.title for block in chosen)
    return say("conclusion.confirm", language, count=len(chosen), names=names) if chosen else ""


def _cautions(total: Tally, language: Language) -> tuple[str, ...]:
    missing = total.counts[STATUSES.index("not_assessed")]
    lines = [say("conclusion.caution", language, count=missing)] if missing else []
    return (*lines, say("conclusion.trend", language))


def _people(findings: Iterable[Finding]) -> float:
    """People concerned by the findings of one indicator; unknown when none of them says."""
    known = [finding.people for finding in findings if math.isfinite(finding.people)]
    return math.fsum(known) if known else math.nan


def _most_common(words: Iterable[Words], language: Language) -> str:
    found = Counter(one.say(language) for one in words if one.say(language))
    return max(found.items(), key=lambda pair: (pair[1], pair[0]))[0] if found else ""


def _worst(blocks: Sequence[Block], index: _Index, language: Language, status: str) -> tuple[Worst, ...]:
    """Indicators with findings of a status, those that concern most people first."""
    rows = []
    for block in blocks:
        findings = [one for one in index.findings.get(block.id, ()) if one.status == status]
        if not findings:
            continue
        people = _people(findings)
        rows.append(
            Worst(
                indicator=block.id,
                title=block.title,
                findings=len(findings),
                people=people,
                people_text=_rounded_people(people, language, estimate=any(one.people_estimate for one in findings)),
                cause=_most_common((finding.cause for finding in findings), language),
                owner=_most_common((finding.owner for finding in findings), language),
            )
        )
    rows.sort(key=lambda row: (-(row.people if math.isfinite(row.people) else -1.0), -row.findings, row.indicator))
    return tuple(rows[:MOST_WORST])


def _rounded_people(people: float, language: Language, *, estimate: bool) -> str:
    if not math.isfinite(people):
        return say("language.unknown", language)
    return ABOUT * estimate + quantity(round(people), "person", language)


def _lacks(material: Material, index: _Index, language: Language) -> tuple[Lack, ...]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in material.definitions:
        head = _of_city(index.main.get(one.id, ()), index.city, one.id)
        if head.status == "not_assessed":
            for lack in dict.fromkeys(head.lacks):
                found[lack].append(one.title.say(language))
    rows = [Lack(_name(key, material, language), len(titles), tuple(titles)) for key, titles in found.items()]
    rows.sort(key=lambda row: (-row.count, row.name))
    return tuple(rows[:MOST_LACKS])


def _problems(material: Material, index: _Index, language: Language) -> tuple[Problem, ...]:
    asked = {one.id: one for one in material.definitions}
    rows = [
        _problem(finding, asked[finding.indicator], material, index, language)
        for finding in material.findings
        if finding.indicator in asked
    ]
    rows.sort(
        key=lambda row: (
            STATUSES.index(row.status),
            -(row.people if math.isfinite(row.people) else -1.0),
            row.indicator,
            row.place,
            row.objects,
        )
    )
    return tuple(rows)


def _problem(finding: Finding, one: Definition, material: Material, index: _Index, language: Language) -> Problem:
    unit = index.units.get(finding.unit)
    level = unit.level if unit else one.level
    known = index.values.get((one.id, finding.unit), math.nan)
    value = finding.value if math.isfinite(finding.value) else known
    return Problem(
        indicator=one.id,
        title=one.title.say(language),
        dimension=material.dimensions.get(one.dimension, Words(one.dimension, one.dimension)).say(language),
        level=say(f"level.{level}", language) if has(f"level.{level}") else level,
        result=quantity(value, one.unit, language),
        detail=finding.detail.say(language) or one.title.say(language),
        place=unit.name if unit else finding.unit,
        objects=_objects(finding.objects, language),
        people=finding.people,
        people_text=_rounded_people(finding.people, language, estimate=finding.people_estimate),
        cause=finding.cause.say(language) or say("language.unknown", language),
        owner=finding.owner.say(language) or say("language.not_stated", language),
        status=cast("Status", finding.status),
    )


def _objects(ids: Sequence[str], language: Language) -> str:
    if not ids:
        return ""
    shown = say("language.list", language).join(map(_short_id, ids[:MOST_SHOWN_IDS]))
    if len(ids) > MOST_SHOWN_IDS:
        shown += say("problems.more", language)
        return say("problems.objects", language, count=f"{len(ids):,}", ids=shown)
    return shown


def _projects(material: Material, language: Language) -> tuple[tuple[str, ...], ...]:
    rows = material.planned.projects if material.planned else ()
    return tuple(tuple(words.say(language) for words in row) for row in rows)


def _short_id(name: str) -> str:
    """An id no wider than its column: a long one (a digest) by its beginning and end; the exports hold it whole."""
    return name if len(name) <= LONGEST_ID else f"{name[:ID_HEAD]}…{name[-ID_TAIL:]}"


def _advice(blocks: Sequence[Block], index: _Index, material: Material, language: Language) -> tuple[Advice, ...]:
    to_fill = say("advice.to_fill", language)
    advice = material.planned.advice if material.planned else {}
    unknown = Words("", "")
    rows = []
    for block in blocks:
        if block.status != "fail":
            continue
        findings = index.findings.get(block.id, ())
        areas = Counter(_unit_name(finding.unit, index) for finding in findings)
        named = [name for name, _ in sorted(areas.items(), key=lambda pair: (-pair[1], pair[0]))]
        area = say("language.list", language).join(named[:MOST_NAMES])
        if len(named) > MOST_NAMES:
            area += say("problems.more", language)
        rows.append(
            Advice(
                dimension=material.dimensions.get(block.dimension, Words(block.dimension, block.dimension)).say(
                    language
                ),
                indicator=block.title,
                result=block.text,
                problem=say("language.comma", language).join([f"{block.text} ({block.mark})", *block.counts]),
                remedy=advice.get(block.id, unknown).say(language) or to_fill,
                area=area or material.city,
                kind=to_fill,
                owner=_most_common((finding.owner for finding in findings), language)
                or say("language.not_stated", language),
            )
        )
    return tuple(rows)


def _unit_name(unit: str, index: _Index) -> str:
    found = index.units.get(unit)
    return found.name if found else unit
