"""What inlets take from the street into the drains: as over a weir while shallow, through an orifice when deep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.measures.water.flood.inertial import GRAVITY

Array = NDArray[np.float64]


def inlet_flow(depth: Array, *, length: float, opening: float, weir: float, orifice: float) -> Array:
    """How much do inlets take from water standing over them?

    The lesser of a weir, Q = C_w P h^(3/2), and an orifice, Q = C_o A √(2 g h).

    Args:
        depth: Water over the inlets that the drains do not press back, m; none where not above 0.
        length: Length P over which water falls in, m.
        opening: Open area A, m².
        weir: C_w, m^(1/2)/s.
        orifice: C_o.

    Returns:
        Flow into the drains, m³/s.

    Source: FHWA, Hydraulic Engineering Circular 22 (grates in a sag).
    """
    over = np.maximum(depth, 0.0)
    return np.asarray(np.minimum(weir * length * over**1.5, orifice * opening * np.sqrt(2 * GRAVITY * over)))
