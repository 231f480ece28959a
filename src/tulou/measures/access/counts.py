"""How many targets are near: counts within a radius, straight and along the ways."""

from __future__ import annotations

from typing import Annotated

from tulou.kernel.arrays import Floats, Places
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words


@measure(title=Words("直线半径内的设施数", "Facilities within a straight radius"))
def count_within_straight(
    places: Annotated[Places, "m"], targets: Annotated[Places, "m"], *, radius: Annotated[float, "m"]
) -> Annotated[Floats, "facility"]:
    """How many targets lie within the radius of each place, in a straight line?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points counted, (k, 2), m; rows with NaN are left out.
        radius: Counted when the distance is at most this, m.

    Returns:
        Count; NaN where the place is unknown.
    """
    raise NotImplementedError


@measure(title=Words("步行半径内的设施数", "Facilities within walking distance"))
def count_within_walking(
    places: Annotated[Places, "m"], targets: Annotated[Places, "m"], walking: Network, *, radius: Annotated[float, "m"]
) -> Annotated[Floats, "facility"]:
    """How many targets can be walked to from each place within the radius?

    Args:
        places: Points asked about, (n, 2), m.
        targets: Points counted, (k, 2), m; rows with NaN are left out.
        walking: The network walked along.
        radius: Counted when the distance along the network is at most this, m.

    Returns:
        Count; NaN where the place is unknown.
    """
    raise NotImplementedError
