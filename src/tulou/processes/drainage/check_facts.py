"""What a city learns from a check of drains: pipes with the storms they hold, nodes with the water on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import shapely

from tulou.kernel.facts import Facts
from tulou.processes.drainage.checked import Checked
from tulou.processes.drainage.engine import SECONDS_AN_HOUR


def facts_of(found: Checked, values: Mapping[str, Any]) -> tuple[Facts, ...]:
    """Pipes and nodes for the city; none where the model has no places on the Earth.

    Args:
        found: The check.
        values: Inputs of the process.
    """
    if not found.lonlat:
        return ()
    return (_pipe_facts(found, values), _node_facts(found))


def _pipe_facts(found: Checked, values: Mapping[str, Any]) -> Facts:
    network, pipes = found.network, found.pipes
    placed = [at for at, ends in enumerate(network.ends) if all(end in found.lonlat for end in ends)]
    lines = [shapely.LineString([found.lonlat[end] for end in network.ends[at]]) for at in placed]
    required = values["required"]
    return Facts(
        "pipe",
        pa.table(
            {
                "id": [network.conduits[at] for at in placed],
                "service": [values["service"]] * len(placed),
                "length": network.lengths[placed],
                "held_period": pa.array(pipes.unsurcharged[placed], from_pandas=True),
                "unflooded_period": pa.array(pipes.unflooded[placed], from_pandas=True),
                "required_period": pa.array([required] * len(placed), pa.float64()),
                "capacity_class": [str(pipes.capacity[at]) for at in placed],
                "geometry": pa.array(shapely.to_wkb(lines), pa.binary()),
            }
        ),
    )


def _node_facts(found: Checked) -> Facts:
    nodes = found.main.nodes
    placed = [at for at, name in enumerate(nodes.ids) if name in found.lonlat]
    storm = found.storms[found.told]
    points = [shapely.Point(found.lonlat[nodes.ids[at]]) for at in placed]
    return Facts(
        "drainage_node",
        pa.table(
            {
                "id": [nodes.ids[at] for at in placed],
                "category": [found.network.kinds[nodes.ids[at]] for at in placed],
                "storm_period": pa.array([storm.period if storm else None] * len(placed), pa.float64()),
                "flood_volume": nodes.volume[placed],
                "flood_time": nodes.flooded[placed] / SECONDS_AN_HOUR,
                "ponding_depth": pa.array(nodes.ponded[placed], from_pandas=True),
                "ponding_time": pa.array(nodes.standing[placed] / SECONDS_AN_HOUR, from_pandas=True),
                "geometry": pa.array(shapely.to_wkb(points), pa.binary()),
            }
        ),
    )
