"""How much of the sky is seen from each cell of a surface of ground and buildings.

Two definitions are in use and differ by a tenth and more, so each has its own function:

- ``sky_view_factor``, what urban climate means by the word: the share of the radiation of an even sky that reaches flat
  ground, so that the zenith counts most. In the middle of an endless street it is ``cos(arctan(2H/W))``.
- ``visible_sky``, the share of the hemisphere that is open, all parts counting alike; rvt-py calls it sky view factor.

Both come from the same horizons: in each of several directions the highest angle of any cell of the surface, however
far. Heights stand at the middles of cells; a cell's horizon is looked for along the line of that direction that passes
it, at most half a cell beside its middle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.threads import in_threads, spans
from tulou.measures.climate.kernels.horizons import sky_along

Singles = NDArray[np.float32]

DIRECTIONS = 32
"""Directions in which the horizon is looked for. Beside 360 of them 16 are wrong by 0.02 in the mean, 32 by 0.01."""


def sky_view_factor(surface: NDArray[np.floating], cell: float, *, directions: int = DIRECTIONS) -> Singles:
    """How much of the sky warms or cools each cell? 1 in the open, 0 at the bottom of a shaft.

    ``Ψ = (1/2π) ∫ cos² γ(φ) dφ`` with γ the angle of the horizon, the cosine-weighted sky view factor of a level cell.

    Args:
        surface: Height of ground and buildings, m, (rows, columns); a cell of NaN hides nothing and sees nothing.
        cell: Side of a cell, m.
        directions: In how many directions the horizon is looked for, even.

    Returns:
        A field of the shape of the surface; NaN where the surface is unknown.

    Raises:
        BadUse: When the surface has no number, the cell no side, or the directions are not even.
    """
    return _seen(surface, cell, directions, is_cosine=True)


def visible_sky(surface: NDArray[np.floating], cell: float, *, directions: int = DIRECTIONS) -> Singles:
    """How much of the hemisphere above each cell is open? ``(1/2π) ∫ (1 − sin γ(φ)) dφ``, no part weighing more.

    Arguments, result and errors as ``sky_view_factor``. It is what rvt-py calls sky view factor (Zakšek, Oštir & Kokalj
    2011).
    """
    return _seen(surface, cell, directions, is_cosine=False)


def _seen(surface: NDArray[np.floating], cell: float, directions: int, *, is_cosine: bool) -> Singles:
    known = np.isfinite(surface)
    if surface.ndim != 2 or not known.any():  # noqa: PLR2004  (rows and columns)
        raise BadUse("a surface has rows, columns and at least one height", where="surface", found=surface.shape)
    if not 0 < cell < np.inf:
        raise BadUse("the side of a cell is above 0", where="cell", found=cell)
    if directions < 2 or directions % 2:  # noqa: PLR2004  (each line is walked both ways)
        raise BadUse("the directions are an even number", where="directions", found=directions)
    along = np.subtract(surface, np.nanmin(surface), dtype=np.float32, order="C")
    along /= np.float32(cell)
    if not known.all():
        along[~known] = 0
    across = np.ascontiguousarray(along.T)
    sky, sky_across = np.zeros_like(along), np.zeros_like(across)
    for turn in range(directions // 2):
        east, south = np.cos(2 * np.pi * turn / directions), np.sin(2 * np.pi * turn / directions)
        if abs(east) >= abs(south):
            _add_sky(along, south / east, sky, is_cosine=is_cosine)
        else:
            _add_sky(across, east / south, sky_across, is_cosine=is_cosine)
    sky += sky_across.T
    sky /= np.float32(directions)
    np.clip(sky, 0, 1, out=sky)
    if not known.all():
        sky[~known] = np.nan
    return sky


def _add_sky(surface: Singles, slope: float, sky: Singles, *, is_cosine: bool) -> None:
    """Add the sky along all lines of one slope; lines share no cell, so threads share none."""
    rows, columns = surface.shape
    moved = int(np.floor(slope * (columns - 1) + 0.5))
    first, last = min(0, -moved), rows + max(0, -moved)

    def work(span: slice) -> None:
        sky_along(surface, slope, (first + span.start, first + span.stop), is_cosine, sky)

    in_threads(work, spans(last - first))
