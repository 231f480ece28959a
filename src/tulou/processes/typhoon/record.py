"""From a record of storms with their least distance to rates, decades and a trend."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.kernel.identity import digest_file
from tulou.kernel.words import Words
from tulou.measures.hazard.typhoon.frequency import poisson_rate
from tulou.measures.statistics.trend import FEWEST, trend
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.sources import limits
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
TABLE = (
    Wanted("storm", ("id", "台风"), "text", is_required=True),
    Wanted("year", ("年份",), "number", "1", least=1800, is_required=True),
    Wanted("number", ("no", "编号"), "number", "1", least=0),
    Wanted("distance", ("最近距离",), "number", "km", least=0, is_required=True),
    Wanted("landfall", ("登陆",), "number", "1", least=0),
)
DECADE = 10
SURE = 0.05
"""Chance below which a trend is told as one."""


@dataclass(frozen=True, eq=False)
class _Record:
    """Storms on record, of whole years.

    Args:
        year: Year of each.
        number: Its number in the year; 0 where it has none.
        distance: Least distance, km; NaN where unknown.
        landfall: 1 where it is flagged as landfall, 0 where not, NaN where unknown.
        years: First and last year.
        dropped: Storms of years that are not whole.
        digest: SHA-256 of the file.
    """

    year: NDArray[np.int64]
    number: NDArray[np.int64]
    distance: Array
    landfall: Array
    years: tuple[int, int]
    dropped: int
    digest: str

    @property
    def span(self) -> int:
        """Number of years."""
        return self.years[1] - self.years[0] + 1

    def distinct(self, at: NDArray[np.bool_]) -> int:
        """Storms when those of one year and number are taken for one; those without a number are not."""
        numbered = at & (self.number > 0)
        pairs = set(zip(self.year[numbered].tolist(), self.number[numbered].tolist(), strict=True))
        return len(pairs) + int((at & (self.number == 0)).sum())

    def by_year(self, at: NDArray[np.bool_]) -> Array:
        """Storms of each year."""
        counts = Counter(self.year[at].tolist())
        return np.array([counts[year] for year in range(self.years[0], self.years[1] + 1)], float)


def record(run: Run) -> Outcome:
    """Run the process, see ``typhoon_record.PROCESS``."""
    path, last = run.values["record"], run.values["last"]
    found = _read(path, last)
    rows: list[list[Cell]] = []
    figures: list[Figure] = []
    for within in sorted(run.values["within"]):
        at = found.distance <= within
        name = Words(f"{within:g} 公里内", f"within {within:g} km")
        figure, row = _rate(found, at, name, f"within_{within:g}")
        figures.append(figure)
        rows.append(row)
    if np.isfinite(found.landfall).any():
        figure, row = _rate(found, found.landfall > 0, Words("登陆（标记）", "landfall, as flagged"), "landfall")
        figures.append(figure)
        rows.append(row)
    widest = found.distance <= max(run.values["within"])
    return Outcome(
        answer=_answer(found, figures, rows),
        figures=tuple(figures),
        tables=(Table("rates", Words("每年次数", "How often a year"), _columns(), rows), _decades(found, widest)),
        plots=(_bars(found, widest, max(run.values["within"])),),
        assumptions=(
            Words(
                "同年同号的记录可能是同一台风的分段，也可能是不同台风：次数按全部计，另列按年号去重的下限。",
                "Rows of one year and number may be parts of one storm or two storms: all are counted, and the number "
                "without repeats stands beside it.",
            ),
            Words("区间为泊松 90%（精确）。", "Bounds are those of Poisson, 90 %, exact."),
        ),
        warnings=_warnings(found),
        sources={path.name: found.digest},
    )


def _read(path: Path, last: int | None) -> _Record:
    year, number, distance, landfall, digest = _json(path) if path.suffix.lower() == ".json" else _table(path)
    whole = last if last is not None else int(year.max()) - 1
    keep = year <= whole
    if not keep.any():
        raise NotEnoughData("no whole year is on record", where=path.name, found=int(year.min()))
    years = int(year.min()), whole
    return _Record(year[keep], number[keep], distance[keep], landfall[keep], years, int((~keep).sum()), digest)


_Columns = tuple[NDArray[np.int64], NDArray[np.int64], Array, Array, str]


def _table(path: Path) -> _Columns:
    table = read_columns(path, TABLE)
    nothing = np.full(table.rows, np.nan)
    year = table.numbers["year"]
    if np.isnan(year).any():
        raise BadInput("each storm has a year", where=path.name)
    number = np.nan_to_num(table.numbers.get("number", nothing)).astype(np.int64)
    landfall = table.numbers.get("landfall", nothing)
    return year.astype(np.int64), number, table.numbers["distance"], landfall, table.digest


def _json(path: Path) -> _Columns:
    limits.size_of(path, limits.MOST_BOOK_BYTES)
    data = path.read_bytes()
    limits.check_depth(data, path.name)
    try:
        storms = json.loads(data)["typhoons"]
        year = np.array([int(one["year"]) for one in storms], np.int64)
        number = np.array([int(one["no"]) for one in storms], np.int64)
        distance = np.array([np.nan if one["fjMin"] is None else float(one["fjMin"]) for one in storms])
        landfall = np.array([float(bool(one["landFujian"])) for one in storms])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("this is no record of storms", where=path.name, found=str(error)) from None
    if not len(year):
        raise BadInput("this is no record of storms", where=path.name, found=0)
    return year, number, distance, landfall, digest_file(path)


def _columns() -> tuple[Column, ...]:
    return (
        Column("what", Words("范围", "What")),
        Column("count", Words("次数", "Storms"), "", 0),
        Column("distinct", Words("按年号去重", "Without repeats"), "", 0),
        Column("rate", Words("每年", "A year"), "", 2),
        Column("low", Words("下限", "Low"), "", 2),
        Column("high", Words("上限", "High"), "", 2),
        Column("slope", Words("每十年变化", "Change in ten years"), "", 3),
        Column("chance", Words("偶然概率", "By chance"), "", 3),
    )


def _rate(found: _Record, at: NDArray[np.bool_], title: Words, name: str) -> tuple[Figure, list[Cell]]:
    count = int(at.sum())
    rate, low, high = poisson_rate(count, found.span)
    slope = chance = None
    if found.span >= FEWEST:
        moved = trend(np.arange(found.years[0], found.years[1] + 1, dtype=float), found.by_year(at))
        slope, chance = moved.slope * DECADE, moved.chance
    figure = Figure(name, Words(f"每年{title.zh}", f"A year, {title.en}"), rate, "event", low, high)
    return figure, [title, count, found.distinct(at), rate, low, high, slope, chance]


def _answer(found: _Record, figures: list[Figure], rows: list[list[Cell]]) -> tuple[Words, ...]:
    first, last = found.years
    widest = [one for one in figures if one.name != "landfall"][-1]
    row = rows[[one.name for one in figures].index(widest.name)]
    return (
        Words(
            f"{first}—{last} 年，{widest.title.zh}有 {widest.value:.1f} 个台风（{widest.low:.1f}—{widest.high:.1f}）。",
            f"From {first} to {last}: {widest.value:.1f} typhoons {widest.title.en.lower()} "
            f"({widest.low:.1f} to {widest.high:.1f}).",
        ),
        _told_trend(row[-2], row[-1]),
    )


def _told_trend(slope: Cell, chance: Cell) -> Words:
    if not isinstance(slope, float) or not isinstance(chance, float) or chance >= SURE:
        return Words("看不出显著增减。", "No trend can be told from chance.")
    way = Words("增多", "grows") if slope > 0 else Words("减少", "falls") if slope < 0 else Words("变化", "changes")
    likely = f"{chance:.2g}"
    return Words(
        f"次数有显著{way.zh}（每十年 {slope:+.2f}，偶然概率 {likely}）。",
        f"Their number {way.en} ({slope:+.2f} in ten years, {likely} by chance).",
    )


def _decades(found: _Record, at: NDArray[np.bool_]) -> Table:
    columns = (
        Column("decade", Words("年代", "Decade")),
        Column("years", Words("年数", "Years"), "year", 0),
        Column("count", Words("次数", "Storms"), "", 0),
        Column("rate", Words("每年", "A year"), "", 2),
    )
    rows: list[list[Cell]] = []
    for start in range(found.years[0] // DECADE * DECADE, found.years[1] + 1, DECADE):
        first, last = max(start, found.years[0]), min(start + DECADE - 1, found.years[1])
        inside = at & (found.year >= first) & (found.year <= last)
        years = last - first + 1
        rows.append([f"{first}–{last}", years, int(inside.sum()), int(inside.sum()) / years])
    return Table("decades", Words("各年代（最大距离内）", "Decades, within the largest distance"), columns, rows)


def _bars(found: _Record, at: NDArray[np.bool_], within: float) -> BarPlot:
    counts = found.by_year(at).tolist()
    bars = tuple((str(found.years[0] + place), count) for place, count in enumerate(counts))
    title = Words(f"逐年台风数（{within:g} 公里内）", f"Typhoons a year within {within:g} km")
    return BarPlot("years", title, Words("个", "Typhoons"), bars)


def _warnings(found: _Record) -> tuple[Words, ...]:
    said: list[Words] = []
    every = np.ones(len(found.year), bool)
    repeats = len(found.year) - found.distinct(every)
    if repeats:
        said.append(Words(f"{repeats} 条记录与他条同年同号。", f"{repeats} rows share year and number with another."))
    unknown = int(np.isnan(found.distance).sum())
    if unknown:
        said.append(
            Words(
                f"{unknown} 个台风距离未知，未计入：次数为下限。",
                f"{unknown} storms of unknown distance: counts are lower bounds.",
            )
        )
    if found.dropped:
        said.append(
            Words(
                f"未用不完整年份的 {found.dropped} 个台风。",
                f"{found.dropped} storms of years that are not whole are left out.",
            )
        )
    return tuple(said)
