"""Wind below and above the roofs: how strong it blows at some height when far above it blows as before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
ATTENUATION = 9.6
"""How fast wind between cubes falls off below their roofs, a = 9.6 λf (Macdonald 2000, eq. 13; from memory)."""


def log_law(height: Array | float, roughness: Array, displacement: Array, *, reference: float) -> Array:
    """How strong is the wind at a height above the roofs, as a share of that at a reference height?

    ``u(z)/u(zr) = ln((z − zd)/z0) / ln((zr − zd)/z0)``: the logarithmic law ``u(z) = u*/κ ln((z − zd)/z0)`` at both
    heights, in the same wind far above.

    Args:
        height: z, m.
        roughness: z0, m, above 0.
        displacement: zd, m.
        reference: zr, m, where buildings are no longer felt.

    Returns:
        The share; 0 up to zd + z0, where the law lets the wind end; NaN where something is unknown, or the reference
        lies that low.
    """
    roughness, displacement = np.asarray(roughness, np.float64), np.asarray(displacement, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        above, far = (height - displacement) / roughness, (reference - displacement) / roughness
        found = np.log(above) / np.log(far)
    return np.where((far > 1) & np.isfinite(above), np.where(above > 1, found, 0.0), np.nan)


def pedestrian_wind(
    roughness: Array,
    displacement: Array,
    roofs: Array,
    frontal_area: Array,
    *,
    height: float,
    reference: float,
) -> Array:
    """How strong is the wind at the height of people, as a share of that far above?

    At the roofs by ``log_law``; below them ``u(z) = u(H) exp(9.6 λf (z/H − 1))``, Macdonald (2000), Modelling the mean
    velocity profile in the urban canopy layer, Boundary-Layer Meteorology 97. Where no building stands, or none higher
    than people, by ``log_law`` all the way down. An average over a cell: no single corner or passage.

    Args:
        roughness: z0, m, above 0.
        displacement: zd, m.
        roofs: Mean height H of the roofs, m; NaN where nothing stands.
        frontal_area: λf; NaN where unknown.
        height: Height of people, m.
        reference: Height far above, m.

    Raises:
        BadUse: When people are not below the reference.
    """
    if not 0 < height < reference:
        raise BadUse("people stand below the reference height", where="height", found=(height, reference))
    is_built = roofs > height
    at_roofs = log_law(np.where(is_built, roofs, height), roughness, displacement, reference=reference)
    with np.errstate(invalid="ignore"):
        below = np.exp(ATTENUATION * frontal_area * (height / np.where(is_built, roofs, height) - 1))
    return np.where(is_built, at_roofs * below, np.where(np.isnan(frontal_area), np.nan, at_roofs))
