"""The ventilation of a city as it stands: its buildings, its winds, their ways, the corridors these make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.grid import Grid
from tulou.kernel.words import Words
from tulou.measures.climate.morphology import SECTORS
from tulou.processes.climate.finding import Corridor, Crossing, corridors, crossings, density
from tulou.processes.climate.rules import rules
from tulou.processes.climate.standing import Form, Standing, form_of
from tulou.processes.climate.winds import Winds, assumptions_of, warnings_of
from tulou.processes.outcome import FieldPlot

Array = NDArray[np.float64]
PERCENT = 100.0
CANDIDATE = Words("候选", "candidate")


@dataclass(frozen=True, eq=False)
class Survey:
    """The ventilation of a city.

    Args:
        buildings: Its buildings.
        grid: The cells.
        ground: Which of them are ground of the city.
        form: Its form in the dominant winds.
        crossed: Its ways in each of them.
        found: Its corridors.
    """

    buildings: Standing
    grid: Grid
    ground: NDArray[np.bool_]
    form: Form
    crossed: tuple[Crossing, ...]
    found: tuple[Corridor, ...]

    @property
    def density(self) -> Array:
        """Share of the ways through each cell."""
        return density(self.crossed)


def survey(buildings: Standing, winds: Winds, grid: Grid, *, ground: NDArray[np.bool_] | None = None) -> Survey:
    """How is a city ventilated by the dominant sectors of its light wind?

    Args:
        buildings: Its buildings.
        winds: Its winds.
        grid: The cells.
        ground: Which of them are ground of the city; those between its buildings by default.
    """
    sectors = winds.dominant
    shares = winds.light.share[sectors]
    form = form_of(buildings, grid, tuple(SECTORS[one] for one in sectors), shares)
    ground = form.ground(rules().reach) if ground is None else ground
    crossed = crossings(form, ground, sectors, shares.tolist())
    return Survey(buildings, grid, ground, form, tuple(crossed), tuple(corridors(crossed, grid)))


def title_of(corridor: Corridor) -> Words:
    """What the level of a corridor is called."""
    return corridor.level.title if corridor.level else CANDIDATE


def assumptions(seen: Survey, winds: Winds, values: Mapping[str, Any]) -> tuple[Words, ...]:
    """What was assumed of buildings, winds, roughness and ways."""
    held = rules()
    return (
        *assumptions_of(winds),
        *seen.buildings.assumptions(values.get("unknown_height")),
        Words(
            f"粗糙度长度由 Kanda（2013）公式按来风方向计算；没有建筑的地面取 {held.ground:g} 米，树木不计。",
            f"Roughness length by Kanda et al. (2013) in each wind; ground without buildings has {held.ground:g} m, "
            f"trees do not count.",
        ),
        Words(
            f"穿越成本为 z0^{held.exponent:g}×(1+{held.turning:g}(1−cosΔθ))；建筑占地超过 {PERCENT * held.skimming:g}% "
            f"的单元按不低于 {held.roughness[1]:g} 米计。系数为本模型取值。",
            f"A way costs z0^{held.exponent:g} (1 + {held.turning:g} (1 − cos Δθ)); cells with more than "
            f"{PERCENT * held.skimming:g} % built on count as at least {held.roughness[1]:g} m. The coefficients are "
            f"ours.",
        ),
        Words(
            f"廊道的宽度、长度、夹角和 z0 ≤ {held.roughness[1]:g} 米的通行界限取自记忆中的 {held.clause}，未核对原文。",
            f"Widths, lengths and angles of corridors, and z0 ≤ {held.roughness[1]:g} m as open, are {held.clause} "
            f"from memory; the standard was not read.",
        ),
    )


def warnings(seen: Survey, winds: Winds) -> tuple[Words, ...]:
    """What a reader must know of the record, the heights, and edges from which no way leads."""
    found = [*warnings_of(winds), *seen.buildings.warnings()]
    blocked = sum(one.ways.edge - one.ways.begun for one in seen.crossed)
    if blocked:
        found.append(
            Words(
                f"迎风边缘有 {blocked} 个单元没有通路（粗糙度未知的单元不通行）。",
                f"From {blocked} cells of windward edges no way leads across: none passes cells of unknown roughness.",
            )
        )
    return tuple(found)


def field(seen: Survey, name: str, title: Words, values: Array, unit: str, steps: Sequence[float]) -> FieldPlot:
    """A field of the survey as a plot."""
    grid = seen.grid
    return FieldPlot(name, title, values, grid.west, grid.north, grid.cell, unit, tuple(steps))
