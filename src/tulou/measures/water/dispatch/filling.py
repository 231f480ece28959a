"""Equal filling: storages share what may leave so that none spills while another has room."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
BAND = 0.05
"""How far below the mean filling a storage still releases; a choice, which keeps gates from swinging to and fro."""


def release_shares(volume: ArrayLike, capacity: ArrayLike, *, band: float = BAND) -> Array:
    """Which share of what may leave does each storage release, so that they fill alike?

    With ``f = V / V_max`` and its mean: ``e = max(f − mean f + β, 0)`` where something is stored, ``share = e / Σ e``.
    With β = 0 only storages above the mean release, and take turns.

    Args:
        volume: V of each storage, m³.
        capacity: V_max of each, m³.
        band: β.

    Returns:
        Shares, which sum to 1; all 0 where nothing is stored.

    Raises:
        BadUse: When a capacity is not above 0.

    Source: equal-filling degree, Borsányi et al. (2008); Troutman et al. (2020).
    """
    v, most = np.asarray(volume, np.float64), np.asarray(capacity, np.float64)
    if (most <= 0).any():
        raise BadUse("a storage holds something", where="capacity", found=most.tolist())
    filled = v / most
    excess = np.where(v > 0, np.maximum(filled - filled.mean() + band, 0.0), 0.0)
    whole = excess.sum()
    return np.asarray(excess / whole) if whole > 0 else np.zeros(len(v))
