"""Buildings as CityJSON: bodies with what is on record of them, and how each stands in an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from numpy.typing import NDArray

from tulou.app.api.checks import NEWEST, bare, kept_check
from tulou.app.api.features import Asked, Page, Wanted, json_answer, readable, rows_of
from tulou.app.api.objects import behind, states
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.kernel.words import Words
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.publish.cityjson import Buildings, cityjson

MEDIA = "application/city+json"
KIND = "building"
MOST_BUILDINGS, USUAL_BUILDINGS = 20_000, 2_000
STANDARD: Mapping[str, str] = {
    "height": "measuredHeight",
    "storeys": "storeysAboveGround",
    "underground_storeys": "storeysBelowGround",
    "year_built": "yearOfConstruction",
    "use": "function",
}
"""Attributes of the dictionary, and what the CityGML data model calls them."""
WHOLE = ("storeys", "underground_storeys", "year_built")
"""Attributes that are whole numbers there."""


def bodies(
    limit: Annotated[int, Query(ge=1, le=MOST_BUILDINGS)] = USUAL_BUILDINGS,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Page:
    """Read which part is wanted."""
    return Page(limit, offset)


Bodies = Annotated[Page, Depends(bodies)]

ROUTER = APIRouter(prefix="/cities/{city}", tags=["features"])
"""Buildings of each city."""


@ROUTER.get("/cityjson", response_class=Response)
def buildings(
    shelf: Served,
    request: Request,
    city: str,
    asked: Asked,
    wanted: Wanted,
    language: Speech,
    page: Bodies,
    indicator: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """Buildings as CityJSON 2.0. Bodies of LoD 1 where the height is on record, footprints where it is not."""
    state = asked.state(shelf, city)
    rows = rows_of(state, KIND)
    matched = np.flatnonzero(wanted.keep(rows, state.profile.crs))
    shown = matched[page.offset : page.offset + page.limit]
    heights = rows.numbers("height")[shown]
    told = _attributes(rows, shown)
    if indicator:
        _stand(told, rows.ids[shown], shelf, city, indicator)
    held = Buildings([str(one) for one in rows.ids[shown]], rows.shapes[shown], heights, told)
    title = _title(state, heights).say(language)
    answer = json_answer(cityjson(held, state.profile.crs, title, state.moment.valid.isoformat()), MEDIA)
    answer.headers["Content-Disposition"] = f'attachment; filename="{KIND}.city.json"'
    answer.headers["X-Number-Matched"] = str(len(matched))
    after = page.offset + page.limit
    if after < len(matched):
        following = request.url.include_query_params(offset=after, limit=page.limit)
        answer.headers["Link"] = f'<{following}>; rel="next"; type="{MEDIA}"'
    return answer


def _title(state: State, heights: NDArray[np.float64]) -> Words:
    """The title of a document: whose buildings, where their ground stands, and how many have no height on record."""
    count, unknown = len(heights), int((~(heights > 0)).sum())
    name = state.profile.name
    synthetic = ("，合成数据", ", synthetic data") if state.profile.synthetic else ("", "")
    return Words(
        f"{name}{synthetic[0]}：{count} 栋建筑，地面为 0；{unknown} 栋高度未登记，只有轮廓",
        f"{name}{synthetic[1]}: {count} buildings, ground at 0; {unknown} without a height on record, footprints only",
    )


def _attributes(rows: Rows, which: NDArray[np.int64]) -> list[dict[str, Any]]:
    """What is on record of each and everybody may see, in the words of the standard where it has one."""
    found: list[dict[str, Any]] = [{} for _ in range(len(which))]
    for name in readable(rows.entity):
        column = rows.column(name)
        if column is None:
            continue
        for place, value in enumerate(column.take(which).to_pylist()):
            told = bare(value)
            if told is None or told == "":
                continue
            is_whole = name in WHOLE and float(told).is_integer()
            found[place][STANDARD.get(name, name)] = int(told) if is_whole else _plain(told)
    return found


def _plain(value: Any) -> Any:  # noqa: ANN401  (cells of any type)
    return value if isinstance(value, (str, int, float, bool, list)) else str(value)


def _stand(told: list[dict[str, Any]], ids: NDArray[np.object_], shelf: Shelf, city: str, indicator: str) -> None:
    """How each stands in an indicator of the newest check; one that it does not ask about has no word of it."""
    found = behind(shelf, city, kept_check(shelf, city, NEWEST), indicator, "")
    if found.entity != KIND:
        return
    by_id = dict(zip(map(str, found.ids), zip(states(found).tolist(), found.part.tolist(), strict=True), strict=True))
    for one, name in zip(told, map(str, ids), strict=True):
        if name in by_id:
            state, part = by_id[name]
            one |= {"indicator": indicator, "state": state, "part": bare(part)}
