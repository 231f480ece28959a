"""From readings of settlement, tilt and cracks to alarms with reasons; what cannot be judged is a state of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.statistics.trend import trend
from tulou.measures.structure.movement import (
    FEWEST,
    Movement,
    passed_in_a_row,
    rates_by_interval,
    still_rate,
    thermal_trend,
)
from tulou.model.state import State
from tulou.processes.buildings.rules import LifeRules, RateLimit, rules
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
READINGS = (
    Wanted("building", ("id", "房屋编号"), "text", is_required=True),
    Wanted("point", ("测点",), "text", is_required=True),
    Wanted("date", ("日期",), "day", is_required=True),
    Wanted("settlement", ("沉降",), "number", "mm"),
    Wanted("tilt", ("倾斜率",), "number", "percent"),
    Wanted("crack", ("裂缝宽度",), "number", "mm", least=0.0),
    Wanted("member", ("裂缝部位",), "text"),
    Wanted("temperature", ("温度",), "number", "1"),
    Wanted("storeys", ("层数",), "number", "1", least=0.0),
    Wanted("height", ("高度",), "number", "m", least=0.0),
)
KINDS = ("settlement", "tilt", "crack")
MEMBERS = {"main_bars": "main_bars", "主筋处": "main_bars", "tension": "tension", "受拉区": "tension", "": ""}
"""Where a crack is, by the words for it."""
ALARM, WATCH, STILL, UNKNOWN = "alarm", "watch", "still", "U"
STATES = {
    ALARM: Words("报警", "alarm"),
    WATCH: Words("仍在变形", "still moving"),
    STILL: Words("稳定", "at rest"),
    UNKNOWN: Words("U（无法判断）", "U (cannot be judged)"),
}
GRAVITY = (ALARM, UNKNOWN, WATCH, STILL)
"""States from the gravest on: a building of which one point cannot be judged is not at rest."""
MOST_LINES = 6
"""Points drawn, those that alarm first."""


@dataclass(frozen=True, eq=False)
class _Series:
    """The readings of one kind at one point."""

    building: str
    point: str
    kind: str
    days: Array
    values: Array
    temperature: Array
    storeys: float
    height: float
    member: str


@dataclass(frozen=True, eq=False)
class _Judged:
    """What becomes of a series.

    Args:
        series: The readings.
        state: Its state.
        reason: Why.
        movement: Its trend; None where it cannot be told.
        latest: Rate of the last month, mm or percent; NaN where unknown.
    """

    series: _Series
    state: str
    reason: Words
    movement: Movement | None
    latest: float


def monitor(run: Run) -> Outcome:
    """Run the process, see ``building_monitoring.PROCESS``."""
    path, held = run.values["readings"], rules()
    table = read_columns(path, READINGS)
    series = _series(table, run.state, path.name)
    beside = {name.strip() for name in (run.values["adjacent"] or "").replace("，", ",").split(",")} - {""}
    for name in sorted(beside - {one.building for one in series}):
        raise BadInput("no readings of this building", where="adjacent", found=name, allowed=_buildings(series))
    judged = [_judge(one, held, is_beside=one.building in beside) for one in series]
    by_building = _by_building(judged)
    return Outcome(
        answer=_answer(by_building, judged),
        figures=tuple(
            Figure(state, STATES[state], float(sum(one == state for one in by_building.values())), "building", digits=0)
            for state in GRAVITY
        ),
        tables=(_points(judged),),
        plots=_plots(judged),
        assumptions=(*(held.notes[name] for name in ("limits", "month", "sensor", "crack")), _on_warmth()),
        warnings=_warnings(by_building),
        facts=_facts(by_building, run.state),
        sources={path.name: table.digest},
    )


def _buildings(series: Sequence[_Series]) -> list[str]:
    return sorted({one.building for one in series})


def _series(table: Columns, state: State | None, where: str) -> list[_Series]:
    if not any(kind in table.numbers for kind in KINDS):
        raise BadInput("a needed column is missing", where=where, found="", allowed=KINDS)
    nothing = np.full(table.rows, np.nan)
    storeys, height = (table.numbers.get(name, nothing) for name in ("storeys", "height"))
    known = _of_city(state)
    rows: dict[tuple[str, str], list[int]] = {}
    for at, key in enumerate(zip(table.texts["building"], table.texts["point"], strict=True)):
        if not all(key):
            raise BadInput("a reading names its building and its point", where=f"{where}: row {at + 2}")
        rows.setdefault(key, []).append(at)
    found: list[_Series] = []
    for (building, point), places in sorted(rows.items()):
        days = [table.days["date"][at] for at in places]
        if len(set(days)) < len(days):
            raise BadInput("a point is read once a day", where=f"{where}: {building} {point}", found=len(days))
        order = np.array(places)[np.argsort(np.array([day.toordinal() for day in days]))]
        city_storeys, city_height = known.get(building, (np.nan, np.nan))
        for kind in KINDS:
            values = table.numbers.get(kind, nothing)[order]
            if not np.isfinite(values).any():
                continue
            found.append(
                _Series(
                    building,
                    point,
                    kind,
                    np.array([table.days["date"][at].toordinal() for at in order], float),
                    values,
                    table.numbers.get("temperature", nothing)[order],
                    _first(storeys[order], city_storeys),
                    _first(height[order], city_height),
                    _member(table, order, where),
                )
            )
    if not found:
        raise NotEnoughData("no reading is known", where=where, found=table.rows)
    return found


def _member(table: Columns, order: NDArray[np.int64], where: str) -> str:
    """Where the crack of a point is: what is said of it last; empty where nobody said."""
    said = table.texts.get("member", ("",) * table.rows)
    for at in order.tolist():
        if said[at] not in MEMBERS:
            allowed = [name for name in MEMBERS if name]
            raise BadInput("not a place of a crack", where=f"{where}: row {at + 2}", found=said[at], allowed=allowed)
    return next((MEMBERS[said[at]] for at in reversed(order.tolist()) if said[at]), "")


def _of_city(state: State | None) -> dict[str, tuple[float, float]]:
    """Storeys and height of each building of the city."""
    if state is None:
        return {}
    rows = state.rows("building")
    pairs = zip(rows.numbers("storeys").tolist(), rows.numbers("height").tolist(), strict=True)
    return dict(zip(map(str, rows.ids), pairs, strict=True))


def _first(values: Array, otherwise: float) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else otherwise


def _judge(series: _Series, held: LifeRules, *, is_beside: bool) -> _Judged:
    if series.kind == "crack":
        return _cracks(series, held)
    known = np.isfinite(series.values)
    if np.isfinite(series.temperature).any():
        known &= np.isfinite(series.temperature)
    days, values = series.days[known], series.values[known]
    if len(values) < FEWEST:
        return _open(series, Words(f"只有 {len(values)} 次可用读数", f"only {len(values)} readings can be used"))
    if len(values) >= held.still and np.unique(values[-held.still :]).size == 1:
        return _open(series, Words("读数停走，疑似仪器失效", "readings stand still: the sensor seems dead"))
    movement = thermal_trend(series.days, series.values, series.temperature)
    clean = movement.without_warmth(values, series.temperature[known]) if movement.warmth else values
    by_month = rates_by_interval(days, clean, held.month)
    latest = float(by_month[-1]) if len(by_month) else float("nan")
    alarm = (
        _settles(days, clean, by_month, held, is_beside=is_beside)
        if series.kind == "settlement"
        else _tilts(series, clean, by_month, held)
    )
    if alarm[0] is not None:
        return _Judged(series, alarm[0], alarm[1], movement, latest)
    return _Judged(series, *_resting(series, days, clean, held), movement, latest)


def _open(series: _Series, reason: Words) -> _Judged:
    return _Judged(series, UNKNOWN, reason, None, float("nan"))


def _settles(
    days: Array, values: Array, by_month: Array, held: LifeRules, *, is_beside: bool
) -> tuple[str | None, Words]:
    limits: list[tuple[Array, RateLimit, Words]] = [(by_month, held.settlement, Words("毫米/月", "mm a month"))]
    if is_beside:
        limits.append((rates_by_interval(days, values, 1.0), held.adjacent, Words("毫米/日", "mm a day")))
    for rates, limit, unit in limits:
        passed = passed_in_a_row(rates, limit.rate, limit.in_a_row)
        if passed:
            return ALARM, Words(
                f"连续 {limit.in_a_row} 次超过 {limit.rate:g} {unit.zh}",
                f"above {limit.rate:g} {unit.en}, {limit.in_a_row} times in a row",
            )
        if passed is None:
            return UNKNOWN, Words("监测时段不足以判断速率", "watched too short, or with gaps, for a rate")
    return None, Words("", "")


def _tilts(series: _Series, values: Array, by_month: Array, held: LifeRules) -> tuple[str | None, Words]:
    limit = held.tilt_limit(series.storeys, series.height)
    size = np.abs(values)
    if size[-1] > limit and size[-2] > limit:
        return ALARM, Words(f"连续两次倾斜率超过 {limit:g}%", f"tilt above {limit:g} % twice in a row")
    if series.height > held.growth_above:
        passed = passed_in_a_row(np.abs(by_month), held.growth.rate, held.growth.in_a_row)
        if passed:
            return ALARM, Words(
                f"倾斜率连续 {held.growth.in_a_row} 个月增长超过 {held.growth.rate:g}%",
                f"tilt grows by more than {held.growth.rate:g} % a month, {held.growth.in_a_row} months in a row",
            )
        if passed is None:
            return UNKNOWN, Words(
                "监测时段不足以判断倾斜增长", "watched too short, or with gaps, for the growth of tilt"
            )
    if np.isnan(limit):
        return UNKNOWN, Words(
            "层数或高度未知（或超过 100 米），没有限值", "storeys or height unknown (or above 100 m): no limit"
        )
    return None, Words("", "")


def _cracks(series: _Series, held: LifeRules) -> _Judged:
    """A crack by its width as it was read, whatever the warmth; few readings do not hide one that is too wide."""
    known = np.isfinite(series.values)
    days, values = series.days[known], series.values[known]
    movement = thermal_trend(days, values, np.full(len(days), np.nan)) if len(values) >= FEWEST else None
    by_month = rates_by_interval(days, values, held.month)
    state, reason = _crack_state(series.member, days, values, held)
    return _Judged(series, state, reason, movement, float(by_month[-1]) if len(by_month) else float("nan"))


def _crack_state(member: str, days: Array, values: Array, held: LifeRules) -> tuple[str, Words]:
    if not member:
        return UNKNOWN, Words("裂缝部位未知，没有限值", "where the crack is is unknown: no limit")
    limit, where = held.crack.limits[member], held.crack.titles[member]
    last = values[-held.crack.in_a_row :] > limit
    if len(last) == held.crack.in_a_row and last.all():
        return ALARM, Words(
            f"{where.zh}裂缝连续 {held.crack.in_a_row} 次宽于 {limit:g} 毫米",
            f"a crack {where.en} is wider than {limit:g} mm, {held.crack.in_a_row} times in a row",
        )
    if last.any():
        return UNKNOWN, Words(
            f"最近读数中有一次宽于 {limit:g} 毫米，须复测", f"wider than {limit:g} mm once of late: to be read again"
        )
    if len(values) < FEWEST:
        return UNKNOWN, Words(f"只有 {len(values)} 次可用读数", f"only {len(values)} readings can be used")
    found = trend(days, values)
    if found.slope > 0 and found.chance < held.crack.widens:
        return WATCH, Words(f"宽度显著增加（p = {found.chance:.3f}）", f"it widens (p = {found.chance:.3f})")
    return STILL, Words(f"不宽于 {limit:g} 毫米，无显著扩展", f"at most {limit:g} mm wide, and it does not widen")


def _resting(series: _Series, days: Array, values: Array, held: LifeRules) -> tuple[str, Words]:
    if series.kind == "tilt":
        return STILL, Words("未超过限值", "within its limits")
    rate = still_rate(days, values, held.window)
    if np.isnan(rate):
        return UNKNOWN, Words(
            f"不足 {held.window:g} 天，不能判断是否稳定", f"less than {held.window:g} days: rest cannot be told"
        )
    if abs(rate) < held.stable:
        return STILL, Words(
            f"近 {held.window:g} 天 {rate:.3f} 毫米/日", f"{rate:.3f} mm a day over {held.window:g} days"
        )
    return WATCH, Words(f"近 {held.window:g} 天 {rate:.3f} 毫米/日", f"{rate:.3f} mm a day over {held.window:g} days")


def _by_building(judged: Sequence[_Judged]) -> dict[str, str]:
    """State of each building: the gravest of its points."""
    found: dict[str, str] = {}
    for one in judged:
        before = found.get(one.series.building, STILL)
        found[one.series.building] = min(before, one.state, key=GRAVITY.index)
    return found


def _answer(by_building: Mapping[str, str], judged: Sequence[_Judged]) -> tuple[Words, ...]:
    counts = {state: sum(one == state for one in by_building.values()) for state in GRAVITY}
    summary = Words(
        f"{len(by_building)} 栋房屋中，{counts[ALARM]} 栋报警，{counts[WATCH]} 栋仍在变形，{counts[STILL]} 栋稳定，"
        f"{counts[UNKNOWN]} 栋无法判断（不等于安全）。",
        f"Of {len(by_building)} buildings {counts[ALARM]} alarm, {counts[WATCH]} still move, {counts[STILL]} are at "
        f"rest and {counts[UNKNOWN]} cannot be judged, which is not to say that they are safe.",
    )
    alarms = [
        Words(
            f"{one.series.building} 测点 {one.series.point}：{one.reason.zh}。",
            f"{one.series.building}, point {one.series.point}: {one.reason.en}.",
        )
        for one in judged
        if one.state == ALARM
    ]
    return summary, *alarms


def _points(judged: Sequence[_Judged]) -> Table:
    columns = (
        Column("building", Words("房屋", "Building")),
        Column("point", Words("测点", "Point")),
        Column("kind", Words("项目", "What is read")),
        Column("state", Words("状态", "State")),
        Column("reason", Words("依据", "Why")),
        Column("trend", Words("30 天趋势", "Trend, 30 days"), "1", 3),
        Column("warmth", Words("每度变化", "Change by a degree"), "1", 4),
        Column("latest", Words("最近 30 天", "Last 30 days"), "1", 3),
        Column("last", Words("最近读数日", "Last read")),
    )
    kinds = {
        "settlement": Words("沉降", "settlement"),
        "tilt": Words("倾斜率", "tilt"),
        "crack": Words("裂缝宽度", "crack"),
    }
    month = rules().month
    rows: list[list[Cell]] = [
        [
            one.series.building,
            one.series.point,
            kinds[one.series.kind],
            STATES[one.state],
            one.reason,
            None if one.movement is None else one.movement.slope * month,
            None if one.movement is None else one.movement.warmth,
            None if np.isnan(one.latest) else one.latest,
            date.fromordinal(int(one.series.days[-1])).isoformat(),
        ]
        for one in sorted(judged, key=lambda one: (GRAVITY.index(one.state), one.series.building, one.series.point))
    ]
    return Table(
        "points",
        Words("各测点（沉降、裂缝以毫米、倾斜以 % 计）", "Points (settlement and cracks in mm, tilt in %)"),
        columns,
        rows,
    )


def _plots(judged: Sequence[_Judged]) -> tuple[LinePlot, ...]:
    drawn = sorted(
        (one for one in judged if one.series.kind == "settlement"),
        key=lambda one: (GRAVITY.index(one.state), one.series.building, one.series.point),
    )[:MOST_LINES]
    if not drawn:
        return ()
    first = min(one.series.days[0] for one in drawn)
    lines = tuple(
        Line(
            Words(*(f"{one.series.building} {one.series.point}",) * 2),
            one.series.days - first,
            one.series.values,
        )
        for one in drawn
    )
    title = Words("沉降过程", "Settlement over time")
    start = date.fromordinal(int(first)).isoformat()
    x = Words(f"{start} 起天数", f"Days since {start}")
    return (LinePlot("settlement", title, x, Words("沉降（毫米）", "Settlement, mm"), lines),)


def _on_warmth() -> Words:
    return Words(
        "有温度时先去除温度影响：s = a + bt + cT，坡度取所有点对的中位数。",
        "Where temperatures are known their part is taken out first: s = a + b t + c T; slopes are medians of all "
        "pairs.",
    )


def _warnings(by_building: Mapping[str, str]) -> tuple[Words, ...]:
    unknown = sorted(name for name, state in by_building.items() if state == UNKNOWN)
    if not unknown:
        return ()
    names = "、".join(unknown[:10]), ", ".join(unknown[:10])
    return (Words(f"无法判断：{names[0]}。不得当作安全。", f"Cannot be judged: {names[1]}. Not to be taken as safe."),)


def _facts(by_building: Mapping[str, str], state: State | None) -> tuple[Facts, ...]:
    """Alarms of the buildings of the city; unknown where a building cannot be judged."""
    if state is None:
        return ()
    known = set(map(str, state.rows("building").ids))
    names = sorted(name for name in by_building if name in known)
    if not names:
        return ()
    alarms = [None if by_building[name] == UNKNOWN else by_building[name] == ALARM for name in names]
    return (
        Facts(
            "building", pa.table({"id": pa.array(names, pa.string()), "movement_alarm": pa.array(alarms, pa.bool_())})
        ),
    )
