"""From the inflow of a metered district to its leakage: night flow, night-day factor, leakage index, change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.statistics.control import cumulative_sum, first_above, standard_scores
from tulou.measures.water.supply.leakage import (
    HOURS_A_DAY,
    LITRES,
    leakage_index,
    night_day_factor,
    night_flow,
    night_use,
    unavoidable_losses,
)
from tulou.processes.declaration import Run
from tulou.processes.outcome import Column, Figure, Line, LinePlot, Outcome, Table
from tulou.processes.water_supply.metered import Metered, area_of, facts_of
from tulou.processes.water_supply.rules import rule
from tulou.sources.series import DAY, Series, read_series

Array = NDArray[np.float64]
UNITS = {"flow": "m3/hour", "流量": "m3/hour", "pressure": "m", "水压": "m"}
KNOWN = 0.75
"""Share of a night that must be known for its flow to count."""
RANGE = (0.5, 1.5)
"""Exponents between which N1 lies: fixed holes, holes that open (May 1994)."""
LONGEST_STEP = np.timedelta64(1, "h")


@dataclass(frozen=True, eq=False)
class District:
    """What leaks in a metered district.

    Args:
        first: Its first day.
        nights: Flow of each night, m³/h; NaN where unknown.
        inflow: Mean inflow of each day, m³/h; NaN where too little is known.
        use: Use at night, m³/h.
        factor: Hours of the night-day factor, at the exponent given and at the ends of its range.
        drift: Cumulative sum of the night flow, standard deviations.
        pressure: Mean pressure, m; None when unknown.
        unavoidable: Unavoidable losses, m³/day; None when not asked.
        digest: SHA-256 of the file.
    """

    first: np.datetime64
    nights: Array
    inflow: Array
    use: float
    factor: tuple[float, float, float]
    drift: Array
    pressure: float | None
    unavoidable: float | None
    digest: str

    @property
    def at_night(self) -> float:
        """Leakage at night, m³/h: what flows less what is used."""
        return max(float(np.nanmean(self.nights)) - self.use, 0.0)

    @property
    def a_day(self) -> tuple[float, float, float]:
        """Leakage of a day, m³, at the exponent given and at the ends of its range."""
        mean, *ends = (self.at_night * one for one in self.factor)
        return mean, min(mean, *ends), max(mean, *ends)

    @property
    def share(self) -> float:
        """Leakage as a share of the inflow."""
        return self.a_day[0] / (float(np.nanmean(self.inflow)) * HOURS_A_DAY)

    @property
    def index(self) -> float:
        """Infrastructure leakage index; NaN when lengths, connections or pressure are unknown."""
        return leakage_index(self.a_day[0], self.unavoidable) if self.unavoidable else float("nan")

    @property
    def alarm(self) -> np.datetime64 | None:
        """Day on which the night flow had risen for certain."""
        at = first_above(self.drift, rule("limit"))
        return None if at is None else self.first + at * DAY


def balance(run: Run) -> Outcome:
    """Run the process, see ``leakage_balance.PROCESS``."""
    values = run.values
    told = _district(values)
    facts, files = _facts(told, values)
    warnings = _warnings(told, values)
    if run.state is not None and not facts:
        warnings += (Words("没有给出分区编号：不能入库。", "No id of the district was given: nothing can be kept."),)
    return Outcome(
        answer=_answer(told),
        figures=_figures(told),
        tables=(_table(told),),
        plots=_plots(told),
        assumptions=_assumptions(told, values),
        warnings=warnings,
        facts=facts,
        sources={values["inflow"].name: told.digest} | files,
    )


def _facts(told: District, values: Mapping[str, Any]) -> tuple[tuple[Facts, ...], dict[str, str]]:
    """What the city learns of the district, and the file of its area; nothing without its id."""
    district, path = (values["district"] or "").strip(), values["area"]
    if path is not None and not district:
        raise BadUse("an area belongs to a district that is named", where="area", allowed=("district=ID",))
    if not district:
        return (), {}
    area, files = None, {}
    if path is not None:
        area, digest = area_of(path, values["datum"])
        files = {path.name: digest}
    risen = None if told.alarm is None else told.alarm.astype("datetime64[D]").item()
    inflow = float(np.nanmean(told.inflow)) * HOURS_A_DAY if np.isfinite(told.inflow).any() else float("nan")
    metered = Metered(float(np.nanmean(told.nights)), inflow, told.a_day, told.index, risen)
    return (facts_of(district, metered, area),), files


def _district(values: Mapping[str, Any]) -> District:
    path: Path = values["inflow"]
    series = read_series(path, UNITS)
    flow = series.column("flow") if series.column("flow") is not None else series.column("流量")
    if flow is None:
        raise BadInput("a needed column is missing", where=path.name, found=", ".join(series.names), allowed=("flow",))
    if (flow < 0).any():
        raise BadInput(
            "this number is too small", where=path.name, found=float(np.nanmin(flow)), allowed=("from 0 on",)
        )
    if np.median(np.diff(series.times)) > LONGEST_STEP:
        raise NotEnoughData("night flows need steps of an hour or less", where=path.name)
    if not values["night_first"] < values["night_last"]:
        raise BadUse("the night ends after it begins", where="night_last", found=values["night_last"])
    nights = night_flow(flow, series.day, series.hour, values["night_first"], values["night_last"], KNOWN)
    days = values["training_days"]
    if np.isfinite(nights[:days]).sum() < min(days, 5) or not np.isfinite(nights).any():
        raise NotEnoughData("too few nights with a known flow", where=path.name, found=int(np.isfinite(nights).sum()))
    is_training = np.arange(len(nights)) < days
    drift = cumulative_sum(standard_scores(nights, is_training), rule("slack"))
    use = values["night_use"]
    if use is None:
        use = night_use(values["people"], rule("active_at_night") / 100, rule("cistern"))
    pressure = _pressure(series)
    mean = values["pressure"] if pressure is None else float(np.nanmean(pressure))
    return District(
        series.times[0].astype("datetime64[D]"),
        nights,
        night_flow(flow, series.day, series.hour, 0, HOURS_A_DAY, KNOWN),
        use,
        _factors(series, pressure, values),
        drift,
        mean,
        _unavoidable(values, mean),
        series.digest,
    )


def _pressure(series: Series) -> Array | None:
    """Pressures of the table; None when it has none that is known."""
    for name in ("pressure", "水压"):
        found = series.column(name)
        if found is not None and np.isfinite(found).any():
            return found
    return None


def _factors(series: Series, pressure: Array | None, values: Mapping[str, Any]) -> tuple[float, float, float]:
    """Night-day factor at the exponent given and at the ends of its range; 24 when pressures are unknown."""
    if pressure is None:
        return (float(HOURS_A_DAY),) * 3
    hours = np.arange(HOURS_A_DAY)
    known = np.isfinite(pressure)
    counts = np.bincount(series.hour[known].astype(np.int64), minlength=HOURS_A_DAY)
    sums = np.bincount(series.hour[known].astype(np.int64), weights=pressure[known], minlength=HOURS_A_DAY)
    mean = np.divide(sums, counts, out=np.full(HOURS_A_DAY, np.nan), where=counts > 0)
    is_night = (hours >= np.floor(values["night_first"])) & (hours < values["night_last"])
    if not np.isfinite(mean).all():
        raise NotEnoughData("a night-day factor needs the pressure of every hour of the day", where="pressure")
    night = float(mean[is_night].mean())
    first, second, third = (night_day_factor(mean, night, one) for one in (values["exponent"], *RANGE))
    return first, second, third


def _unavoidable(values: Mapping[str, Any], pressure: float | None) -> float | None:
    """Unavoidable losses, m³/day; None when a number they need is not known."""
    if None in (values["mains"], values["connections"], pressure):
        return None
    return unavoidable_losses(values["mains"], values["connections"], values["private"], pressure or 0.0) / LITRES


def _answer(told: District) -> tuple[Words, ...]:
    mean, low, high = told.a_day
    said = [
        Words(
            f"夜间净漏水 {told.at_night:.2f} m³/h，每日约 {mean:,.0f} m³（{low:,.0f}—{high:,.0f}），"
            f"占进水的 {100 * told.share:.1f}%。",
            f"At night {told.at_night:.2f} m³/h leak, about {mean:,.0f} m³ a day ({low:,.0f} to {high:,.0f}), "
            f"{100 * told.share:.1f} % of the inflow.",
        )
    ]
    if np.isfinite(told.index):
        said.append(
            Words(
                f"是难免漏损的 {told.index:.2f} 倍（ILI）。",
                f"That is {told.index:.2f} times what cannot be avoided (ILI).",
            )
        )
    said.append(
        Words(f"夜间流量自 {told.alarm} 起确有增加。", f"The night flow has risen for certain by {told.alarm}.")
        if told.alarm is not None
        else Words(
            "正常期以后，夜间流量没有确切的增加。", "After the normal days the night flow did not rise for certain."
        )
    )
    return tuple(said)


def _figures(told: District) -> tuple[Figure, ...]:
    night = Words("夜间最小流量", "Night flow")
    mean, low, high = told.a_day
    found = [
        Figure("night_flow", night, float(np.nanmean(told.nights)), "m3/hour", digits=2),
        Figure("night_use", Words("夜间合法用水", "Use at night"), told.use, "m3/hour", digits=2),
        Figure("leakage", Words("每日漏水", "Leakage of a day"), mean, "m3/day", low, high, digits=0),
        Figure("share", Words("漏水占进水", "Leakage of the inflow"), 100 * told.share, "percent", digits=1),
        Figure("factor", Words("夜日系数", "Night-day factor"), told.factor[0], "hour", digits=2),
    ]
    if told.unavoidable:
        title = Words("难免漏损", "Unavoidable losses")
        found.append(Figure("unavoidable", title, told.unavoidable, "m3/day", digits=1))
        found.append(Figure("ili", Words("漏损指数 ILI", "Leakage index ILI"), told.index, "1", digits=2))
    return tuple(found)


def _table(told: District) -> Table:
    columns = (
        Column("day", Words("日期", "Day")),
        Column("inflow", Words("平均进水", "Mean inflow"), "m3/hour", 2),
        Column("night", Words("夜间流量", "Night flow"), "m3/hour", 2),
        Column("drift", Words("累积偏移", "Drift"), "1", 2),
    )
    rows = [
        [str(told.first + place * DAY), *(float(one[place]) if np.isfinite(one[place]) else None for one in numbers)]
        for numbers in [(told.inflow, told.nights, told.drift)]
        for place in range(len(told.nights))
    ]
    return Table("days", Words("逐日", "Days"), columns, rows)


def _plots(told: District) -> tuple[LinePlot, ...]:
    days = np.arange(len(told.nights), dtype=np.float64)
    lines = (
        Line(Words("夜间流量", "Night flow"), days, told.nights),
        Line(Words("夜间合法用水", "Use at night"), days, np.full(len(days), told.use)),
    )
    title = Words("夜间流量", "Night flow")
    axis = Words(f"{told.first} 起的天数", f"Days from {told.first}")
    return (LinePlot("night", title, axis, Words("流量（m³/h）", "Flow, m³/h"), lines),)


def _assumptions(told: District, values: Mapping[str, Any]) -> tuple[Words, ...]:
    found = [
        Words(
            f"头 {values['training_days']} 天视为正常；累积和超过 {rule('limit'):g} 个标准差为增加"
            f"（松弛 {rule('slack'):g}，凭记忆，待核对）。",
            f"The first {values['training_days']} days are taken as normal; a rise is a sum above {rule('limit'):g} "
            f"standard deviations with slack {rule('slack'):g} (from memory, to be confirmed).",
        ),
        Words(
            f"漏水随压力的 {values['exponent']:g} 次方变化；上下限为 0.5 与 1.5 次方。",
            f"Leakage grows with pressure to the power {values['exponent']:g}; the bounds are of 0.5 and 1.5.",
        ),
    ]
    if values["night_use"] is None:
        share, cistern = rule("active_at_night"), rule("cistern")
        found.append(
            Words(
                f"夜间每小时 {share:g}% 的人各用水 {cistern:g} 升（SANFLOW 默认值）。",
                f"In an hour of the night {share:g} % of the people use {cistern:g} L each (defaults of SANFLOW).",
            )
        )
    if told.factor[0] == HOURS_A_DAY:
        found.append(
            Words("没有逐时水压：漏水昼夜相同。", "Without pressures of hours: leakage is the same by day and night.")
        )
    return tuple(found)


def _warnings(told: District, values: Mapping[str, Any]) -> tuple[Words, ...]:
    found: list[Words] = []
    if told.unavoidable is not None and told.pressure is not None:
        found += index_warnings(values["mains"], values["connections"], told.pressure)
    if values["night_use"] is None and not values["people"]:
        found.append(
            Words(
                "人口与夜间用水均未给出：夜间流量全部计为漏水。",
                "Neither people nor use at night are given: all that flows at night counts as leakage.",
            )
        )
    unknown = int((~np.isfinite(told.nights)).sum())
    if unknown:
        found.append(Words(f"{unknown} 夜流量未知，未计入。", f"{unknown} nights are unknown and left out."))
    return tuple(found)


def index_warnings(mains: float, connections: float, pressure: float) -> list[Words]:
    """Why the leakage index is not meant for a network: too few connections, too thin, pressure beyond its bounds.

    Args:
        mains: Length of mains, km.
        connections: Number of connections.
        pressure: Mean pressure, m.
    """
    fewest, density = rule("fewest_connections"), rule("least_density")
    low, high = rule("least_pressure"), rule("most_pressure")
    found: list[Words] = []
    if connections <= fewest:
        found.append(
            Words(
                f"接户数 {connections:g} 不多于 {fewest:g}：ILI 只供参考。",
                f"{connections:g} connections are not more than {fewest:g}: the ILI is only a hint.",
            )
        )
    if connections <= density * mains:
        found.append(
            Words(
                f"每公里接户数 {connections / mains:.1f} 不多于 {density:g}：ILI 只供参考。",
                f"{connections / mains:.1f} connections a km are not more than {density:g}: the ILI is only a hint.",
            )
        )
    if not low <= pressure <= high:
        found.append(
            Words(
                f"平均水压 {pressure:.1f} 米不在 {low:g} 至 {high:g} 米之间：ILI 只供参考。",
                f"A mean pressure of {pressure:.1f} m is not within {low:g} to {high:g} m: the ILI is only a hint.",
            )
        )
    return found
