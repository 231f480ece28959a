"""What the two maps of noise share: what they are asked, and how loud roads are at places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.measures.environment.noise_map import Roads, Surroundings, Walls, road_levels
from tulou.measures.environment.road_noise import PERCENT, air_absorption
from tulou.processes.noise.coefficients import Coefficients
from tulou.processes.noise.town import pieces

Array = NDArray[np.float64]
LOUD = (50.0, 55.0, 60.0, 65.0, 70.0)
"""Lower bounds of the classes that are told, dB(A)."""


def around(values: Mapping[str, Any], held: Coefficients) -> Surroundings:
    """Air and ground, as asked."""
    absorption = air_absorption(held.bands, values["temperature"], values["humidity"])
    return Surroundings(held.bands, absorption, values["ground"], values["favourable"] / PERCENT, values["reach"])


def roads_of(shapes: NDArray[np.object_], powers: Array) -> Roads:
    """Straight pieces of the roads that make noise; a period without known power is silent."""
    known = np.flatnonzero(np.isfinite(powers).any(axis=(1, 2)))
    ends, owner = pieces(shapes[known])
    sound = powers[known][owner]
    return Roads(ends, np.where(np.isnan(sound), -np.inf, sound))


def levels(places: Array, roads: Roads, walls: Walls, values: Mapping[str, Any], held: Coefficients) -> Array:
    """Levels at places, dB(A), (n, periods); −∞ where nothing is heard."""
    if not len(places):
        return np.zeros((0, roads.powers.shape[1]))
    return road_levels(places, roads, walls, around(values, held))


def shared_assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    """What was assumed on the way of sound."""
    return (
        Words(
            f"声源高 0.05 米，受声点离地 {values['height']:g} 米；平地，道路硬，其余地面系数 {values['ground']:g}；"
            f"有利传播占 {values['favourable']:g}%（无本地气象统计时的设定）；{values['reach']:g} 米以外的道路不计。",
            f"Sources 0.05 m and places {values['height']:g} m above flat ground; roads hard, the land of factor "
            f"{values['ground']:g}; favourable air {values['favourable']:g} % of the time (a choice without local "
            f"records); roads beyond {values['reach']:g} m are not heard.",
        ),
        Words(
            "坡度、路口加减速、镶钉轮胎未计；路面一律按所选类型。",
            "Slopes, junctions and studded tyres are left out; one surface for all roads.",
        ),
    )
