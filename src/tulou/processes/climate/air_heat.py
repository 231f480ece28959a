"""The heat island in the air: urban stations beside rural ones, at one elevation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.climate.heat_island import HOURS, air_intensity, at_level, daily_course
from tulou.processes.climate.rules import rules
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.sources.columns import Columns, Wanted, read_columns
from tulou.sources.series import Series, read_series

Array = NDArray[np.float64]
URBAN, RURAL = ("urban", "城市", "城区"), ("rural", "郊区", "乡村")
STATIONS = (
    Wanted("station", ("id", "站点", "站名"), "text", is_required=True),
    Wanted("elevation", ("海拔",), "number", "m", is_required=True),
    Wanted("kind", ("类型",), "text"),
    Wanted("impervious", ("不透水率",), "number", "percent", least=0.0),
)
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class _Island:
    """Heat island hour by hour.

    Args:
        urban: Names of urban stations.
        rural: Names of rural stations.
        values: K, shape (times, urban stations).
        hour: Hour of each time.
        level: Elevation to which all were brought, m.
        left_out: Stations of the table that the record does not hold, or that are neither urban nor rural.
    """

    urban: tuple[str, ...]
    rural: tuple[str, ...]
    values: Array
    hour: NDArray[np.int64]
    level: float
    left_out: tuple[str, ...]

    @property
    def is_night(self) -> NDArray[np.bool_]:
        """Which times lie in the night."""
        first, last = rules().night
        return (self.hour >= first) | (self.hour < last)


def tell_air(run: Run) -> Outcome:
    """Run the process, see ``heat_island.PROCESS``."""
    stations: Path = run.values["stations"]
    record: Path = run.values["record"]
    table, series = read_columns(stations, STATIONS), read_series(record, {}, default="degC")
    island = _island(table, series, stations.name)
    return Outcome(
        answer=(_answer(island),),
        figures=_figures(island),
        tables=(_table(island),),
        plots=(_course(island),),
        assumptions=_assumptions(island),
        warnings=_warnings(island),
        sources={stations.name: table.digest, record.name: series.digest},
    )


def _island(table: Columns, series: Series, where: str) -> _Island:
    names = table.texts["station"]
    if len(set(names)) < len(names):
        raise BadInput("a station stands here twice", where=where, found=", ".join(names))
    is_rural, is_urban = _kinds(table, where)
    height = table.numbers["elevation"]
    held = np.array([name in series.names for name in names], bool) & np.isfinite(height)
    urban, rural = (np.flatnonzero(held & some) for some in (is_urban, is_rural))
    if not len(urban) or not len(rural):
        what = "the record holds no urban and no rural station of known elevation"
        raise NotEnoughData(what, where=where, found=", ".join(series.names), allowed=names)
    level = float(height[rural].mean())

    def levelled(which: NDArray[np.int64]) -> Array:
        columns = [series.names.index(names[one]) for one in which]
        return at_level(series.values[:, columns], height[which], level, lapse=rules().lapse)

    values = air_intensity(levelled(urban), levelled(rural))
    if not np.isfinite(values).any():
        raise NotEnoughData("no hour is known at a station of each kind", where=where, found=len(values))
    left = tuple(name for place, name in enumerate(names) if place not in {*urban.tolist(), *rural.tolist()})
    of_urban, of_rural = (tuple(names[one] for one in some) for some in (urban, rural))
    return _Island(of_urban, of_rural, values, series.hour.astype(np.int64), level, left)


def _kinds(table: Columns, where: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which stations are rural, and which urban: as stated, else by how much ground is sealed."""
    count = table.rows
    stated = [word.lower() for word in table.texts.get("kind", ("",) * count)]
    wrong = [word for word in stated if word and word not in {*URBAN, *RURAL}]
    if wrong:
        raise BadInput("a station is urban or rural", where=where, found=wrong[0], allowed=(URBAN[0], RURAL[0]))
    sealed = table.numbers.get("impervious", np.full(count, np.nan))
    open_kind = np.array([not word for word in stated], bool)
    with np.errstate(invalid="ignore"):
        rural = np.array([word in RURAL for word in stated], bool) | (open_kind & (sealed < rules().impervious))
        urban = np.array([word in URBAN for word in stated], bool) | (open_kind & (sealed >= rules().impervious))
    return rural, urban


def _answer(island: _Island) -> Words:
    mean, night = float(np.nanmean(island.values)), _mean(island.values[island.is_night])
    worst = int(np.nanargmax(np.nanmean(island.values, axis=0)))
    at_worst = float(np.nanmean(island.values[:, worst]))
    more = Words("夜间未知", "the nights are unknown")
    if np.isfinite(night):
        more = Words(f"夜间 {night:+.1f} K", f"{night:+.1f} K at night")
    return Words(
        f"气温热岛强度平均 {mean:+.1f} K，{more.zh}；最强在 {island.urban[worst]}（{at_worst:+.1f} K）。",
        f"The heat island in the air is {mean:+.1f} K in the mean, {more.en}; it is strongest at {island.urban[worst]} "
        f"({at_worst:+.1f} K).",
    )


def _mean(values: Array) -> float:
    return float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")


def _figures(island: _Island) -> tuple[Figure, ...]:
    courses = daily_course(_hourly(island), island.hour)
    known = np.isfinite(courses)
    peak = float(np.nanmax(courses)) if known.any() else float("nan")
    night = island.is_night
    return (
        Figure("mean", Words("气温热岛强度", "Heat island in the air"), _mean(island.values), "K"),
        Figure("night", Words("夜间", "At night"), _mean(island.values[night]), "K"),
        Figure("day", Words("白天", "By day"), _mean(island.values[~night]), "K"),
        Figure("peak", Words("平均日变化最大值", "Largest mean of an hour of the day"), peak, "K"),
        Figure(
            "known",
            Words("已知小时占比", "Share of hours known"),
            PERCENT * float(np.isfinite(island.values).mean()),
            "percent",
            digits=1,
        ),
    )


def _hourly(island: _Island) -> Array:
    """Mean over the urban stations, where all are known."""
    return np.asarray(island.values.mean(axis=1))


def _table(island: _Island) -> Table:
    columns = (
        Column("station", Words("城市站", "Urban station")),
        Column("mean", Words("平均", "Mean"), "K"),
        Column("night", Words("夜间", "Night"), "K"),
        Column("day", Words("白天", "Day"), "K"),
        Column("hours", Words("已知小时", "Known hours"), digits=0),
    )
    night = island.is_night
    rows: list[Sequence[Cell]] = []
    for name, values in zip(island.urban, island.values.T, strict=True):
        means = [_mean(some) for some in (values, values[night], values[~night])]
        rows.append([name, *(one if np.isfinite(one) else None for one in means), int(np.isfinite(values).sum())])
    return Table("stations", Words("各站气温热岛强度", "Heat island in the air by station"), columns, rows)


def _course(island: _Island) -> LinePlot:
    hours = np.arange(HOURS, dtype=np.float64)
    lines = tuple(
        Line(Words(name, name), hours, daily_course(values, island.hour))
        for name, values in zip(island.urban, island.values.T, strict=True)
    )
    return LinePlot(
        "course",
        Words("气温热岛强度的日变化", "Heat island in the air over the day"),
        Words("时", "Hour"),
        Words("热岛强度（K）", "Heat island, K"),
        lines,
    )


def _assumptions(island: _Island) -> tuple[Words, ...]:
    held = rules()
    first, last = held.night
    return (
        Words(
            f"气温按 {1000 * held.lapse:g} K/km 订正到 {island.level:.0f} 米（郊区站平均海拔）。",
            f"Temperatures are brought to {island.level:.0f} m, the mean of the rural stations, by "
            f"{1000 * held.lapse:g} K/km.",
        ),
        Words(
            f"郊区参照：{'、'.join(island.rural)}；各郊区站都有读数的小时才计入。"
            f"时间按当地时间理解，夜间为 {first}—{last} 时。",
            f"Rural stations: {', '.join(island.rural)}; only hours in which all of them are known count. "
            f"Times are taken as local; the night is from {first} to {last} h.",
        ),
    )


def _warnings(island: _Island) -> tuple[Words, ...]:
    found: list[Words] = []
    if len(island.rural) == 1:
        found.append(
            Words(
                "只有一个郊区站：它的局地气候直接进入结果。",
                "Only one rural station: its own climate enters the result.",
            )
        )
    if island.left_out:
        found.append(
            Words(
                f"未采用的站：{'、'.join(island.left_out)}（无读数、海拔或类型）。",
                f"Stations left out: {', '.join(island.left_out)} (no readings, elevation or kind).",
            )
        )
    if np.isfinite(island.values).mean() < 1 - rules().most_missing:
        found.append(Words("缺测较多。", "Many hours are missing."))
    return tuple(found)
