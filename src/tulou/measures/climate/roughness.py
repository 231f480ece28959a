"""Aerodynamic roughness of a city from its form: Macdonald, Griffiths & Hall (1998) and Kanda et al. (2013).

Both tell what *buildings* do to the wind. Where none stand they give 0 for both numbers: grass, water and trees have a
roughness of their own, which is not in these formulas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]

DRAG = 1.2
"""Drag coefficient C_d of a cube (Macdonald et al. 1998)."""
KARMAN = 0.4
"""Von Kármán's constant κ."""


@dataclass(frozen=True)
class Layout:
    """How an array of cubes stands, by the two numbers Macdonald et al. (1998) fitted to wind-tunnel runs.

    Args:
        displacement: α, how fast the displacement grows with the ground built on.
        drag: β, correction of the drag.
    """

    displacement: float
    drag: float


STAGGERED = Layout(4.43, 1.0)
SQUARE = Layout(3.59, 0.55)

KANDA_A0, KANDA_B0, KANDA_C0 = 1.29, 0.36, -0.17
"""Coefficients of the displacement height (Kanda et al. 2013, eq. 10)."""
KANDA_A1, KANDA_B1, KANDA_C1 = 0.71, 20.21, -0.77
"""Coefficients of the roughness length (Kanda et al. 2013, eq. 12)."""


@dataclass(frozen=True, eq=False)
class Roughness:
    """What the wind above the roofs feels of the city.

    Args:
        length: Roughness length z0, m; 0 where nothing stands.
        displacement: Displacement height zd, m; 0 where nothing stands.
    """

    length: Array
    displacement: Array


def macdonald(plan_area: Array, frontal_area: Array, height: Array, *, layout: Layout = STAGGERED) -> Roughness:
    """How rough is a city of buildings of one height?

    ``zd/H = 1 + α^(−λp) (λp − 1)``, ``z0/H = (1 − zd/H) exp(−(½ β C_d/κ² (1 − zd/H) λf)^(−½))``, Macdonald, Griffiths &
    Hall (1998). Heights that differ are taken by their mean, which tells zd and z0 too low: then use ``kanda``.

    Args:
        plan_area: λp, from 0 to 1.
        frontal_area: λf, 0 or more.
        height: Mean height H, m; NaN where nothing stands.
        layout: How the buildings stand.

    Returns:
        Fields of the shape of the arguments; NaN where one of them is unknown.

    Raises:
        BadUse: When λp is not from 0 to 1, or λf or a height below 0.
    """
    _check(plan_area, frontal_area, height)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = -(layout.displacement**-plan_area) * (plan_area - 1)
        drag = 0.5 * layout.drag * DRAG / KARMAN**2 * over * frontal_area
        length = height * over * np.exp(-(drag**-0.5))
    empty = (plan_area == 0) | (height == 0)
    return Roughness(np.where(empty, 0.0, length), np.where(empty, 0.0, height * (1 - over)))


def kanda(
    plan_area: Array, frontal_area: Array, height: Array, height_deviation: Array, height_max: Array
) -> Roughness:
    """How rough is a city whose buildings differ in height?

    ``X = (σ_H + H)/H_max``, ``Y = λp σ_H/H``, ``zd = (c0 X² + (a0 λp^b0 − c0) X) H_max``,
    ``z0 = (b1 Y² + c1 Y + a1) z0`` of ``macdonald`` (staggered), Kanda et al. (2013). Where X exceeds 1,
    ``zd = a0 λp^b0 H``.

    Args:
        plan_area: λp, from 0 to 1.
        frontal_area: λf, 0 or more.
        height: Mean height H by footprint, m; NaN where nothing stands.
        height_deviation: σ_H by footprint, m.
        height_max: H_max, m.

    Returns:
        Fields of the shape of the arguments; NaN where one of them is unknown.

    Raises:
        BadUse: As ``macdonald``.
    """
    plain = macdonald(plan_area, frontal_area, height)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (height_deviation + height) / height_max
        varied = plan_area * height_deviation / height
        rise = KANDA_A0 * plan_area**KANDA_B0
        displacement = (KANDA_C0 * spread**2 + (rise - KANDA_C0) * spread) * height_max
        displacement = np.where(spread > 1, rise * height, displacement)
        length = (KANDA_B1 * varied**2 + KANDA_C1 * varied + KANDA_A1) * plain.length
    empty = (plan_area == 0) | (height == 0)
    return Roughness(np.where(empty, 0.0, length), np.where(empty, 0.0, displacement))


def _check(plan_area: Array, frontal_area: Array, height: Array) -> None:
    if ((plan_area < 0) | (plan_area > 1)).any() or (frontal_area < 0).any() or (height < 0).any():
        raise BadUse(
            "ground built on is a share from 0 to 1, and walls and heights are not below 0",
            where="plan_area",
            found=(float(np.nanmin(plan_area)), float(np.nanmax(plan_area))),
        )
