"""A design storm by a storm formula, step by step."""

from __future__ import annotations

import numpy as np

from tulou.kernel.words import Words
from tulou.measures.water.storm.formula import StormFormula
from tulou.measures.water.storm.hyetograph import chicago
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Column, Figure, Outcome, Table


def design(run: Run) -> Outcome:
    """Run the process, see ``design_storm.PROCESS``."""
    values = run.values
    formula = StormFormula(values["a1"], values["c"], values["b"], values["n"])
    factor = 1 + values["uplift"] / 100
    period, duration, step = values["period"], values["duration"], values["step"]
    blocks = chicago(formula, period=period, duration=duration, step=step, peak=values["peak"]) * factor
    whole = float(formula.depth(duration, period)) * factor
    begins = np.arange(len(blocks)) * step
    at = int(np.argmax(blocks))
    rows = [
        [float(begin), float(depth), float(depth / step), float(total)]
        for begin, depth, total in zip(begins, blocks, np.cumsum(blocks), strict=True)
    ]
    columns = (
        Column("begin", Words("起始", "Begins"), "minute", 1),
        Column("depth", Words("雨量", "Depth"), "mm", 3),
        Column("intensity", Words("雨强", "Intensity"), "mm/minute", 4),
        Column("total", Words("累计", "Total"), "mm", 3),
    )
    return Outcome(
        answer=(
            Words(
                f"{period:g} 年一遇、历时 {duration:g} 分钟的设计暴雨为 {whole:.1f} 毫米，最大 {step:g} 分钟 "
                f"{blocks[at]:.1f} 毫米，自第 {begins[at]:g} 分钟起。",
                f"The design storm of {period:g} years and {duration:g} minutes holds {whole:.1f} mm; its largest "
                f"{step:g} minutes hold {blocks[at]:.1f} mm, from minute {begins[at]:g} on.",
            ),
        ),
        figures=(
            Figure("depth", Words("总雨量", "Depth"), whole, "mm", digits=3),
            Figure("largest", Words("最大时段雨量", "Largest step"), float(blocks[at]), "mm", digits=3),
            Figure("peak", Words("瞬时峰值", "Peak of a moment"), formula.peak(period) * factor, "mm/minute", digits=4),
        ),
        tables=(Table("hyetograph", Words("雨型", "Hyetograph"), columns, rows),),
        plots=(
            BarPlot(
                "hyetograph",
                Words("设计暴雨雨型（芝加哥）", "Design storm (Chicago)"),
                Words("雨量（毫米）", "Depth, mm"),
                tuple((f"{begin:g}", float(depth)) for begin, depth in zip(begins, blocks, strict=True)),
            ),
        ),
        balances=(Balance(Words("雨量", "Rain"), whole, float(blocks.sum()), 0.0, "mm"),),
        assumptions=()
        if factor == 1
        else (
            Words(
                f"各时段雨量加大 {values['uplift']:g}%：气候变化增幅为使用者的假设，不是统计结果。",
                f"All depths are raised by {values['uplift']:g} %: an assumption of the user, not a statistic.",
            ),
        ),
    )
