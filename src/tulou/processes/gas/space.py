"""Gas in a closed space beside a leak: how fast it becomes dangerous, and how samples of a detector are graded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.measures.hazard.gas import LOWER_LIMIT, alarm_grades, concentration, time_until
from tulou.processes.declaration import Run
from tulou.processes.gas.rules import rules
from tulou.processes.outcome import Cell, Column, Figure, Line, LinePlot, Outcome, Table
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
MINUTE, HOUR = 60.0, 3600.0
PERCENT = 0.01
STEPS = 120
MOST_HOURS = 24.0
SAMPLES_BEFORE = 3
"""Samples there should be before the lower explosive limit is reached: one to see, one to confirm, one to spare."""
SAMPLES = (
    Wanted("minute", ("分钟", "时间"), "number", "minute", least=0.0, is_required=True),
    Wanted("lel", ("浓度", "lel%"), "number", "percent", least=0.0, is_required=True),
)


def space(run: Run) -> Outcome:
    """Run the process, see ``gas_space.PROCESS``."""
    values = run.values
    times = {share: _minutes(share, values) for share in (20, 50, 100)}
    tables: tuple[Table, ...] = (_levels(times),)
    sources: dict[str, str] = {}
    said = [_answer(times, values)]
    if values["samples"] is not None:
        graded, sources, worst = _graded(values["samples"], is_crowded=values["near"] == "people")
        tables, said = (*tables, graded), [*said, worst]
    return Outcome(
        answer=tuple(said),
        figures=_figures(times, values),
        tables=tables,
        plots=(_curve(times, values),),
        assumptions=_assumptions(),
        sources=sources,
    )


def _si(values: Mapping[str, Any]) -> tuple[float, float, float]:
    """Leak in m³/s, volume in m³, air changes in 1/s."""
    return values["leak"] / HOUR, values["volume"], values["changes"] / HOUR


def _minutes(share: float, values: Mapping[str, Any]) -> float:
    return time_until(share * PERCENT * LOWER_LIMIT, *_si(values)) / MINUTE


def _answer(times: dict[int, float], values: Mapping[str, Any]) -> Words:
    leak, volume, changes = _si(values)
    if not np.isfinite(times[100]):
        most = float(concentration(np.inf, leak, volume, changes)) / LOWER_LIMIT if changes else np.nan
        return Words(
            f"浓度最高为爆炸下限的 {100 * most:.0f}%，到不了爆炸下限。",
            f"It comes to {100 * most:.0f} % of the lower explosive limit at most.",
        )
    return Words(
        f"{times[20]:.1f} 分钟到爆炸下限的 20%（体积分数 1%），{times[100]:.1f} 分钟到爆炸下限（5%）："
        f"采样间隔应不大于 {times[100] / SAMPLES_BEFORE:.1f} 分钟。",
        f"20 % of the lower explosive limit (1 % by volume) after {times[20]:.1f} minutes, the limit itself (5 %) "
        f"after {times[100]:.1f}: sample at least every {times[100] / SAMPLES_BEFORE:.1f} minutes.",
    )


def _figures(times: dict[int, float], values: Mapping[str, Any]) -> tuple[Figure, ...]:
    leak, volume, changes = _si(values)
    final = float(concentration(np.inf, leak, volume, changes)) if changes else 1.0
    return (
        *(
            Figure(f"time_{share}", Words(f"到爆炸下限的 {share}%", f"Until {share} % of the limit"), minutes, "minute",
                   digits=1)
            for share, minutes in times.items()
        ),
        Figure("final", Words("最终体积分数", "By volume in the end"), 100 * final, "percent", digits=1),
    )  # fmt: skip


def _levels(times: dict[int, float]) -> Table:
    grades = (Words("三级", "III"), Words("二级", "II"), Words("一级", "I"))
    rows: list[list[Cell]] = [
        [grade, float(share), share * LOWER_LIMIT, times[share] if np.isfinite(times[share]) else None]
        for grade, share in zip(grades, rules()["alarm"]["levels"], strict=True)
    ]
    heads = (
        Column("grade", Words("报警级别（设计）", "Alarm (a design)")),
        Column("share", Words("爆炸下限的比例", "Of the lower limit"), "percent", 0),
        Column("volume", Words("体积分数", "By volume"), "percent", 1),
        Column("time", Words("到达时间", "Reached after"), "minute", 1),
    )
    return Table("levels", Words("报警级别", "Levels of alarm"), heads, rows)


def _graded(path: Path, *, is_crowded: bool) -> tuple[Table, dict[str, str], Words]:
    """Samples of a detector with their grade."""
    table = read_columns(path, SAMPLES)
    minute, share = table.numbers["minute"], table.numbers["lel"]
    if np.isnan(minute).any() or (np.diff(minute) <= 0).any():
        raise BadInput("times must rise from row to row", where=path.name)
    rule = rules()["alarm"]
    levels = tuple(float(level) * PERCENT for level in rule["levels"])
    grade = alarm_grades(
        minute * MINUTE, share * PERCENT, (levels[0], levels[1], levels[2]), float(rule["rise"]) * PERCENT,
        float(rule["minutes"]) * MINUTE, is_crowded=is_crowded,
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [float(at), None if np.isnan(value) else float(value), int(level) or None]
        for at, value, level in zip(minute, share, grade, strict=True)
    ]
    heads = (
        Column("minute", Words("时间", "Time"), "minute", 1),
        Column("lel", Words("爆炸下限的比例", "Of the lower limit"), "percent", 1),
        Column("grade", Words("级别", "Grade"), "1", 0),
    )
    some = grade[grade > 0]
    worst = int(some.min()) if len(some) else 0
    first = float(minute[grade > 0][0]) if worst else np.nan
    said = (
        Words(
            f"采样最高达到 {worst} 级，首次报警在第 {first:g} 分钟。",
            f"Samples reach grade {worst}; first alarm at {first:g} minutes.",
        )
        if worst else Words("采样没有达到任何报警级别。", "No sample reaches a level of alarm.")
    )  # fmt: skip
    return (
        Table("samples", Words("采样与级别", "Samples and their grades"), heads, rows),
        {path.name: table.digest},
        said,
    )


def _curve(times: dict[int, float], values: Mapping[str, Any]) -> LinePlot:
    leak, volume, changes = _si(values)
    last = times[100] * 2 if np.isfinite(times[100]) else 3 * MINUTE / max(values["changes"], 0.1)
    minutes = np.linspace(0.0, min(last, MOST_HOURS * MINUTE), STEPS)
    title = Words("空间内甲烷浓度", "Methane in the space")
    lines = (
        Line(Words("浓度", "concentration"), minutes, 100 * concentration(minutes * MINUTE, leak, volume, changes)),
        Line(Words("爆炸下限", "lower explosive limit"), minutes, np.full(STEPS, 100 * LOWER_LIMIT)),
        Line(Words("下限的20%", "20 % of it"), minutes, np.full(STEPS, 20 * LOWER_LIMIT)),
    )
    return LinePlot("gas", title, Words("分钟", "minutes"), Words("体积百分比", "percent by volume"), lines)


def _assumptions() -> tuple[Words, ...]:
    note = rules()["alarm"]["note"]
    return (
        Words("空间内混合均匀，泄漏与换气恒定；甲烷爆炸下限 5%（凭记忆，可信度高）。",
              "The space is well mixed, leak and air changes are steady; lower limit of methane 5 % (from memory)."),
        Words(f"报警分级为{note['zh']}；III ≥ 20%，II ≥ 50% 或 10 分钟内升高超过 10 个百分点，"
              "I ≥ 100% 或 II 且临近人员密集处。",
              f"{note['en']}; III from 20 %, II from 50 % or a rise of more than 10 points in 10 minutes, I from 100 % "
              "or a II near crowds or underground power."),
    )  # fmt: skip
