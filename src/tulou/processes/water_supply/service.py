"""From a model of EPANET to what its taps get: pressure, resilience, water delivered, water for a fire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.measures.water.supply.resilience import modified_surplus_power, service_availability, surplus_power
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.processes.water_supply.homes import Homes, homes
from tulou.processes.water_supply.hydraulics import (
    SECONDS_AN_HOUR,
    Hydraulics,
    Network,
    network_of,
    read_model,
    run_model,
)
from tulou.processes.water_supply.moment import at_moment, engine
from tulou.processes.water_supply.rules import rule

Array = NDArray[np.float64]
MOST_ROWS = 500
"""Junctions listed, the worst first; all of them are counted."""
LITRES_A_DAY = 1000 * 86_400
"""L/day of 1 m³/s."""


@dataclass(frozen=True, eq=False)
class Service:
    """What the taps of a network get.

    Args:
        network: Its parts.
        found: A run of it.
        wanted: Pressure wanted, m.
        a_person: Water of a person, L/day; None when unknown.
        fire: Pressure at each junction while the flow for a fire is taken there, m, NaN where there is no solution;
            None when it was not asked.
        homes: Homes of the city beside it; None without a city.
    """

    network: Network
    found: Hydraulics
    wanted: float
    a_person: float | None
    fire: Array | None
    homes: Homes | None = None

    @cached_property
    def lowest(self) -> Array:
        """Lowest pressure of each junction, m."""
        return self.found.pressure[:, : self.network.junctions].min(axis=0)

    @cached_property
    def share(self) -> Array:
        """Share of the water asked for that each junction gets over the run; NaN where nothing is asked for."""
        delivered = self.found.demand[:, : self.network.junctions].sum(axis=0)
        # What EPANET's accuracy lets a tap have beyond its share is none.
        return np.minimum(service_availability(delivered, self.found.asked.sum(axis=0)), 1.0)

    @property
    def available(self) -> float:
        """Share of all water asked for that is delivered."""
        asked = self.found.asked.sum(axis=0)[self.users]
        return float((self.share[self.users] * asked).sum() / asked.sum()) if asked.sum() > 0 else float("nan")

    @property
    def users(self) -> NDArray[np.bool_]:
        """Which junctions ask for water."""
        return np.asarray(self.network.asked > 0)

    @property
    def low(self) -> NDArray[np.bool_]:
        """Which junctions that ask for water have too little pressure at some time."""
        return np.asarray(self.users & (self.lowest < self.wanted))

    @property
    def people(self) -> Array | None:
        """People of each junction by its mean demand; None when the water of a person is unknown."""
        return None if self.a_person is None else self.network.asked * LITRES_A_DAY / self.a_person

    @cached_property
    def todini(self) -> Array:
        """Todini's index at each time."""
        junctions = slice(0, self.network.junctions)
        head = self.network.elevation + self.wanted
        return surplus_power(self.found.demand[:, junctions], self.found.head[:, junctions], head, self.found.given)

    @cached_property
    def modified(self) -> Array:
        """Modified resilience index at each time."""
        junctions = slice(0, self.network.junctions)
        head = self.network.elevation + self.wanted
        return modified_surplus_power(self.found.demand[:, junctions], self.found.head[:, junctions], head)


def service(run: Run) -> Outcome:
    """Run the process, see ``water_network.PROCESS``."""
    values = run.values
    path = values["network"]
    model = read_model(path)
    network = network_of(model)
    found = run_model(model, values["pressure"], path.name)
    fire: Array | None = None
    if values["fire_flow"] is not None:
        worst = int(found.pressure[:, : network.junctions].mean(axis=1).argmin())
        taken = values["fire_flow"] * SECONDS_AN_HOUR / 1000
        with engine(at_moment(model, network, found, worst), path.name) as moment:
            fire = np.full(network.junctions, np.nan)
            for place in range(network.junctions):
                pressures = moment.pressures(place, taken)
                fire[place] = np.nan if pressures is None else pressures[place]
    told = Service(network, found, values["pressure"], values["demand_a_person"], fire)
    if run.state is not None:
        beside = homes(run.state, network, told.lowest, values["crs"], values["reach"])
        told = replace(told, homes=beside)
    return Outcome(
        answer=_answer(told, values),
        figures=_figures(told),
        tables=(_table(told),),
        plots=_plots(told),
        balances=(_balance(told),),
        assumptions=_assumptions(told, values),
        warnings=_warnings(told),
        facts=() if told.homes is None else (told.homes.facts,),
        sources={path.name: digest_file(path)},
    )


def _answer(told: Service, values: Mapping[str, Any]) -> tuple[Words, ...]:
    low, users = int(told.low.sum()), int(told.users.sum())
    said = [
        Words(
            f"用水节点 {users:,} 个，其中 {low:,} 个在某些时刻水压低于 {told.wanted:g} 米；"
            f"全程供给了所需水量的 {100 * told.available:.1f}%。",
            f"Of {users:,} junctions that take water {low:,} have less than {told.wanted:g} m at some time; "
            f"{100 * told.available:.1f} % of the water asked for is delivered.",
        ),
    ]
    if np.isfinite(told.todini).any():
        low_index = np.nanmin(told.todini)
        said.append(
            Words(
                f"托迪尼韧性指数最低 {low_index:.3f}：可富余的能量中，剩在用户处的比例。",
                f"Todini's index is {low_index:.3f} at its lowest: the share of the power that could be spared that is "
                "left at the taps.",
            )
        )
    if told.people is not None:
        people = float(told.people[told.low].sum())
        said.append(
            Words(
                f"水压不足的节点约有 {people:,.0f} 人。",
                f"The junctions of low pressure serve about {people:,.0f} people.",
            )
        )
    if told.fire is not None:
        said.append(_answer_fire(told, values["fire_flow"]))
    if told.homes is not None:
        said.append(_answer_homes(told.homes))
    return tuple(said)


def _fire_low(told: Service) -> int:
    """Junctions with users whose pressure is too low while the flow for a fire is taken there, or has no solution."""
    return 0 if told.fire is None else int((told.users & ~(told.fire >= rule("hydrant_pressure"))).sum())


def _answer_fire(told: Service, flow: float) -> Words:
    least, fails = rule("hydrant_pressure"), _fire_low(told)
    return Words(
        f"最不利时刻另取 {flow:g} L/s，有 {fails:,} 个用水节点水压低于 {least:g} 米。",
        f"With {flow:g} L/s more at the worst time, {fails:,} of these junctions fall below {least:g} m.",
    )


def _answer_homes(beside: Homes) -> Words:
    low, judged, people = _homes_low(beside)
    return Words(
        f"城市住宅中能判定的 {judged:,} 栋，{low:,} 栋市政水压不足，居住 {people:,.0f} 人。",
        f"Of {judged:,} homes of the city that can be judged {low:,} have too little pressure; {people:,.0f} people "
        "live there.",
    )


def _homes_low(beside: Homes) -> tuple[int, int, float]:
    """Homes of low pressure, homes that are judged, and people of the former."""
    is_low = beside.fails == 1
    return int(is_low.sum()), int(np.isfinite(beside.fails).sum()), float(np.nansum(beside.residents[is_low]))


def _figures(told: Service) -> tuple[Figure, ...]:
    found = [
        _over_time("todini", Words("托迪尼韧性指数（平均）", "Todini's index (mean)"), told.todini),
        _over_time("modified", Words("修正韧性指数（平均）", "Modified resilience index (mean)"), told.modified),
        Figure("available", Words("供水保证率", "Water delivered"), 100 * told.available, "percent", digits=2),
        Figure("low", Words("水压不足的用水节点", "Junctions of low pressure"), float(told.low.sum()), "1", digits=0),
        Figure(
            "cut_off",
            Words("不与水源相连的节点", "Junctions joined to no source"),
            float(len(told.network.cut_off)),
            "1",
            digits=0,
        ),
    ]
    if told.people is not None:
        title = Words("水压不足影响人口", "People at low pressure")
        found.append(Figure("people_low", title, float(told.people[told.low].sum()), "person", digits=0))
    if told.fire is not None:
        title = Words("消防水压不足的用水节点", "Junctions without water for a fire")
        found.append(Figure("fire_low", title, float(_fire_low(told)), "1", digits=0))
    if told.homes is not None:
        title = Words("市政水压不足的住宅", "Homes of low pressure")
        found.append(Figure("homes_low", title, float(_homes_low(told.homes)[0]), "building", digits=0))
    return tuple(found)


def _over_time(name: str, title: Words, values: Array) -> Figure:
    known = values[np.isfinite(values)]
    mean, low, high = (float(one) for one in (known.mean(), known.min(), known.max())) if len(known) else [np.nan] * 3
    return Figure(name, title, mean, "1", low, high, digits=4)


def _table(told: Service) -> Table:
    columns = [
        Column("junction", Words("节点", "Junction")),
        Column("lowest", Words("最低水压", "Lowest pressure"), "m", 1),
        Column("asked", Words("平均需水量", "Mean demand"), "L/s", 3),
        Column("share", Words("得到的比例", "Share that is delivered"), "percent", 1),
    ]
    numbers = [told.lowest, told.network.asked * 1000, 100 * told.share]
    if told.people is not None:
        columns.append(Column("people", Words("人口", "People"), "person", 0))
        numbers.append(told.people)
    if told.fire is not None:
        columns.append(Column("fire", Words("取消防水时水压", "Pressure during a fire"), "m", 1))
        numbers.append(told.fire)
    users = np.flatnonzero(told.users)
    worst = users[np.argsort(told.lowest[users], kind="stable")][:MOST_ROWS]
    rows = [
        [told.network.nodes[place], *(float(one[place]) if np.isfinite(one[place]) else None for one in numbers)]
        for place in worst.tolist()
    ]
    return Table(
        "junctions", Words("用水节点，水压最低者在前", "Junctions, lowest pressure first"), tuple(columns), rows
    )


def _plots(told: Service) -> tuple[LinePlot, ...]:
    hours, pressure = told.found.hours, told.found.pressure[:, : told.network.junctions][:, told.users]
    if len(hours) < 2 or not pressure.size:  # noqa: PLR2004  (a line has two ends)
        return ()
    lines = (
        Line(Words("中位数", "Median"), hours, np.median(pressure, axis=1)),
        Line(Words("最低节点", "Lowest junction"), hours, pressure.min(axis=1)),
        Line(Words("要求水压", "Pressure wanted"), hours, np.full(len(hours), told.wanted)),
    )
    title = Words("用水节点水压", "Pressure of junctions that take water")
    return (LinePlot("pressure", title, Words("小时", "Hours"), Words("水压（米）", "Pressure, m"), lines),)


def _balance(told: Service) -> Balance:
    """Water of all times, in steps of the report: what sources gave, what taps took, what tanks took in."""
    demand, network = told.found.demand, told.network
    tanks = demand[:, network.junctions + network.reservoirs :].sum()
    reservoirs = -demand[:, network.junctions : network.junctions + network.reservoirs].sum()
    taken = demand[:, : network.junctions].sum()
    hours = float(told.found.hours[1] - told.found.hours[0]) if len(told.found.hours) > 1 else 1.0
    seconds = hours * SECONDS_AN_HOUR
    title = Words("水量", "Water")
    return Balance(title, float(reservoirs * seconds), float(taken * seconds), float(tanks * seconds), "m3")


def _assumptions(told: Service, values: Mapping[str, Any]) -> tuple[Words, ...]:
    found = [
        Words(
            f"水压从 0 到 {told.wanted:g} 米，出水量按平方根由无到足（压力驱动）；指数只计模型所给的时段。"
            "水池放水计为供给，蓄水计为用水。",
            f"From 0 to {told.wanted:g} m a tap gives the square root of its share (pressure-driven); indices are of "
            "the times of the model. Tanks count as sources while they give, as users while they fill.",
        ),
        Words(
            "EPANET 以单精度输出、按设定精度收敛，水量平衡的余差由此而来。",
            "EPANET writes single precision and stops at its accuracy: the residual of the balance comes from there.",
        ),
    ]
    if values["fire_flow"] is not None:
        found.append(
            Words(
                f"消防：取平均水压最低的时刻，各节点需水照常，逐个加取；限值 {rule('hydrant_pressure'):g} 米"
                "（GB 50974-2014 7.2.8，凭记忆，待核对）。",
                "Fire: the time of lowest mean pressure, all demands as they were, one junction after the other; limit "
                f"{rule('hydrant_pressure'):g} m (GB 50974-2014 7.2.8, from memory, to be confirmed).",
            )
        )
    if told.homes is not None:
        found.append(_about_homes(told.homes, values))
    return tuple(found)


def _about_homes(beside: Homes, values: Mapping[str, Any]) -> Words:
    most, first = rule("storeys_by_mains"), rule("head_first_storey")
    second, more = rule("head_second_storey"), rule("head_more_storey")
    unknown = int(np.isnan(beside.fails).sum())
    return Words(
        f"住宅由最近的用水节点供水（{values['reach']:g} 米内）；一层 {first:g} 米、二层 {second:g} 米、"
        f"每加一层 {more:g} 米（GB 50013-2018 3.0.9，凭记忆，待核对）；高于 {most:g} 层、"
        f"层数未知或过远的 {unknown:,} 栋不判定。",
        f"A home takes its water at the nearest junction within {values['reach']:g} m; it needs {first:g} m for one "
        f"storey, {second:g} m for two and {more:g} m for each above (GB 50013-2018 3.0.9, from memory, to be "
        f"confirmed). {unknown:,} homes of more than {most:g} storeys, of unknown storeys or too far are not judged.",
    )


def _warnings(told: Service) -> tuple[Words, ...]:
    found = [Words(f"EPANET 提示：{line}", f"EPANET says: {line}") for line in told.found.said[:10]]
    cut = told.network.cut_off
    if len(cut):
        names = ", ".join(told.network.nodes[place] for place in cut[:10])
        found.append(
            Words(
                f"{len(cut)} 个节点不与任何水源相连：{names}", f"{len(cut)} junctions are joined to no source: {names}"
            )
        )
    below = int((told.lowest < 0).sum())
    if below:
        found.append(
            Words(
                f"{below} 个节点出现负压：请核对高程与水泵。",
                f"{below} junctions have a pressure below 0: please check elevations and pumps.",
            )
        )
    return tuple(found)
