"""People on foot in a crowd: speed and flow by density, and the time a crowd takes to pass a width.

With density ``D`` (person/m²): speed ``v = k (1 − a D)`` and flow a metre of width ``F = v D``, largest at
``D = 1 / (2 a)``. Source: Nelson & Mowrer, Emergency Movement, SFPE Handbook of Fire Protection Engineering, with
``a`` = 0.266 m²/person and ``k`` = 1.40 m/s on level ground.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEVEL_SPEED = 1.40
"""``k`` on level ground and ramps, m/s (SFPE Handbook)."""
SLOWING = 0.266
"""``a``, m² a person (SFPE Handbook)."""
FREE_DENSITY = 0.54
"""Person/m² below which people walk as if alone (SFPE Handbook)."""


def crowd_speed(density: Array | float) -> Array:
    """How fast do people walk at a density?

    ``v = k (1 − a D)``; below ``FREE_DENSITY`` as at it, and 0 where nobody can move.

    Args:
        density: Person/m².

    Returns:
        m/s.
    """
    crowded = np.maximum(np.asarray(density, np.float64), FREE_DENSITY)
    return np.maximum(LEVEL_SPEED * (1.0 - SLOWING * crowded), 0.0)


def specific_flow(density: Array | float) -> Array:
    """How many people pass a metre of width in a second?

    Args:
        density: Person/m².

    Returns:
        Person/(m·s).
    """
    return np.asarray(crowd_speed(density) * density, np.float64)


def densest_flow() -> tuple[float, float]:
    """Density at which most people pass, person/m², and how many, person/(m·s): ``D = 1/(2a)``, ``F = k/(4a)``."""
    density = 1.0 / (2.0 * SLOWING)
    return density, float(specific_flow(density))


def passing_time(people: float, width: float) -> float:
    """Least time in which people pass a clear width, s.

    Args:
        people: How many.
        width: Clear width, m; nobody passes none.
    """
    if people <= 0:
        return 0.0
    return people / (densest_flow()[1] * width) if width > 0 else float("inf")
