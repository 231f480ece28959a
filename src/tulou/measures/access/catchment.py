"""Supply against demand: floating catchments, and shortages within service areas.

With people P, capacity S, distance d and reach d0:

* 2SFCA (Luo and Wang 2003): ``R_j = S_j / Σ_{d_ij ≤ d0} P_i``; ``A_i = Σ_{d_ij ≤ d0} R_j``.
* E2SFCA (Luo and Qi 2009): both sums weighted by ``W(d_ij)``, a weight falling by bands.
* 3SFCA (Wan, Zou and Sternberg 2012): a selection weight ``G_ij = W_ij / Σ_k W_ik`` enters both sums as well.

All three hand out exactly the capacity that somebody reaches: ``Σ A_i P_i = Σ S_j``. A facility nobody reaches hands
out nothing. Edge effect: people and facilities beyond the city's edge should be given too, or places near it look worse.
"""

from __future__ import annotations

from typing import Annotated, Literal

from tulou.kernel.arrays import Brackets, Floats, Parts, Places, Shapes
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words

Method = Literal["2sfca", "e2sfca", "3sfca"]


@measure(
    title=Words("两步移动搜寻可达性", "Floating-catchment accessibility"),
    source="Luo & Wang 2003; Luo & Qi 2009; Wan, Zou & Sternberg 2012",
    verified="PySAL access 1.1.10 (three-by-two example)",
)
def floating_catchment(
    places: Annotated[Places, "m"],
    people: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    capacity: Annotated[Floats, "place"],
    walking: Network | None = None,
    *,
    radius: Annotated[float, "m"],
    method: Method,
    decay: Annotated[Brackets, "m", "1"] = ((0.0, 1.0),),
) -> Annotated[Parts, "place", "person"]:
    """How much capacity is there for each person, sharing each facility with all who reach it?

    ``part = A_i P_i`` (capacity that falls to the people of the place), ``whole = P_i``: the value of a unit is its
    mean places a person, and ``part / whole`` is ``A_i`` of a row.

    Args:
        places: Where people live, (n, 2), m.
        people: People at each place; unknown (NaN) ones take no part, their row is NaN.
        targets: Facilities, (k, 2), m.
        capacity: Places, beds or seats of each; a facility of unknown capacity makes NaN every place it would serve.
        walking: The network walked along; left out, distances are straight.
        radius: Reach d0, m.
        method: ``2sfca``, ``e2sfca`` or ``3sfca``.
        decay: Weight by distance: pairs (from this distance on, weight); not used by ``2sfca``.
    """
    raise NotImplementedError


@measure(title=Words("服务范围内学位缺口", "Shortage of places within service areas"), source="建科〔2023〕75号")
def catchment_shortage(
    targets: Annotated[Places, "m"],
    capacity: Annotated[Floats, "place"],
    places: Annotated[Places, "m"],
    children: Annotated[Floats, "person"],
    walking: Network | None = None,
    *,
    radius: Annotated[float, "m"],
    assign: Literal["every", "nearest"] = "every",
) -> Annotated[Parts, "place", "person"]:
    """How many places lack in the service area of each school?

    ``part_s = max(0, Σ_{i in area of s} children_i − capacity_s)``, ``whole_s = Σ children_i``. A child needs one
    place. Children beyond every service area are in none, hence not counted: ``reached_walking`` shows them.

    Args:
        targets: Schools, (n, 2), m.
        capacity: Places of each school; unknown gives NaN.
        places: Where children live, (k, 2), m.
        children: Children of the age at each place; unknown ones are left out.
        walking: The network walked along; left out, distances are straight.
        radius: Service radius, m.
        assign: ``every`` counts a child in each area it lives in (the official rule); ``nearest`` only in that of its
            nearest school, within the radius.
    """
    raise NotImplementedError


@measure(title=Words("学区学位缺口", "Shortage of places within school districts"), source="建科〔2023〕75号")
def district_shortage(
    districts: Annotated[Shapes, "m"],
    targets: Annotated[Places, "m"],
    capacity: Annotated[Floats, "place"],
    places: Annotated[Places, "m"],
    children: Annotated[Floats, "person"],
) -> Annotated[Parts, "place", "person"]:
    """How many places lack in each school district?

    ``part = max(0, Σ children in the district − Σ capacity of the schools in it)``, ``whole = Σ children``.

    Args:
        districts: Polygons of school districts; None gives NaN.
        targets: Schools, (k, 2), m.
        capacity: Places of each school; an unknown one makes its district NaN.
        places: Where children live, (j, 2), m.
        children: Children of the age at each place; unknown ones are left out.
    """
    raise NotImplementedError
