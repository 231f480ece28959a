"""Depressions screened: the storm run off at once, each depression filled as far as its water goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tulou.kernel.words import Words
from tulou.measures.water.flood.depressions import Filled, filled
from tulou.processes.declaration import Run
from tulou.processes.flood.exposure import facts_of, met
from tulou.processes.flood.rules import mark
from tulou.processes.flood.setting import MM, Setting, setting_of
from tulou.processes.flood.told import (
    depth_figures,
    depth_plot,
    depths_table,
    met_figures,
    reached,
    shared_assumptions,
    storm_words,
    units_table,
    wet_area,
)
from tulou.processes.outcome import Balance, Figure, Outcome

MINUTES_AN_HOUR = 60.0


def runoff_depth(setting: Setting, values: Mapping[str, Any]) -> float:
    """Depth of rain that runs off, m: what drains carry in each step and what soaks in are taken off."""
    step = setting.storm.step / MINUTES_AN_HOUR
    beyond = np.maximum(setting.storm.depth - values["drains"] * step, 0.0)
    return max(float(beyond.sum()) - values["lost"], 0.0) * MM


def screening(run: Run) -> Outcome:
    """Run the process, see ``flood_screening.PROCESS``."""
    setting = setting_of(run.values, run.state)
    depth = runoff_depth(setting, run.values)
    outlets = setting.is_edge & (run.values["edge"] == "open")
    found = filled(setting.level, setting.catch * depth, outlets, setting.cell)
    whom = None
    if run.state is not None and setting.cover is not None:
        stood = np.zeros(found.depth.shape)
        whom = met(run.state, setting.cover, setting.terrain, found.depth, stood)
    return Outcome(
        answer=(_answer(setting, found), *reached(whom)),
        figures=(*depth_figures(setting, found.depth), *_figures(found), *met_figures(whom)),
        tables=(depths_table(setting, found.depth), *units_table(whom, run.values, run.state)),
        plots=(depth_plot(setting, found.depth),),
        balances=(_balance(setting, found, depth),),
        assumptions=(*shared_assumptions(setting, run.values), *_assumptions(run.values, depth)),
        facts=() if whom is None else facts_of(whom, has_time=False),
        sources=setting.sources,
    )


def _answer(setting: Setting, found: Filled) -> Words:
    storm, area = storm_words(setting.storm), wet_area(setting, found.depth, mark("ponding"))
    return Words(
        f"{storm.zh}流尽之后，洼地中水深达到 {mark('ponding'):g} 米的面积为 {area:.2f} 公顷，"
        f"最深 {np.nanmax(found.depth):.2f} 米。",
        f"Once {storm.en} has run off, {area:.2f} ha of depressions stand at least {mark('ponding'):g} m deep; the "
        f"deepest is {np.nanmax(found.depth):.2f} m.",
    )


def _figures(found: Filled) -> tuple[Figure, ...]:
    return (
        Figure("stored", Words("停在洼地的水量", "Water that stays"), found.stored, "m3", digits=0),
        Figure("left", Words("流出范围的水量", "Water that leaves the area"), found.left, "m3", digits=0),
    )


def _balance(setting: Setting, found: Filled, depth: float) -> Balance:
    came = float(setting.catch.sum()) * depth * setting.cell**2
    return Balance(Words("径流量", "Runoff"), came, found.left, found.stored, "m3")


def _assumptions(values: Mapping[str, Any], depth: float) -> tuple[Words, ...]:
    return (
        Words(
            f"径流深 {depth / MM:.1f} 毫米：已扣除管网每小时 {values['drains']:g} 毫米、"
            f"下渗截留 {values['lost']:g} 毫米。",
            f"{depth / MM:.1f} mm run off, after {values['drains']:g} mm/h of drains and {values['lost']:g} mm soaked "
            "in or held.",
        ),
    )
