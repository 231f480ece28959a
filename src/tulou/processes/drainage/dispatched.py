"""What joint dispatch found, before it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.processes.drainage.actuators import Actuator, Basin
from tulou.processes.drainage.controls import Conflict
from tulou.processes.drainage.engine import Simulated
from tulou.processes.drainage.sections import Model

Array = NDArray[np.float64]
NONE, RULES, EQUAL, PREDICTIVE, LOST = "none", "rules", "equal", "predictive", "lost"


@dataclass(frozen=True)
class Score:
    """What a way of running gates and pumps came to.

    Args:
        flood: Water that left through the top of nodes, m³.
        excess: Water that left above the limit, m³.
        peak: Greatest outflow, m³/s.
        energy: Energy of pumps, kWh.
        moves: Changes of settings summed over gates and pumps; NaN where SWMM's rules make them.
        cost: What is made small.
    """

    flood: float
    excess: float
    peak: float
    energy: float
    moves: float
    cost: float


@dataclass(frozen=True, eq=False)
class Level:
    """One way of running gates and pumps.

    Args:
        name: ``none``, ``rules``, ``equal``, ``predictive`` or ``lost`` (plans until measurements are lost).
        run: The run by SWMM alone.
        score: What it came to.
        volume: Water in each storage, m³, shape (steps of the run, storages).
        leaving: Outflow, m³/s, shape (steps of the run,).
        table: Hours and the setting of each gate and pump from then on, shape (times, 1 + actuators); no rows where
            nobody but the model sets them.
        notes: How its plans came about.
        off: How far the run by SWMM alone is from the one that was steered, m³ of flood and excess.
    """

    name: str
    run: Simulated
    score: Score
    volume: Array
    leaving: Array
    table: Array
    notes: Mapping[str, Any] = field(default_factory=dict)
    off: float = 0.0


@dataclass(frozen=True, eq=False)
class Dispatched:
    """Ways of running the gates and pumps of a model, side by side.

    Args:
        model: The model under its storm, without rules for these gates and pumps.
        basins: Its storages.
        actuators: Gates and pumps that empty them.
        left: Gates and pumps that are not dispatched since their shape or curve is not read.
        rules: Number of rules of the model.
        conflicts: Pairs of them that set one link.
        levels: The ways, that without control first.
        aim: Outflow that was aimed at, m³/s.
        left_out: Lines of the model that were left out because they write files.
        sources: SHA-256 of each file.
    """

    model: Model
    basins: tuple[Basin, ...]
    actuators: tuple[Actuator, ...]
    left: tuple[str, ...]
    rules: int
    conflicts: tuple[Conflict, ...]
    levels: tuple[Level, ...]
    aim: float
    left_out: tuple[str, ...]
    sources: Mapping[str, str]

    @property
    def baseline(self) -> Level:
        """The model without control."""
        return self.levels[0]

    @property
    def advised(self) -> Level:
        """The cheapest way; of equal ones the simplest, and never one that is worse than no control."""
        offered = [level for level in self.levels if level.name != LOST]
        return min(offered, key=lambda level: level.score.cost)
