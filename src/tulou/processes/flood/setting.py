"""What a flood is computed on: the ground with the city on it, its storm, its edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.model.state import State
from tulou.processes.drainage.storms import FORMULA, Storm, design_storms, formula_of, recorded_storm
from tulou.processes.flood.cover import Cover, cover_of, roofs_to_ground
from tulou.processes.flood.falling import Falling, falling_of
from tulou.processes.flood.terrain import Terrain, read_terrain

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
DRY = ""
"""Name of no storm at all."""
MM = 1e-3
"""m in a mm."""
MINUTE, HOUR = 60.0, 3600.0
"""s."""


@dataclass(frozen=True, eq=False)
class Setting:
    """What a flood is computed on.

    Args:
        terrain: The ground.
        level: Level of each cell, m; NaN where unknown, and where a building stops water.
        catch: How many cells' rain each cell catches.
        cover: The city on it; None without one.
        storm: The storm; of rain by place its mean over the ground.
        falling: Rain by place; None for rain that is even.
        sources: SHA-256 of each file.
    """

    terrain: Terrain
    level: Array
    catch: Array
    cover: Cover | None
    storm: Storm
    falling: Falling | None
    sources: Mapping[str, str]

    @property
    def cell(self) -> float:
        """Side of a cell, m."""
        return self.terrain.grid.cell

    @property
    def is_edge(self) -> Flags:
        """Cells beside the outside: the end of the grid, or ground that nobody knows."""
        return self.edge_faces > 0

    @property
    def edge_faces(self) -> NDArray[np.int64]:
        """How many sides of each cell lie outside."""
        known = np.pad(np.isfinite(self.terrain.level), 1)
        sides = [~known[1:-1, :-2], ~known[1:-1, 2:], ~known[:-2, 1:-1], ~known[2:, 1:-1]]
        return np.where(np.isfinite(self.level), np.sum(sides, axis=0), 0).astype(np.int64)


def setting_of(values: Mapping[str, Any], state: State | None, *, needs_storm: bool = True) -> Setting:
    """Read all that a flood is computed on.

    Args:
        values: Values of the process.
        state: The city; None without one.
        needs_storm: Whether nothing but a storm brings water.

    Raises:
        BadUse: When no storm is given and one is needed.
        BadInput: As ``read_terrain``.
    """
    path = values.get("rain_field")
    storm, sources = _storm(values, needs_storm=needs_storm and path is None)
    terrain = read_terrain(values["ground"], cell=values["cell"], within=values["within"], datum=values["datum"])
    sources[values["ground"].name] = terrain.digest
    cover = None if state is None else cover_of(state, terrain)
    known = np.isfinite(terrain.level)
    level, catch = terrain.level, known.astype(np.float64)
    if cover is not None and values["buildings"] == "blocked":
        roof = (cover.building > 0) & known
        if not roof[known].all():
            level = np.where(roof, np.nan, level)
            catch = roofs_to_ground(roof, known & ~roof)
    falling = None
    if path is not None:
        falling = falling_of(path, values, terrain, catch)
        storm, sources[path.name] = falling.storm, falling.digest
    return Setting(terrain, level, catch, cover, storm, falling, sources)


def _storm(values: Mapping[str, Any], *, needs_storm: bool) -> tuple[Storm, dict[str, str]]:
    if values["rain"] is not None:
        storm, digest = recorded_storm(values)
        return storm, {values["rain"].name: digest}
    formula = formula_of(values)
    if formula is None and not needs_storm:
        return Storm(DRY, 1.0, np.zeros(1)), {}
    if formula is None or values["period"] is None:
        raise BadUse("a flood needs a storm", where="rain", allowed=("rain=FILE", f"{'= '.join(FORMULA)}= period="))
    return design_storms(values, formula, (values["period"],))[0], {}
