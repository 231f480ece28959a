"""What the screen says of work safety: methods, risks, units, credit, certificates."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date

from tulou.app.safety import Safety
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.safety.adapters.colouring import GradedRisk, UnitColour
from tulou.operations.safety.adapters.grading_rules import Methods
from tulou.operations.safety.domain.credit import NO_START, NOT_CLASSED, NOT_KNOWN, Credit, Scheme, Use
from tulou.operations.safety.domain.grading import COLOURS, Colour, Grade, Method
from tulou.operations.safety.domain.training import CERTIFICATE_STATES, CertificateState, Due

COLOUR_WORDS: dict[Colour, Words] = {
    "red": Words("红", "red"),
    "orange": Words("橙", "orange"),
    "yellow": Words("黄", "yellow"),
    "blue": Words("蓝", "blue"),
}
UNKNOWN = Words("未知", "unknown")
NONE = Words("无风险点", "no risk")
REFERENCE = Words("（仅供参考）", " (for reference)")
MISSING = {
    NO_START: Words("既无评定等级，也无分数分档", NO_START),
    NOT_CLASSED: Words("有在用记录尚未分类", NOT_CLASSED),
    NOT_KNOWN: Words("有在用记录的事项不在办法之列", NOT_KNOWN),
}
USES: dict[Use, Words] = {
    "in use": Words("在用", "in use"),
    "not published": Words("未公示", "not published"),
    "repaired": Words("已修复", "repaired"),
    "expired": Words("公示期满", "expired"),
    "not happened": Words("尚未发生", "not happened"),
    "not classed": Words("未分类", "not classed"),
    "kind unknown": Words("事项未知", "kind unknown"),
}
STATES: dict[CertificateState, Words] = {
    "valid": Words("有效", "valid"),
    "due soon": Words("即将到期", "due soon"),
    "review due": Words("应当复审", "review due"),
    "expired": Words("已过期", "expired"),
    "unknown": Words("未知", "unknown"),
}


def colour_word(colour: Colour | None, spoken: Language) -> str:
    """A colour in words."""
    return (COLOUR_WORDS[colour] if colour else UNKNOWN).say(spoken)


def grade_word(grade: Grade, spoken: Language) -> str:
    """A grade in words: level, colour, value."""
    if grade.level is None:
        return UNKNOWN.say(spoken)
    value = "" if math.isnan(grade.value) else f" {grade.value:g}"
    return f"{grade.level.id} {colour_word(grade.colour, spoken)}{value}"


def method_lines(methods: Methods, day: date, spoken: Language) -> list[str]:
    """The methods of a day: factors with their values, levels with their bounds, evidence."""
    lines = []
    for name, held in methods.versions.items():
        if not held.holds_on(day):
            continue
        one = methods.on(name, day)
        lines.append(f"{name}  {one.title.say(spoken)}  [{one.evidence}]  {one.source}")
        for factor in one.factors:
            lines.append(f"  {factor.id}  {factor.title.say(spoken)}")
            lines += [f"    {value:>5g}  {says.say(spoken)}" for value, says in factor.values.items()]
        lines += [f"  {_level_line(one, at, spoken)}" for at in range(len(one.levels))]
    return lines


def _level_line(method: Method, at: int, spoken: Language) -> str:
    level = method.levels[at]
    colour = colour_word(level.colour, spoken)
    if math.isnan(level.least):
        return f"{level.id}  {colour}  {level.title.say(spoken)}"
    sign = ">" if level.is_above else "≥"
    return f"{level.id}  {colour}  {sign} {level.least:g}  {level.title.say(spoken)}"


def risk_lines(safety: Safety, risks: Sequence[GradedRisk], spoken: Language) -> list[str]:
    """Risks as a table, with how many are of which colour."""
    heads = (
        Words("风险点", "Risk"), Words("名称", "Name"), Words("企业", "Enterprise"), Words("方法", "Method"),
        Words("固有", "Before"), Words("管控后", "After"), Words("备注", "Note"),
    )  # fmt: skip
    rows = [
        [
            one.risk.id,
            one.risk.name,
            one.risk.enterprise,
            one.risk.method + (REFERENCE.say(spoken) if one.is_reference else ""),
            grade_word(one.before, spoken),
            grade_word(one.after, spoken),
            one.fault,
        ]
        for one in risks
    ]
    shown = [table([head.say(spoken) for head in heads], rows)] if rows else []
    return [*shown, counts_line(safety.risks, spoken)]


def counts_line(risks: Sequence[GradedRisk], spoken: Language) -> str:
    """How many risks are of which colour; unknown ones stand beside them."""
    found = Counter(one.now.colour for one in risks)
    zh = "、".join(f"{COLOUR_WORDS[one].zh} {found[one]}" for one in COLOURS)
    en = ", ".join(f"{COLOUR_WORDS[one].en} {found[one]}" for one in COLOURS)
    return Words(
        f"共 {len(risks):,} 个风险点：{zh}；未知 {found[None]}", f"{len(risks):,} risks: {en}; unknown {found[None]}"
    ).say(spoken)


def unit_lines(units: Sequence[UnitColour], spoken: Language) -> list[str]:
    """Units with their colours, the gravest first."""
    order = {colour: at for at, colour in enumerate(COLOURS)}
    found = sorted(units, key=lambda one: (order.get(one.colour, len(order)) if one.colour else len(order), one.unit))
    heads = [Words("单元", "Unit"), Words("名称", "Name"), Words("颜色", "Colour")]
    heads += [COLOUR_WORDS[one] for one in COLOURS] + [UNKNOWN]
    rows = [
        [
            one.unit, one.name, unit_word(one, spoken),
            *[str(one.counts.get(colour, 0)) for colour in COLOURS], str(one.unknown),
        ]
        for one in found
    ]  # fmt: skip
    return [table([head.say(spoken) for head in heads], rows)]


def unit_word(unit: UnitColour, spoken: Language) -> str:
    """The colour of a unit in words."""
    return NONE.say(spoken) if unit.has_none else colour_word(unit.colour, spoken)


def credit_lines(found: dict[str, Credit], safety: Safety, spoken: Language) -> list[str]:
    """Grades of enterprises as a table, in the order of their codes: a list to look up in, no ranking."""
    heads = (
        Words("统一社会信用代码", "Credit code"), Words("企业", "Enterprise"), Words("起评", "Start"),
        Words("现等级", "Grade"), Words("在用记录", "Records in use"), Words("说明", "Note"),
    )  # fmt: skip
    rows = [
        [
            code,
            safety.enterprises[code].name,
            one.start or "—",
            one.grade or "—",
            str(sum(item.use == "in use" for item in one.records)),
            MISSING[one.missing].say(spoken) if one.missing else "",
        ]
        for code, one in found.items()
    ]
    unknown = sum(not one.grade for one in found.values())
    total = Words(f"共 {len(rows):,} 家，{unknown} 家未评定", f"{len(rows):,} enterprises, {unknown} not assessed")
    return [table([head.say(spoken) for head in heads], rows), total.say(spoken)] if rows else [total.say(spoken)]


def explain_lines(
    name: str, credit: Credit, scheme: Scheme, ahead: Sequence[tuple[date, str, str]], spoken: Language
) -> list[str]:
    """A grade with every rule, every record and its expiry."""
    grade = credit.grade or Words("未评定", "not assessed").say(spoken)
    lines = [f"{name}  {grade}", f"  {scheme.title.say(spoken)}（{scheme.source}）"]
    points = "—" if credit.points is None else f"{credit.points:g}"
    lines.append(
        Words(
            f"  起评：{credit.start or '—'}（标准化分 {points}）", f"  Start: {credit.start or '—'} ({points} points)"
        ).say(spoken)
    )
    if credit.missing:
        lines.append("  " + MISSING[credit.missing].say(spoken))
    lines += [
        f"  {one.before} → {one.after}  {one.rule.title.say(spoken)}  [{', '.join(one.records)}]"
        for one in credit.applied
    ]
    lines.append(Words("记录：", "Records:").say(spoken))
    for one in credit.records:
        record = one.record
        kind = scheme.kinds[record.kind].say(spoken) if record.kind in scheme.kinds else record.kind
        until, earliest = one.until or UNKNOWN.say(spoken), one.earliest or UNKNOWN.say(spoken)
        lines.append(
            Words(
                f"  {record.id}  {record.happened}  {kind}  {record.record_class or '—'}  {USES[one.use].zh}"
                f"  最早修复 {earliest}  使用至 {until}",
                f"  {record.id}  {record.happened}  {kind}  {record.record_class or '—'}  {USES[one.use].en}"
                f"  repair from {earliest}  used until {until}",
            ).say(spoken)
        )
    if ahead:
        lines.append(Words("若无新记录：", "With nothing new:").say(spoken))
        lines += [f"  {when}  {before or '—'} → {after or '—'}" for when, before, after in ahead]
    return lines


def due_lines(found: Sequence[Due], safety: Safety, spoken: Language, most: int) -> list[str]:
    """Certificates that fall due, and how many stand how."""
    heads = (
        Words("证书", "Certificate"), Words("企业", "Enterprise"), Words("持证人编号", "Holder"), Words("类别", "Kind"),
        Words("状态", "State"), Words("日期", "Day"),
    )  # fmt: skip
    kinds = safety.training_rules.kinds
    rows = [
        [
            one.certificate.id,
            one.certificate.enterprise,
            one.certificate.holder,
            kinds[one.certificate.kind].title.say(spoken) if one.certificate.kind in kinds else one.certificate.kind,
            STATES[one.state].say(spoken),
            str(one.day or "—"),
        ]
        for one in found
        if one.state != "valid"
    ][:most]
    counted = Counter(one.state for one in found)
    zh = "、".join(f"{STATES[one].zh} {counted[one]}" for one in CERTIFICATE_STATES)
    en = ", ".join(f"{STATES[one].en} {counted[one]}" for one in CERTIFICATE_STATES)
    total = Words(f"共 {len(found):,} 份：{zh}", f"{len(found):,} certificates: {en}").say(spoken)
    return [table([head.say(spoken) for head in heads], rows), total] if rows else [total]
