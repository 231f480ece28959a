"""Networks: the ways people walk and drive, made from the roads once for a whole check.

The walking network carries metres, the driving network seconds. Speeds are the rulebook's quantity
``road.driving_speed`` where it has one, else the speed limit on record; a road of unknown speed cannot be driven.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tulou.kernel import units
from tulou.kernel.network import Network
from tulou.model.rows import Rows

NetworkBuilder = Callable[[Rows, str, NDArray[np.float64]], Network]
"""Makes a network from the rows of ``road``, its name, and the speed on each road (km/h)."""

SPEED = "driving_speed"
"""Quantity of roads that gives the speed cars drive at."""

USABLE: Mapping[str, str] = {"walking": "walkable", "driving": "drivable"}
"""Flag of a road that must not be false for each network; a road of unknown flag is part of it."""


def build_network(roads: Rows, name: str, speed: NDArray[np.float64]) -> Network:
    """The network of a city's roads.

    Args:
        roads: Rows of ``road``.
        name: ``walking`` or ``driving``.
        speed: Speed on each road, km/h; used for driving only.
    """
    from tulou.measures.access.network import walking_network  # compiles kernels; only when walked

    usable = roads.numbers(USABLE[name]) != 0.0
    if name == "walking":
        return walking_network(roads.shapes, usable)
    seconds = units.factor("hour/km", "second/m")
    with np.errstate(divide="ignore"):
        return walking_network(roads.shapes, usable, seconds / speed)
