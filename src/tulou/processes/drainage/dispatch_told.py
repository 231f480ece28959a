"""Joint dispatch in words, figures, tables and plots, with a model that runs its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tulou.kernel.words import Words
from tulou.processes.drainage.check_told import balances_of
from tulou.processes.drainage.controls import with_settings
from tulou.processes.drainage.dispatched import EQUAL, LOST, NONE, PREDICTIVE, RULES, Dispatched, Level
from tulou.processes.outcome import Cell, Column, Figure, Line, LinePlot, Outcome, Table

NAMES = {
    NONE: Words("不调度", "no control"),
    RULES: Words("模型规则", "rules of the model"),
    EQUAL: Words("均衡充满度", "equal filling"),
    PREDICTIVE: Words("预测调度", "plans that look ahead"),
    LOST: Words("预测调度，遥测中断", "plans, measurements lost"),
}
DISAGREES = 0.05
"""Share by which the run by SWMM alone may differ from the steered one before it is said."""
MOST_POINTS = 600
"""Points a line is drawn with."""


def outcome_of(found: Dispatched, values: Mapping[str, Any]) -> Outcome:
    """All that is told of a dispatch.

    Args:
        found: The dispatch.
        values: Inputs of the process.
    """
    advised = found.advised
    return Outcome(
        answer=_answer(found, values),
        figures=_figures(found),
        tables=(_level_table(found), _plan_table(found, values), _conflict_table(found)),
        plots=(_outflow(found, values), _filling(found)),
        balances=balances_of(advised.run),
        assumptions=_assumptions(found, values),
        warnings=_warnings(found),
        sources=found.sources,
        files=_files(found),
    )


def _answer(found: Dispatched, values: Mapping[str, Any]) -> tuple[Words, ...]:
    base, best = found.baseline.score, found.advised.score
    name = NAMES[found.advised.name]
    if found.advised is found.baseline:
        said = Words(
            "没有一种调度比不调度更好：保持现状。",
            "No way of running them is better than no control: leave them as they are.",
        )
    else:
        said = Words(
            f"建议采用{name.zh}：冒水 {best.flood:,.0f} 立方米（不调度 {base.flood:,.0f}），"
            f"外排峰值 {best.peak:.3f} 立方米/秒（不调度 {base.peak:.3f}）。",
            f"Advised: {name.en}. {best.flood:,.0f} m³ flood ({base.flood:,.0f} without control), and the peak that "
            f"leaves is {best.peak:.3f} m³/s ({base.peak:.3f}).",
        )
    answer = [said]
    if values["allowed"] is not None:
        answer.append(
            Words(
                f"超出允许流量 {values['allowed']:g} 立方米/秒的水量：不调度 {base.excess:,.0f} 立方米，"
                f"如此为 {best.excess:,.0f} 立方米。",
                f"Above the limit of {values['allowed']:g} m³/s, {base.excess:,.0f} m³ left without control and "
                f"{best.excess:,.0f} m³ so.",
            )
        )
    open_conflicts = sum(not one.is_settled for one in found.conflicts)
    if open_conflicts:
        answer.append(
            Words(
                f"模型规则中有 {open_conflicts} 对规则作用于同一闸泵而优先级相同。",
                f"{open_conflicts} pairs of rules set one gate or pump with equal priority.",
            )
        )
    return tuple(answer)


def _figures(found: Dispatched) -> tuple[Figure, ...]:
    base, best = found.baseline.score, found.advised.score
    nan = float("nan")
    gain = 100 * (1 - best.cost / base.cost) if base.cost > 0 else nan
    return (
        Figure("flood", Words("冒水量", "Water that floods"), best.flood, "m3", digits=1),
        Figure("excess", Words("超出允许流量", "Water above the limit"), best.excess, "m3", digits=1),
        Figure("peak", Words("外排峰值", "Peak that leaves"), best.peak, "m3/second", digits=4),
        Figure("gain", Words("代价较不调度降低", "Cost below that without control"), gain, "percent", digits=1),
    )


def _level_table(found: Dispatched) -> Table:
    columns = (
        Column("way", Words("方式", "Way")),
        Column("flood", Words("冒水", "Flooded"), "m3", 1),
        Column("excess", Words("超限", "Above the limit"), "m3", 1),
        Column("peak", Words("外排峰值", "Peak"), "m3/second", 4),
        Column("energy", Words("电量", "Energy"), "kWh", 1),
        Column("moves", Words("动作量", "Movement"), "1", 1),
        Column("cost", Words("代价", "Cost"), "1", 1),
        Column("fullest", Words("最大充满度", "Fullest storage"), "percent", 1),
    )
    capacity = np.array([one.capacity for one in found.basins])
    rows: list[list[Cell]] = []
    for level in found.levels:
        score = level.score
        moves = None if np.isnan(score.moves) else score.moves
        fullest = 100 * float((level.volume / capacity).max())
        rows.append(
            [NAMES[level.name], score.flood, score.excess, score.peak, score.energy, moves, score.cost, fullest]
        )
    return Table("ways", Words("各种方式", "Ways side by side"), columns, rows)


def _plan_table(found: Dispatched, values: Mapping[str, Any]) -> Table:
    names = [one.name for one in found.actuators]
    columns = (
        Column("hour", Words("时刻", "Time"), "hour", 2),
        *(Column(name, Words(name, name), "1", 3) for name in names),
    )
    table = found.advised.table
    each = max(round(values["plan_step"] / values["every"]), 1)
    rows: list[list[Cell]] = [[float(cell) for cell in row] for row in table[::each]]
    title = Words(
        f"调度方案（开度，每 {values['plan_step']:g} 分钟；完整方案见 .inp）",
        f"Plan: settings every {values['plan_step']:g} minutes; all of them in the .inp file",
    )
    return Table("plan", title, columns, rows)


def _conflict_table(found: Dispatched) -> Table:
    columns = (
        Column("link", Words("闸泵", "Gate or pump")),
        Column("first", Words("规则", "Rule")),
        Column("second", Words("另一规则", "Other rule")),
        Column("settled", Words("优先级", "Priority")),
    )
    settled, open_ = Words("不同，可裁定", "differs: settled"), Words("相同，未裁定", "equal: not settled")
    rows: list[list[Cell]] = [
        [one.link, one.first, one.second, settled if one.is_settled else open_] for one in found.conflicts
    ]
    return Table("conflicts", Words("作用于同一闸泵的规则", "Rules that set one gate or pump"), columns, rows)


def _drawn(level: Level) -> slice:
    return slice(None, None, max(len(level.leaving) // MOST_POINTS, 1))


def _outflow(found: Dispatched, values: Mapping[str, Any]) -> LinePlot:
    lines = [
        Line(NAMES[level.name], level.run.times[_drawn(level)], level.leaving[_drawn(level)]) for level in found.levels
    ]
    if values["allowed"] is not None:
        ends = found.baseline.run.times[[0, -1]]
        lines.append(Line(Words("允许流量", "limit"), ends, np.full(2, values["allowed"])))
    return LinePlot(
        "outflow",
        Words("外排流量", "What leaves"),
        Words("时间（小时）", "Time, hours"),
        Words("流量（立方米/秒）", "Flow, m³/s"),
        tuple(lines),
    )


def _filling(found: Dispatched) -> LinePlot:
    best = found.advised
    at = _drawn(best)
    lines = tuple(
        Line(Words(basin.name, basin.name), best.run.times[at], 100 * best.volume[at, place] / basin.capacity)
        for place, basin in enumerate(found.basins)
    )
    name = NAMES[best.name]
    title = Words(f"调蓄设施充满度（{name.zh}）", f"Filling of storages ({name.en})")
    return LinePlot("filling", title, Words("时间（小时）", "Time, hours"), Words("充满度（%）", "Filling, %"), lines)


def _assumptions(found: Dispatched, values: Mapping[str, Any]) -> tuple[Words, ...]:
    said = [
        Words(
            f"调度目标外排流量 {found.aim:.4g} 立方米/秒"
            + ("（不调度的峰值）。" if values["allowed"] is None else f"（允许流量留 {values['margin']:g}% 裕度）。"),
            f"Outflow aimed at: {found.aim:.4g} m³/s"
            + (
                " (the peak without control)."
                if values["allowed"] is None
                else f" ({values['margin']:g} % below the limit)."
            ),
        ),
        Words(
            f"预见来水为不调度时的模拟来水的 {values['forecast']:g}%；代价权重由使用者给出，只有比例有意义。",
            f"Inflow foreseen: {values['forecast']:g} % of that in the run without control. Costs are the user's; only "
            "their ratios matter.",
        ),
        Words(
            "每个方案的开度表都由 SWMM 独立重算，表中结果以重算为准。测量中断时各闸泵恢复不调度的状态；"
            "外水位高于内水位时闸门关闭，优先于方案。",
            "The settings of each plan were run once more by SWMM alone, and those results are told. When measurements "
            "are lost, gates and pumps go back to their state without control; where the level outside is the higher "
            "one a gate is shut, whatever the plan.",
        ),
    ]
    return tuple(said)


def _warnings(found: Dispatched) -> tuple[Words, ...]:
    said = [
        Words(
            "方案未经批准：须由值班负责人确认并记录后执行。",
            "Not approved: whoever is on duty confirms and records it first.",
        )
    ]
    for level in found.levels:
        name = NAMES[level.name]
        late = level.notes.get("unproved", 0) + level.notes.get("fallen_back", 0) if level.notes else 0
        if late and level.name != EQUAL:
            fallen = level.notes["fallen_back"]
            said.append(
                Words(
                    f"{name.zh}：{late} 步未在时限内求得最优，其中 {fallen} 步改用均衡充满度；再次运行结果可能不同。",
                    f"{name.en}: in {late} steps no best plan was proved in time, and {fallen} of them took equal "
                    "filling instead; another run may differ.",
                )
            )
        if level.off > DISAGREES * max(level.score.flood + level.score.excess, 1.0):
            said.append(
                Words(
                    f"{name.zh}：SWMM 独立重算与调度中的结果相差 {level.off:,.1f} 立方米。",
                    f"{name.en}: the run by SWMM alone differs from the steered one by {level.off:,.1f} m³.",
                )
            )
    if found.left:
        said.append(
            Words(
                f"未参与调度（断面或曲线类型不支持）：{'、'.join(found.left)}。",
                f"Not dispatched, of a shape or curve that is not read: {', '.join(found.left)}.",
            )
        )
    if found.left_out:
        said.append(Words("模型中写文件的行未执行。", "Lines of the model that write files were left out."))
    return tuple(said)


def _files(found: Dispatched) -> Mapping[str, bytes]:
    """The model with the advised plan as rules of its own; none where nothing is advised."""
    advised = found.advised
    if not len(advised.table):
        return {}
    kinds = {one.name: "ORIFICE" if one.gate else "PUMP" for one in found.actuators}
    model = with_settings(found.model, kinds, advised.table[:, 0].tolist(), advised.table[:, 1:].tolist())
    text = model.text.replace(f"{found.model.folder}/", "")  # files beside it by their names again
    return {"joint_dispatch.inp": text.encode("utf-8")}
