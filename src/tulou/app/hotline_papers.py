"""Writing the reports of the hotline in the formats and languages asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.app.hotline import Hotline
from tulou.app.hotline_contrast import contrasts_of
from tulou.app.wiring import look_at
from tulou.indicators.evaluate.keeping import kept_checks
from tulou.kernel.periods import Period
from tulou.kernel.words import Language
from tulou.model.geography import choose_system, extent_of, to_metric
from tulou.operations.hotline.domain.request import Request
from tulou.publish.drawing.ground import Layers
from tulou.publish.hotline.material import ReportMaterial
from tulou.publish.hotline.report import report_paper
from tulou.publish.layers import layers_of
from tulou.publish.paper.write import write_papers

FOLDER = "reports"


def write_report(
    hotline: Hotline, period: Period, formats: Sequence[str], languages: Sequence[Language], *,
    folder: Path | None = None, is_public: bool = False,
) -> list[Path]:  # fmt: skip
    """Write the report of a window.

    Args:
        hotline: The hotline.
        period: The window, with the month or day it is named for.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.
        folder: Where to; ``hotline/reports`` of the city by default.
        is_public: Whether small counts are hidden.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    found = material_of(hotline, period, is_public=is_public)
    called = f"hotline-{period.name}" + ("-public" if is_public else "")
    papers = {one: report_paper(found, one) for one in languages}
    return write_papers(papers, called, folder or hotline.folder / FOLDER, formats)


def material_of(hotline: Hotline, period: Period, *, is_public: bool) -> ReportMaterial:
    """What the report of a window is made of."""
    start, end = period.start, period.end
    city = look_at(hotline.city)
    zone = timezone(timedelta(hours=hotline.offset))
    came = [one for one in hotline.requests if start <= one.received < end]
    until = [one for one in hotline.requests if one.received < end]
    tallies = hotline.tallies(period)
    points = _points(came, city.profile.crs)
    dispatched = [
        one for one in hotline.courses for move in one.moves if move.id == "dispatch" and start <= move.happened < end
    ]
    returned = sum(any(move.id == "return" for move in one.moves) for one in dispatched)
    days = Counter(one.received.astimezone(zone).date() for one in came)
    first, last = start.astimezone(zone), end.astimezone(zone)
    span = [first.date() + timedelta(days=step) for step in range((last.date() - first.date()).days + (last.hour > 0))]
    spoken = hotline.work.flows.versions["hotline"][-1].bodies
    return ReportMaterial(
        city.profile.name, (_shown(first), _shown(last)), not period.is_day, hotline.rate_rule(start.date()), tallies,
        {name: one.title for name, one in spoken.items()},
        Counter(one.category[0] if one.category else "" for one in came), Counter(one.channel for one in came),
        [(day, days[day]) for day in span], points, sum(not one.is_placed for one in came),
        [one for one in hotline.themes_of(until) if one.last >= start],
        contrasts_of(hotline) if kept_checks(hotline.city) else (), _layers(hotline), (len(dispatched), returned),
        is_public, city.profile.synthetic, city.profile.credit,
    )  # fmt: skip


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _points(requests: Sequence[Request], crs: str) -> NDArray[np.float64]:
    """East and north of those with a place, in the city's system or one chosen for them."""
    known = [(one.lon, one.lat) for one in requests if one.is_placed]
    shapes = np.asarray(shapely.points(np.array(known, np.float64).reshape(-1, 2)), np.object_)
    extent = extent_of(shapes) if len(shapes) else None
    if extent is None:
        return np.empty((0, 2))
    return np.asarray(shapely.get_coordinates(to_metric(shapes, crs or choose_system(extent))), np.float64)


def _layers(hotline: Hotline) -> Layers:
    """What stands on the ground by the newest check, else nothing."""
    if not kept_checks(hotline.city):
        return Layers()
    return layers_of(look_at(hotline.city).state(valid=hotline.work.check.day))
