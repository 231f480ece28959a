"""From daily concentrations to the index of each day, and to the good days of each year under each standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.measures.environment.air import DailyIndex, daily_index, is_good, sub_index
from tulou.processes.air.rules import Rules, Standard, rules
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.processes.yearly import yearly
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
BY_DATE = "by_date"
DAY = Wanted("date", ("day", "日期", "时间"), "day", is_required=True)
HOURS = "_hours"
"""Ending of the name of a column that says how many hours a daily mean rests on."""


@dataclass(frozen=True, eq=False)
class _Judged:
    """Days judged by one standard, or each by its own.

    Args:
        daily: The index of each day.
        good: 1, 0 or NaN a day.
    """

    daily: DailyIndex
    good: Array


@dataclass(frozen=True, eq=False)
class _Record:
    """A record of days.

    Args:
        days: The days, in order.
        values: Shape (days, pollutants), rounded as the standards say; NaN where unknown.
        too_few_hours: Values left out since they rest on too few hours.
        lacking: Pollutants without any known value.
    """

    days: tuple[date, ...]
    values: Array
    too_few_hours: int
    lacking: tuple[Words, ...]


def judge(run: Run) -> Outcome:
    """Run the process, see ``aqi.PROCESS``."""
    held, values = rules(), run.values
    path = values["record"]
    heads = tuple(part.strip() for part in values["columns"].split(",")) if values["columns"] else ()
    table = read_columns(path, _wanted(held), heads)
    record = _record(table, held, path.name)
    chosen = _chosen(record.days, held, values["standard"])
    judged = _judged(record.values, chosen, held)
    beside = {
        version.value.name: _judged(record.values, [version.value] * len(record.days), held)
        for version in held.standards.versions
    }
    facts, unkept = _facts(run, record.days, judged)
    return Outcome(
        answer=_answer(judged, beside, held),
        figures=_figures(judged),
        tables=(
            _years(record.days, judged, beside, held),
            _primaries(judged, held),
            _days(record, judged, chosen, held),
        ),
        plots=(_plot(record.days, judged),),
        assumptions=_assumptions(held, values["standard"]),
        warnings=(*_warnings(record, judged, chosen, held, table.ignored), *unkept),
        facts=facts,
        sources={path.name: table.digest},
    )


def _facts(run: Run, days: Sequence[date], judged: _Judged) -> tuple[tuple[Facts, ...], tuple[Words, ...]]:
    """Good days of the last year that is on record from its first day to its last, by the standards in force."""
    if run.state is None:
        return (), ()
    if run.values["standard"] != BY_DATE:
        return (), (Words("按指定标准判定的天数不入库。", "Days judged by a standard that was named are not kept."),)
    year = np.array([day.year for day in days])
    whole = [one for one in np.unique(year).tolist() if (year == one).sum() == date(one, 12, 31).timetuple().tm_yday]
    if not whole:
        return (), (Words("没有一个完整年份：不入库。", "No year is on record as a whole: nothing is kept."),)
    good, known = _counts(judged.good[year == whole[-1]])
    return yearly(run.state, whole[-1], {"good_air_days": float(good), "valid_air_days": float(known)})


def _wanted(held: Rules) -> list[Wanted]:
    found = [DAY]
    for one in held.pollutants:
        found.append(Wanted(one.name, one.heads, "number", one.unit, least=0.0))
        found.append(Wanted(one.name + HOURS, (), "number", "1", least=0.0))
    return found


def _record(table: Columns, held: Rules, where: str) -> _Record:
    days = table.single_days("date", where)
    values = np.full((len(days), len(held.pollutants)), np.nan)
    too_few = 0
    for place, one in enumerate(held.pollutants):
        if one.name not in table.numbers:
            continue
        known = table.numbers[one.name].copy()
        hours = table.numbers.get(one.name + HOURS)
        if hours is not None:
            short = ~(hours >= held.hours.value) & np.isfinite(known)
            too_few += int(short.sum())
            known[short] = np.nan
        values[:, place] = np.round(known, one.decimals)
    if not np.isfinite(values).any():
        raise NotEnoughData(
            "no concentration is known",
            where=where,
            found=", ".join(table.numbers),
            allowed=tuple(one.name for one in held.pollutants),
        )
    order = sorted(range(len(days)), key=lambda place: days[place])
    gone = tuple(
        one.title for one, known in zip(held.pollutants, np.isfinite(values).any(axis=0), strict=True) if not known
    )
    return _Record(tuple(days[place] for place in order), values[order], too_few, gone)


def _chosen(days: Sequence[date], held: Rules, name: str) -> list[Standard | None]:
    """The standard by which each day is judged."""
    if name != BY_DATE:
        return [held.named(name)] * len(days)
    found = [held.on(day) for day in days]
    if not any(found):
        raise BadUse(
            "no standard was in force on any of these days; name one",
            where="standard",
            found=f"{days[0]} – {days[-1]}",
            allowed=tuple(version.value.name for version in held.standards.versions),
        )
    return found


def _judged(values: Array, chosen: Sequence[Standard | None], held: Rules) -> _Judged:
    subs = np.full(values.shape, np.nan)
    names = np.array([one.name if one else "" for one in chosen])
    for standard in {one.name: one for one in chosen if one}.values():
        rows = names == standard.name
        for place, pollutant in enumerate(held.pollutants):
            subs[rows, place] = sub_index(values[rows, place], standard.points[pollutant.name], held.indices)
    daily = daily_index(subs, first_step=held.levels[0].most)
    return _Judged(daily, is_good(daily, held.good))


def _counts(good: Array) -> tuple[int, int]:
    """Good days, and days of which it is known."""
    return int(np.nansum(good)), int(np.isfinite(good).sum())


def _share(good: Array) -> float:
    days, known = _counts(good)
    return 100 * days / known if known else float("nan")


def _answer(judged: _Judged, beside: dict[str, _Judged], held: Rules) -> tuple[Words, ...]:
    days, known = _counts(judged.good)
    unknown = len(judged.good) - known
    share = f"{_share(judged.good):.1f}" if known else "—"
    said = [
        Words(
            f"{known} 天可判定，其中优良 {days} 天（{share}%）；{unknown} 天无法判定，不计入。",
            f"{known} days can be judged, {days} of them good ({share} %); {unknown} cannot and are not counted.",
        )
    ]
    (old, new), titles = list(beside.values())[-2:], [one.value.title for one in held.standards.versions[-2:]]
    both = np.isfinite(old.good) & np.isfinite(new.good)
    before, after = int(old.good[both].sum()), int(new.good[both].sum())
    said.append(
        Words(
            f"同样的空气：按 {titles[0].zh} 优良 {before} 天，按 {titles[1].zh} 优良 {after} 天。"
            "新旧标准下的天数不可直接比较。",
            f"The same air has {before} good days by {titles[0].en} and {after} by {titles[1].en}: counts by "
            "different standards must not be compared.",
        )
    )
    return tuple(said)


def _figures(judged: _Judged) -> tuple[Figure, ...]:
    days, known = _counts(judged.good)
    return (
        Figure("good_days", Words("优良天数", "Good days"), float(days), "day", digits=0),
        Figure("judged_days", Words("可判定天数", "Days judged"), float(known), "day", digits=0),
        Figure("good_share", Words("优良天数比例", "Share of good days"), _share(judged.good), "percent", digits=1),
    )


def _years(days: Sequence[date], judged: _Judged, beside: dict[str, _Judged], held: Rules) -> Table:
    columns = [
        Column("year", Words("年", "Year")),
        Column("days", Words("记录天数", "Days on record"), "day", 0),
        Column("judged", Words("可判定", "Judged"), "day", 0),
        Column("good", Words("优良", "Good"), "day", 0),
        Column("share", Words("优良比例", "Share good"), "percent", 1),
    ]
    for version in held.standards.versions:
        title = version.value.title
        columns.append(Column(version.value.name, Words(f"按 {title.zh} 优良", f"Good by {title.en}"), "day", 0))
    year = np.array([day.year for day in days])
    rows: list[list[Cell]] = []
    for one in np.unique(year).tolist():
        of_year = year == one
        good = judged.good[of_year]
        count, known = _counts(good)
        others = [_counts(other.good[of_year])[0] for other in beside.values()]
        rows.append([str(one), int(of_year.sum()), known, count, _share(good) if known else None, *others])
    return Table("years", Words("各年优良天数", "Good days by year"), tuple(columns), rows)


def _primaries(judged: _Judged, held: Rules) -> Table:
    columns = (
        Column("pollutant", Words("污染物", "Pollutant")),
        Column("primary", Words("为首要污染物", "Primary"), "day", 0),
        Column("over", Words("其中超标", "Of these, not good"), "day", 0),
    )
    over = judged.good == 0
    rows: list[list[Cell]] = [
        [one.title.en, int(days.sum()), int((days & over).sum())]
        for one, days in zip(held.pollutants, judged.daily.primary.T, strict=True)
    ]
    return Table("primary", Words("首要污染物", "Primary pollutants"), columns, rows)


def _days(record: _Record, judged: _Judged, chosen: Sequence[Standard | None], held: Rules) -> Table:
    columns = (
        Column("date", Words("日期", "Date")),
        Column("standard", Words("标准", "Standard")),
        Column("index", Words("AQI", "AQI"), "1", 0),
        Column("bound", Words("缺项，AQI 为下限", "Lower bound, pollutants unknown")),
        Column("level", Words("级别", "Level")),
        Column("primary", Words("首要污染物", "Primary pollutants")),
    )
    rows: list[list[Cell]] = []
    for place, day in enumerate(record.days):
        index, whole = float(judged.daily.index[place]), bool(judged.daily.is_complete[place])
        names = [one.title.en for one, is_it in zip(held.pollutants, judged.daily.primary[place], strict=True) if is_it]
        standard = chosen[place]
        rows.append(
            [
                day.isoformat(),
                standard.title.en if standard else None,
                None if np.isnan(index) else index,
                None if np.isnan(index) or whole else "≥",
                held.level_of(index).title if whole else None,
                ", ".join(names) or None,
            ]
        )
    return Table("days", Words("逐日", "Days"), columns, rows)


def _plot(days: Sequence[date], judged: _Judged) -> LinePlot:
    x = np.array([float((day - days[0]).days) for day in days])
    return LinePlot(
        "days",
        Words("逐日 AQI", "AQI by day"),
        Words(f"自 {days[0]} 起的天数", f"Days since {days[0]}"),
        Words("AQI", "AQI"),
        (Line(Words("AQI", "AQI"), x, judged.daily.index, is_points=True),),
    )


def _assumptions(held: Rules, standard: str) -> tuple[Words, ...]:
    digits = Words(
        "浓度先修约（CO 一位小数，其余取整，四舍六入五成双），分指数再向上取整。",
        "Concentrations are rounded first (CO to a tenth, the others whole, halves to even), sub-indices up.",
    )
    o3 = Words(
        "O3 一列须为日最大 8 小时滑动平均；其他各列为日平均。",
        "O3 is the largest 8-hour mean of the day, all others are means of the day.",
    )
    least = held.hours.value
    hours = Words(
        f"给出 *_hours 列时，不足 {least} 小时的日平均视为未知（{held.hours.clause}，证据：{held.hours.evidence}）。",
        f"Where *_hours columns are given, means of fewer than {least} hours are unknown ({held.hours.clause}, "
        f"evidence: {held.hours.evidence}).",
    )
    if standard == BY_DATE:
        return digits, o3, hours
    title = held.named(standard).title
    return (
        digits,
        o3,
        hours,
        Words(f"所有日期一律按 {title.zh} 判定，不论当日何者有效。", f"All days by {title.en}, whatever was in force."),
    )


def _warnings(
    record: _Record, judged: _Judged, chosen: Sequence[Standard | None], held: Rules, ignored: tuple[str, ...]
) -> tuple[Words, ...]:
    found: list[Words] = []
    before = [day for day, one in zip(record.days, chosen, strict=True) if one is None]
    if before:
        first = held.standards.versions[0]
        found.append(
            Words(
                f"{len(before)} 天早于首个标准施行日（{first.since}），未判定；可用 standard={first.value.name}。",
                f"{len(before)} days are before the first standard ({first.since}) and were not judged; "
                f"standard={first.value.name} judges them by it.",
            )
        )
    if record.lacking:
        found.append(
            Words(
                "全程缺少：" + "、".join(one.zh for one in record.lacking) + "；AQI 只是下限，未超标的日子无法判定。",
                "Never known: "
                + ", ".join(one.en for one in record.lacking)
                + "; the index is a lower bound, and days "
                "that are not over the limit by the others cannot be judged.",
            )
        )
    if record.too_few_hours:
        found.append(
            Words(
                f"{record.too_few_hours} 个日平均的有效小时不足或未知，视为未知。",
                f"{record.too_few_hours} means rest on too few hours, or nobody knows on how many: unknown.",
            )
        )
    part = int((~judged.daily.is_complete & (judged.good == 0)).sum())
    if part:
        found.append(
            Words(
                f"{part} 天虽有缺项，已知各项已超标。", f"{part} days lack a pollutant and are over the limit anyway."
            )
        )
    if ignored:
        found.append(Words("未使用的列：" + "、".join(ignored), "Columns not used: " + ", ".join(ignored)))
    return tuple(found)
