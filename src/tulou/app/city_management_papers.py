"""Writing the papers of city management in the formats and languages asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.app.city_management import Docket
from tulou.app.city_management_grid import Grid
from tulou.kernel.words import Language, Words
from tulou.model.geography import to_geographic
from tulou.operations.city_management.domain.topology import GridFault
from tulou.publish.city_management.grid import GridMaterial, grid_paper
from tulou.publish.city_management.report import Recurring, ReportMaterial, report_paper
from tulou.publish.paper.write import write_papers

Shapes = NDArray[np.object_]

WAYS = ("body", "street", "class")
"""How the cases of a report are grouped."""
NEARLY_ALL = (0.01, 0.99)
"""Between which shares of the places a map reaches, where there is no city to show."""
MOST_DAYS = 92
"""Days of a period up to which they are drawn side by side."""
SHOWN_MOMENT = len("2026-11-20 17:30")


def grid_material(grid: Grid, faults: Sequence[GridFault]) -> GridMaterial:
    """What the paper of a grid is made of."""
    return GridMaterial(
        grid.city, grid.cells, grid.around, faults, grid.rule, grid.crs, grid.layers, grid.is_synthetic,
        grid.is_proposed,
    )  # fmt: skip


def write_grid(
    found: GridMaterial, folder: Path, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:  # fmt: skip
    """Write the paper of a grid.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    return write_papers({one: grid_paper(found, one) for one in languages}, "unit-grid", folder, formats)


def report_material(
    docket: Docket, *, ways: Sequence[str] = WAYS, is_public: bool = False, notes: Sequence[Words] = ()
) -> ReportMaterial:
    """What the report of a docket is made of.

    Args:
        docket: The records of a period.
        ways: How cases are grouped, a table each.
        is_public: Whether small counts are hidden.
        notes: What a reader must know besides.
    """
    local = docket.clock
    first = docket.period.start.astimezone(local).date()
    last = docket.period.last.astimezone(local).date()
    known = docket.placed.places[np.isfinite(docket.placed.places).all(axis=1)]
    bounds = _bounds(docket.layers.buildings) or _most(known)
    groups = {way: [(docket.title(way, name), counts) for name, counts in docket.groups(way).items()] for way in ways}
    return ReportMaterial(
        docket.name, first, last, docket.counts, docket.rules.rates, groups, _days(docket, first, last),
        _recurring(docket), docket.recurrence, bounds, docket.layers, () if is_public else _late(docket),
        docket.source, notes, docket.is_synthetic, is_public,
    )  # fmt: skip


def write_report(
    found: ReportMaterial, name: str, folder: Path, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:  # fmt: skip
    """Write a report.

    Args:
        found: What it is made of.
        name: What its files are called.
        folder: Where to.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    return write_papers({one: report_paper(found, one) for one in languages}, name, folder, formats)


def _bounds(shapes: Shapes) -> tuple[float, float, float, float] | None:
    if not len(shapes):
        return None
    west, south, east, north = map(float, shapely.total_bounds(shapes))
    return (west, south, east, north) if np.isfinite([west, south, east, north]).all() else None


def _most(places: NDArray[np.float64]) -> tuple[float, float, float, float] | None:
    """Where nearly all of some places are, so that a few far out do not make the map small."""
    if not len(places):
        return None
    (west, south), (east, north) = np.quantile(places, NEARLY_ALL, axis=0)
    return float(west), float(south), float(east), float(north)


def _days(docket: Docket, first: date, last: date) -> dict[str, list[int]]:
    """Reported, filed and closed on each day of the period; only what has a day."""
    local = docket.clock
    length = (last - first).days + 1
    found = {name: [0] * length for name in ("reported", "filed", "closed")}
    for record in docket.records:
        moments: dict[str, datetime | None] = {"reported": record.opened}
        moments |= {
            name: record.stages[stage].done
            for name, stage in (("filed", "file"), ("closed", "close"))
            if stage in record.stages
        }
        for name, moment in moments.items():
            if moment is not None and docket.period.holds(moment):
                found[name][(moment.astimezone(local).date() - first).days] += 1
    return found if length <= MOST_DAYS else {name: [] for name in found}


def _recurring(docket: Docket) -> list[Recurring]:
    listed = docket.recurring
    if not listed:
        return []
    points = to_geographic(np.asarray(shapely.points([one.place for one in listed]), object), docket.crs)
    return [
        Recurring(
            one, docket.classes.title(one.case_class), *docket.place_of(one), (round(point.x, 5), round(point.y, 5))
        )
        for one, point in zip(listed, points, strict=True)
    ]


def _late(docket: Docket) -> list[tuple[str, Words, Words, str, str]]:
    """Cases that are overdue and not handled, the longest overdue first."""
    local = docket.clock
    found = []
    for record, street in zip(docket.records, docket.placed.streets, strict=True):
        stage = record.stages.get("handle")
        if stage is not None and stage.done is None and stage.due is not None and stage.is_late:
            title, body = docket.classes.title(record.case_class), docket.title("body", record.body)
            found.append((stage.due, record.id, title, body, street))
    return [
        (name, title, body, street, due.astimezone(local).isoformat(sep=" ", timespec="minutes")[:SHOWN_MOMENT])
        for due, name, title, body, street in sorted(found, key=lambda row: (row[0], row[1]))
    ]
