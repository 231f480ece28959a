"""A design storm by a storm formula, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.measures.water.storm.formula import StormFormula
from tulou.measures.water.storm.hyetograph import chicago
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Column, Figure, Outcome, Table

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Storm:
    """A design storm.

    Args:
        period: Return period, years.
        duration: min.
        step: min.
        blocks: Depth of each step, mm.
        whole: Depth by the formula, mm.
        peak: Intensity of a moment, mm/min.
    """

    period: float
    duration: float
    step: float
    blocks: Array
    whole: float
    peak: float

    @property
    def begins(self) -> Array:
        """Minute at which each step begins."""
        return np.arange(len(self.blocks), dtype=np.float64) * self.step

    @property
    def largest(self) -> int:
        """Position of the largest step."""
        return int(np.argmax(self.blocks))


def design(run: Run) -> Outcome:
    """Run the process, see ``design_storm.PROCESS``."""
    values = run.values
    formula = StormFormula(values["a1"], values["c"], values["b"], values["n"])
    period, duration, step = values["period"], values["duration"], values["step"]
    factor = 1 + values["uplift"] / 100
    blocks = chicago(formula, period=period, duration=duration, step=step, peak=values["peak"]) * factor
    whole = float(formula.depth(duration, period)) * factor
    storm = _Storm(period, duration, step, blocks, whole, formula.peak(period) * factor)
    return Outcome(
        answer=(_answer(storm),),
        figures=(
            Figure("depth", Words("总雨量", "Depth"), storm.whole, "mm", digits=3),
            Figure("largest", Words("最大时段雨量", "Largest step"), float(blocks[storm.largest]), "mm", digits=3),
            Figure("peak", Words("瞬时峰值", "Peak of a moment"), storm.peak, "mm/minute", digits=4),
        ),
        tables=(_table(storm),),
        plots=(_bars(storm),),
        balances=(Balance(Words("雨量", "Rain"), whole, float(blocks.sum()), 0.0, "mm"),),
        assumptions=_assumptions(values["uplift"]),
    )


def _answer(storm: _Storm) -> Words:
    at = storm.largest
    most, begin = storm.blocks[at], storm.begins[at]
    return Words(
        f"{storm.period:g} 年一遇、历时 {storm.duration:g} 分钟的设计暴雨为 {storm.whole:.1f} 毫米，"
        f"最大 {storm.step:g} 分钟 {most:.1f} 毫米，自第 {begin:g} 分钟起。",
        f"The design storm of {storm.period:g} years and {storm.duration:g} minutes holds {storm.whole:.1f} mm; its "
        f"largest {storm.step:g} minutes hold {most:.1f} mm, from minute {begin:g} on.",
    )


def _table(storm: _Storm) -> Table:
    columns = (
        Column("begin", Words("起始", "Begins"), "minute", 1),
        Column("depth", Words("雨量", "Depth"), "mm", 3),
        Column("intensity", Words("雨强", "Intensity"), "mm/minute", 4),
        Column("total", Words("累计", "Total"), "mm", 3),
    )
    numbers = np.column_stack([storm.begins, storm.blocks, storm.blocks / storm.step, np.cumsum(storm.blocks)])
    return Table("hyetograph", Words("雨型", "Hyetograph"), columns, numbers.tolist())


def _bars(storm: _Storm) -> BarPlot:
    bars = tuple((f"{begin:g}", depth) for begin, depth in zip(storm.begins, storm.blocks.tolist(), strict=True))
    title = Words("设计暴雨雨型（芝加哥）", "Design storm (Chicago)")
    return BarPlot("hyetograph", title, Words("雨量（毫米）", "Depth, mm"), bars)


def _assumptions(uplift: float) -> tuple[Words, ...]:
    if not uplift:
        return ()
    return (
        Words(
            f"各时段雨量加大 {uplift:g}%：气候变化增幅为使用者的假设，不是统计结果。",
            f"All depths are raised by {uplift:g} %: an assumption of the user, not a statistic.",
        ),
    )
