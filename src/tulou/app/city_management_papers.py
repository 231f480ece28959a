"""Writing the papers of city management in the formats and languages asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tulou.app.city_management_grid import Grid
from tulou.kernel.words import Language
from tulou.operations.city_management.domain.topology import GridFault
from tulou.publish.city_management.grid import GridMaterial, grid_paper
from tulou.publish.paper.write import write_papers


def grid_material(grid: Grid, faults: Sequence[GridFault]) -> GridMaterial:
    """What the paper of a grid is made of."""
    return GridMaterial(
        grid.city, grid.cells, grid.around, faults, grid.rule, grid.crs, grid.layers, grid.is_synthetic,
        grid.is_proposed,
    )  # fmt: skip


def write_grid(
    found: GridMaterial, folder: Path, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:  # fmt: skip
    """Write the paper of a grid.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    return write_papers({one: grid_paper(found, one) for one in languages}, "unit-grid", folder, formats)
