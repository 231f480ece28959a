"""Which buildings to turn to emergency use, so that beds are there in time at least cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.plan.programme import Programme, Solved
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.shelters.rules import PERCENT, rules
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SLACK = 1e-6
"""Beds left on what an earlier stage provided, for the solver's tolerance."""
HALF = 0.5
WANTED = (
    Wanted("name", ("名称", "设施"), "text", is_required=True),
    Wanted("kind", ("类别", "类型"), "text"),
    Wanted("beds", ("床位",), "number", "1", least=0.0),
    Wanted("rooms", ("客房", "房间数"), "number", "1", least=0.0),
    Wanted("hours", ("转换时间", "conversion"), "number", "hour", least=0.0, is_required=True),
    Wanted("cost", ("费用", "转换费用"), "number", "yuan", least=0.0, is_required=True),
    Wanted("water", ("供水自持",), "number", "hour", least=0.0),
    Wanted("power", ("供电自持",), "number", "hour", least=0.0),
    Wanted("separated", ("分区", "三区两通道"), "text"),
)
YES = ("yes", "true", "1", "是")


@dataclass(frozen=True, eq=False)
class Inventory:
    """Buildings that could be converted.

    Args:
        names: Their names.
        kinds: What they are.
        beds: Beds at full use; NaN where unknown.
        hours: Hours until they can be used.
        cost: Cost of converting each.
        fits: Whether each has the water, power and separation that is asked for.
        digest: SHA-256 of the file.
    """

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    beds: Array
    hours: Array
    cost: Array
    fits: Mask
    digest: str


@dataclass(frozen=True, eq=False)
class Conversions:
    """A choice of conversions.

    Args:
        chosen: Which buildings are converted.
        cost: What they cost.
        short: Beds that are missing at each hour.
        gap: Relative distance of the cost to the least possible.
    """

    chosen: Mask
    cost: float
    short: Array
    gap: float


def conversions(beds: Array, hours: Array, cost: Array, need: Array, at: Array) -> Conversions:
    """Which conversions meet a need that grows, at least cost?

    The fewest beds are missing first, summed over the hours; then the cost is least: ``Σ_{h_j ≤ t} b_j y_j + s_t ≥
    need_t``, ``min Σ s_t``, then ``min Σ c_j y_j``.

    Args:
        beds: Beds of each building.
        hours: Hours until each can be used.
        cost: Cost of each.
        need: Beds needed at each hour.
        at: The hours.
    """
    programme = Programme()
    opens = programme.add(len(beds))
    short = programme.add(len(need), high=need, whole=False)
    for place, hour in enumerate(at):
        ready = np.flatnonzero(hours <= hour)
        weights = np.append(beds[ready], 1.0)
        programme.require(np.append(opens[ready], short[place])[None], weights[None], least=need[place])
    missing = np.concatenate([np.zeros(len(beds)), np.ones(len(need))])
    first = _must(programme.minimise(cost=missing))
    programme.require(short, 1.0, most=first.value + SLACK)
    found = _must(programme.minimise(cost=np.concatenate([cost, np.zeros(len(need))])))
    chosen = found.values[opens] > HALF
    left = np.array([max(need[k] - beds[chosen & (hours <= hour)].sum(), 0.0) for k, hour in enumerate(at)])
    return Conversions(chosen, float(cost[chosen].sum()), left, found.gap)


def _must(solved: Solved | None) -> Solved:
    """Missing beds make every need answerable."""
    if solved is None:
        raise NotEnoughData("the solver found no answer", where="dual_use")
    return solved


def convert(run: Run) -> Outcome:
    """Run the process, see ``dual_use.PROCESS``."""
    values = run.values
    stock = _read(values["buildings"], values["water"], values["power"], is_separated=values["separated"] == "needed")
    at, need = np.array(values["hours"]), np.array(values["need"])
    _check(at, need)
    shares = np.array(values["use"]) * PERCENT
    usable = stock.fits & np.isfinite(stock.beds)
    beds = np.where(usable, stock.beds, 0.0)
    found = [conversions(beds * share, stock.hours, np.where(usable, stock.cost, 0.0), need, at) for share in shares]
    found = [Conversions(one.chosen & usable, one.cost, one.short, one.gap) for one in found]
    middle = len(shares) // 2
    return Outcome(
        answer=_answer(found[middle], stock, need, at, shares[middle]),
        figures=_figures(found[middle], at),
        tables=(_chosen(stock, found, shares), _sensitivity(found, shares, at), _left_out(stock)),
        plots=(_bars(found[middle], stock, at, shares[middle]),),
        balances=tuple(_balance(found[middle], beds * shares[middle], stock.hours, need, at)),
        assumptions=_assumptions(shares),
        warnings=_warnings(stock),
        sources={values["buildings"].name: stock.digest},
    )


def _check(at: Array, need: Array) -> None:
    if len(at) != len(need):
        raise BadUse("one need for each hour", where="need", found=len(need), allowed=(str(len(at)),))
    for name, column in (("hours", at), ("need", need)):
        if (np.diff(column) < 0).any() or (column < 0).any():
            raise BadUse("hours and needs rise from one to the next", where=name, allowed=("6,24,72",))


def _read(path: Path, water: float, power: float, *, is_separated: bool) -> Inventory:
    table = read_columns(path, WANTED)
    blank = np.full(table.rows, np.nan)
    beds, rooms = table.numbers.get("beds", blank), table.numbers.get("rooms", blank)
    beds = np.where(np.isnan(beds), rooms * float(rules()["dual_use"]["beds_a_room"]["value"]), beds)
    hours, cost = table.numbers["hours"], table.numbers["cost"]
    unknown = np.isnan(hours) | np.isnan(cost)
    if unknown.any():
        raise BadInput("hours and cost are needed in each row", where=f"{path.name}: row {int(unknown.argmax()) + 2}")
    fits = np.ones(table.rows, bool)
    for name, least in (("water", water), ("power", power)):
        if least > 0:
            fits &= table.numbers.get(name, blank) >= least
    if is_separated:
        words = table.texts.get("separated", ("",) * table.rows)
        fits &= np.array([word.lower() in YES for word in words])
    kinds = table.texts.get("kind", ("",) * table.rows)
    return Inventory(table.texts["name"], kinds, beds, hours, cost, fits, table.digest)


def _answer(found: Conversions, stock: Inventory, need: Array, at: Array, share: float) -> tuple[Words, ...]:
    hours = "、".join(f"{hour:g}" for hour in at)
    missing = ", ".join(f"{short:,.0f} ({hour:g} h)" for short, hour in zip(found.short, at, strict=True))
    said = Words(
        f"转换 {int(found.chosen.sum())} 处（共 {len(stock.names)} 处），费用 {found.cost:,.0f} 元；"
        f"在 {hours} 小时需要 {', '.join(f'{one:,.0f}' for one in need)} 张床位，缺 {missing}。"
        f"床位利用率 {100 * share:g}%，费用与最优相差至多 {100 * found.gap:.2f}%。",
        f"Convert {int(found.chosen.sum())} of {len(stock.names)} buildings for {found.cost:,.0f} yuan; of the beds "
        f"needed ({', '.join(f'{one:,.0f}' for one in need)}) these are missing: {missing}. Beds used at "
        f"{100 * share:g} %; the cost is within {100 * found.gap:.2f} % of the least.",
    )
    return (said,)


def _figures(found: Conversions, at: Array) -> tuple[Figure, ...]:
    return (
        Figure("cost", Words("费用", "Cost"), found.cost, "yuan", digits=0),
        *(
            Figure(
                f"short_{hour:g}",
                Words(f"{hour:g} 小时缺床位", f"Beds missing at {hour:g} h"),
                float(short),
                "bed",
                digits=0,
            )
            for short, hour in zip(found.short, at, strict=True)
        ),
    )


def _chosen(stock: Inventory, found: Sequence[Conversions], shares: Array) -> Table:
    """Every building that some choice converts."""
    picked = np.column_stack([one.chosen for one in found])
    rows: list[list[Cell]] = [
        [stock.names[at], stock.kinds[at] or None, float(stock.hours[at]), float(stock.beds[at]), float(stock.cost[at]),
         *(Words("转换", "convert") if one else None for one in picked[at])]
        for at in np.lexsort((np.array(stock.names), stock.hours)) if picked[at].any()
    ]  # fmt: skip
    heads = (
        Column("name", Words("设施", "Building")),
        Column("kind", Words("类别", "Kind")),
        Column("hours", Words("转换时间", "Ready after"), "hour", 0),
        Column("beds", Words("床位", "Beds"), "bed", 0),
        Column("cost", Words("费用", "Cost"), "yuan", 0),
        *(
            Column(f"use{place}", Words(f"利用率 {100 * share:g}%", f"At {100 * share:g} %"))
            for place, share in enumerate(shares)
        ),
    )
    return Table("chosen", Words("转换方案", "What to convert"), heads, rows)


def _sensitivity(found: Sequence[Conversions], shares: Array, at: Array) -> Table:
    rows: list[list[Cell]] = [
        [100 * float(share), int(one.chosen.sum()), one.cost, *map(float, one.short)]
        for one, share in zip(found, shares, strict=True)
    ]
    heads = (
        Column("use", Words("利用率", "Beds used"), "percent", 0),
        Column("count", Words("转换处数", "Buildings"), "1", 0),
        Column("cost", Words("费用", "Cost"), "yuan", 0),
        *(Column(f"short{hour:g}", Words(f"{hour:g} 小时缺", f"Missing at {hour:g} h"), "bed", 0) for hour in at),
    )
    return Table("sensitivity", Words("利用率敏感性", "How it depends on the use of beds"), heads, rows)


def _left_out(stock: Inventory) -> Table:
    rows: list[list[Cell]] = [
        [stock.names[at], Words("床位未知", "beds unknown") if np.isnan(stock.beds[at]) else
         Words("水、电或分区不满足或未知", "water, power or separation too little or unknown")]
        for at in np.flatnonzero(~stock.fits | np.isnan(stock.beds))
    ]  # fmt: skip
    heads = (Column("name", Words("设施", "Building")), Column("why", Words("原因", "Why")))
    return Table("left_out", Words("未纳入", "Left out"), heads, rows)


def _bars(found: Conversions, stock: Inventory, at: Array, share: float) -> BarPlot:
    ready = [float((stock.beds * share)[found.chosen & (stock.hours <= hour)].sum()) for hour in at]
    bars = tuple((f"{hour:g} h", beds) for hour, beds in zip(at, ready, strict=True))
    return BarPlot("ready", Words("可用床位", "Beds that are ready"), Words("张", "beds"), bars)


def _balance(found: Conversions, beds: Array, hours: Array, need: Array, at: Array) -> list[Balance]:
    made = []
    for place, hour in enumerate(at):
        ready = float(beds[found.chosen & (hours <= hour)].sum())
        spare = max(ready - need[place], 0.0)
        title = Words(f"{hour:g} 小时床位", f"Beds at {hour:g} h")
        made.append(Balance(title, ready + float(found.short[place]), float(need[place]), spare, "bed"))
    return made


def _assumptions(shares: Array) -> tuple[Words, ...]:
    said = ", ".join(f"{100 * share:g}" for share in shares)
    return (
        Words(
            f"没有床位数的按客房数 × 2；床位利用率 {said}% 作敏感性（文献 60% 至 80%）。先使缺口最小，再使费用最小。",
            f"Without beds on record a room has two; beds are used at {said} % (60 to 80 in the literature). The "
            "fewest beds are missing first, then the cost is least.",
        ),
    )


def _warnings(stock: Inventory) -> tuple[Words, ...]:
    count = int((~stock.fits | np.isnan(stock.beds)).sum())
    if not count:
        return ()
    left = f"{count} buildings are left out: beds, water, power or separation unknown or too little."
    return (Words(f"{count} 处未纳入：床位、水电自持或分区未知或不足。", left),)
