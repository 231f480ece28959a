"""The synthetic city as a connector: a size and a seed in, facts out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY, Extract, Facts
from tulou.kernel.progress import Progress, silent
from tulou.kernel.provenance import Quality, Source
from tulou.sources.synthetic import buildings, ground, places
from tulou.sources.synthetic.ground import Columns
from tulou.sources.synthetic.layout import COMMUNITY_DEPTH, COMMUNITY_WIDTH, Layout
from tulou.sources.synthetic.registers import fill, read_rules

RONGCHENG_BUILDINGS = 4_600
RONGCHENG_SEED = 20260129
PLANE = "EPSG:4549"
ORIGIN = (560_000.0, 2_940_000.0)
"""Where the plane's corner lies in ``PLANE``: open sea, so that nobody takes it for a real place."""


def rongcheng(
    buildings_wanted: int = RONGCHENG_BUILDINGS, *, seed: int = RONGCHENG_SEED, progress: Progress | None = None
) -> Extract:
    """Generate the city of Rongcheng (榕城), with full registers.

    Args:
        buildings_wanted: About how many plots there are to build on.
        seed: Everything random follows from it.
        progress: Told after each table.
    """
    tell = progress or silent
    layout = Layout.for_buildings(buildings_wanted, seed)
    rules = read_rules()
    tables = _tables(layout, rules)
    facts: list[Facts] = []
    for done, (entity, columns) in enumerate(sorted(tables.items())):
        tell("synthetic city", done, len(tables))
        if entity in rules["fill"]:
            fill(columns, rules["fill"][entity], seed=seed, name=entity)
        facts.append(Facts(entity, _arrow(columns), complete=("*",)))
    rows = sum(one.rows.num_rows for one in facts)
    corners = _lonlat(np.array([[0.0, 0.0], [layout.across * COMMUNITY_WIDTH, layout.up * COMMUNITY_DEPTH]]))
    return Extract(
        Source("rongcheng (synthetic)", connector="synthetic", licence="synthetic data, no rights", datum="EPSG:4326"),
        facts,
        Quality(rows, rows),
        (corners[0, 0], corners[0, 1], corners[1, 0], corners[1, 1]),
    )


def _tables(layout: Layout, rules: Any) -> dict[str, Columns]:  # noqa: ANN401  (a document)
    tables = ground.units(layout)
    tables["building"] = buildings.buildings(layout)
    tables["parcel"] = ground.parcels(layout)
    tables["road"] = ground.roads(layout)
    tables["water"] = ground.water(layout)
    tables["facility"] = places.facilities(layout, rules["facilities"])
    tables["green"] = places.greens(layout)
    tables["stop"] = places.stops(layout)
    tables["population"] = places.people(tables["building"])
    places.count_people(tables["community"], tables["population"])
    for entity, rule in rules["objects"].items():
        tables[entity] = places.objects(layout, entity, rule)
    tables["yearly_statistics"] = {"id": ["statistics-1"], "unit": ["city"]}
    fill(tables["yearly_statistics"], rules["statistics"], seed=layout.seed, name="yearly_statistics")
    return tables


def _arrow(columns: Columns) -> pa.Table:
    made: dict[str, Any] = {}
    for name, values in columns.items():
        if name == "place":
            made[GEOMETRY] = pa.array(shapely.to_wkb(shapely.points(_lonlat(np.asarray(values, float)))))
        elif name == GEOMETRY:
            shapes = shapely.transform(np.asarray(values, object), _lonlat)
            made[GEOMETRY] = pa.array(shapely.to_wkb(shapes))
        else:
            made[name] = pa.array(values.tolist() if isinstance(values, np.ndarray) else values, from_pandas=True)
    return pa.table(made)


def _lonlat(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the city's plane to longitude and latitude."""
    to_degrees = pyproj.Transformer.from_crs(PLANE, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(metres[:, 0] + ORIGIN[0], metres[:, 1] + ORIGIN[1])
    return np.column_stack([lon, lat])
