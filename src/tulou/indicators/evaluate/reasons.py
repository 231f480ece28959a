"""Reasons: why a figure is not assessed, as stable codes and as words in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.words import Words

REASONS: Mapping[str, Words] = {
    "not_in_force": Words("该日尚无生效的计算规则", "no formula is in force on this day"),
    "rule_not_in_force": Words("该日参数无生效值：{}", "a rule has no value in force on this day: {}"),
    "class_unknown": Words(
        "城市类别未知，无法取值：{}", "the class of the city is unknown, so this rule is undecided: {}"
    ),
    "no_targets": Words("没有登记的对象：{}", "nothing is on record for: {}"),
    "no_roads": Words("没有道路网络：{}", "there is no network of ways: {}"),
    "no_rows": Words("该单元没有参与计算的对象：{}", "this unit has no rows to count: {}"),
    "too_little_known": Words("已知数据不足：{}", "too little is known: {}"),
    "divisor_not_mapped": Words(
        "计入的对象大多不在已知用地上，作为分母的用地缺漏过多：{}",
        "too much of what counts lies away from the land on record, so that land is no divisor to trust: {}",
    ),
    "nothing_to_divide": Words("分母为零或未知：{}", "there is nothing to divide by: {}"),
    "broken_shapes": Words("几何图形有误，无法计算：{}", "shapes that cannot be computed with: {}"),
    "not_finite": Words(
        "有对象无法到达任何目标，平均值无意义：{}", "some rows reach nothing, so there is no such number: {}"
    ),
    "list_not_complete": Words(
        "登记清单未声明完整，少不等于没有：{}",
        "the list is not claimed complete, so few on record does not mean few: {}",
    ),
    "pass_open": Words(
        "按登记对象达标；清单未声明完整，未登记的对象可能使其不达标：{}",
        "passes on what is on record; what these lists do not hold could make it fail: {}",
    ),
    "fail_open": Words(
        "按登记对象不达标，待核实；清单未声明完整，未登记的对象可能使其达标：{}",
        "fails on what is on record, to be confirmed; what these lists do not hold could make it pass: {}",
    ),
    "pass_straddles": Words(
        "按最佳估计达标，但区间跨越标准值：{}",
        "passes by its best estimate, but its bounds lie on both sides of the mark: {}",
    ),
    "fail_straddles": Words(
        "按最佳估计不达标，待核实；区间跨越标准值：{}",
        "fails by its best estimate, to be confirmed; its bounds lie on both sides of the mark: {}",
    ),
}
"""By code; the gap takes the names of what lacks."""

NOWHERE = ""


class Unanswerable(NotEnoughData):
    """A question that cannot be answered for this city on this day.

    Args:
        code: Key of ``REASONS``.
        lacking: What lacks, as ``entity.attribute``, ``selection``, or a parameter's name.
    """

    def __init__(self, code: str, lacking: tuple[str, ...]) -> None:
        super().__init__(REASONS[code].en.format(", ".join(lacking)))
        self.code = code
        self.lacking = lacking


def reason_words(code: str, lacking: tuple[str | Words, ...]) -> Words:
    """A reason in both languages, with the titles or names of what lacks; empty for no reason."""
    if not code:
        return Words("", "")
    told = REASONS[code]
    names = [name if isinstance(name, Words) else Words(name, name) for name in lacking]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Words(told.zh.format(zh), told.en.format(en))
