"""Telling an explanation in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tulou.indicators.evaluate.verdict import TO_CONFIRM
from tulou.kernel.words import Language, Words

if TYPE_CHECKING:
    from tulou.indicators.evaluate.explain import Explanation, ObjectLine

STATUS_WORDS: Mapping[str, Words] = {
    "pass": Words("达标", "pass"),
    "fail": Words("不达标", "fail"),
    "reference": Words("仅供参考", "reference"),
    "not assessed": Words("未评价", "not assessed"),
}

TO_CONFIRM_WORDS = Words("待核实", "to confirm")
"""What fails on what is on record and could be turned round is called."""


def status_words(status: str, reason: str) -> Words:
    """What a status is called; a figure for reference that fails on what is on record is to be confirmed."""
    return TO_CONFIRM_WORDS if reason in TO_CONFIRM else STATUS_WORDS[status]


CAUSES: Mapping[str, Words] = {
    "no_facility": Words("没有设施", "no facility"),
    "too_far": Words("距离过远", "too far"),
    "barrier": Words("受阻隔，需绕行", "kept away by a barrier"),
    "too_small": Words("规模不足", "too small"),
    "closed": Words("已停用", "closed"),
    "aged": Words("老化超龄", "aged"),
    "lacking": Words("缺少", "lacking"),
    "shortage": Words("数量不足", "shortage"),
    "recorded": Words("登记存在", "on record"),
}
"""Causes in words; one that is not here is shown as it is."""


GRADES: Mapping[str, Words] = {
    "sourced": Words("有公开出处", "sourced"),
    "derived": Words("推导", "derived"),
    "memory": Words("凭记忆，未核对", "from memory"),
    "none": Words("无出处", "no source"),
}
"""Grades of evidence, as a reader sees them."""


def _grade(evidence: str, language: Language) -> str:
    return GRADES[evidence].say(language) if evidence in GRADES else evidence


def cause_words(cause: str) -> Words:
    """A cause in both languages."""
    return CAUSES.get(cause, Words(cause, cause))


def tell(explanation: Explanation, language: Language) -> list[str]:
    """An explanation in one language, a line each."""
    lines = [*_figure(explanation, language), *_chain(explanation.chain, language)]
    if explanation.objects:
        told = Words("对象（共 {} 个，列出 {} 个）：", "objects ({} in all, {} shown):").say(language)
        lines.append(told.format(explanation.counted, len(explanation.objects)))
        lines += [_object(line, explanation, language) for line in explanation.objects]
    return lines


def _figure(explanation: Explanation, language: Language) -> list[str]:
    row, indicator = explanation.result, explanation.indicator
    value = "—" if row["value"] is None else f"{row['value']:.6g} {indicator.unit}"
    status = status_words(row["status"], row["reason"]).say(language)
    lines = [f"{indicator.title.say(language)} · {row['unit_name'] or row['unit']}: {value} ({status})"]
    if row["reason"]:
        lines.append(f"  {row['reason_zh'] if language == 'zh' else row['reason_en']}")
    if row["known"] is not None:
        lines.append(
            Words("  已知 {:.1f}%，{} 个对象", "  known: {:.1f} % of {} rows")
            .say(language)
            .format(row["known"], row["rows"])
        )
    if row["low"] is not None and row["high"] is not None:
        lines.append(
            Words("  区间 {:.6g} 至 {:.6g}", "  between {:.6g} and {:.6g}")
            .say(language)
            .format(row["low"], row["high"])
        )
    if row["mark"]:
        shown = Words("  标准值 {}（证据：{}）", "  mark: {} (evidence: {})").say(language)
        lines.append(shown.format(row["mark"], _grade(row["mark_evidence"], language)))
    if row["estimate"]:
        lines.append(Words("  含估算数据", "  rests on estimates").say(language))
    return lines


def _chain(chain: Mapping[str, Any], language: Language) -> list[str]:
    book = chain["rulebook"]
    lines = [Words("  规则集 {} {}", "  rulebook: {} {}").say(language).format(book["id"], book["version"])]
    for item in chain.get("measures", ()):
        checked = item["verified"] or Words("尚无独立验证", "verified by nobody yet").say(language)
        lines.append(
            Words("  算法 {} 第{}版（{}）", "  measure: {} version {} ({})")
            .say(language)
            .format(item["name"], item["version"], checked)
        )
    lines += [_parameter(item, language) for item in chain.get("parameters", ())]
    shown = Words("  输入 {}：选中 {} 个（共 {} 个），提交 {}", "  input {}: {} of {} rows, commits {}").say(language)
    for item in chain.get("inputs", ()):
        commits = ", ".join(map(str, item["commits"])) or "—"
        lines.append(shown.format(item["input"], item.get("selected", item["on_record"]), item["on_record"], commits))
        if item.get("unclear"):
            doubt = Words("    无法判定是否属于 {} 个", "    membership unknown for {} rows").say(language)
            lines.append(doubt.format(item["unclear"]))
    return lines


def _parameter(item: Mapping[str, Any], language: Language) -> str:
    if not item["in_force"]:
        return Words("  参数 {}：该日无生效值", "  rule {}: not in force").say(language).format(item["name"])
    shown = Words("  参数 {} = {} {}，自 {}，{}（{}）", "  rule {} = {} {} since {} by {} ({})").say(language)
    told = shown.format(
        item["name"],
        item["value"],
        item["unit"],
        item["since"],
        item["clause"] or "—",
        _grade(item["evidence"], language),
    )
    late = Words("，此后未核对", ", not checked since").say(language) if item["not_checked_since"] else ""
    return told + late


def _object(line: ObjectLine, explanation: Explanation, language: Language) -> str:
    part = "?" if line.part is None else f"{line.part:.6g} {explanation.part_unit}"
    whole = "?" if line.whole is None else f"{line.whole:.6g} {explanation.whole_unit}"
    cause = f" · {cause_words(line.cause).say(language)}" if line.cause else ""
    commit = f" · #{line.commit}" if line.commit is not None else ""
    return f"    {line.id} {line.name}".rstrip() + f": {part} / {whole}{cause}{commit}"
