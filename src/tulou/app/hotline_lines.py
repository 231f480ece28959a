"""What the hotline says on a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.hotline.domain.acceptance import ACCEPTED, Judged
from tulou.operations.hotline.domain.contrast import Contrast
from tulou.operations.hotline.domain.likeness import Pair
from tulou.operations.hotline.domain.rates import Rate, RateRule, Tally, standings, together
from tulou.operations.hotline.domain.request import Request
from tulou.operations.hotline.domain.suggesting import Suggestion
from tulou.operations.hotline.domain.themes import Theme

if TYPE_CHECKING:
    from tulou.operations.hotline.adapters.learning import Learnt

DECISIONS = {
    "accept": Words("受理", "accept"),
    "consult": Words("直接答复", "answer at once"),
    "decline": Words("不予受理", "do not accept"),
    "refer": Words("转介", "refer"),
}
NOTHING = "–"
LETTERS = 40


def learnt_lines(found: Learnt, digest: str, spoken: Language) -> Iterator[str]:
    """What was learnt and how well it suggests."""
    trial, said = found.trial, Words("未学过的文本上", "on texts not learnt from")
    low, high = trial.interval
    right = f"{trial.accuracy:.1%} [{low:.1%}, {high:.1%}]"
    rows = [
        (Words("首选正确率（照首选派单时的首派准确率）", "right first (first-dispatch rate if followed)"), right),
        (Words("前三含正确类别", "right among three"), f"{trial.top:.1%}"),
        (Words("宏平均 F1", "macro F1"), f"{trial.macro_f1:.3f}"),
        (Words("期望校准误差", "expected calibration error"), f"{trial.calibration_error:.3f}"),
        (Words("给出建议的比例", "share suggested"), f"{trial.withheld.cover:.1%}"),
        (Words("给出建议时首选正确率", "right first, where suggested"), f"{trial.withheld.accuracy:.1%}"),
    ]  # fmt: skip
    counted = Words(
        f"{trial.count:,} 件，{len(trial.classes)} 类", f"{trial.count:,} requests, {len(trial.classes)} categories"
    )
    yield f"{counted.say(spoken)}; {said.say(spoken)}"
    for words, value in rows:
        yield f"  {words.say(spoken)}  {value}"
    head = [
        one.say(spoken)
        for one in (
            Words("类别", "category"),
            Words("件数", "requests"),
            Words("精确率", "precision"),
            Words("召回率", "recall"),
        )
    ]
    yield table(head, [[one.name, str(one.support), share(one.precision), share(one.recall)] for one in trial.classes])
    for group in found.groups:
        yield Words(
            f"  近似文本置于同一折：{'、'.join(group)}", f"  near copies kept together: {', '.join(group)}"
        ).say(spoken)
    for name, count in found.left_out.items():
        yield Words(f"  件数太少而未学：{name} {count}", f"  too few to learn: {name} {count}").say(spoken)
    yield Words(
        f"已保存；摘要 {digest[:12]}。建议仅供参考，由人派单。",
        f"kept; digest {digest[:12]}. Suggestions only: a person dispatches.",
    ).say(spoken)


def suggested_lines(
    request: Request, told: Judged, one: Suggestion | None, bodies: Mapping[str, str], spoken: Language
) -> Iterator[str]:
    """What the list and what was learnt propose for one request."""
    yield f"{request.id}  {request.title or request.text[:LETTERS]}"
    item = told.item
    reason = f"{item.title.say(spoken)} ({item.id}; {told.met})" if item else ACCEPTED
    yield f"  {Words('受理清单', 'acceptance list').say(spoken)}: {DECISIONS[told.decision].say(spoken)} — {reason}"
    if item:
        yield f"    {item.told.say(spoken)}  [{item.source}]"
    if one is None:
        yield "  " + Words("尚未学习派单建议：tulou hotline learn", "nothing was learnt yet: tulou hotline learn").say(
            spoken
        )
        return
    if not one.is_certain:
        yield "  " + Words("把握不足，不作建议；请通读全文", "not certain enough to suggest; read the whole text").say(
            spoken
        )
    for name, chance in one.ranked:
        yield f"  {chance:6.1%}  {name}  → {bodies.get(name, NOTHING)}"
    if one.reasons:
        shown = "、".join(f"{gram} {weight:+.2f}" for gram, weight in one.reasons)
        yield f"  {Words('依据', 'because of').say(spoken)}: {shown}"


def pair_lines(pairs: Sequence[Pair], requests: Sequence[Request], most: int, spoken: Language) -> Iterator[str]:
    """Pairs of requests that may be one, with why."""
    yield Words(
        f"{len(pairs):,} 对可能重复；由人合并，每位诉求人都计数",
        f"{len(pairs):,} pairs may be one matter; a person joins them, all requesters stay counted",
    ).say(spoken)
    for one in pairs[:most]:
        a, b = requests[one.first], requests[one.second]
        parts = [f"{one.days:.1f} d"]
        parts += [f"{one.metres:.0f} m"] if one.metres is not None else []
        parts += [f"cos {one.cosine:.2f}"] if one.cosine is not None else []
        parts += [Words("地址相同", "same address").say(spoken)] if one.same_address else []
        yield f"  {a.id} ~ {b.id}  {' · '.join(parts)}  {(b.title or b.text)[:LETTERS]}"


def theme_lines(found: Sequence[Theme], most: int, spoken: Language) -> Iterator[str]:
    """Candidates for a theme of the month."""
    yield Words(
        f"{len(found):,} 个每月一题候选；由人选题并公布理由",
        f"{len(found):,} candidates for a theme of the month; people choose, and publish why",
    ).say(spoken)
    for one in found[:most]:
        yield f"  {one.size}  {one.title[:LETTERS]}  {'/'.join(one.category)}  {one.place}"
        unsolved = share(one.unsolved) if one.asked else Words("未回访", "nobody asked yet").say(spoken)
        yield "     " + Words(
            f"{one.first:%Y-%m-%d} 至 {one.last:%Y-%m-%d}；{one.span} 个月中有 {one.months} 个月；"
            f"后半期 {one.recent} 件；附议"
            f" {one.supporters}；未解决 {unsolved}",
            f"{one.first:%Y-%m-%d} to {one.last:%Y-%m-%d}; in {one.months} of {one.span} months; "
            f"{one.recent} in the later half; {one.supporters} supporters; unsolved {unsolved}",
        ).say(spoken)  # fmt: skip


def rate_lines(
    tallies: Mapping[str, Tally], rule: RateRule, names: Mapping[str, str], spoken: Language
) -> Iterator[str]:
    """The three rates by body: tiers, intervals and denominators; what was left out."""
    words = (
        Words("档", "tier"), Words("单位", "body"), Words("有效回访", "valid"), Words("响应率", "response"),
        Words("解决率", "resolution"), Words("满意率", "satisfaction"), Words("得分", "score"),
        Words("得分区间", "interval"), Words("剔除", "excluded"), Words("重办", "reopened"),
        Words("未回访办结", "unasked"), Words("超期/到期", "late/due"),
    )  # fmt: skip
    rows = []
    for one in standings(tallies, rule):
        held = one.tally
        rows.append([
            str(one.tier or NOTHING), names.get(one.body, one.body), str(held.valid), rate_text(one.response),
            rate_text(one.resolution), rate_text(one.satisfaction), number(one.score, rule.digits),
            f"{one.bounds[0]:.1f}–{one.bounds[1]:.1f}" if one.tier else NOTHING,
            str(held.excluded), str(held.reopened), str(held.unasked), f"{held.late}/{held.due}",
        ])  # fmt: skip
    yield table([one.say(spoken) for one in words], rows)
    whole = together(tallies, rule)
    pooled, mean = number(whole.pooled.score, rule.digits), number(whole.mean, rule.digits)
    yield Words(
        f"合并计算 {pooled}；各单位得分平均 {mean}（{whole.bodies} 个单位）",
        f"pooled {pooled}; mean of scores {mean} ({whole.bodies} bodies)",
    ).say(spoken)
    yield Words("区间重叠的单位同档，不分先后", "bodies whose intervals overlap share a tier and have no order").say(
        spoken
    )


def contrast_lines(found: Sequence[Contrast], spoken: Language) -> Iterator[str]:
    """Indicators that pass where people ask about the same subject."""
    if not found:
        yield Words("没有指标达标而热线集中反映的情况", "no indicator passes where requests pile up").say(spoken)
        return
    yield Words(
        "评分说满分，热线说不：下列指标达标，而同一主题的诉求集中",
        "The score says full marks, the hotline says no: these pass where requests pile up",
    ).say(spoken)
    for one in found:
        where = f"{one.indicator} = {number(one.value, 2)} ({one.level} {one.unit})"
        yield f"  {one.topic.title.say(spoken)}: {where}  {one.requests} / {one.clustered}"
        for title in one.examples:
            yield f"      {title[:LETTERS]}"


def rate_text(one: Rate) -> str:
    """A rate with its interval."""
    return NOTHING if not one.of else f"{one.value:.1%} [{one.low:.1%}, {one.high:.1%}]"


def share(value: float) -> str:
    """A share in percent."""
    return f"{value:.1%}" if isfinite(value) else NOTHING


def number(value: float, digits: int) -> str:
    """A number, or a dash where it is unknown."""
    return f"{value:.{digits}f}" if isfinite(value) else NOTHING
