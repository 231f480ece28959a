"""Districts of fire stations: how far they reach, and how fast an engine must drive to keep their limit.

``A = 2 P²`` for a station in the middle of a net of streets at right angles, with the way ``P`` (km) to the edge of the
district of area ``A`` (the model behind the limits of GB 51080-2015, from memory); the engine has the time between
turn-out and arrival for ``P``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def district_reach(area: Array | float) -> Array:
    """How far is the edge of a district of some area along the streets?

    ``P = √(A / 2)``

    Args:
        area: Area of the district, m².

    Returns:
        Way to the edge, m.
    """
    return np.sqrt(np.asarray(area, np.float64) / 2.0)


def speed_needed(area: Array | float, time: float) -> Array:
    """How fast must an engine drive to reach the edge of a district in time?

    Args:
        area: Area of the district, m².
        time: Driving time, s.

    Returns:
        m/s.
    """
    return district_reach(area) / time
