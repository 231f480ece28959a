"""Requests of a city beside the newest check of it: which unit each lies in, and what passes where they pile up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from tulou.app.hotline import Hotline
from tulou.app.wiring import look_at
from tulou.operations.hotline.domain.contrast import Contrast, contrasts
from tulou.operations.hotline.domain.likeness import groups, kindred
from tulou.operations.hotline.domain.request import Request
from tulou.sources.datum import from_wgs84

LEVELS = ("district", "block", "community")
COLUMNS = ["indicator", "variant", "level", "unit", "status", "value", "mark"]


def contrasts_of(hotline: Hotline, fewest: int | None = None) -> list[Contrast]:
    """Indicators of the newest check that pass where requests on the same subject pile up.

    Args:
        hotline: The hotline.
        fewest: Requests below which nothing is said; those that make a theme by default.

    Raises:
        NotEnoughData: When no check was made.
    """
    rule = hotline.rules.likeness_on(hotline.today)
    requests, check = hotline.requests, hotline.work.check
    pairs = kindred(requests, rule)
    held = frozenset(requests[i].id for group in groups(pairs, len(requests), rule.fewest) for i in group)
    rows = [row for row in check.results.select(COLUMNS).to_pylist() if not row["variant"]]
    units = units_of(hotline, requests)
    return contrasts(requests, units, rows, hotline.rules.topics, held, fewest=fewest or rule.fewest)


def units_of(hotline: Hotline, requests: Sequence[Request]) -> dict[str, dict[str, str]]:
    """Units by level in which each placed request lies, on the day of the newest check."""
    city = look_at(hotline.city)
    state = city.state(valid=hotline.work.check.day)
    placed = [one for one in requests if one.lon is not None and one.lat is not None]
    found: dict[str, dict[str, str]] = {one.id: {} for one in placed}
    if not placed or not city.profile.crs:
        return found
    lon, lat = (np.array([getattr(one, axis) for one in placed], np.float64) for axis in ("lon", "lat"))
    points = shapely.points(*from_wgs84(lon, lat, city.profile.crs))
    for level in LEVELS:
        if level not in state.dictionary:
            continue
        rows = state.rows(level)
        ids = rows.ids
        inside, unit = shapely.STRtree(rows.shapes).query(points, predicate="intersects")
        for point, place in sorted(zip(inside.tolist(), unit.tolist(), strict=True), reverse=True):
            found[placed[point].id][level] = str(ids[place])
    return found
