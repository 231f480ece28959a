"""Living circles: which of the required kinds of facility people reach.

What is counted: of the kinds of facility a circle requires, how many each place reaches, weighted by people. A kind
without any record in the city is *unknown*, not missing: it is left out of the share, and ``low`` and ``high`` say what
the share would be if it were nowhere or everywhere.

``required`` names the kinds, parted by commas: ``"primary_school, pharmacy, food_market"``. A kind may have its own
reach: ``"convenience_store 300 m, food_market 500 m"``; the others take ``radius``.
"""

from __future__ import annotations

from typing import Annotated

from tulou.kernel.arrays import Floats, Parts, Places, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.network import Network
from tulou.kernel.words import Words


@measure(title=Words("生活圈设施达标程度", "Completeness of the living circle"), source="GB 50180-2018")
def groups_reached(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    group: Texts,
    walking: Network | None = None,
    known: Texts | None = None,
    *,
    required: str,
    radius: Annotated[float, "m"],
) -> Annotated[Parts, "person", "person"]:
    """Which share of the required kinds of facility do people reach?

    ``part = weight × reached / (required kinds that are known)``, ``whole = weight``.

    Args:
        places: Where people live, (n, 2), m.
        weight: People at each place.
        targets: Facilities of all kinds, (k, 2), m.
        group: Kind of each facility.
        walking: The network walked along; left out, distances are straight.
        known: Kinds whose records are claimed complete, so that none recorded means none there; left out, a kind is
            known when at least one facility of it is recorded.
        required: The kinds required, see the module.
        radius: Reach, m.
    """
    raise NotImplementedError


@measure(title=Words("生活圈设施全部达标人口", "People whose living circle is complete"), source="GB 50180-2018")
def all_groups_reached(
    places: Annotated[Places, "m"],
    weight: Annotated[Floats, "person"],
    targets: Annotated[Places, "m"],
    group: Texts,
    walking: Network | None = None,
    known: Texts | None = None,
    *,
    required: str,
    radius: Annotated[float, "m"],
) -> Annotated[Parts, "person", "person"]:
    """How many people reach every required kind of facility?

    ``part = weight`` where all required kinds are reached, 0 where a known one is not, NaN where all known ones are
    reached and some are unknown; ``whole = weight``.

    Args:
        places: Where people live, (n, 2), m.
        weight: People at each place.
        targets: Facilities of all kinds, (k, 2), m.
        group: Kind of each facility.
        walking: The network walked along; left out, distances are straight.
        known: Kinds whose records are claimed complete; left out, a kind is known when at least one is recorded.
        required: The kinds required, see the module.
        radius: Reach, m.
    """
    raise NotImplementedError
