"""Wind of a record: what of it is to be trusted, its rose, and the rose of its light wind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.measures.climate.morphology import SECTORS
from tulou.measures.climate.wind_rose import WindRose, rounding_of, stuck, wind_rose
from tulou.processes.climate.rules import rules
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Column, Figure, Outcome, Table
from tulou.sources.wind import WindRecord, read_wind

Flags = NDArray[np.bool_]
SECTOR_WORDS = (
    Words("北", "N"), Words("北东北", "NNE"), Words("东北", "NE"), Words("东东北", "ENE"),
    Words("东", "E"), Words("东东南", "ESE"), Words("东南", "SE"), Words("南东南", "SSE"),
    Words("南", "S"), Words("南西南", "SSW"), Words("西南", "SW"), Words("西西南", "WSW"),
    Words("西", "W"), Words("西西北", "WNW"), Words("西北", "NW"), Words("北西北", "NNW"),
)  # fmt: skip
"""What each of ``SECTORS`` is called."""
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Winds:
    """Wind of a record.

    Args:
        record: The record.
        rose: Rose of all hours with wind.
        light: Rose of the light wind.
        bounds: Slowest and fastest light wind, m/s.
        stuck: Hours left out since the vane did not move.
        name: Name of the file.
    """

    record: WindRecord
    rose: WindRose
    light: WindRose
    bounds: tuple[float, float]
    stuck: int
    name: str

    @property
    def dominant(self) -> list[int]:
        """Sectors that the light wind mostly comes from."""
        return self.light.dominant(rules().cover)


def read_winds(path: Path, values: Mapping[str, Any]) -> Winds:
    """Read a record and tell its roses.

    Args:
        path: The record.
        values: Inputs ``months``, ``least`` and ``most`` of the process; None where not given.

    Raises:
        BadUse: When the slowest light wind is faster than the fastest.
    """
    held = rules()
    bounds = tuple(
        default if values.get(name) is None else values[name]
        for name, default in zip(("least", "most"), held.light_wind, strict=True)
    )
    if not bounds[0] < bounds[1]:
        raise BadUse("the slowest wind is slower than the fastest", where="least", found=bounds)
    record = read_wind(path)
    calm = bounds[0]
    still = stuck(record.direction, held.stuck_hours, within=record.speed >= calm)
    kept = np.isin(record.month, values["months"]) if values.get("months") else np.ones(len(record.times), bool)
    direction, speed = np.where(still, np.nan, record.direction)[kept], record.speed[kept]
    how = {"calm": calm, "rounding": rounding_of(record.direction)}
    rose = wind_rose(direction, speed, **how)
    light = wind_rose(direction, speed, least=bounds[0], most=bounds[1], **how)
    return Winds(record, rose, light, (bounds[0], bounds[1]), int((still & kept).sum()), path.name)


def tell_rose(run: Run) -> Outcome:
    """Run the process, see ``wind_rose.PROCESS``."""
    winds = read_winds(run.values["record"], run.values)
    return Outcome(
        answer=(answer_of(winds),),
        figures=_figures(winds),
        tables=(_table(winds),),
        plots=(rose_plot(winds),),
        assumptions=assumptions_of(winds),
        warnings=warnings_of(winds),
        sources={winds.name: winds.record.digest},
    )


def answer_of(winds: Winds) -> Words:
    """From where the wind comes, in one sentence."""
    most = int(np.argmax(winds.rose.share))
    names = [SECTOR_WORDS[one] for one in winds.dominant]
    held = PERCENT * winds.light.share[winds.dominant].sum()
    low, high = winds.bounds
    return Words(
        f"风最常来自{SECTOR_WORDS[most].zh}（{PERCENT * winds.rose.share[most]:.1f}%）；软轻风（{low:g}—{high:g} m/s）"
        f"主要来自{'、'.join(one.zh for one in names)}，合计 {held:.0f}%；静风占 {PERCENT * winds.rose.calm:.1f}%。",
        f"Wind comes most often from {SECTOR_WORDS[most].en} ({PERCENT * winds.rose.share[most]:.1f} %); light wind "
        f"({low:g} to {high:g} m/s) mostly from {', '.join(one.en for one in names)}, together {held:.0f} %; "
        f"{PERCENT * winds.rose.calm:.1f} % of the hours are calm.",
    )


def _figures(winds: Winds) -> tuple[Figure, ...]:
    record, rose = winds.record, winds.rose
    mean = float(np.nansum(rose.share * np.nan_to_num(rose.speed)))
    return (
        Figure("years", Words("记录年数", "Years on record"), record.years, "year", digits=1),
        Figure("hours", Words("已知小时数", "Known hours"), float(rose.known), "hour", digits=0),
        Figure("missing", Words("缺测小时数", "Missing hours"), float(record.missing), "hour", digits=0),
        Figure("stuck", Words("风向不变而剔除的小时数", "Hours of a stuck vane"), float(winds.stuck), "hour", digits=0),
        Figure("calm", Words("静风频率", "Calm hours"), PERCENT * rose.calm, "percent", digits=1),
        Figure("speed", Words("有风时平均风速", "Mean speed of the wind"), mean, "m/s"),
        Figure(
            "light_hours", Words("软轻风小时数", "Hours of light wind"), float(winds.light.counted), "hour", digits=0
        ),
    )


def _table(winds: Winds) -> Table:
    columns = (
        Column("sector", Words("来向", "From")),
        Column("bearing", Words("方位", "Bearing"), "degree", 1),
        Column("share", Words("频率", "Share"), "percent", 1),
        Column("speed", Words("平均风速", "Mean speed"), "m/s"),
        Column("light_share", Words("软轻风频率", "Share of light wind"), "percent", 1),
    )
    rows = [
        [
            SECTOR_WORDS[one],
            SECTORS[one],
            float(PERCENT * winds.rose.share[one]),
            float(winds.rose.speed[one]) if np.isfinite(winds.rose.speed[one]) else None,
            float(PERCENT * winds.light.share[one]),
        ]
        for one in range(len(SECTORS))
    ]
    return Table("sectors", Words("各方位风频", "Wind by sector"), columns, rows)


def rose_plot(winds: Winds) -> BarPlot:
    """Bars of the light wind by sector."""
    names = [one.en for one in SECTOR_WORDS]
    bars = tuple(zip(names, (PERCENT * winds.light.share).tolist(), strict=True))
    return BarPlot("light_wind", Words("软轻风来向频率", "Light wind by sector"), Words("频率（%）", "Share, %"), bars)


def assumptions_of(winds: Winds) -> tuple[Words, ...]:
    """What was assumed of the wind."""
    low, high = winds.bounds
    found = [
        Words(
            f"软轻风取 {low:g}—{high:g} m/s，低于 {low:g} m/s 为静风（{rules().clause}，凭记忆）。",
            f"Light wind is from {low:g} to {high:g} m/s, below it is calm ({rules().clause}, from memory).",
        )
    ]
    rounding = rounding_of(winds.record.direction)
    if rounding:
        found.append(
            Words(
                f"记录的风向取整到 {rounding:g}°；每个读数按其 ±{rounding / 2:g}° 分摊到各方位。",
                f"Directions are rounded to {rounding:g}°; each is shared out within ±{rounding / 2:g}° of it.",
            )
        )
    return tuple(found)


def warnings_of(winds: Winds) -> tuple[Words, ...]:
    """What of the record is not to be trusted."""
    held, record, rose = rules(), winds.record, winds.rose
    found: list[Words] = []
    if record.is_typical:
        found.append(
            Words(
                "这是由不同年份的月份拼成的典型年，不是多年风记录：只作示意。",
                "This is a typical year put together of months of several years, no record of years: only a sketch.",
            )
        )
    elif record.years < held.least_years:
        found.append(
            Words(
                f"记录只有 {record.years:.1f} 年，宜有 {held.least_years:g} 年以上。",
                f"The record spans only {record.years:.1f} years; {held.least_years:g} are wanted.",
            )
        )
    unknown = record.missing + int((~np.isfinite(record.speed)).sum())
    if unknown > held.most_missing * (len(record.times) + record.missing):
        found.append(
            Words(f"缺测 {unknown} 小时，过多。", f"{unknown} hours are missing: too many for a rose to be trusted.")
        )
    if winds.stuck:
        found.append(
            Words(
                f"{winds.stuck} 小时风向连续不变 {held.stuck_hours} 小时以上，视为风向标卡死，已剔除。",
                f"{winds.stuck} hours stand in runs of {held.stuck_hours} hours or more of one direction, as of a "
                f"stuck vane: left out.",
            )
        )
    if record.absurd:
        found.append(
            Words(
                f"{record.absurd} 个读数不可能，按未知处理。", f"{record.absurd} readings cannot be: taken as unknown."
            )
        )
    if rose.calm > held.most_calm:
        found.append(
            Words(
                f"静风占 {PERCENT * rose.calm:.0f}%：风速计可能失灵或被遮挡。",
                f"{PERCENT * rose.calm:.0f} % of the hours are calm: the gauge may be worn or sheltered.",
            )
        )
    return tuple(found)
