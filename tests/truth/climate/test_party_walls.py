"""Party walls of a real quarter: its houses one by one have the walls that its dissolved blocks have."""

import numpy as np
import pyogrio.raw
import pytest
import shapely

from shared_data import shared
from tulou.kernel.grid import grid_over
from tulou.measures.climate.morphology import morphology


def test_bubenec_as_single_houses_and_as_dissolved_blocks():
    """Of one height the houses of Prague's Bubeneč show the wind what their union shows: an oracle made by GEOS."""
    path = shared("city_prague_bubenec/bubenec.gpkg")
    _, _, wkb, _ = pyogrio.raw.read(path, layer="buildings", columns=[])
    houses = np.asarray(shapely.from_wkb(wkb), object)
    blocks = np.asarray(shapely.get_parts(shapely.union_all(houses)), object)
    assert len(blocks) < len(houses) / 2
    grid = grid_over(shapely.total_bounds(houses).tolist(), 100.0)
    single, dissolved = (morphology(some, np.full(len(some), 15.0), grid) for some in (houses, blocks))
    with_party_walls = shapely.length(houses).sum() / shapely.length(blocks).sum()
    assert with_party_walls > 1.2
    assert single.plan_area == pytest.approx(dissolved.plan_area, abs=1e-4)
    assert single.frontal_area == pytest.approx(dissolved.frontal_area, abs=4e-3)
    assert single.frontal_area.mean() == pytest.approx(dissolved.frontal_area.mean(), rel=0.005)
