"""Buildings of a city as the wind meets them: footprints, heights, and how rough they make it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.grid import Grid, grid_over
from tulou.kernel.polygons import AREA
from tulou.kernel.words import Words
from tulou.measures.climate.corridors import closed
from tulou.measures.climate.morphology import Morphology, morphology
from tulou.measures.climate.roughness import Roughness, kanda
from tulou.model.people import STOREY_HEIGHT
from tulou.model.state import State

Array = NDArray[np.float64]
BUILDING = "building"
DEMOLISHED = "demolished"
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Standing:
    """Buildings that stand.

    Args:
        ids: Their ids.
        names: What they are called; empty where they have no name.
        shapes: Footprints, m.
        heights: Height of each, m; NaN where unknown.
        by_storeys: How many heights are storeys times ``STOREY_HEIGHT``.
        assumed: How many heights are the one assumed for those unknown.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    shapes: NDArray[np.object_]
    heights: Array
    by_storeys: int
    assumed: int

    @property
    def unknown(self) -> int:
        """How many have no known height."""
        return int(np.isnan(self.heights).sum())

    def grid(self, cell: float) -> Grid:
        """The grid over all of them."""
        return grid_over([float(one) for one in shapely.total_bounds(self.shapes)], cell)

    def warnings(self) -> tuple[Words, ...]:
        """What a reader must know of their heights."""
        if not self.unknown:
            return ()
        return (
            Words(
                f"{len(self.heights)} 栋建筑中 {self.unknown} 栋高度和层数未知；其所在单元的粗糙度未知，不作为通道。"
                f"可用 unknown_height 给出假定高度。",
                f"Of {len(self.heights)} buildings {self.unknown} have neither height nor storeys on record; roughness "
                f"is unknown in their cells, and no way leads through these. unknown_height assumes a height.",
            ),
        )

    def assumptions(self, height: float | None) -> tuple[Words, ...]:
        """What was assumed of their heights."""
        found: list[Words] = []
        if self.by_storeys:
            found.append(
                Words(
                    f"{self.by_storeys} 栋建筑没有高度，按层数乘 {STOREY_HEIGHT:g} 米计。",
                    f"{self.by_storeys} buildings have no height: storeys times {STOREY_HEIGHT:g} m.",
                )
            )
        if self.assumed:
            found.append(
                Words(
                    f"{self.assumed} 栋建筑高度未知，按给定的 {height:g} 米计。",
                    f"{self.assumed} buildings of unknown height are taken as {height:g} m high, as was given.",
                )
            )
        return tuple(found)


def standing(state: State, unknown_height: float | None = None) -> Standing:
    """The buildings of a city that stand.

    Args:
        state: The city.
        unknown_height: Height of buildings of which neither height nor storeys are on record, m; unknown when None.

    Raises:
        NotEnoughData: When none with a footprint stands.
    """
    rows = state.rows(BUILDING)
    kept = ~shapely.is_missing(rows.shapes) & (shapely.get_dimensions(rows.shapes) >= AREA)
    if DEMOLISHED in rows.entity.attributes:
        kept &= rows.numbers(DEMOLISHED) != 1.0
    rows = rows.where(kept)
    if not len(rows):
        raise NotEnoughData("no building with a footprint is on record", where=BUILDING, found=len(kept))
    heights, storeys = rows.numbers("height"), rows.numbers("storeys")
    heights = np.where(heights > 0, heights, np.nan)
    by_storeys = np.isnan(heights) & (storeys > 0)
    heights = np.where(by_storeys, storeys * STOREY_HEIGHT, heights)
    assumed = np.isnan(heights) & (unknown_height is not None)
    heights = np.where(assumed, np.nan if unknown_height is None else unknown_height, heights)
    names = np.array([name or "" for name in rows.texts("name")], object)
    return Standing(rows.ids, names, rows.shapes, heights, int(by_storeys.sum()), int(assumed.sum()))


@dataclass(frozen=True, eq=False)
class Form:
    """Form and roughness of a city in some winds.

    Args:
        morphology: Its form, cell by cell.
        shares: Share of the time of each direction, adding up to 1.
    """

    morphology: Morphology
    shares: Array

    @property
    def grid(self) -> Grid:
        """Where the cells lie."""
        return self.morphology.grid

    def ground(self, reach: float) -> NDArray[np.bool_]:
        """The cells of the city: those between its buildings, rivers and parks among them, not the land around it.

        Args:
            reach: Gaps of twice this width are closed, m.
        """
        return closed(self.morphology.plan_area > 0, reach / self.grid.cell)

    @cached_property
    def frontal(self) -> Array:
        """λf of the winds, each by its share of the time."""
        return self.morphology.frontal_by(self.shares)

    @cached_property
    def roughness(self) -> Roughness:
        """Roughness in the winds, each by its share of the time."""
        return self._roughness(self.frontal)

    def roughness_in(self, one: int) -> Roughness:
        """Roughness in one of the winds."""
        return self._roughness(self.morphology.frontal_area[one])

    def _roughness(self, frontal: Array) -> Roughness:
        form = self.morphology
        return kanda(form.plan_area, frontal, form.height_mean, form.height_deviation, form.height_max)


def form_of(buildings: Standing, grid: Grid, directions: tuple[float, ...], shares: Array) -> Form:
    """Form and roughness of a city.

    Args:
        buildings: Its buildings.
        grid: The cells.
        directions: Where the winds come from, degrees clockwise from north.
        shares: Share of the time of each.
    """
    return Form(morphology(buildings.shapes, buildings.heights, grid, directions=directions), shares / shares.sum())
