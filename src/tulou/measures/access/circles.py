"""Living circles: which of the required kinds of facility people reach.

What is counted: of the kinds of facility a circle requires, how many each place reaches, weighted by people. A kind
without any record in the city is *unknown*, not missing: it is left out of the share, and ``low`` and ``high`` say what
the share would be if it were nowhere or everywhere.

``required`` names the kinds, parted by commas: ``"primary_school, pharmacy, food_market"``. A kind may have its own
reach: ``"convenience_store 300 m, food_market 500 m"``; the others take ``radius``.
"""

from __future__ import annotations

import re
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Parts, Places, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.brackets import same_length
from tulou.measures.access.finders import GroupFinder, StraightToPoints, WalkingToPoints


@measure(
    title=Words("生活圈设施达标程度", "Completeness of the living circle"),
    source="GB 50180-2018",
    raised_by=("targets",),
)
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
    kinds = read_required(required, radius)
    place = WalkingToPoints(places, targets, walking) if walking is not None else StraightToPoints(places, targets)
    count, is_known = _count(place, group, known, kinds)
    whole = same_length(weight, len(count), "weight")
    people = np.where(place.is_known, whole, np.nan)
    sure, all_kinds = int(is_known.sum()), len(kinds)
    unknown = all_kinds - sure
    part = people * count / sure if sure else np.full(len(count), np.nan)
    low = people * count / all_kinds if unknown else None
    high = people * (count + unknown) / all_kinds if unknown else None
    return Parts(part, whole.copy(), low=low, high=high)


@measure(
    title=Words("生活圈设施全部达标人口", "People whose living circle is complete"),
    source="GB 50180-2018",
)
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
    kinds = read_required(required, radius)
    place = WalkingToPoints(places, targets, walking) if walking is not None else StraightToPoints(places, targets)
    count, is_known = _count(place, group, known, kinds)
    whole = same_length(weight, len(count), "weight")
    people = np.where(place.is_known, whole, np.nan)
    complete, unknown = count == is_known.sum(), not is_known.all()
    most = np.where(complete, people, people * 0.0)
    if not unknown:
        return Parts(most, whole.copy(), cause=_lacking(complete, place.is_known))
    part = np.where(complete, np.nan, people * 0.0)
    return Parts(part, whole.copy(), low=people * 0.0, high=most, cause=_lacking(complete, place.is_known))


def read_required(text: str, radius: float) -> dict[str, float]:
    """The kinds required and how far each may be, m.

    Args:
        text: Kinds parted by commas, each with an own reach or without: ``"pharmacy, food_market 500 m"``.
        radius: Reach of those without an own one, m.

    Raises:
        BadUse: When no kind is named, or one is named twice, or an entry cannot be read.
    """
    found: dict[str, float] = {}
    for entry in filter(None, map(str.strip, re.split("[,，、;；]", text))):
        match = re.fullmatch(r"(\S+)(?:\s+(\d+(?:\.\d+)?)\s*m)?", entry)
        if match is None or match[1] in found:
            raise BadUse(
                "this is not one kind with its reach", where="required", found=entry, allowed=("pharmacy 500 m",)
            )
        found[match[1]] = float(match[2] or radius)
    if not found:
        raise BadUse(
            "no kind of facility is required", where="required", found=text, allowed=("pharmacy, food_market",)
        )
    return found


def _count(
    finder: GroupFinder, group: Texts, known: Texts | None, kinds: dict[str, float]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """How many of the known kinds each place reaches, and which kinds are known."""
    if len(group) != len(finder.is_target):
        raise BadUse("columns differ in length", where="group", found=len(group), allowed=(str(len(finder.is_target)),))
    claimed = set() if known is None else {kind for kind in known if kind is not None}
    rows = {kind: np.flatnonzero((np.asarray(group, object) == kind) & finder.is_target) for kind in kinds}
    is_known = np.array([kind in claimed or len(rows[kind]) > 0 for kind in kinds])
    reached = finder.reaches([rows[kind] for kind in kinds], list(kinds.values()))
    count: NDArray[np.int64] = np.sum(reached, axis=1, dtype=np.int64)
    return count, is_known


def _lacking(complete: NDArray[np.bool_], is_known: NDArray[np.bool_]) -> NDArray[np.object_]:
    cause = np.full(len(complete), None, object)
    cause[~complete & is_known] = "too_far"
    return cause
