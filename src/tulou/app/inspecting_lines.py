"""What the screen says of inspections: plans, draws, visits, caps, chains."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from tulou.app.inspecting import Inspecting, Planned
from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.operations.inspections.adapters.chains import Chains
from tulou.operations.inspections.domain.caps import Breach
from tulou.operations.inspections.domain.chains import Cell, Chain, Verdict, broken, counts, matrix
from tulou.operations.inspections.domain.drawing import Certificate, Order
from tulou.operations.inspections.domain.prevalence import Prevalence, StratumResult

VERDICTS: Mapping[Verdict, Words] = {
    "gap": Words("空白", "gap"),
    "overlap": Words("交叉、无牵头", "overlap, no lead"),
    "two leads": Words("多头牵头", "two leads"),
    "led": Words("明确", "led"),
    "not asked": Words("无此要求", "not asked"),
}
STRATA: Mapping[str, Words] = {
    "a": Words("A 级", "grade A"),
    "b": Words("B 级", "grade B"),
    "c": Words("C 级", "grade C"),
    "d": Words("D 级", "grade D"),
    "unknown": Words("未评定", "not assessed"),
}
MONTHS = range(1, 13)


def plan_lines(found: Planned, inspecting: Inspecting, spoken: Language) -> list[str]:
    """A plan: visits by month and body, days, what joining saves, how near the best it is."""
    by_month = Counter((body, one.month) for one in found.visits for body in one.bodies)
    heads = [Words("单位", "Body").say(spoken), *[f"{month}" for month in MONTHS], *_day_heads(spoken)]
    rows = [
        [
            body.title.say(spoken),
            *[str(by_month.get((name, month), 0)) for month in MONTHS],
            f"{found.plan.days.get(name, 0):g}",
            f"{body.days:g}",
        ]
        for name, body in inspecting.bodies.items()
    ]
    plan = found.plan
    saved = 0 if not plan.separate else round(100 * (1 - plan.joint / plan.separate))
    left, firms = 100 * found.rules.plan.floor, len(plan.firms)
    return [
        table(heads, rows),
        Words(
            f"{found.year} 年：{firms} 家企业，单独检查 {plan.separate} 次，合并为 {plan.joint} 次（减少 {saved}%）",
            f"{found.year}: {firms} enterprises, {plan.separate} single visits, {plan.joint} joint ({saved} % less)",
        ).say(spoken),
        Words(
            f"目标值 {plan.value:.4f}，上界 {plan.bound:.4f}，间隙 {100 * plan.gap:.2f}%；留 {left:g}% 人日作随机抽查",
            f"Value {plan.value:.4f}, bound {plan.bound:.4f}, gap {100 * plan.gap:.2f} %; "
            f"{left:g} % of days kept for the draw",
        ).say(spoken),
        Words(
            f"权重：{found.rules.plan.source}（{found.rules.plan.evidence}）",
            f"Weights: {found.rules.plan.source} ({found.rules.plan.evidence})",
        ).say(spoken),
    ]


def _day_heads(spoken: Language) -> list[str]:
    return [Words("用人日", "Days used").say(spoken), Words("全年人日", "Days a year").say(spoken)]


def order_lines(order: Order, left_out: int, spoken: Language) -> list[str]:
    """An order of a draw: what is to be noted and published."""
    heads = [Words("抽取层", "Stratum"), Words("对象", "Members"), Words("抽取", "Drawn")]
    rows = [[STRATA[one.id].say(spoken), str(len(one.members)), str(one.count)] for one in order.strata]
    public = order.public or Words(
        "无（抽取单位可能试过多个种子）", "none (whoever made the seed could have tried several)"
    ).say(spoken)
    return [
        table([head.say(spoken) for head in heads], rows),
        Words(f"抽取令 {order.id} 摘要：{order.digest}", f"Order {order.id}, digest: {order.digest}").say(spoken),
        Words(f"种子摘要：{order.seed_digest}", f"Digest of the seed: {order.seed_digest}").say(spoken),
        Words(f"并入的公开随机数：{public}", f"Public value to be joined: {public}").say(spoken),
        Words(
            f"检查人员 {len(order.inspectors)} 名，每次 {order.each} 名；因已达频次上限未列入 {left_out} 家",
            f"{len(order.inspectors)} inspectors, {order.each} a visit; {left_out} enterprises left out, at their cap",
        ).say(spoken),
    ]


def certificate_lines(found: Certificate, names: Mapping[str, str], spoken: Language) -> list[str]:
    """A draw: who was drawn, by which ticket, who inspects."""
    heads = (
        Words("层", "Stratum"), Words("统一社会信用代码", "Credit code"), Words("企业", "Enterprise"),
        Words("签号", "Ticket"), Words("检查人员", "Inspectors"),
    )  # fmt: skip
    open_places = Words("缺员", "place open").say(spoken)
    rows = [
        [
            STRATA[one.stratum].say(spoken) if one.stratum in STRATA else one.stratum,
            one.enterprise,
            names.get(one.enterprise, ""),
            one.ticket[:12],
            ", ".join((*one.inspectors, *[open_places] * (found.order.each - len(one.inspectors)))),
        ]
        for one in found.drawn
    ]
    return [
        table([head.say(spoken) for head in heads], rows),
        Words(
            f"{found.order.id}：抽中 {len(rows)} 家；种子 {found.seed}",
            f"{found.order.id}: {len(rows)} drawn; seed {found.seed}",
        ).say(spoken),
    ]


def breach_lines(found: Sequence[Breach], seen: int, spoken: Language) -> list[str]:
    """Enterprises beyond their caps."""
    heads = (
        Words("统一社会信用代码", "Credit code"),
        Words("层级", "Level"),
        Words("次数", "Visits"),
        Words("上限", "Cap"),
    )
    total = Words("合计", "total").say(spoken)
    rows = [[one.enterprise, one.level or total, str(one.visits), str(one.most)] for one in found]
    line = Words(f"{seen} 次检查，{len(rows)} 项超频次上限", f"{seen} visits, {len(rows)} beyond a cap").say(spoken)
    return [table([head.say(spoken) for head in heads], rows), line] if rows else [line]


def chain_lines(chain: Chain, found: Chains, spoken: Language) -> list[str]:
    """The matrix of one chain: who has which power over which step."""
    powers = list(found.powers)
    cells = {(one.step, one.power): one for one in matrix(chain, powers)}
    heads = [Words("环节", "Step").say(spoken), *[found.powers[power].say(spoken) for power in powers]]
    rows = [
        [one.title.say(spoken), *[_cell(cells[one.id, power], found, spoken) for power in powers]]
        for one in chain.steps
    ]
    table_ = counts(list(cells.values()))
    told = "、".join if spoken == "zh" else ", ".join
    lines = [
        chain.title.say(spoken),
        table(heads, rows),
        told(f"{VERDICTS[one].say(spoken)} {table_[one]}" for one in VERDICTS),
    ]
    titles = {one.id: one.title.say(spoken) for one in chain.steps}
    lines += [
        Words(
            f"交接断点：{titles[before]} → {titles[after]}（{found.powers[power].zh}）",
            f"Broken hand-over: {titles[before]} → {titles[after]} ({found.powers[power].en})",
        ).say(spoken)
        for before, after, power in broken(chain, powers)
    ]
    return lines


def _cell(cell: Cell, found: Chains, spoken: Language) -> str:
    names = [
        found.bodies[one.body].say(spoken) + (Words("*", "*").say(spoken) if one.part == "lead" else "")
        for one in cell.grants
    ]
    mark = "" if cell.verdict == "led" else f"[{VERDICTS[cell.verdict].say(spoken)}]"
    return " ".join(filter(None, ("、".join(names) if spoken == "zh" else ", ".join(names), mark)))


def prevalence_lines(strata: Sequence[StratumResult], found: Prevalence, fewest: int, spoken: Language) -> list[str]:
    """What random visits tell of all; strata with few visits show no share of their own."""
    heads = (
        Words("层", "Stratum"),
        Words("企业", "Enterprises"),
        Words("已查", "Visited"),
        Words("有问题", "With violations"),
    )
    few = Words(f"少于 {fewest}，不示", f"below {fewest}, not shown").say(spoken)
    rows = [
        [
            STRATA[one.id].say(spoken) if one.id in STRATA else one.id,
            str(one.size),
            str(one.visited),
            str(one.found) if one.visited >= fewest else few,
        ]
        for one in strata
    ]
    lines = [table([head.say(spoken) for head in heads], rows)]
    visited = sum(one.visited for one in strata)
    if math.isnan(found.share) or visited < fewest:
        return [
            *lines,
            Words("有问题企业占比：未知（随机检查不足）", "Share with violations: unknown (too few random visits)").say(
                spoken
            ),
        ]
    share, low, high = (f"{100 * one:.1f}%" for one in (found.share, found.low, found.high))
    return [
        *lines,
        Words(
            f"有问题企业占比 {share}，95% 区间 {low}～{high}，覆盖 {found.covered} 家；"
            f"{found.uncovered} 家所在层尚无检查，不作推断",
            f"Share with violations {share}, 95 % interval {low} to {high}, of {found.covered} enterprises; "
            f"nothing is said of {found.uncovered} in strata nobody visited",
        ).say(spoken),
    ]
