"""From arrivals, stays and beds to how often beds lack, and when a surge overruns them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.health.beds import Course, course, erlang_b, erlang_c, mean_wait
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, Figure, Line, LinePlot, Outcome
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
HOURS_A_DAY = 24.0
STEP = 0.25
"""Hours of a step: beds are told to the quarter of an hour."""
PERCENT = 100.0
COLUMNS = (
    Wanted("hour", ("小时", "时刻"), "number", "hour", 0.0, is_required=True),
    Wanted("patients", ("伤员", "患者"), "number", "person", 0.0, is_required=True),
)


@dataclass(frozen=True, eq=False)
class _Surge:
    """Patients of the scenario who need a bed, an hour, in each step; and the digest of its file."""

    arrivals: Array
    digest: str | None
    total: float


def surge(run: Run) -> Outcome:
    """Run the process, see ``bed_surge.PROCESS``."""
    values = run.values
    beds, stay = values["beds"], values["stay"] * HOURS_A_DAY
    usual = values["arrivals"] / HOURS_A_DAY
    load = usual * stay
    more = _scenario(values)
    found = None
    if more is not None:
        taken = min(load, float(beds)) if values["taken"] is None else float(values["taken"])
        if taken > beds:
            raise BadUse("no more beds are taken than there are", where="taken", found=taken)
        found = course(usual + more.arrivals, STEP, stay, float(beds), taken)
    return Outcome(
        answer=_answer(load, beds, values["stay"], found, more),
        figures=_figures(load, beds, values["stay"], found),
        plots=_plots(found, beds),
        balances=_balances(found),
        assumptions=_assumptions(values, more),
        warnings=_warnings(load, beds, found),
        sources={values["scenario"].name: more.digest} if more and more.digest else None,
    )


def _scenario(values: Mapping[str, Any]) -> _Surge | None:
    steps = round(values["horizon"] * HOURS_A_DAY / STEP)
    share = values["admitted"] / PERCENT
    found = np.zeros(steps)
    if values["scenario"] is None:
        if values["casualties"] is None:
            return None
        first, last = int(values["after"] / STEP), int(np.ceil((values["after"] + values["over"]) / STEP))
        if last > steps:
            raise BadUse("the surge is longer than what is looked at", where="over", found=values["over"])
        found[first:last] = values["casualties"] * share / ((last - first) * STEP)
        return _Surge(found, None, values["casualties"] * share)
    if values["casualties"] is not None:
        raise BadUse("casualties are stated or stand in a file", where="casualties", found=values["casualties"])
    table = read_columns(values["scenario"], COLUMNS)
    hour, patients = table.numbers["hour"], table.numbers["patients"]
    if np.isnan(hour).any() or np.isnan(patients).any():
        raise NotEnoughData("an hour or number of patients is missing", where=values["scenario"].name)
    at = (hour / STEP).astype(np.int64)
    if len(at) and at.max() >= steps:
        raise BadInput(
            "patients come later than what is looked at",
            where=values["scenario"].name,
            found=float(hour.max()),
            allowed=(f"up to {values['horizon'] * HOURS_A_DAY:g}",),
        )
    np.add.at(found, at, patients * share / STEP)
    return _Surge(found, table.digest, float(patients.sum() * share))


def _full(found: Course) -> float:
    return found.full_from()


def _answer(load: float, beds: int, stay: float, found: Course | None, more: _Surge | None) -> tuple[Words, ...]:
    waits = erlang_c(load, beds)
    wait = mean_wait(load, beds, stay)
    how = (
        Words("平时床位不够，等待无限增长", "in usual times beds do not suffice and the waiting grow without end")
        if not isfinite(wait)
        else Words(
            f"平时 {PERCENT * waits:.2f}% 的患者要等床，平均等 {wait * HOURS_A_DAY:.1f} 小时",
            f"in usual times {PERCENT * waits:.2f} % of the patients wait for a bed, {wait * HOURS_A_DAY:.1f} hours in "
            "the mean",
        )
    )
    said = [
        Words(
            f"{beds} 张床、负荷 {load:.1f} 床：{how.zh}。",
            f"With {beds} beds and a load of {load:.1f}, {how.en}.",
        )
    ]
    if found is not None and more is not None:
        said.append(_of_surge(found, more))
    return tuple(said)


def _of_surge(found: Course, more: _Surge) -> Words:
    hours = _full(found)
    if not isfinite(hours):
        return Words(
            f"情景增加 {more.total:,.0f} 名住院患者，床位够用，最多占用 {found.taken.max():,.0f} 张。",
            f"The scenario brings {more.total:,.0f} more patients; beds suffice, {found.taken.max():,.0f} are taken at "
            "the most.",
        )
    short = found.waiting > 0
    over = STEP * float(short.sum())
    return Words(
        f"情景增加 {more.total:,.0f} 名住院患者：第 {hours:.1f} 小时床位用尽，缺床约 {over:,.0f} 小时，"
        f"最多同时 {found.waiting.max():,.0f} 人等床。",
        f"The scenario brings {more.total:,.0f} more patients: beds run out at hour {hours:.1f}, lack for about "
        f"{over:,.0f} hours, and at the most {found.waiting.max():,.0f} people wait at once.",
    )


def _figures(load: float, beds: int, stay: float, found: Course | None) -> tuple[Figure, ...]:
    figures = [
        Figure("load", Words("负荷", "Offered load"), load, "bed", digits=1),
        Figure(
            "lost",
            Words("满床概率（转走）", "All taken, if they go elsewhere"),
            PERCENT * erlang_b(load, beds),
            "percent",
        ),
        Figure("waits", Words("等床概率", "Patients who wait"), PERCENT * erlang_c(load, beds), "percent"),
        Figure("wait", Words("平均等床", "Mean wait"), _known(mean_wait(load, beds, stay) * HOURS_A_DAY), "hour"),
    ]
    if found is not None:
        figures += [
            Figure("full_from", Words("床位用尽时刻", "Beds run out at"), _known(_full(found)), "hour", digits=1),
            Figure(
                "most_waiting",
                Words("最多等床人数", "Most people waiting"),
                float(found.waiting.max()),
                "person",
                digits=0,
            ),
            Figure(
                "lacking_most",
                Words("缺床概率最高", "Highest chance of lacking beds"),
                PERCENT * float(found.lacking(beds).max()),
                "percent",
                digits=1,
            ),
            Figure(
                "beds_wanted", Words("最多需要床位", "Most beds wanted"), float(found.wanted.max()), "bed", digits=0
            ),
        ]
    return tuple(figures)


def _known(value: float) -> float:
    return value if isfinite(value) else float("nan")


def _plots(found: Course | None, beds: int) -> tuple[LinePlot, ...]:
    if found is None:
        return ()
    days = found.hours / HOURS_A_DAY
    lines = (
        Line(Words("占用", "Taken"), days, found.taken),
        Line(Words("等床", "Waiting"), days, found.waiting),
        Line(Words("若床位足够时占用", "Taken if there were always a bed"), days, found.wanted),
        Line(Words("床位", "Beds"), days, np.full(len(days), float(beds))),
    )
    return (
        LinePlot("beds", Words("床位与患者", "Beds and patients"), Words("天", "Days"), Words("人", "People"), lines),
    )


def _balances(found: Course | None) -> tuple[Balance, ...]:
    if found is None:
        return ()
    stayed = float(found.taken[-1] + found.waiting[-1] - found.taken[0] - found.waiting[0])
    return (Balance(Words("患者", "Patients"), float(found.came[-1]), float(found.left[-1]), stayed, "person"),)


def _assumptions(values: Mapping[str, Any], more: _Surge | None) -> tuple[Words, ...]:
    found = [
        Words(
            f"到达随机（泊松），住院时间平均 {values['stay']:g} 天、呈指数分布；所有患者同等对待。",
            f"Patients come at random (Poisson) and stay {values['stay']:g} days in the mean, exponentially.",
        )
    ]
    if more is not None:
        found.append(
            Words(
                f"情景伤员中 {values['admitted']:g}% 需住院；床位、出院速度不因情景而变；缺床者一直等待，不转出。",
                f"{values['admitted']:g} % of the casualties need a bed; beds and stays do not change; who finds none "
                "waits and is sent nowhere else.",
            )
        )
    return tuple(found)


def _warnings(load: float, beds: int, found: Course | None) -> tuple[Words, ...]:
    told: list[Words] = []
    if load >= beds:
        told.append(Words("平时负荷已达或超过床位数。", "The usual load is already as large as the beds."))
    if found is not None and found.waiting[-1] > 0:
        told.append(
            Words(
                "到时段末仍有人等床：请加长时段以求缺床何时结束。",
                "People still wait at the end: look at a longer time to learn when it ends.",
            )
        )
    return tuple(told)
