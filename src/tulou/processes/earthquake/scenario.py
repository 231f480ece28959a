"""From an earthquake and a stock of buildings to damage by state and unit, with its spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.hazard.earthquake.damage import mean_damage_index
from tulou.processes.declaration import Run
from tulou.processes.earthquake.motion import SPECTRAL, Motion, motion_of
from tulou.processes.earthquake.rules import EarthquakeRules, rules
from tulou.processes.earthquake.stock import Stock, stock_of_city, stock_of_exposure
from tulou.processes.earthquake.strike import QUANTITIES, Struck, strike
from tulou.processes.earthquake.vulnerability import (
    Vulnerability,
    of_rules,
    read_matrix,
    read_vulnerability,
)
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
CLASSES = (
    Wanted("type", ("taxonomy", "类型"), "text", is_required=True),
    Wanted("class", ("conversion", "类别"), "text", is_required=True),
)
MOST_UNITS = 30
"""Units told in the table of a paper, the worst first."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario and what it does.

    Args:
        stock: The buildings.
        motion: The motion.
        vulnerability: How they are damaged.
        struck: What becomes of them.
        rules: What it rests on.
        otherwise: What becomes of them if each type belongs to the other class that may hold; None where classes are
            given.
    """

    stock: Stock
    motion: Motion
    vulnerability: Vulnerability
    struck: Struck
    rules: EarthquakeRules
    otherwise: Struck | None = None

    @property
    def unassessed(self) -> float:
        """Buildings that are not assessed."""
        return float(np.nansum(self.stock.count[~self.struck.is_assessed]))

    @property
    def assessed(self) -> float:
        """Buildings that are assessed."""
        return float(np.nansum(self.stock.count[self.struck.is_assessed]))

    def is_told(self, quantity: str) -> bool:
        """Whether a quantity can be told at all: the people or the value of some assessed building is known."""
        basis = {"homeless": self.stock.people, "deaths": self.stock.people, "loss": self.stock.value}.get(quantity)
        return basis is None or bool(np.isfinite(basis[self.struck.is_assessed]).any())


def on_city(run: Run) -> Outcome:
    """Run the process on a city, see ``earthquake_scenario.PROCESS``."""
    held = rules()
    stock = stock_of_city(run.city, held, level=run.values["level"], price=run.values["price"])
    scenario = _scenario(run.values, stock, held)
    return _outcome(scenario, run.values, facts=(_facts(scenario),))


def on_exposure(run: Run) -> Outcome:
    """Run the process on an exposure file, see ``earthquake_exposure.PROCESS``."""
    stock = stock_of_exposure(
        run.values["exposure"], unit=run.values["unit"] or "", people_each=run.values["people"] == "building"
    )
    return _outcome(_scenario(run.values, stock, rules()), run.values, facts=())


def _scenario(values: Mapping[str, Any], stock: Stock, held: EarthquakeRules) -> Scenario:
    motion = motion_of(values, stock.ids, stock.places, held)
    vulnerability = vulnerability_of(values, held)
    if motion.measure != vulnerability.measure:
        raise BadUse(
            "the functions of damage answer to another measure of motion",
            where="motion",
            found=motion.measure,
            allowed=(vulnerability.measure,),
        )
    indoors = values["indoors"] / 100
    struck = strike(stock, motion, vulnerability, held, indoors)
    otherwise = None
    if stock.is_typed and all(values[name] is None for name in ("fragility", "matrix", "mapping")):
        otherwise = strike(stock, motion, of_rules(held, by_other=True), held, indoors)
    return Scenario(stock, motion, vulnerability, struck, held, otherwise)


def vulnerability_of(values: Mapping[str, Any], held: EarthquakeRules) -> Vulnerability:
    """How buildings are damaged, by the inputs of a run.

    Raises:
        BadUse: When both a matrix and functions are given.
        BadInput: When a file is none, or a mapping names a class that does not exist.
    """
    if values["fragility"] is not None and values["matrix"] is not None:
        raise BadUse("functions or a matrix are given, not both", where="matrix", allowed=("fragility", "matrix"))
    if values["matrix"] is not None:
        found = read_matrix(values["matrix"], held)
    elif values["fragility"] is not None:
        found = read_vulnerability(values["fragility"], held)
    else:
        found = of_rules(held)
    if values["mapping"] is None:
        return found
    path = values["mapping"]
    table = read_columns(path, CLASSES)
    shares, collapse = dict(found.shares), dict(found.collapse)
    for name, classed in zip(table.texts["type"], table.texts["class"], strict=True):
        if classed not in found.shares:
            raise BadInput("there is no such class", where=path.name, found=classed, allowed=sorted(found.shares))
        shares[name], collapse[name] = found.shares[classed], found.collapse[classed]
    return Vulnerability(found.measure, shares, collapse, {**found.sources, path.name: table.digest}, found.named)


def _outcome(scenario: Scenario, values: Mapping[str, Any], *, facts: tuple[Facts, ...]) -> Outcome:
    states = float(scenario.struck.totals.mean.sum())
    every = float(np.nansum(scenario.stock.count))
    return Outcome(
        answer=_answer(scenario),
        figures=_figures(scenario),
        tables=(_states(scenario), _types(scenario), _units(scenario)),
        plots=(_bars(scenario),),
        balances=(Balance(Words("房屋", "Buildings"), every, states, scenario.unassessed, "building"),),
        assumptions=_assumptions(scenario, values),
        warnings=_warnings(scenario),
        facts=facts,
        sources={**scenario.stock.sources, **scenario.motion.sources, **scenario.vulnerability.sources},
    )


def _answer(scenario: Scenario) -> tuple[Words, ...]:
    totals, whole = scenario.struck.totals, dict(zip(QUANTITIES, scenario.struck.whole.mean.tolist(), strict=True))
    bad, complete = float(totals.mean[-2:].sum()), float(totals.mean[-1])
    found = [
        Words(
            f"{scenario.assessed:,.0f} 栋房屋中，预计 {bad:,.0f} 栋严重破坏或毁坏（其中毁坏 {complete:,.0f} 栋），"
            f"倒塌 {whole['collapsed']:,.0f} 栋。",
            f"Of {scenario.assessed:,.0f} buildings {bad:,.0f} would be damaged extensively or completely "
            f"({complete:,.0f} completely), and {whole['collapsed']:,.0f} would collapse.",
        )
    ]
    if scenario.otherwise is not None:
        other = float(scenario.otherwise.totals.mean[-2:].sum())
        found.append(
            Words(
                f"若各类房屋属于另一可能类别，严重破坏或毁坏为 {other:,.0f} 栋：归类对结果影响如此之大。",
                f"Were each type of the other class that may hold, it would be {other:,.0f}: so much hangs on it.",
            )
        )
    if scenario.is_told("homeless"):
        found.append(
            Words(
                f"约 {whole['homeless']:,.0f} 人失去住所；死亡估计 {whole['deaths']:,.0f} 人"
                "（公式系数凭记忆，仅供比较）。",
                f"About {whole['homeless']:,.0f} people would lose their homes; deaths are put at "
                f"{whole['deaths']:,.0f} (coefficients from memory, for comparison only).",
            )
        )
    return tuple(found)


TITLES = {
    "collapsed": (Words("倒塌房屋", "Collapsed buildings"), "building"),
    "homeless": (Words("失去住所", "Homeless people"), "person"),
    "deaths": (Words("死亡", "Deaths"), "person"),
    "loss": (Words("直接经济损失", "Direct loss"), ""),
}


def _figures(scenario: Scenario) -> tuple[Figure, ...]:
    struck = scenario.struck
    found = []
    for place, name in enumerate(QUANTITIES):
        title, unit = TITLES[name]
        mean, sigma = float(struck.whole.mean[place]), float(struck.whole.deviation[place])
        told = scenario.is_told(name)
        low, high = (max(mean - sigma, 0.0), mean + sigma) if told and sigma > 0 else (float("nan"),) * 2
        value = mean if told else float("nan")
        found.append(Figure(name, title, value, unit or scenario.stock.currency, low, high, digits=0))
    index = mean_damage_index(struck.totals.mean / scenario.assessed, scenario.rules.bands)
    found.append(Figure("damage_index", Words("平均震害指数", "Mean damage index"), float(index), "1", digits=3))
    return tuple(found)


def _states(scenario: Scenario) -> Table:
    columns = (
        Column("state", Words("破坏状态", "State")),
        Column("mean", Words("栋数", "Buildings"), "building", 1),
        Column("deviation", Words("标准差", "Standard deviation"), "building", 1),
        Column("share", Words("比例", "Share"), "percent", 1),
    )
    totals = scenario.struck.totals
    rows: list[list[Cell]] = [
        [state.title, mean, deviation, 100 * mean / scenario.assessed]
        for state, mean, deviation in zip(
            scenario.rules.states, totals.mean.tolist(), totals.deviation.tolist(), strict=True
        )
    ]
    return Table("states", Words("各破坏状态", "States of damage"), columns, rows)


def _types(scenario: Scenario) -> Table:
    columns = (
        Column("type", Words("房屋类型", "Type of building")),
        Column("buildings", Words("栋数", "Buildings"), "building", 0),
        *(Column(one.name, one.title, "building", 1) for one in scenario.rules.states),
    )
    rows: list[list[Cell]] = [
        [scenario.stock.titles.get(name, Words(name, name)), sum(counts), *counts]
        for name, counts in zip(scenario.struck.types, scenario.struck.by_type.mean.tolist(), strict=True)
    ]
    if scenario.otherwise is not None:
        title = Words("毁坏（按另一可能类别）", "Complete, by the other class")
        columns = (*columns, Column("complete_otherwise", title, "building", 1))
        rows = [[*row, float(counts[-1])] for row, counts in zip(rows, scenario.otherwise.by_type.mean, strict=True)]
    return Table("types", Words("各类房屋", "Types of buildings"), columns, rows)


def _units(scenario: Scenario) -> Table:
    told = [name for name in QUANTITIES if scenario.is_told(name)]
    columns = [Column("unit", Words("单元", "Unit"))]
    for name in told:
        title, unit = TITLES[name]
        columns.append(Column(name, title, unit or scenario.stock.currency, 1))
        columns.append(
            Column(f"{name}_deviation", Words(f"{title.zh}标准差", f"{title.en}, deviation"), columns[-1].unit, 1)
        )
    mean, deviation = scenario.struck.by_unit.mean, scenario.struck.by_unit.deviation
    order = sorted(range(len(mean)), key=lambda at: (-mean[at, 0], at))
    rows: list[list[Cell]] = []
    for at in order[:MOST_UNITS]:
        if at == len(scenario.stock.units.ids) and not mean[at].any():
            continue
        pairs = [float(numbers[at, QUANTITIES.index(name)]) for name in told for numbers in (mean, deviation)]
        rows.append([scenario.stock.units.says(at), *pairs])
    return Table("units", Words("各单元（按倒塌数）", "Units, by buildings that collapse"), tuple(columns), rows)


def _bars(scenario: Scenario) -> BarPlot:
    shares = (100 * scenario.struck.totals.mean / scenario.assessed).tolist()
    bars = tuple((one.title, share) for one, share in zip(scenario.rules.states, shares, strict=True))
    return BarPlot("states", Words("各破坏状态比例", "States of damage"), Words("比例（%）", "Share, %"), bars)


def _assumptions(scenario: Scenario, values: Mapping[str, Any]) -> tuple[Words, ...]:
    notes = scenario.rules.notes
    found = [notes["loss"], notes["homeless"], notes["deaths"], notes["damage_index"]]
    if values["fragility"] is None and values["matrix"] is None:
        found += [notes["classes"], notes["types"]] if scenario.stock.is_typed else [notes["classes"]]
    if values["intensity"] is not None or values["matrix"] is not None:
        found.append(notes["intensity"])
    if scenario.vulnerability.measure == SPECTRAL:
        named = scenario.vulnerability.named
        found.append(Words(f"给出的加速度视为 {named}。", f"The acceleration given is taken for {named}."))
    if len(scenario.motion.values) > 1:
        found.append(
            Words(
                "数值的上下限为均值加减一个标准差。",
                "Bounds of figures are the mean and one standard deviation either way.",
            )
        )
    if len(scenario.motion.values) == 1:
        found.append(
            Words("地震动按给定值，未计其不确定性：标准差为 0。", "The motion is taken as given: deviations are 0.")
        )
    elif values["motion"] is None:
        found.append(
            Words(
                f"地震动对数标准差 {values['spread']:g}，各处同升同降，"
                f"取 {len(scenario.motion.values)} 个等概率分位数。",
                f"The logarithm of the motion spreads by {values['spread']:g}, alike everywhere, in "
                f"{len(scenario.motion.values)} quantiles of equal chance.",
            )
        )
    if any(np.isnan(scenario.vulnerability.collapse.get(name, np.nan)) for name in scenario.struck.types):
        found.append(
            Words(
                "未给出倒塌比例的类型，毁坏即计为倒塌。",
                "Where no share of collapse is told, complete damage counts as collapse.",
            )
        )
    return tuple(found)


def _warnings(scenario: Scenario) -> tuple[Words, ...]:
    found: list[Words] = []
    if scenario.unassessed:
        found.append(
            Words(
                f"{scenario.unassessed:,.0f} 栋房屋类型、易损性或地震动未知，未评估；各数为下限。",
                f"{scenario.unassessed:,.0f} buildings of unknown type, functions or motion are not assessed; figures "
                "are lower bounds.",
            )
        )
    unknown = int(np.isnan(scenario.stock.people[scenario.struck.is_assessed]).sum())
    if unknown and scenario.is_told("homeless"):
        found.append(
            Words(
                f"{unknown:,} 栋（组）房屋人数未知：失去住所和死亡人数为下限。",
                f"People of {unknown:,} buildings or groups are unknown: homeless and deaths are lower bounds.",
            )
        )
    return tuple(found)


def _facts(scenario: Scenario) -> Facts:
    """The chance of collapse and the damage index of each building of the city that was assessed."""
    at = scenario.struck.is_assessed
    index = mean_damage_index(scenario.struck.shares[at], scenario.rules.bands)
    ids = [one for one, keep in zip(scenario.stock.ids, at, strict=True) if keep]
    return Facts(
        "building",
        pa.table(
            {
                "id": pa.array(ids, pa.string()),
                "collapse_chance": 100 * scenario.struck.collapse[at],
                "damage_index": np.asarray(index),
            }
        ),
    )
