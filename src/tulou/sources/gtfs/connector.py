"""The connector of GTFS: stops with their departures on one day, and routes with their lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel import facts as f
from tulou.kernel.errors import BadInput
from tulou.kernel.facts import Extract, Facts
from tulou.kernel.identity import digest_file, digest_text, object_id
from tulou.kernel.provenance import Quality, Source
from tulou.sources.datum import Datum
from tulou.sources.expected import Expected
from tulou.sources.gtfs.departures import Departures, departures
from tulou.sources.gtfs.feed import Table, read_feed
from tulou.sources.gtfs.service import chosen_day, read_calendar
from tulou.sources.shapes import Mask, Rows, cleaned, extent_of

NAME = "gtfs"
HOUR = 3600
PEAK = (7 * HOUR, 9 * HOUR)
"""Window of the attribute ``departures_peak``: from 7:00 until before 9:00."""
_MODES = {
    0: "tram", 1: "metro", 2: "rail", 3: "bus", 4: "ferry", 5: "cable", 6: "cable", 7: "cable", 11: "bus", 12: "metro"
}  # fmt: skip
_EXTENDED = {
    1: "rail", 2: "bus", 4: "metro", 5: "metro", 6: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "ferry", 12: "ferry",
    13: "cable", 14: "cable"
}  # fmt: skip
"""Modes of the extended route types by their hundreds."""
_TYPE = re.compile(r"\d{1,4}", re.ASCII)
_STOP, _STATION = {"", "0"}, "1"
_WHEELCHAIR = {"1": True, "2": False}


@dataclass(frozen=True)
class _Feed:
    tables: Mapping[str, Table]
    day: date
    since: date
    namespace: str
    modes: tuple[str, ...]
    route: NDArray[np.int64]


def read_gtfs(path: Path, *, day: date | None = None, namespace: str = "", expected: Expected | None = None) -> Extract:
    """Read a feed as facts about stops and routes.

    Args:
        path: A zip archive or a folder.
        day: Day whose timetable counts; the first working day with the most trips by default.
        namespace: Put before ids; the name of the file by default.
        expected: The data dictionary; attributes it lacks are left out.

    Raises:
        BadInput: When the feed is damaged, hostile or incomplete, or nothing runs on the day.
    """
    quality = Quality()
    if not path.exists():
        raise BadInput("there is no such file", where=path.name)
    tables = read_feed(path, quality)
    calendar = read_calendar(tables)
    on = chosen_day(calendar, tables["trips.txt"], day, path.name)
    services = calendar.on(on)
    trips = tables["trips.txt"]
    routes = {name: row for row, name in enumerate(tables["routes.txt"].texts("route_id"))}
    route = np.array([routes.get(name, -1) for name in trips.texts("route_id")], dtype=np.int64)
    unknown = int((route < 0).sum())
    quality.note("unknown_route", "refused", unknown, "a trip names a route that the feed lacks")
    running = np.array([name in services for name in trips.texts("service_id")], dtype=bool) & (route >= 0)
    stops = tables["stops.txt"]
    places = np.column_stack((stops.numbers("stop_lon"), stops.numbers("stop_lat")))
    found = departures(tables, running, places, quality)
    modes = tuple(_mode(text) for text in tables["routes.txt"].texts("route_type"))
    feed = _Feed(tables, on, calendar.days()[0], namespace or path.stem, modes, route)
    stop_facts, extent = _stops(feed, found, places, quality)
    facts = [stop_facts, _routes(feed, found, running, quality)]
    datum = f"{Datum().describe()}; departures of {on}"
    source = Source(path.name, _digest(path), NAME, datum=datum)
    return Extract(source, [_fitting(item, expected) for item in facts], quality, extent)


def _digest(path: Path) -> str:
    if path.is_file():
        return digest_file(path)
    return digest_text("".join(f"{file.name}:{digest_file(file)}\n" for file in sorted(path.glob("*.txt"))))


def _mode(text: str) -> str:
    number = int(text) if _TYPE.fullmatch(text) else -1
    return _MODES.get(number) or _EXTENDED.get(number // 100, "other")


def _stops(
    feed: _Feed, found: Departures, places: NDArray[np.float64], quality: Quality
) -> tuple[Facts, tuple[float, float, float, float] | None]:
    """Stops and stations; entrances and boarding areas are no stops."""
    table = feed.tables["stops.txt"]
    kinds = table.texts("location_type")
    wanted = np.array([kind in _STOP or kind == _STATION for kind in kinds], dtype=bool)
    quality.read += table.rows
    quality.note("entrance", "refused", int((~wanted).sum()), "an entrance or boarding area is not a stop")
    none: Mask = np.isnan(places[:, 0]) | np.isnan(places[:, 1])
    shapes = np.full(table.rows, None, dtype=object)
    shapes[~none] = shapely.points(places[~none])
    rows = Rows(shapes, wanted, table.texts("stop_id"), table.name, quality)
    rows.remark(none, "no_place", "refused", "the stop has no coordinates")
    nowhere: Mask = (places[:, 0] == 0) & (places[:, 1] == 0)
    rows.remark(nowhere, "no_place", "refused", "the stop lies at longitude 0, latitude 0")
    _unrepeated(rows, table.texts("stop_id"))
    cleaned(rows, Datum(), "point")
    chosen = np.flatnonzero(rows.keep)
    if not len(chosen):
        reasons = "; ".join(f"{remark.kind} {remark.rows}" for remark in quality.remarks if remark.treated == "refused")
        raise BadInput("no row can be kept", where=table.name, found=reasons)
    quality.kept += len(chosen)
    columns = _stop_columns(feed, found, chosen)
    columns[f.GEOMETRY] = pa.array(shapely.to_wkb(rows.shapes[chosen]).tolist(), pa.binary())
    return Facts("stop", pa.table(columns), ()), extent_of(rows.shapes[chosen])


def _unrepeated(rows: Rows, ids: list[str]) -> None:
    met: set[str] = set()
    repeated = np.zeros(len(ids), dtype=bool)
    for row, name in enumerate(ids):
        repeated[row] = name in met
        met.add(name)
    rows.remark(repeated, "repeated_id", "refused", "the id stands in an earlier row")


def _stop_columns(feed: _Feed, found: Departures, chosen: NDArray[np.int64]) -> dict[str, pa.Array]:
    table = feed.tables["stops.txt"]
    ids, names, kinds = table.texts("stop_id"), table.texts("stop_name"), table.texts("location_type")
    starts = np.searchsorted(found.stop, np.arange(table.rows + 1))
    lists, peaks, lines, modes = [], [], [], []
    for row in chosen:
        mine = slice(starts[row], starts[row + 1])
        times = found.time[mine]
        routes = feed.route[found.trip[mine]]
        lists.append(np.round(times).astype(np.int32))
        peaks.append(float(((times >= PEAK[0]) & (times < PEAK[1])).sum()))
        lines.append(float(len(np.unique(routes))))
        counted = Counter(feed.modes[route] for route in routes)
        modes.append(min(counted, key=lambda mode: (-counted[mode], mode)) if counted else None)
    wheelchair = [_WHEELCHAIR.get(text) for text in table.texts("wheelchair_boarding")]
    return {
        f.ID: pa.array([object_id(feed.namespace, ids[row]) for row in chosen], pa.string()),
        "name": pa.array([names[row] or None for row in chosen], pa.string()),
        "mode": pa.array(modes, pa.string()),
        "station": pa.array([kinds[row] == _STATION for row in chosen], pa.bool_()),
        "lines": pa.array(lines, pa.float64()),
        "departures_day": pa.array([float(len(times)) for times in lists], pa.float64()),
        "departures_peak": pa.array(peaks, pa.float64()),
        "departures": pa.array(lists, pa.list_(pa.int32())),
        "wheelchair": pa.array([wheelchair[row] for row in chosen], pa.bool_()),
        f.VALID_FROM: pa.repeat(pa.scalar(feed.since, pa.date32()), len(chosen)),
    }


def _routes(feed: _Feed, found: Departures, running: NDArray[np.bool_], quality: Quality) -> Facts:
    """Routes that run on the day, each with the lines its trips follow."""
    table = feed.tables["routes.txt"]
    quality.read += table.rows
    begins = found.time[found.first]
    owner = feed.route[found.trip[found.first]]
    chosen = np.unique(owner)
    idle = table.rows - len(chosen)
    quality.note("idle_route", "refused", idle, f"the route has no departure on {feed.day}")
    quality.kept += len(chosen)
    ids, short, long = table.texts("route_id"), table.texts("route_short_name"), table.texts("route_long_name")
    columns = {
        f.ID: pa.array([object_id(feed.namespace, ids[row]) for row in chosen], pa.string()),
        "name": pa.array([" ".join(filter(None, (short[row], long[row]))) or None for row in chosen], pa.string()),
        "mode": pa.array([feed.modes[row] for row in chosen], pa.string()),
        "trips_day": pa.array([float((owner == row).sum()) for row in chosen], pa.float64()),
        "first_departure": pa.array([float(begins[owner == row].min()) for row in chosen], pa.float64()),
        "last_departure": pa.array([float(begins[owner == row].max()) for row in chosen], pa.float64()),
        f.VALID_FROM: pa.repeat(pa.scalar(feed.since, pa.date32()), len(chosen)),
    }
    lines = _lines(feed, running)
    if lines:
        columns[f.GEOMETRY] = pa.array([lines.get(int(row)) for row in chosen], pa.binary())
    return Facts("route", pa.table(columns), ())


def _lines(feed: _Feed, running: NDArray[np.bool_]) -> dict[int, bytes]:
    """For each route, the lines of the shapes its running trips follow, as WKB."""
    if "shapes.txt" not in feed.tables:
        return {}
    table = feed.tables["shapes.txt"]
    names, number = np.unique(np.array(table.texts("shape_id"), dtype=str), return_inverse=True)
    order = np.lexsort((table.numbers("shape_pt_sequence"), number))
    xy = np.column_stack((table.numbers("shape_pt_lon"), table.numbers("shape_pt_lat")))[order]
    number = number[order]
    good = np.isfinite(xy).all(axis=1)
    counts = np.bincount(number[good], minlength=len(names))
    good &= counts[number] > 1
    if not good.any():
        return {}
    lines = shapely.linestrings(xy[good], indices=np.unique(number[good], return_inverse=True)[1])
    built = np.asarray(lines, dtype=object).ravel().tolist()
    shapes = dict(zip(names[np.unique(number[good])].tolist(), built, strict=True))
    follows: dict[int, set[str]] = {}
    for row, name in enumerate(feed.tables["trips.txt"].texts("shape_id")):
        if running[row] and name in shapes:
            follows.setdefault(int(feed.route[row]), set()).add(name)
    return {
        route: shapely.to_wkb(shapely.multilinestrings([shapes[name] for name in sorted(chosen)]))
        for route, chosen in follows.items()
    }


def _fitting(facts: Facts, expected: Expected | None) -> Facts:
    """Leave out attributes that the dictionary lacks."""
    if expected is None or facts.entity not in expected:
        return facts
    known = {f.ID, f.GEOMETRY, f.VALID_FROM, *expected[facts.entity].attributes}
    return replace(facts, rows=facts.rows.select([name for name in facts.rows.column_names if name in known]))
