"""Objects behind an indicator over HTTP: all of them, column by column, for a map that colours each."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query
from numpy.typing import NDArray

from tulou.app.api.checks import bare, kept_check
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.checking import Kept
from tulou.indicators.evaluate.objects import Objects, objects_of

MOST_OBJECTS = 250_000
"""Objects told in one answer."""
FAILS, FINE, UNKNOWN = "fails", "fine", "unknown"
"""How an object stands: it pulls the figure down, it does not, or nobody knows."""

ROUTER = APIRouter(prefix="/cities/{city}/checks", tags=["checks"])
"""Objects of each check."""


@ROUTER.get("/{check}/objects")
def objects(
    shelf: Served,
    city: str,
    check: str,
    language: Speech,
    indicator: Annotated[str, Query(max_length=80)],
    variant: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_OBJECTS)] = MOST_OBJECTS,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> dict[str, Any]:
    """Objects an indicator asks about, as columns of one length."""
    kept = kept_check(shelf, city, check)
    found = behind(shelf, city, kept, indicator, variant)
    shown = slice(offset, offset + limit)
    return {
        "indicator": indicator,
        "title": kept.rulebook.indicators[indicator].title.say(language),
        "entity": found.entity,
        "matched": len(found),
        "part_unit": found.part_unit,
        "whole_unit": found.whole_unit,
        "id": [str(one) for one in found.ids[shown]],
        "part": _numbers(found.part[shown]),
        "whole": _numbers(found.whole[shown]),
        "state": states(found)[shown].tolist(),
    }


def behind(shelf: Shelf, city: str, kept: Kept, indicator: str, variant: str) -> Objects:
    """Objects behind an indicator of a check, worked out once."""
    key = (city, "objects", kept.check.id, indicator, variant)
    return shelf.once(key, lambda: objects_of(kept.check, indicator, variant=variant))


def states(found: Objects) -> NDArray[np.str_]:
    """How each object stands."""
    return np.where(found.fails, FAILS, np.where(found.known, FINE, UNKNOWN))


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    return [bare(one) for one in values.tolist()]
