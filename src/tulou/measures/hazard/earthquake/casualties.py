"""People killed by collapsing buildings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


def death_rate(collapsed: Array, *, factor: float, exponent: float, offset: float) -> Array:
    """Which share of the people indoors is killed? ``lg RD = factor · A^exponent − offset``.

    Args:
        collapsed: Share of the floor area that is ruined, ``A``, of each place; NaN where unknown.
        factor: 12.479 in the publication.
        exponent: 0.1 in the publication.
        offset: 13.3 in the publication.

    Returns:
        Share of people; 0 where nothing collapses.

    Raises:
        BadUse: When a share is not from 0 to 1.

    Source: Yin Zhiqian (1991), A method of estimating casualties of earthquakes.
    """
    if np.any(collapsed < 0) or np.any(collapsed > 1):
        raise BadUse("a share lies between 0 and 1", where="collapsed", found=float(np.nanmax(collapsed)))
    rate = 10.0 ** (factor * collapsed**exponent - offset)
    return np.where(collapsed == 0, 0.0, np.minimum(rate, 1.0))
