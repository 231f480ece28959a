"""Streets that people can still walk under a scenario: debris and water close some, the others are narrower."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel.errors import NotEnoughData
from tulou.kernel.network import Network
from tulou.measures.access.network import walking_network
from tulou.measures.hazard.evacuation.debris import clear_width
from tulou.model.state import State
from tulou.processes.shelters.rules import rules
from tulou.processes.shelters.sites import Asked, asking, falling, heights_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
SAMPLE = 10.0
"""Distance (m) between the points of a street at which depths are asked."""


@dataclass(frozen=True, eq=False)
class Open:
    """Streets after the event.

    Args:
        network: Those that stay open, in metres.
        width: Clear width of each of its edges, m.
        debris: Length that debris closes, m.
        water: Length that water closes, m.
        whole: Length of all streets, m.
        closed: Edges that are closed.
        assumed: Share of the length whose width is on no record.
    """

    network: Network
    width: Array
    debris: float
    water: float
    whole: float
    closed: int
    assumed: float


def open_streets(state: State, asked: Asked, clear: float) -> Open:
    """The streets that people can walk.

    Args:
        state: The city.
        asked: The scenario.
        clear: Least clear width of a street that debris has narrowed, m.

    Raises:
        NotEnoughData: When no street can be walked.
    """
    roads = state.rows("road")
    network = walking_network(roads.shapes, roads.numbers("walkable") != 0.0, across_ways=False)
    if not len(network.start):
        raise NotEnoughData("there are no roads to walk on", where="road")
    widths, known = _widths(state)
    width, lines = widths[network.way], _lines(network)
    free = width if asked.hazard != "earthquake" else _cleared(state, asked, width, lines)
    blocked = (free < width) & (free < clear)
    wet = _wet(state, asked, lines)
    open_ = ~(blocked | wet)
    length = network.length
    return Open(
        _kept(network, open_), free[open_], float(length[blocked].sum()), float(length[wet & ~blocked].sum()),
        float(length.sum()), int((~open_).sum()), float(length[~known[network.way]].sum() / max(length.sum(), 1.0)),
    )  # fmt: skip


def _widths(state: State) -> tuple[Array, Mask]:
    """Width of each road, and whether it is on record: else by its lanes, else by its class."""
    roads, usual = state.rows("road"), rules()["street_width"]
    by_class = np.array([usual.get(name, usual["other"]) for name in roads.texts("class")], np.float64)
    by_lanes = roads.numbers("lanes") * float(usual["lane"])
    width = roads.numbers("width")
    found = np.where(np.isnan(width), np.where(np.isnan(by_lanes), by_class, by_lanes), width)
    return found, ~np.isnan(width)


def _lines(network: Network) -> NDArray[np.object_]:
    """Each edge as a line."""
    assert network.path is not None  # noqa: S101  (networks made of lines have paths)
    assert network.path_first is not None  # noqa: S101
    edge = np.repeat(np.arange(len(network.start)), np.diff(network.path_first))
    return np.asarray(shapely.linestrings(network.path, indices=edge), object)


def _cleared(state: State, asked: Asked, width: Array, lines: NDArray[np.object_]) -> Array:
    buildings = state.rows("building")
    down = falling(buildings, asked.falling)
    height = heights_of(buildings, asked.storeys)
    return clear_width(width, lines, buildings.shapes[down], height[down], asked.debris)


def _wet(state: State, asked: Asked, lines: NDArray[np.object_]) -> Mask:
    """Streets of which some point lies under more water than people walk through."""
    if asked.flood is None:
        return np.zeros(len(lines), bool)
    points, line = shapely.get_coordinates(shapely.segmentize(lines, SAMPLE), return_index=True)
    deep = asking(state, asked.flood)(points) > asked.depth
    return np.asarray(np.bincount(line[deep], minlength=len(lines)) > 0)


def _kept(network: Network, kept: Mask) -> Network:
    """The network of some of the edges."""
    path: dict[str, Any] = {}
    if network.path is not None and network.path_first is not None:
        many = np.diff(network.path_first)
        path = {
            "path": network.path[np.repeat(kept, many)],
            "path_first": np.concatenate([[0], np.cumsum(many[kept])]).astype(np.int64),
        }
    return Network.of_edges(
        network.places, network.start[kept], network.end[kept], network.length[kept], way=network.way[kept], **path
    )
