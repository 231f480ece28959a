"""What the screen says of communities: grids and their staff, decisions of owners."""

from __future__ import annotations

from collections.abc import Iterator

from tulou.app.communities_grids import GridPlan
from tulou.app.communities_motion import Decided
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.communities.domain.majorities import Law, Needed
from tulou.operations.communities.domain.planning import fitting, loads_of
from tulou.operations.communities.domain.volunteers import Rota
from tulou.publish.communities.certificate import exact, formal_faults, matter_text, needed_text, share_text
from tulou.publish.words import say

HEADS = ("condition", "by", "needed_share", "needed", "have", "share", "met")


def decided_lines(found: Decided, language: Language) -> Iterator[str]:
    """A decision: outcome, conditions with what is lacking, and formal faults."""
    motion, count = found.motion, found.count
    yield f"{motion.community}  {motion.title.say(language)}"
    yield f"  {matter_text(found.law, motion.matter, language)}"
    yield say(f"community.{'adopted' if found.is_adopted else 'not_adopted'}", language)
    rows = [
        [
            say(f"community.test.{one.name}", language),
            say(f"community.by.{one.by}", language),
            one.share.say(),
            needed_text(one, language),
            exact(one.have, one.by, language),
            share_text(one.have, one.whole),
            say(f"community.{'yes' if one.is_met else 'no'}", language),
        ]
        for one in found.tests
    ]
    yield table([say(f"community.column.{name}", language) for name in HEADS], rows)
    lacking = [
        f"{say(f'community.test.{one.name}', language)} {say(f'community.by.{one.by}', language)} "
        f"{exact(one.lacking, one.by, language)}"
        for one in found.tests
        if not one.is_met
    ]
    if lacking:
        told = say("language.list", language).join(lacking)
        yield Words(f"尚差：{told}", f"lacking: {told}").say(language)
    for fault in formal_faults(motion.timing, found.counting, count):
        yield f"! {fault.say(language)}"
    if motion.objections:
        open_ones = sum(not one.answer for one in motion.objections)
        yield Words(
            f"异议 {len(motion.objections)} 件，未答复 {open_ones} 件",
            f"{len(motion.objections)} objections, {open_ones} not answered",
        ).say(language)


def needed_lines(
    law: Law, matter: str, heads: int, taking_part: int, found: Needed, language: Language
) -> Iterator[str]:
    """How many heads a decision needs; the same shares are needed by area."""
    yield f"{matter_text(law, matter, language)}  ({law.source.say(language)})"
    if law.takes_part:
        yield Words(
            f"业主 {heads:,} 人：至少 {found.takes_part:,} 人参与表决（{law.takes_part.say()}）",
            f"{heads:,} owners: at least {found.takes_part:,} take part ({law.takes_part.say()})",
        ).say(language)
    share, _ = law.majorities[law.matter(matter).majority]
    base = heads if law.base == "all" else taking_part
    yield Words(
        f"{base:,} 人中至少 {found.agree:,} 人同意（{share.say()}）；面积同此比例，另行计算",
        f"of {base:,}, at least {found.agree:,} agree ({share.say()}); the same shares are needed by area",
    ).say(language)


MOST_ODD = 10
"""Grids that do not fit that the screen names."""


def grid_lines(found: GridPlan, language: Language) -> Iterator[str]:
    """How many grids, how even, what does not fit and why, and what staff is lacking."""
    plan, loads, size = found.plan, loads_of(found.plan), found.size
    unit = say(f"grids.unit.{found.measure}", language)
    yield say("grids.lead", language, grids=len(plan.grids), fit=int(fitting(plan).sum()), least=f"{size.least:g}",
              most=f"{size.most:g}", unit=unit)  # fmt: skip
    yield f"{say('grids.mean', language)} {loads.mean():,.0f}, {loads.min():,.0f} – {loads.max():,.0f} {unit}"
    yield f"{say('grids.within', language)}: {say(f'grids.entity.{found.within}', language)}"
    yield f"{say('grids.whole', language)}: {say(f'grids.entity.{found.whole}', language)}"
    if plan.proofs:
        best = sum(one.cost <= one.bound + _SAME for one in plan.proofs)
        reached = sum(one.searched <= one.bound + _SAME for one in plan.proofs)
        yield say("grids.proved_text", language, count=len(plan.proofs), best=best, reached=reached)
    crossing = sum(grid.is_crossing for grid in plan.grids)
    for name, count in (("outside", plan.outside), ("unknown", found.unknown), ("crossing", crossing)):
        if count:
            yield f"! {say(f'grids.{name}', language, count=f'{count:,.0f}')}"
    if plan.empty:
        yield say("grids.empty", language, count=len(plan.empty))
    odd = [grid for grid in plan.grids if grid.reason != "fits"]
    if odd:
        head = [say(f"grids.column.{name}", language) for name in ("grid", "load", "reason")]
        rows = [[one.id, f"{one.load:,.0f}", say(f"grids.reason.{one.reason}", language)] for one in odd[:MOST_ODD]]
        yield table(head, rows) + (f"\n… +{len(odd) - MOST_ODD}" if len(odd) > MOST_ODD else "")
    yield from _staff_lines(found, language)


_SAME = 1e-6


def _staff_lines(found: GridPlan, language: Language) -> Iterator[str]:
    needs = found.needs()
    for at, (kind, ratio) in enumerate(found.staff.ratios.items()):
        known = [one[at] for one in needs.values() if one[at].needed == one[at].needed]
        told = [one for one in known if one.lacking == one.lacking]
        lacking = sum(one.lacking for one in told)
        needed = f"{sum(one.needed for one in known):,.0f}" if known else say("language.unknown", language)
        words = say(f"grids.ratio.{kind}", language, count=f"{ratio.count:g}", per=f"{ratio.per:,.0f}")
        tail = Words(
            f"共需 {needed}；{len(told)} 个社区已知缺 {lacking:,.0f}，{len(needs) - len(told)} 个未知",
            f"needed {needed}; lacking {lacking:,.0f} in {len(told)} territories, unknown in {len(needs) - len(told)}",
        )
        yield f"{words} {tail.say(language)}"


LACKS = {
    "skill": Words("无人具备该技能", "nobody has the skill"),
    "check": Words("有技能者未经核查", "nobody with the skill was checked"),
    "time": Words("有技能者时间不合", "nobody with the skill has time then"),
    "way": Words("有技能者都太远", "all who could are too far away"),
    "few": Words("志愿者人数不足", "too few volunteers"),
    "taken": Words("能做的人都已安排", "all who could have other tasks"),
}


def rota_lines(found: Rota, language: Language) -> Iterator[str]:
    """Who does what, and which places stay empty."""
    if found.pairs:
        head = [Words("任务", "task"), Words("志愿者", "volunteer"), Words("公里", "km")]
        rows = [[task, who, f"{way:.1f}"] for who, task, way in sorted(found.pairs, key=lambda one: one[1])]
        yield table([one.say(language) for one in head], rows)
    for task, places, why in found.empty:
        yield Words(
            f"! {task}：缺 {places} 人，{LACKS[why].zh}", f"! {task}: {places} more needed, {LACKS[why].en}"
        ).say(language)
    yield Words(
        "只按技能、时间、路程安排；不记录、不评价任何人。",
        "By skill, time and way only; nothing is kept of anybody, and nobody is rated.",
    ).say(language)
