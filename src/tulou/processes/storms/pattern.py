"""From a rain record to the pattern of its largest storms: where their peak lies, and in which steps it rains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.water.storm.formula import StormFormula
from tulou.measures.water.storm.hyetograph import peak_share, pilgrim_cordery
from tulou.measures.water.storm.samples import largest_storms
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.sources.rain import RainRecord, read_rain

Array = NDArray[np.float64]
FORMULA = ("a1", "c", "b", "n")
FEWEST_STORMS = 2
"""Storms below which there is no mean to speak of."""
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class _Pattern:
    """The largest storms and what they have in common.

    Args:
        begins: When each storm began.
        storms: Depths, mm, shape (storms, steps).
        step: Length of a step, min.
        peaks: Where the peak of each lies, as a share of the duration.
        shares: Share of the rain in each step of the design storm, sums to 1.
    """

    begins: NDArray[np.datetime64]
    storms: Array
    step: float
    peaks: Array
    shares: Array

    @property
    def minutes(self) -> Array:
        """Minute at which each step begins."""
        return np.arange(len(self.shares), dtype=np.float64) * self.step


def pattern(run: Run) -> Outcome:
    """Run the process, see ``storm_pattern.PROCESS``."""
    values = run.values
    record = read_rain(values["record"])
    found = _found(record, values)
    depth = _depth(values)
    blocks = None if depth is None else found.shares * depth
    return Outcome(
        answer=(_answer(found, values),),
        figures=_figures(found, depth),
        tables=(_steps(found, blocks), _storms(found)),
        plots=(_bars(found), _courses(found)),
        balances=() if blocks is None else (_balance(depth, blocks),),
        warnings=_warnings(found, values),
        sources={values["record"].name: record.digest},
    )


def _found(record: RainRecord, values: Mapping[str, Any]) -> _Pattern:
    together = _whole(values["step"] / record.step, "step", f"{record.step} min")
    steps = _whole(values["duration"] / values["step"], "duration", f"{values['step']:g} min")
    at = largest_storms(record.depth, together * steps, values["storms"])
    if len(at) < FEWEST_STORMS:
        raise NotEnoughData(
            "the record holds too few storms of this duration", where="record", found=len(at), allowed=("2 or more",)
        )
    storms = (
        np.array([record.depth[one : one + together * steps] for one in at]).reshape(len(at), steps, -1).sum(axis=2)
    )
    begins = record.start + at * np.timedelta64(record.step, "m")
    return _Pattern(begins, storms, values["step"], peak_share(storms), pilgrim_cordery(storms, depth=1.0))


def _whole(times: float, name: str, unit: str) -> int:
    if times < 1 or abs(times - round(times)) > np.finfo(np.float32).eps:
        raise BadUse(
            "this is no whole number of shorter steps", where=name, found=f"{times:g}", allowed=(f"n × {unit}",)
        )
    return round(times)


def _depth(values: Mapping[str, Any]) -> float | None:
    given = [name for name in FORMULA if values[name] is not None]
    if values["depth"] is not None:
        return float(values["depth"])
    if not given:
        return None
    if len(given) < len(FORMULA):
        raise BadUse("a formula has four coefficients", where="storm_pattern", found=", ".join(given), allowed=FORMULA)
    formula = StormFormula(values["a1"], values["c"], values["b"], values["n"])
    return float(formula.depth(values["duration"], values["period"]))


def _answer(found: _Pattern, values: Mapping[str, Any]) -> Words:
    most = int(np.argmax(found.shares))
    share, mean = PERCENT * found.shares[most], found.peaks.mean()
    count, minutes, begin = len(found.storms), values["duration"], found.minutes[most]
    return Words(
        f"历时 {minutes:g} 分钟的最大 {count} 场暴雨，雨峰系数平均 {mean:.3f}；"
        f"设计雨型的最大时段占总雨量 {share:.1f}%，自第 {begin:g} 分钟起。",
        f"In the {count} largest storms of {minutes:g} minutes the peak lies at {mean:.3f} of the duration on average; "
        f"the largest step of the pattern holds {share:.1f} % of the rain, from minute {begin:g} on.",
    )


def _figures(found: _Pattern, depth: float | None) -> tuple[Figure, ...]:
    low, high = np.quantile(found.peaks, (0.25, 0.75)).tolist()
    title = Words("雨峰系数 r（区间为四分位）", "Peak position r (range: quartiles)")
    peak = Figure("peak", title, float(found.peaks.mean()), "1", low, high, digits=3)
    share = Figure("largest", Words("最大时段占比", "Largest step"), PERCENT * float(found.shares.max()), "percent")
    if depth is None:
        return peak, share
    return peak, share, Figure("depth", Words("设计雨量", "Depth of the design storm"), depth, "mm", digits=3)


def _steps(found: _Pattern, blocks: Array | None) -> Table:
    columns = (
        Column("begin", Words("起始", "Begins"), "minute", 0),
        Column("share", Words("占比", "Share"), "percent", 3),
        Column("depth", Words("雨量", "Depth"), "mm", 3),
    )
    depths = [None] * len(found.shares) if blocks is None else blocks.tolist()
    rows = list(zip(found.minutes.tolist(), (PERCENT * found.shares).tolist(), depths, strict=True))
    return Table("pattern", Words("设计雨型", "Pattern of the design storm"), columns, rows)


def _storms(found: _Pattern) -> Table:
    columns = (
        Column("begin", Words("开始", "Began")),
        Column("depth", Words("雨量", "Depth"), "mm", 1),
        Column("peak", Words("雨峰位置", "Peak at"), "1", 3),
    )
    begins = [str(one).replace("T", " ")[:16] for one in found.begins]
    rows = list(zip(begins, found.storms.sum(axis=1).tolist(), found.peaks.tolist(), strict=True))
    return Table("storms", Words("所用场次", "Storms used"), columns, rows)


def _bars(found: _Pattern) -> BarPlot:
    bars = tuple((f"{begin:g}", PERCENT * share) for begin, share in zip(found.minutes, found.shares, strict=True))
    return BarPlot("pattern", Words("设计雨型", "Pattern of the design storm"), Words("占比（%）", "Share, %"), bars)


def _courses(found: _Pattern) -> LinePlot:
    """How much of each storm had fallen, and of the pattern."""
    along = np.linspace(0.0, 1.0, len(found.shares) + 1)

    def course(depths: Array) -> Array:
        return np.concatenate([[0.0], np.cumsum(depths)]) / depths.sum()

    middle = np.quantile([course(one) for one in found.storms], (0.1, 0.5, 0.9), axis=0)
    names = (Words("一成场次", "one in ten"), Words("中位", "median"), Words("九成场次", "nine in ten"))
    lines = tuple(Line(name, along, part) for name, part in zip(names, middle, strict=True))
    return LinePlot(
        "courses",
        Words("累计雨量过程", "Rain fallen so far"),
        Words("历时占比", "Share of the duration"),
        Words("雨量占比", "Share of the rain"),
        (*lines, Line(Words("设计雨型", "pattern"), along, course(found.shares))),
    )


def _balance(depth: float | None, blocks: Array) -> Balance:
    return Balance(Words("雨量", "Rain"), depth or 0.0, float(blocks.sum()), 0.0, "mm")


def _warnings(found: _Pattern, values: Mapping[str, Any]) -> tuple[Words, ...]:
    if len(found.storms) == values["storms"]:
        return ()
    count = len(found.storms)
    return (Words(f"记录中只有 {count} 场这样的暴雨。", f"The record holds {count} such storms only."),)
