"""Mix of uses: do homes, shops, offices and schools stand side by side?"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats, Places, Shapes, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.polygons import holders
from tulou.kernel.words import Words


@measure(title=Words("功能混合度", "Mix of uses"), source="Shannon 1948; Cervero & Kockelman 1997")
def functional_mix(
    units: Annotated[Shapes, "m"],
    places: Annotated[Places, "m"],
    use: Texts,
    floor_area: Annotated[Floats, "m2"],
    *,
    kinds: Annotated[float, "1"],
    least_known: Annotated[float, "1"],
) -> Annotated[Floats, "1"]:
    """How mixed are the uses in each unit, from 0 (one use) to 1 (all kinds with the same floor area)?

    ``E = -sum p ln p / ln k`` with ``p`` the share of floor area by use.

    Args:
        units: Polygons, m.
        places: A point in each building, m.
        use: Use of each building.
        floor_area: Floor area of each building.
        kinds: Number of uses that may be found, ``k``.
        least_known: Share of the buildings of a unit whose use and floor area must be known, else the unit is unknown.
    """
    home = holders(units, places)
    inside = home >= 0
    known = inside & np.isfinite(floor_area) & use.astype(bool)
    buildings = np.bincount(home[inside], minlength=len(units))
    told = np.bincount(home[known], minlength=len(units))
    names, code = np.unique(use[known].astype(str), return_inverse=True)
    table = np.bincount(home[known] * len(names) + code, floor_area[known], len(units) * len(names))
    amount = table.reshape(len(units), len(names)) if len(names) else np.zeros((len(units), 1))
    total = amount.sum(axis=1)
    share = np.divide(amount, total[:, None], out=np.zeros_like(amount), where=total[:, None] > 0)
    entropy = -np.sum(share * np.log(np.where(share > 0, share, 1.0)), axis=1)
    enough = (total > 0) & (told >= least_known * buildings)
    return np.where(enough, entropy / np.log(kinds), np.nan)
