"""The head of service that a house needs from the mains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def service_head(storeys: Array, first: float, second: float, more: float) -> Array:
    """How much pressure must the mains have in front of a house?

    ``first`` for one storey, ``second`` for two, and ``more`` for each storey above.

    Args:
        storeys: Storeys above the ground; NaN where unknown.
        first: Head for one storey, m.
        second: Head for two storeys, m.
        more: Head for each storey above the second, m.

    Returns:
        m; NaN where the storeys are unknown or below one.

    Source: GB 50013-2018, 3.0.9.
    """
    levels = np.ceil(storeys)
    found = np.where(levels <= 1, first, second + more * (levels - 2))
    return np.where(levels >= 1, found, np.nan)
