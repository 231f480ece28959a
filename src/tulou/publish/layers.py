"""Layers of a city for maps, from its state."""

from __future__ import annotations

import numpy as np

from tulou.model.state import State
from tulou.publish.drawing.ground import Layers

MAIN_ROADS = ("expressway", "arterial")


def layers_of(state: State) -> Layers:
    """What a base map draws of a city."""
    roads = state.rows("road")
    classes = roads.texts("class")
    weights = np.array([2 if name in MAIN_ROADS else int(name == "secondary") for name in classes], np.int64)
    return Layers(
        water=state.rows("water").shapes,
        green=state.rows("green").shapes,
        roads=roads.shapes,
        road_weights=weights,
        buildings=state.rows("building").shapes,
    )
