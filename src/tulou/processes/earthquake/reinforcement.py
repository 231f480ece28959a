"""From buildings, scenarios and a budget to an order of strengthening with its doubt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.hazard.earthquake.strengthening import Chosen, best_first, present_worth
from tulou.measures.hazard.risk.ranks import HIGH, LOW, rank_interval
from tulou.model.rows import Rows
from tulou.plan.programme import Programme
from tulou.processes.declaration import Run
from tulou.processes.earthquake.drawn import Doubt, avoided_by_type
from tulou.processes.earthquake.grouped import Groups, alone, any_of, attached, of_units, summed, told_apart
from tulou.processes.earthquake.rules import EarthquakeRules, rules
from tulou.processes.earthquake.stock import standing, types_of
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.unit_places import UnitPlaces, unit_places

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SEED = 1
FIRST_USES = ("education", "health")
"""Uses whose buildings come first: schools and hospitals."""
CONDEMNED = "D"
"""State of a building that is dangerous as a whole: it is vacated and not strengthened."""
MOST_EXACT = 5000
"""Candidates up to which the choice is exact; beyond, the best for the money come first, and the gap is shown."""
GAP = 1e-6
TOLERANCE = 2e-6
"""By how much the solver may go over the budget, with room to spare."""
MOST_NUMBERS = 100_000_000
"""Most numbers kept at once: draws by candidates."""
MOST_ROWS = 100
"""Buildings told."""


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Buildings that strengthening would help.

    Args:
        buildings: The buildings.
        kind: Position of the type of each.
        cost: What strengthening costs.
        worth: What it is worth today, shape (draws + 1, buildings); the first row is without doubt.
        comes_first: Schools and hospitals.
        units: Units that hold them.
        groups: Group of each: those of one group are strengthened together.
        condemned: Buildings left out since they are dangerous as a whole.
        unknown: Buildings left out since their type or floor area is unknown.
        no_people: Candidates of which the people are unknown.
    """

    buildings: Rows
    kind: NDArray[np.int64]
    cost: Array
    worth: Array
    comes_first: Mask
    units: UnitPlaces
    groups: Groups
    condemned: int
    unknown: int
    no_people: int

    @property
    def ratio(self) -> Array:
        """Worth by cost, shape (draws + 1, buildings)."""
        return np.asarray(self.worth / self.cost, np.float64)


def reinforce(run: Run) -> Outcome:
    """Run the process, see ``reinforcement.PROCESS``."""
    values, held = run.values, rules()
    if len(values["pga"]) != len(values["rates"]):
        raise BadUse("each scenario has an acceleration and a frequency", where="rates", found=len(values["rates"]))
    candidates = _candidates(run, held)
    chosen = _choose(candidates, values["budget"])
    often = _often(candidates, values["budget"])
    return Outcome(
        answer=_answer(candidates, chosen, often, values["budget"]),
        figures=_figures(candidates, chosen, values["budget"]),
        tables=(
            _list(candidates, chosen, often, held),
            _by_type(candidates, chosen, held),
            _by_unit(candidates, chosen),
        ),
        plots=(_bars(candidates, chosen, held),),
        balances=(_balance(candidates, chosen, values["budget"]),),
        assumptions=_assumptions(values, held, chosen),
        warnings=_warnings(candidates),
        facts=(_facts(candidates),),
    )


def _candidates(run: Run, held: EarthquakeRules) -> _Candidates:
    values, state = run.values, run.city
    buildings = standing(state)
    if not len(buildings):
        raise NotEnoughData("the city has no building", where="building")
    names = {one.name: place for place, one in enumerate(held.types)}
    kind = np.array([names.get(name, -1) for name in types_of(buildings, held.types)], np.int64)
    area = buildings.numbers("floor_area")
    condemned = buildings.texts("health_state") == CONDEMNED
    unknown = (kind < 0) | ~(area > 0)
    helped = np.array([one.stronger != one.classed for one in held.types] + [False])
    at = np.flatnonzero(~unknown & ~condemned & helped[kind])
    if not len(at):
        raise NotEnoughData(
            "no building is known that strengthening would help", where="building", found=len(buildings)
        )
    if values["draws"] * len(at) > MOST_NUMBERS:
        allowed = (f"draws={MOST_NUMBERS // len(at)}",)
        raise BadUse("too many draws for so many buildings", where="draws", found=values["draws"], allowed=allowed)
    kept = buildings.where(np.isin(np.arange(len(buildings)), at))
    avoided = avoided_by_type(
        held.types,
        np.array(values["pga"]),
        np.array(values["rates"]),
        held,
        Doubt(values["median_spread"], values["beta_spread"], values["other"] / 100),
        int(values["draws"]),
        SEED,
    )
    people = kept.numbers("residents")
    a_year = avoided.loss[:, kind[at]] * area[at] * values["price"]
    a_year = a_year + avoided.deaths[:, kind[at]] * np.nan_to_num(people) * values["life_value"]
    units = unit_places(state, values["level"], kept.places)
    return _Candidates(
        kept,
        kind[at],
        area[at] * values["cost"],
        a_year * present_worth(values["years"], values["discount"] / 100),
        np.isin(kept.texts("use"), FIRST_USES),
        units,
        _groups(values["together"], kept, units),
        int(condemned.sum()),
        int((unknown & ~condemned).sum()),
        int(np.isnan(people).sum()),
    )


def _groups(together: str, buildings: Rows, units: UnitPlaces) -> Groups:
    """Which buildings are strengthened together."""
    if together == "attached":
        return attached(buildings.shapes)
    return of_units(units.unit) if together == "unit" else alone(len(buildings))


def _choose(candidates: _Candidates, budget: float) -> Chosen:
    """Schools and hospitals first with all the money, then the others with what is left; groups as a whole."""
    return _in_turn(candidates, candidates.worth[0], budget, _best)


def _in_turn(
    candidates: _Candidates, worth: Array, budget: float, choose: Callable[[Array, Array, float], Chosen]
) -> Chosen:
    """Groups with a school or hospital first, then the others with what is left."""
    groups = candidates.groups
    useful, cost = np.maximum(summed(groups, worth), 0.0), summed(groups, candidates.cost)
    comes_first = any_of(groups, candidates.comes_first)
    first = choose(np.where(comes_first, useful, 0.0), cost, budget)
    left = budget - float(cost[first.is_done].sum())
    then = choose(np.where(comes_first, 0.0, useful), cost, left)
    whole = Chosen(first.is_done | then.is_done, first.worth + then.worth, first.bound + then.bound)
    return told_apart(groups, whole)


def _best(worth: Array, cost: Array, budget: float) -> Chosen:
    """The choice that is worth most within a budget, by HiGHS; by the best for the money where there are too many."""
    at = np.flatnonzero((worth > 0) & (cost <= budget))
    if len(at) > MOST_EXACT:
        return best_first(worth, cost, budget)
    is_done = np.zeros(len(worth), bool)
    if not len(at):
        return Chosen(is_done, 0.0, 0.0)
    # Money is told in parts of the budget and worth in parts of the largest, so that the solver's tolerances fit; when
    # it goes over the budget by its tolerance it is asked again with that much less.
    largest = float(worth[at].max())
    for most in (1.0, 1.0 - TOLERANCE):
        programme = Programme()
        does = programme.add(len(at), cost=-worth[at] / largest)
        programme.require(does, cost[at] / budget, most=most)
        solved = programme.minimise(gap=GAP)
        if solved is None:
            break
        is_done[at] = solved.values > 0.5  # noqa: PLR2004  (a whole variable above a half is one)
        if cost[is_done].sum() <= budget:
            return Chosen(is_done, float(worth[is_done].sum()), -solved.bound * largest)
    return best_first(worth, cost, budget)


def _often(candidates: _Candidates, budget: float) -> Array:
    """Share of the draws in which each building is chosen."""
    counts = np.zeros(len(candidates.cost))
    for worth in candidates.worth[1:]:
        counts += _in_turn(candidates, worth, budget, best_first).is_done
    return counts / max(len(candidates.worth) - 1, 1)


def _spent(candidates: _Candidates, chosen: Chosen) -> float:
    return float(candidates.cost[chosen.is_done].sum())


def _answer(candidates: _Candidates, chosen: Chosen, often: Array, budget: float) -> tuple[Words, ...]:
    done = int(chosen.is_done.sum())
    first = int((chosen.is_done & candidates.comes_first).sum())
    steady = int((chosen.is_done & (often >= HIGH / 100)).sum())
    spent = _spent(candidates, chosen)
    return (
        Words(
            f"预算 {budget / 1e4:,.0f} 万元可加固 {done:,} 栋（其中学校、医院 {first:,} 栋），"
            f"用 {spent / 1e4:,.0f} 万元，"
            f"减少的损失现值 {chosen.worth / 1e4:,.0f} 万元，每元 {chosen.worth / spent if spent else 0:.2f} 元。",
            f"{budget / 1e6:,.1f} million yuan strengthen {done:,} buildings ({first:,} schools and hospitals) for "
            f"{spent / 1e6:,.1f} million; what they avoid is worth {chosen.worth / 1e6:,.2f} million today, "
            f"{chosen.worth / spent if spent else 0:.2f} for each yuan.",
        ),
        Words(
            f"其中 {steady:,} 栋在至少 95% 的抽样中入选；其余的入选取决于假设。",
            f"{steady:,} of them are chosen in at least 95 % of the draws; whether the others are is open.",
        ),
    )


def _figures(candidates: _Candidates, chosen: Chosen, budget: float) -> tuple[Figure, ...]:
    spent = _spent(candidates, chosen)
    worth = candidates.worth[:, chosen.is_done].sum(axis=1)
    low, high = np.percentile(worth[1:], [LOW, HIGH])
    return (
        Figure("chosen", Words("加固栋数", "Strengthened"), float(chosen.is_done.sum()), "building", digits=0),
        Figure(
            "groups",
            Words("成组数", "Groups"),
            float(len(np.unique(candidates.groups[chosen.is_done]))),
            "1",
            digits=0,
        ),
        Figure("spent", Words("花费", "Spent"), spent, "yuan", digits=0),
        Figure("left", Words("剩余", "Left"), budget - spent, "yuan", digits=0),
        Figure(
            "avoided",
            Words("减少的损失现值", "Avoided, worth today"),
            float(worth[0]),
            "yuan",
            float(low),
            float(high),
            0,
        ),
        Figure("gap", Words("与最优上界的差距", "Gap to the bound"), 100 * chosen.gap, "percent", digits=4),
    )


def _list(candidates: _Candidates, chosen: Chosen, often: Array, held: EarthquakeRules) -> Table:
    columns: tuple[Column, ...] = (
        Column("place", Words("次序", "Place"), "", 0),
        Column("id", Words("房屋", "Building")),
        Column("type", Words("类型", "Type")),
        Column("first", Words("学校医院", "School or hospital")),
        Column("ratio", Words("效益成本比", "Benefit by cost"), "1", 3),
        Column("low", Words("5%", "5 %"), "1", 3),
        Column("high", Words("95%", "95 %"), "1", 3),
        Column("rank_low", Words("名次（5%）", "Rank (5 %)"), "", 0),
        Column("rank_high", Words("名次（95%）", "Rank (95 %)"), "", 0),
        Column("often", Words("入选比例", "Chosen in"), "percent", 0),
        Column("cost", Words("造价", "Cost"), "yuan", 0),
        Column("done", Words("入选", "Chosen")),
    )
    ratio = candidates.ratio
    order = np.lexsort((np.arange(len(ratio[0])), -ratio[0], ~candidates.comes_first, ~chosen.is_done))[:MOST_ROWS]
    low, high = np.percentile(ratio[1:][:, order], [LOW, HIGH], axis=0)
    ranks = rank_interval(ratio[1:])
    yes, no = Words("是", "yes"), Words("否", "no")
    rows: list[list[Cell]] = [
        [
            place + 1,
            str(candidates.buildings.ids[at]),
            held.types[candidates.kind[at]].title,
            yes if candidates.comes_first[at] else no,
            float(ratio[0, at]),
            float(low[place]),
            float(high[place]),
            float(ranks.low[at]),
            float(ranks.high[at]),
            100 * float(often[at]),
            float(candidates.cost[at]),
            yes if chosen.is_done[at] else no,
        ]
        for place, at in enumerate(order)
    ]
    if len(np.unique(candidates.groups)) < len(candidates.groups):
        columns = (*columns, Column("group", Words("成组", "Group"), "", 0))
        rows = [[*row, int(candidates.groups[at]) + 1] for row, at in zip(rows, order.tolist(), strict=True)]
    title = Words(f"次序（前 {MOST_ROWS} 栋）", f"The order (the first {MOST_ROWS})")
    return Table("order", title, columns, rows)


def _by_type(candidates: _Candidates, chosen: Chosen, held: EarthquakeRules) -> Table:
    columns = (
        Column("type", Words("类型", "Type")),
        Column("candidates", Words("候选", "Candidates"), "building", 0),
        Column("chosen", Words("入选", "Chosen"), "building", 0),
        Column("ratio", Words("效益成本比（中位）", "Benefit by cost, median"), "1", 3),
    )
    rows: list[list[Cell]] = []
    for place in np.unique(candidates.kind):
        at = candidates.kind == place
        ratio = float(np.median(candidates.ratio[0, at]))
        rows.append([held.types[place].title, int(at.sum()), int((at & chosen.is_done).sum()), ratio])
    return Table("types", Words("各类房屋", "Types of buildings"), columns, rows)


def _by_unit(candidates: _Candidates, chosen: Chosen) -> Table:
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("candidates", Words("候选", "Candidates"), "building", 0),
        Column("chosen", Words("入选", "Chosen"), "building", 0),
        Column("cost", Words("造价", "Cost"), "yuan", 0),
        Column("worth", Words("减少的损失现值", "Avoided, worth today"), "yuan", 0),
    )
    done = chosen.is_done.astype(float)
    values = np.stack([np.ones(len(done)), done, done * candidates.cost, done * candidates.worth[0]], axis=1)
    sums = candidates.units.sums(values)
    order = sorted(range(len(sums)), key=lambda at: (-sums[at, 1], -sums[at, 0], at))
    rows: list[list[Cell]] = [[candidates.units.says(at), *map(float, sums[at])] for at in order if sums[at].any()]
    return Table("units", Words("各单元", "Units"), columns, rows)


def _bars(candidates: _Candidates, chosen: Chosen, held: EarthquakeRules) -> BarPlot:
    bars = tuple(
        (held.types[place].title, float(((candidates.kind == place) & chosen.is_done).sum()))
        for place in np.unique(candidates.kind)
    )
    return BarPlot("types", Words("入选房屋", "Buildings chosen"), Words("栋", "Buildings"), bars)


def _balance(candidates: _Candidates, chosen: Chosen, budget: float) -> Balance:
    spent = _spent(candidates, chosen)
    left = budget - float(candidates.cost @ chosen.is_done)
    return Balance(Words("预算", "Budget"), budget, spent, left, "yuan")


def _assumptions(values: Mapping[str, Any], held: EarthquakeRules, chosen: Chosen) -> tuple[Words, ...]:
    told = [
        held.notes["classes"],
        held.notes["types"],
        held.notes["loss"],
        Words(
            f"抽样 {values['draws']} 次（种子 {SEED}）：中位值对数标准差 {values['median_spread']:g}，β 为 "
            f"{values['beta_spread']:g}，归类有误的概率 {values['other']:g}%（均为设定）。",
            f"{values['draws']} draws (seed {SEED}): ln medians spread by {values['median_spread']:g}, ln β by "
            f"{values['beta_spread']:g}, the other class holds with {values['other']:g} % (all choices).",
        ),
        Words(
            "学校和医院先用全部预算，剩余的再用于其他房屋。",
            "Schools and hospitals have the whole budget first, the others what is left.",
        ),
    ]
    if values["together"] != "none":
        told.append(
            Words(
                "成组的房屋要么一起加固，要么都不加固；组内有学校或医院的，整组在前。",
                "Buildings of a group are strengthened together or not at all; a group with a school or hospital comes "
                "first as a whole.",
            )
        )
    if values["life_value"]:
        told.append(held.notes["deaths"])
    else:
        told.append(
            Words("死亡未折算成钱：次序只按经济损失。", "Deaths are not put into money: the order is by money alone.")
        )
    if chosen.gap > GAP:
        told.append(
            Words(
                "候选太多，按每元效益从高到低选取。", "Solved up to the gap shown, or by the best for the money first."
            )
        )
    return tuple(told)


def _warnings(candidates: _Candidates) -> tuple[Words, ...]:
    told = []
    if candidates.condemned:
        told.append(
            Words(
                f"{candidates.condemned:,} 栋为 D 级：应立即停用撤离，不参加加固排序。",
                f"{candidates.condemned:,} buildings are of grade D: to be vacated at once, and not ranked.",
            )
        )
    if candidates.unknown:
        told.append(
            Words(
                f"{candidates.unknown:,} 栋类型或建筑面积未知，未参加排序，不等于不需加固。",
                f"{candidates.unknown:,} buildings of unknown type or floor area are not ranked, which is not to "
                "say that they need nothing.",
            )
        )
    if candidates.no_people:
        told.append(
            Words(
                f"{candidates.no_people:,} 栋候选房屋居民数未知，避免的死亡未计。",
                f"People of {candidates.no_people:,} candidates are unknown: deaths avoided there are not counted.",
            )
        )
    return tuple(told)


def _facts(candidates: _Candidates) -> Facts:
    """Benefit by cost of strengthening each candidate."""
    ids = pa.array([str(one) for one in candidates.buildings.ids], pa.string())
    return Facts("building", pa.table({"id": ids, "strengthening_ratio": candidates.ratio[0]}))
