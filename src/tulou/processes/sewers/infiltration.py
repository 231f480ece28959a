"""From flows and rain in short steps to infiltration, by the night and by the triangle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.environment.sewage import Flows, night_infiltration, triangle
from tulou.measures.water.supply.leakage import HOURS_A_DAY, LITRES, night_flow
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Figure, Line, LinePlot, Outcome
from tulou.sources.series import Series, read_series

Array = NDArray[np.float64]
UNITS = {"flow": "m3/hour", "流量": "m3/hour", "rain": "mm", "雨量": "mm"}
KNOWN = 0.75
"""Share of a night or day that must be measured for it to count (a choice)."""
LONGEST_STEP = np.timedelta64(1, "h")
FEWEST = 5
"""Dry nights without which nothing is told (a choice)."""
SPREAD = (10, 90)
"""Percentiles told as bounds."""


@dataclass(frozen=True, eq=False)
class _Days:
    """Flows and rain by the day.

    Args:
        series: What was read.
        night: Mean flow of each night, m³/h.
        mean: Mean flow of each day, m³/h.
        rain: Rain of each day, mm; NaN where unknown.
    """

    series: Series
    night: Array
    mean: Array
    rain: Array

    @property
    def first(self) -> np.datetime64:
        """The first day."""
        return self.series.times[0].astype("datetime64[D]")

    def is_wet(self, most: float) -> NDArray[np.bool_]:
        """Days on which that much rain fell, or on the day before."""
        fell = np.nan_to_num(self.rain)
        return np.asarray(np.maximum(fell, np.concatenate([[0.0], fell[:-1]])) >= most, bool)


def infiltration(run: Run) -> Outcome:
    """Run the process, see ``infiltration.PROCESS``."""
    values = run.values
    days = _days(values)
    sewage = _night_sewage(values)
    wet, known = days.is_wet(values["wet"]), _rain_is_known(days.rain)
    found = night_infiltration(days.night, known & ~wet, sewage)
    count = int(np.isfinite(found).sum())
    if count < FEWEST:
        raise NotEnoughData("too few dry nights with a known flow and rain", where=values["flows"].name, found=count)
    parts = None
    if values["sewage"] is not None:
        parts = triangle(np.where(known, days.mean * HOURS_A_DAY, np.nan), wet, values["sewage"])
    return Outcome(
        answer=_answer(found, days, parts),
        figures=_figures(found, days, parts),
        plots=(_plot(days, found),),
        balances=_balances(parts),
        assumptions=_assumptions(values, sewage),
        warnings=_warnings(found, days, parts),
        sources={values["flows"].name: days.series.digest},
    )


def _days(values: Mapping[str, Any]) -> _Days:
    path = values["flows"]
    series = read_series(path, UNITS)
    flow, rain = (_column(series, names) for names in (("flow", "流量"), ("rain", "雨量")))
    if flow is None or rain is None:
        raise BadInput("a needed column is missing", where=path.name, found=", ".join(series.names), allowed=UNITS)
    if (flow < 0).any() or (rain < 0).any():
        raise BadInput("flows and rain are from 0 on", where=path.name, found=float(np.nanmin([flow, rain])))
    if np.median(np.diff(series.times)) > LONGEST_STEP:
        raise NotEnoughData("night flows need steps of an hour or less", where=path.name)
    if not values["night_first"] < values["night_last"]:
        raise BadUse("the night ends after it begins", where="night_last", found=values["night_last"])
    night = night_flow(flow, series.day, series.hour, values["night_first"], values["night_last"], KNOWN)
    mean = night_flow(flow, series.day, series.hour, 0, HOURS_A_DAY, KNOWN)
    fell = np.bincount(series.day, weights=np.nan_to_num(rain), minlength=len(mean))
    seen = np.bincount(series.day, weights=np.isfinite(rain), minlength=len(mean)) > 0
    unknown = np.bincount(series.day, weights=np.isnan(rain), minlength=len(mean)) > 0
    return _Days(series, night, mean, np.where(seen & ~unknown, fell, np.nan))


def _column(series: Series, names: tuple[str, ...]) -> Array | None:
    return next((found for name in names if (found := series.column(name)) is not None), None)


def _rain_is_known(rain: Array) -> NDArray[np.bool_]:
    """Days of which the rain is known, and that of the day before, the first day excepted."""
    known = np.isfinite(rain)
    return known & np.concatenate([[True], known[:-1]])


def _night_sewage(values: Mapping[str, Any]) -> float:
    """Sewage that flows at night, m³/h: as stated, or by people and what each uses."""
    if values["night_sewage"] is not None:
        return float(values["night_sewage"])
    if values["people"] is None or values["night_use"] is None:
        raise BadUse(
            "sewage of the night is stated, or follows from people and what each uses",
            where="night_sewage",
            allowed=("night_sewage=120", "people=50000 night_use=2"),
        )
    return float(values["people"] * values["night_use"] / LITRES)


def _share(found: Array, days: _Days) -> Array:
    """Share of infiltration in the water of each dry day, percent."""
    return np.asarray(100 * found / days.mean)


def _answer(found: Array, days: _Days, parts: Flows | None) -> tuple[Words, ...]:
    middle, share = float(np.nanmedian(found)), float(np.nanmedian(_share(found, days)))
    said = [
        Words(
            f"夜间最小流量法：晴天入渗中位数 {middle:,.1f} 立方米/小时（每日 {middle * HOURS_A_DAY:,.0f} 立方米），"
            f"占晴天水量 {share:.1f}%。",
            f"By the night: on dry days a median of {middle:,.1f} m³/h ({middle * HOURS_A_DAY:,.0f} m³ a day) leaks "
            f"in, {share:.1f} % of the water of dry days.",
        )
    ]
    if parts is not None:
        infiltration_, inflow = (100 * part / parts.whole for part in (parts.infiltration, parts.inflow))
        said.append(
            Words(
                f"三角形法：全部水量中入渗占 {infiltration_:.1f}%，雨水占 {inflow:.1f}%。",
                f"By the triangle: of all water {infiltration_:.1f} % is infiltration and {inflow:.1f} % rain.",
            )
        )
    return tuple(said)


def _figures(found: Array, days: _Days, parts: Flows | None) -> tuple[Figure, ...]:
    low, high = (float(value) for value in np.nanpercentile(found, SPREAD))
    share = _share(found, days)
    low_share, high_share = (float(value) for value in np.nanpercentile(share, SPREAD))
    figures = [
        Figure(
            "infiltration", Words("晴天入渗", "Infiltration, dry"), float(np.nanmedian(found)), "m3/hour", low, high, 1
        ),
        Figure(
            "share",
            Words("占晴天水量", "Of the water of dry days"),
            float(np.nanmedian(share)),
            "percent",
            low_share,
            high_share,
            1,
        ),
        Figure("dry_nights", Words("晴夜数", "Dry nights"), float(np.isfinite(found).sum()), "1", digits=0),
    ]
    if parts is not None:
        for name, title, part in (
            ("triangle_infiltration", Words("入渗（三角形法）", "Infiltration (triangle)"), parts.infiltration),
            ("triangle_inflow", Words("雨水（三角形法）", "Inflow of rain (triangle)"), parts.inflow),
        ):
            figures.append(Figure(name, title, 100 * part / parts.whole, "percent", digits=1))
    return tuple(figures)


def _plot(days: _Days, found: Array) -> LinePlot:
    x = np.arange(len(found), dtype=np.float64) + 1
    lines = (
        Line(Words("日均流量", "Mean of the day"), x, days.mean),
        Line(Words("夜间流量", "Night"), x, days.night),
        Line(Words("晴天入渗", "Infiltration, dry"), x, found, is_points=True),
    )
    day = str(days.first)
    return LinePlot(
        "days",
        Words("逐日流量与入渗", "Flow and infiltration by the day"),
        Words(f"第几日（第 1 日为 {day}）", f"Day (the first is {day})"),
        Words("立方米/小时", "m³/h"),
        lines,
    )


def _balances(parts: Flows | None) -> tuple[Balance, ...]:
    if parts is None:
        return ()
    whole = parts.sewage + parts.infiltration + parts.inflow
    return (Balance(Words("全部水量", "All water"), parts.whole, whole, 0.0, "m3"),)


def _assumptions(values: Mapping[str, Any], sewage: float) -> tuple[Words, ...]:
    return (
        Words(
            f"夜间污水按 {sewage:g} 立方米/小时；夜间为 {values['night_first']:g}—{values['night_last']:g} 时；"
            f"当日或前一日雨量达 {values['wet']:g} 毫米为雨天（设定）。",
            f"Sewage of the night is {sewage:g} m³/h; the night is from {values['night_first']:g} to "
            f"{values['night_last']:g} h; a day is wet with {values['wet']:g} mm on it or the day before (a choice).",
        ),
        Words(
            "夜间入渗视为全天不变；工业夜间排水须计入夜间污水，否则入渗偏大。",
            "What leaks in at night does so all day; firms that discharge at night belong to the sewage of the night, "
            "or infiltration is too large.",
        ),
    )


def _warnings(found: Array, days: _Days, parts: Flows | None) -> tuple[Words, ...]:
    told: list[Words] = []
    unknown = int((~_rain_is_known(days.rain)).sum())
    if unknown:
        told.append(
            Words(f"{unknown} 日雨量未知，未用。", f"The rain of {unknown} days is unknown: they are left out.")
        )
    if np.nanmax(found) == 0:
        told.append(
            Words(
                "夜间流量从未超过夜间污水：夜间污水可能偏大，入渗为零不可信。",
                "The night never flows more than its sewage: that may be stated too large, and no infiltration is "
                "doubtful.",
            )
        )
    if parts is not None and parts.sewage < parts.whole and parts.infiltration == 0:
        told.append(
            Words("三角形法未见入渗，请核对每日污水量。", "The triangle finds none: check the sewage of a day.")
        )
    return tuple(told)
