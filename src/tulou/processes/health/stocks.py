"""From items, depots, needs by scenario and roads to order levels, stocks to hold and where they go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.health.reserves import Levels, Plan, Roads, Task, cheapest_plan, stock_levels
from tulou.processes.declaration import Run
from tulou.processes.health.covered import covered
from tulou.processes.outcome import Balance, Cell, Column, Figure, Outcome, Table
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
PERCENT = 100.0
NOTHING = 1e-6
"""Smaller flows are rounding of the solver."""
MOST_ROWS = 300
ITEMS = (
    Wanted("item", ("物资",), "text", is_required=True),
    Wanted("price", ("单价",), "number", "1", 0.0, is_required=True),
    Wanted("penalty", ("缺货损失",), "number", "1", 0.0, is_required=True),
    *(Wanted(name, heads, "number", unit, 0.0) for name, heads, unit in (
        ("use", ("日均用量",), "1"), ("deviation", ("日用量标准差",), "1"), ("lead", ("到货天数",), "day"),
        ("cycle", ("订货周期",), "day"), ("service", ("服务水平",), "percent"), ("shelf_life", ("保质期",), "day"))),
)  # fmt: skip
DEPOTS = (
    Wanted("place", ("仓库", "地点"), "text", is_required=True),
    Wanted("item", ("物资",), "text", is_required=True),
    Wanted("stock", ("库存",), "number", "1", 0.0, is_required=True),
    Wanted("room", ("余容",), "number", "1", 0.0),
    Wanted("aid", ("支援",), "text"),
)
NEEDS = (
    Wanted("scenario", ("情景",), "text", is_required=True),
    Wanted("chance", ("概率",), "number", "1", 0.0, is_required=True),
    Wanted("place", ("地点",), "text", is_required=True),
    Wanted("item", ("物资",), "text", is_required=True),
    Wanted("need", ("需求",), "number", "1", 0.0, is_required=True),
)
WAYS = (
    Wanted("from", ("起点",), "text", is_required=True),
    Wanted("to", ("终点",), "text", is_required=True),
    Wanted("hours", ("小时",), "number", "hour", 0.0, is_required=True),
    Wanted("capacity", ("通行量",), "number", "1", 0.0),
    Wanted("closed", ("关闭情景",), "text"),
)


@dataclass(frozen=True, eq=False)
class Asked:
    """A task with the names of what is in it.

    Args:
        task: The task.
        places: Names of the nodes.
        items: Names of the items.
        scenarios: Names of the scenarios.
        aid: Nodes of other districts.
        use: Use of each item a day; NaN where unknown.
        levels: When to order each item, where that can be told.
        stated: Places whose needs are stated.
        digests: Of the files.
    """

    task: Task
    places: tuple[str, ...]
    items: tuple[str, ...]
    scenarios: tuple[str, ...]
    aid: frozenset[int]
    use: Array
    levels: Mapping[str, Levels]
    stated: tuple[str, ...]
    digests: Mapping[str, str]

    @property
    def days(self) -> Array:
        """How long the stocks of the own district last at the usual use, days; NaN where use is unknown or nothing."""
        own = [node for node in range(len(self.places)) if node not in self.aid]
        stock = self.task.stock[own].sum(axis=0)
        return np.where(self.use > 0, stock / np.where(self.use > 0, self.use, 1.0), np.nan)


def dispatch(run: Run) -> Outcome:
    """Run the process, see ``reserve_dispatch.PROCESS``."""
    asked = _asked(run.values)
    plan = cheapest_plan(asked.task)
    facts, strange = (
        ((), ()) if run.state is None else covered(run.state, asked.places, asked.stated, asked.task.need, plan.short)
    )
    return Outcome(
        answer=_answer(asked, plan, run.values),
        figures=_figures(asked, plan),
        tables=(_shortages(asked, plan), _moves(asked, plan), _added(asked, plan), _levels(asked)),
        balances=_balances(asked, plan),
        assumptions=_assumptions(run.values),
        warnings=(*_warnings(asked), *strange),
        facts=facts,
        sources=asked.digests,
    )


def _read(values: Mapping[str, Any], name: str, wanted: Sequence[Wanted], known: Sequence[str]) -> Columns:
    """A table in which some numbers must stand in every row."""
    path: Path = values[name]
    table = read_columns(path, wanted)
    for column in known:
        missing = np.flatnonzero(np.isnan(table.numbers[column]))
        if len(missing):
            raise BadInput("a number is missing", where=f"{path.name}: row {missing[0] + 2}, {column}", found="")
    return table


def _asked(values: Mapping[str, Any]) -> Asked:
    items = _read(values, "items", ITEMS, ("price", "penalty"))
    depots = _read(values, "depots", DEPOTS, ("stock",))
    needs = _read(values, "needs", NEEDS, ("chance", "need"))
    ways = _read(values, "roads", WAYS, ("hours",))
    names = items.texts["item"]
    if len(set(names)) < len(names):
        raise BadInput("an item has one row", where=values["items"].name, found=", ".join(names))
    places = tuple(
        dict.fromkeys([*ways.texts["from"], *ways.texts["to"], *depots.texts["place"], *needs.texts["place"]])
    )
    scenarios, chance = _scenarios(needs, values["needs"].name)
    at = {name: k for k, name in enumerate(places)}
    item = {name: k for k, name in enumerate(names)}
    task = Task(
        len(places),
        _roads(ways, at, scenarios, values["roads"].name),
        chance,
        _needs(needs, at, item, scenarios, values["needs"].name),
        _stocks(depots, at, item, values["depots"].name),
        _room(depots, at) if values["choose"] else np.zeros(len(places)),
        items.numbers["price"],
        items.numbers["penalty"],
        values["hour_cost"],
    )
    aid = depots.texts.get("aid", ("",) * depots.rows)
    return Asked(
        task,
        places,
        names,
        scenarios,
        frozenset(at[place] for place, flag in zip(depots.texts["place"], aid, strict=True) if flag),
        items.numbers.get("use", np.full(items.rows, np.nan)),
        _order_levels(items),
        needs.texts["place"],
        {
            values[name].name: table.digest
            for name, table in (("items", items), ("depots", depots), ("needs", needs), ("roads", ways))
        },
    )


def _scenarios(needs: Columns, where: str) -> tuple[tuple[str, ...], Array]:
    found: dict[str, float] = {}
    for name, chance in zip(needs.texts["scenario"], needs.numbers["chance"].tolist(), strict=True):
        if found.setdefault(name, chance) != chance:
            raise BadInput("a scenario has one chance", where=where, found=name)
    return tuple(found), np.array(list(found.values()))


def _of(name: str, known: Mapping[str, int], where: str) -> int:
    if name not in known:
        raise BadInput("this item is not in the table of items", where=where, found=name, allowed=tuple(known))
    return known[name]


def _needs(
    table: Columns, at: Mapping[str, int], item: Mapping[str, int], scenarios: Sequence[str], where: str
) -> Array:
    found = np.zeros((len(scenarios), len(at), len(item)))
    rows = zip(
        table.texts["scenario"], table.texts["place"], table.texts["item"], table.numbers["need"].tolist(), strict=True
    )
    for scenario, place, name, need in rows:
        found[scenarios.index(scenario), at[place], _of(name, item, where)] += need
    return found


def _stocks(table: Columns, at: Mapping[str, int], item: Mapping[str, int], where: str) -> Array:
    found = np.zeros((len(at), len(item)))
    for place, name, stock in zip(
        table.texts["place"], table.texts["item"], table.numbers["stock"].tolist(), strict=True
    ):
        found[at[place], _of(name, item, where)] += stock
    return found


def _room(table: Columns, at: Mapping[str, int]) -> Array:
    found = np.zeros(len(at))
    room = table.numbers.get("room", np.zeros(table.rows))
    for place, free in zip(table.texts["place"], np.nan_to_num(room).tolist(), strict=True):
        found[at[place]] = max(found[at[place]], free)
    return found


def _roads(table: Columns, at: Mapping[str, int], scenarios: Sequence[str], where: str) -> Roads:
    """Each road in both directions."""
    start = np.array([at[name] for name in table.texts["from"]], np.int64)
    end = np.array([at[name] for name in table.texts["to"]], np.int64)
    capacity = table.numbers.get("capacity", np.full(table.rows, np.nan))
    closed = np.zeros((len(scenarios), table.rows), bool)
    for row, names in enumerate(table.texts.get("closed", ("",) * table.rows)):
        for name in filter(None, (part.strip() for part in names.replace("；", ";").split(";"))):
            if name not in scenarios:
                raise BadInput(
                    "no scenario of this name", where=f"{where}: row {row + 2}", found=name, allowed=scenarios
                )
            closed[scenarios.index(name), row] = True
    hours, most = table.numbers["hours"], np.where(np.isnan(capacity), np.inf, capacity)
    return Roads(
        np.concatenate([start, end]),
        np.concatenate([end, start]),
        np.tile(hours, 2),
        np.tile(most, 2),
        np.tile(closed, (1, 2)),
    )


def _order_levels(items: Columns) -> dict[str, Levels]:
    """Order levels of the items of which use, lead, cycle and service are known."""
    found: dict[str, Levels] = {}
    for row, name in enumerate(items.texts["item"]):
        numbers = {key: float(items.numbers[key][row]) if key in items.numbers else float("nan")
                   for key in ("use", "deviation", "lead", "cycle", "service", "shelf_life")}  # fmt: skip
        life = numbers.pop("shelf_life")
        if np.isfinite(list(numbers.values())).all():
            use, deviation, lead, cycle, service = numbers.values()
            life = life if np.isfinite(life) else np.inf
            found[name] = stock_levels(use, deviation, lead, cycle, service / PERCENT, life)
    return found


def _means(asked: Asked, plan: Plan) -> tuple[float, float, float]:
    """Mean need, mean shortage, and mean units from other districts."""
    chance = asked.task.chance[:, None, None]
    need, short = float((chance * asked.task.need).sum()), float((chance * plan.short).sum())
    aid = float((chance * plan.used)[:, sorted(asked.aid)].sum()) if asked.aid else 0.0
    return need, short, aid


def _answer(asked: Asked, plan: Plan, values: Mapping[str, Any]) -> tuple[Words, ...]:
    need, short, aid = _means(asked, plan)
    share = PERCENT * short / need if need else 0.0
    worst = int(np.argmax(plan.short.sum(axis=(1, 2))))
    lacking = float(plan.short[worst].sum())
    said = [
        Words(
            f"{len(asked.scenarios)} 个情景平均需求 {need:,.1f}，按最省方案仍缺 {share:.1f}%；"
            f"最差的“{asked.scenarios[worst]}”缺 {lacking:,.1f}。跨区支援平均 {aid:,.1f}。",
            f"Over {len(asked.scenarios)} scenarios {need:,.1f} units are needed in the mean; by the cheapest plan "
            f"{share:.1f} % lack, in the worst, {asked.scenarios[worst]}, {lacking:,.1f}. Other districts give "
            f"{aid:,.1f} in the mean.",
        )
    ]
    if values["choose"]:
        said.append(
            Words(
                f"建议预置 {plan.added.sum():,.1f} 件。",
                f"The plan puts {plan.added.sum():,.1f} units in place beforehand.",
            )
        )
    return tuple(said)


def _figures(asked: Asked, plan: Plan) -> tuple[Figure, ...]:
    need, short, aid = _means(asked, plan)
    return (
        Figure("need", Words("平均需求", "Mean need"), need, "1", digits=1),
        Figure("short", Words("平均缺口", "Mean shortage"), short, "1", digits=1),
        Figure("aid", Words("平均跨区支援", "Mean help of other districts"), aid, "1", digits=1),
        Figure("added", Words("预置", "Put in place"), float(plan.added.sum()), "1", digits=1),
        Figure("cost", Words("方案费用", "Cost of the plan"), plan.cost, "1", digits=1),
    )


def _shortages(asked: Asked, plan: Plan) -> Table:
    columns = (
        Column("scenario", Words("情景", "Scenario")),
        Column("place", Words("地点", "Place")),
        Column("item", Words("物资", "Item")),
        Column("need", Words("需求", "Need"), "", 1),
        Column("short", Words("缺口", "Lacks"), "", 1),
    )
    rows: list[list[Cell]] = [
        [
            asked.scenarios[s],
            asked.places[n],
            asked.items[i],
            float(asked.task.need[s, n, i]),
            float(plan.short[s, n, i]),
        ]
        for s, n, i in np.argwhere(plan.short > NOTHING).tolist()[:MOST_ROWS]
    ]
    return Table("shortages", Words("缺口", "Shortages"), columns, rows)


def _moves(asked: Asked, plan: Plan) -> Table:
    columns = (
        Column("scenario", Words("情景", "Scenario")),
        Column("from", Words("起点", "From")),
        Column("to", Words("终点", "To")),
        Column("item", Words("物资", "Item")),
        Column("units", Words("数量", "Units"), "", 1),
    )
    roads = asked.task.roads
    rows: list[list[Cell]] = [
        [
            asked.scenarios[s],
            asked.places[roads.start[e]],
            asked.places[roads.end[e]],
            asked.items[i],
            float(plan.flow[s, e, i]),
        ]
        for s, e, i in np.argwhere(plan.flow > NOTHING).tolist()[:MOST_ROWS]
    ]
    return Table("moves", Words("调运", "Moves"), columns, rows)


def _added(asked: Asked, plan: Plan) -> Table:
    columns = (
        Column("place", Words("仓库", "Depot")),
        Column("item", Words("物资", "Item")),
        Column("stock", Words("现有", "In stock"), "", 1),
        Column("added", Words("预置", "Put in place"), "", 1),
    )
    chosen = np.argwhere((asked.task.stock > 0) | (plan.added > NOTHING)).tolist()[:MOST_ROWS]
    rows: list[list[Cell]] = [
        [asked.places[n], asked.items[i], float(asked.task.stock[n, i]), float(plan.added[n, i])] for n, i in chosen
    ]
    return Table("stocks", Words("库存与预置", "Stocks"), columns, rows)


def _levels(asked: Asked) -> Table:
    columns = (
        Column("item", Words("物资", "Item")),
        Column("days", Words("现有可用天数", "Days that stocks last"), "day", 1),
        Column("order_at", Words("再订货点 s", "Order at s"), "", 1),
        Column("order_up_to", Words("订至 S", "Order up to S"), "", 1),
        Column("safety", Words("安全库存", "Held against chance"), "", 1),
        Column("life", Words("受保质期限制", "Held down by shelf life")),
    )
    yes = {True: Words("是，须轮换", "yes: rotate"), False: Words("否", "no")}
    rows: list[list[Cell]] = []
    for row, name in enumerate(asked.items):
        days, one = asked.days[row], asked.levels.get(name)
        told: list[Cell] = [None] * 4
        if one is not None:
            told = [one.order_at, one.order_up_to, one.safety, yes[one.is_short_lived]]
        rows.append([name, float(days) if np.isfinite(days) else None, *told])
    return Table("levels", Words("可用天数与订货水平", "Days of supply and order levels"), columns, rows)


def _balances(asked: Asked, plan: Plan) -> tuple[Balance, ...]:
    delivered = float((asked.task.need - plan.short).sum())
    title = Words("各情景调出与送达", "Units taken and delivered, all scenarios")
    return (Balance(title, float(plan.used.sum()), delivered, 0.0, "1"),)


def _assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    return (
        Words(
            f"每件在途一小时计 {values['hour_cost']:g}；道路双向同等，关闭的道路在该情景完全不能通行；数量可分。",
            f"A unit under way costs {values['hour_cost']:g} an hour; roads go both ways alike, a closed one carries "
            "nothing in its scenario; units can be divided.",
        ),
        Words(
            "单价、缺货损失与情景概率由使用者给出，方案随之而变。再订货点按提前期用量正态分布。",
            "Prices, penalties and chances are the user's and the plan follows them. Order levels take normal use in "
            "the lead time.",
        ),
    )


def _warnings(asked: Asked) -> tuple[Words, ...]:
    told: list[Words] = []
    left = [name for name in asked.items if name not in asked.levels]
    if left:
        told.append(
            Words(
                "用量、到货天数、周期或服务水平未知，未给订货水平：" + "、".join(left),
                "Use, lead, cycle or service of these is unknown, so no order levels: " + ", ".join(left),
            )
        )
    if not asked.task.need.any():
        raise NotEnoughData("nothing is needed in any scenario", where="needs", found=0)
    return tuple(told)
