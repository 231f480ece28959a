"""Joint dispatch: a model without control, by its rules, by equal filling and by plans, each checked by SWMM alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.measures.water.dispatch.reservoirs import Costs
from tulou.processes.declaration import Run
from tulou.processes.drainage.actuators import Actuator, Basin, actuators_of, basins_of, scale_of
from tulou.processes.drainage.believed import believe
from tulou.processes.drainage.controls import conflicts, rules_of, with_settings, without_rules
from tulou.processes.drainage.dispatch_told import outcome_of
from tulou.processes.drainage.dispatched import EQUAL, LOST, NONE, PREDICTIVE, RULES, Dispatched, Level, Score
from tulou.processes.drainage.engine import (
    LINKS,
    SECONDS_A_MINUTE,
    SECONDS_AN_HOUR,
    Follow,
    Order,
    Simulated,
    simulate_all,
)
from tulou.processes.drainage.rules import rule
from tulou.processes.drainage.sections import Model, read_model, sheltered
from tulou.processes.drainage.steering import Ahead, Orders
from tulou.processes.drainage.storms import design_storms, formula_of, recorded_storm, under_storm
from tulou.processes.outcome import Outcome

Array = NDArray[np.float64]
NEARLY_FULL = 0.99
"""Filling from which on what leaves a storage may be a spill."""
HELD_COST = 1e-3
"""Cost of a m³ held for a step, far below all others: storages are emptied when nothing speaks against it."""
MINUTES_AN_HOUR = 60.0
OPEN = 1.0
"""Setting that the model would have without control, and that is taken when measurements are lost."""


@dataclass(frozen=True, eq=False)
class _Site:
    """The model to be dispatched.

    Args:
        model: The model under its storm, with its rules.
        free: The same without any rule.
        steered: The same without the rules that set what is dispatched.
        basins: Its storages.
        actuators: Gates and pumps that empty them.
        outlets: Where what leaves is seen.
        values: Inputs of the process.
    """

    model: Model
    free: Model
    steered: Model
    basins: tuple[Basin, ...]
    actuators: tuple[Actuator, ...]
    outlets: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]

    @property
    def follow(self) -> tuple[Follow, ...]:
        """What is followed in each run: volumes, inflows, flows, outflows."""
        stored = [("node", one.name, what) for what in ("VOLUME", "TOTAL_INFLOW") for one in self.basins]
        flows = [("link", one.name, "FLOW") for one in self.actuators]
        leaving = [(kind, name, "TOTAL_INFLOW" if kind == "node" else "FLOW") for kind, name in self.outlets]
        return (*stored, *flows, *leaving)

    def parts(self, run: Simulated) -> tuple[Array, Array, Array, Array]:
        """Volumes and inflows of storages, flows of gates and pumps, outflow, each by step of the run."""
        basins = len(self.basins)
        volume, inflow, flow, leaving = np.split(run.series, [basins, 2 * basins, 2 * basins + len(self.actuators)], 1)
        return volume, inflow, flow, leaving.sum(axis=1)

    def level(self, name: str, run: Simulated, table: Array, steered: Simulated | None = None) -> Level:
        """One way of running gates and pumps, scored."""
        volume, _, _, leaving = self.parts(run)
        score = self._score(run, table)
        if steered is None:
            return Level(name, run, score, volume, leaving, table)
        before = self._score(steered, table)
        off = max(abs(before.flood - score.flood), abs(before.excess - score.excess))
        return Level(name, run, score, volume, leaving, table, steered.steering, off)

    def _score(self, run: Simulated, table: Array) -> Score:
        leaving = self.parts(run)[3]
        steps = np.diff(run.times, prepend=0.0) * SECONDS_AN_HOUR
        allowed = self.values["allowed"]
        excess = float((np.maximum(leaving - allowed, 0) * steps).sum()) if allowed is not None else 0.0
        flood = float(run.nodes.volume.sum())
        moves = float(np.abs(np.diff(table[:, 1:], axis=0)).sum()) if len(table) else float("nan")
        cost = self.values["flood_cost"] * flood + self.values["excess_cost"] * excess
        cost += self.values["energy_cost"] * run.energy
        return Score(flood, excess, float(leaving.max()), run.energy, moves, cost)


def dispatch(run: Run) -> Outcome:
    """Run the process, see ``joint_dispatch.PROCESS``."""
    values = run.values
    read = read_model(values["model"])
    safe, left_out = sheltered(read)
    model, sources = _under_rain(safe, values)
    rules = rules_of(model)
    site, left = _site(model, values)
    patience = values["patience"] * SECONDS_A_MINUTE
    orders = [Order(site.free, site.follow), *[Order(site.model, site.follow)] * bool(rules)]
    ran = simulate_all(orders, patience=patience, progress=run.progress)
    allowed = values["allowed"]
    aim = float(site.parts(ran[0])[3].max()) if allowed is None else allowed * (1 - values["margin"] / 100)
    nobody = np.empty((0, 1 + len(site.actuators)))
    levels = [site.level(name, one, nobody) for name, one in zip((NONE, RULES), ran, strict=False)]
    levels += _steered(site, ran[0], aim, patience, run)
    for level in levels:
        believe(level.run, level.name)
    found = Dispatched(
        site.steered,
        site.basins,
        site.actuators,
        left,
        len(rules),
        conflicts(rules),
        tuple(levels),
        aim,
        left_out,
        sources | {read.name: read.digest},
    )
    return outcome_of(found, values)


def _under_rain(model: Model, values: Mapping[str, Any]) -> tuple[Model, dict[str, str]]:
    formula = formula_of(values)
    if formula is not None and values["rain"] is not None:
        raise BadUse("rain is a record or a formula, not both", where="rain", allowed=("rain", "a1 c b n peak"))
    if values["rain"] is not None:
        storm, digest = recorded_storm(values)
        return under_storm(model, storm, after=values["after"]), {values["rain"].name: digest}
    if formula is None:
        return model, {}
    (storm,) = design_storms(values, formula, (values["period"],))
    return under_storm(model, storm, after=values["after"]), {}


def _site(model: Model, values: Mapping[str, Any]) -> tuple[_Site, tuple[str, ...]]:
    """The model to be dispatched, and gates and pumps that cannot be."""
    basins = basins_of(model)
    actuators, left = actuators_of(model, basins)
    outlet = values["outlet"]
    links = [row.words[0] for section in LINKS for row in model.rows(section)]
    if outlet is not None and outlet not in links:
        raise BadUse("the model has no such link", where="outlet", found=outlet, allowed=links)
    outfalls = tuple(("node", row.words[0]) for row in model.rows("OUTFALLS"))
    outlets = (("link", outlet),) if outlet is not None else outfalls
    steered = without_rules(model, {one.name for one in actuators})
    return _Site(model, without_rules(model), steered, basins, actuators, outlets, values), left


def _steered(site: _Site, base: Simulated, aim: float, patience: float, run: Run) -> list[Level]:
    """Equal filling and plans: run while they steer, then the settings they chose once more by SWMM alone."""
    values = run.values
    equal = Orders(
        "equal",
        values["every"] / MINUTES_AN_HOUR,
        site.basins,
        site.actuators,
        site.outlets,
        aim,
        tuple([OPEN] * len(site.actuators)),
        scale_of(site.model),
    )
    predictive = replace(equal, level="predictive", ahead=_ahead(site, base))
    wanted = {EQUAL: equal, PREDICTIVE: predictive}
    if values["lost_from"] is not None:
        wanted[LOST] = replace(predictive, lost_from=values["lost_from"])
    orders = [Order(site.steered, site.follow, one.as_data()) for one in wanted.values()]
    steered = simulate_all(orders, patience=patience + values["budget"], progress=run.progress)
    tables = [np.array(one.steering["table"], np.float64) for one in steered]
    kinds = {one.name: "ORIFICE" if one.gate else "PUMP" for one in site.actuators}
    alone = simulate_all(
        [
            Order(with_settings(site.steered, kinds, table[:, 0].tolist(), table[:, 1:].tolist()), site.follow)
            for table in tables
        ],
        patience=patience,
        progress=run.progress,
    )
    return [
        site.level(name, checked, table, one)
        for name, checked, table, one in zip(wanted, alone, tables, steered, strict=True)
    ]


def _ahead(site: _Site, base: Simulated) -> Ahead:
    """What plans look ahead with, all from the run without control."""
    values = site.values
    step = values["plan_step"] / MINUTES_AN_HOUR
    volume, inflow, flow, leaving = (_on_grid(base.times, part, step) for part in site.parts(base))
    delays = _delays(site, base, step)
    arriving = np.column_stack([_later(flow[:, at], delay) for at, delay in enumerate(delays)])
    own, other, drain = np.empty_like(inflow), leaving[:, 0].copy(), np.empty(len(site.basins))
    for at, one in enumerate(site.actuators):
        if one.goal is None:
            other -= arriving[:, at]
    for at, basin in enumerate(site.basins):
        fed = [place for place, one in enumerate(site.actuators) if one.goal == at]
        emptied = [place for place, one in enumerate(site.actuators) if one.basin == at]
        own[:, at] = np.maximum(inflow[:, at] - arriving[:, fed].sum(axis=1), 0.0)
        left = inflow[:, at] - np.gradient(volume[:, at], step * SECONDS_AN_HOUR) - flow[:, emptied].sum(axis=1)
        drain[at] = _drain(volume[:, at], left, basin.capacity)
    share = values["forecast"] / 100
    energy = [base.pumps.get(one.name, (0.0, 0.0)) for one in site.actuators]
    return Ahead(
        step,
        max(round(values["horizon"] / step), 1),
        tuple(tuple((own[:, at] * share).tolist()) for at in range(len(site.basins))),
        tuple((np.maximum(other, 0.0) * share).tolist()),
        tuple(drain.tolist()),
        tuple(delays),
        tuple(used / lifted if lifted > 0 else 0.0 for used, lifted in energy),
        Costs(values["flood_cost"], values["excess_cost"], values["energy_cost"], values["move_cost"], HELD_COST),
        max(round(values["least_run"] / values["plan_step"]), 1),
        values["budget"],
    )


def _on_grid(times: Array, series: Array, step: float) -> Array:
    """Means over equal steps of what was followed in unequal ones, shape (steps, columns)."""
    columns = series.reshape(len(times), -1)
    sums = np.vstack([np.zeros(columns.shape[1]), np.cumsum(columns * np.diff(times, prepend=0.0)[:, None], axis=0)])
    edges = np.arange(max(int(np.ceil(times[-1] / step)), 1) + 1) * step
    at = np.concatenate([[0.0], times])
    return np.column_stack([np.diff(np.interp(edges, at, one)) / step for one in sums.T])


def _later(series: Array, delay: int) -> Array:
    return np.concatenate([np.zeros(delay), series])[: len(series)]


def _delays(site: _Site, base: Simulated, step: float) -> list[int]:
    """Steps until the water of each gate or pump arrives: length of its way over the greatest velocity on it."""
    slowest, length = rule("slowest"), scale_of(site.model).length
    velocity = dict(zip(base.links.ids, np.maximum(base.links.velocity, slowest).tolist(), strict=True))
    lengths = {row.words[0]: float(row.words[3]) * length for row in site.model.rows("CONDUITS")}
    seconds = [sum(lengths.get(link, 0.0) / velocity[link] for link in one.path) for one in site.actuators]
    return [round(one / (step * SECONDS_AN_HOUR)) for one in seconds]


def _drain(volume: Array, left: Array, capacity: float) -> float:
    """What leaves a storage by itself as a share of what it holds, 1/s, by least squares where it cannot spill."""
    inside = volume < NEARLY_FULL * capacity
    whole = float((volume[inside] ** 2).sum())
    return max(float((left[inside] * volume[inside]).sum()) / whole, 0.0) if whole > 0 else 0.0
