"""Tracks of tropical cyclones: best tracks of the CMA, IBTrACS, and plain tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from math import inf, isfinite, nan
from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.sources import encodings, limits

HEADER = "66666"
"""What the heading of a storm begins with in best tracks of the CMA."""
_COUNT = re.compile(r"0*[1-9]\d{0,5}", re.ASCII)
HEADER_WORDS, POINT_WORDS = 8, 6
HEADS: Mapping[str, tuple[str, ...]] = {
    "storm": ("storm", "sid", "id", "台风编号"),
    "name": ("name", "台风名称"),
    "time": ("time", "iso_time", "时间"),
    "latitude": ("lat", "latitude", "纬度"),
    "longitude": ("lon", "lng", "longitude", "经度"),
    "pressure": ("pressure", "pres", "wmo_pres", "cma_pres", "usa_pres", "中心气压"),
    "around": ("around", "penv", "环境气压"),
    "wind": ("wind", "vmax", "wmo_wind", "最大风速"),
    "radius": ("radius", "rmw", "usa_rmw", "最大风速半径"),
}
"""What a column may be called; the first of these that stands in the table is read."""
NEEDED = ("storm", "time", "latitude", "longitude", "pressure")
TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y%m%d%H")
UNITS_ROW = "degrees_north"
"""What stands in the second row of an IBTrACS table, below the latitude."""
NAUTICAL_MILE = 1.852
"""Kilometres."""
LIMITS: Mapping[str, tuple[float, float]] = {
    "latitude": (-90, 90),
    "longitude": (-180, 360),
    "pressure": (800, 1100),
    "around": (900, 1100),
    "wind": (0, inf),
    "radius": (0, inf),
}
"""Least and largest value of each column: degrees, hPa, m/s, km."""


@dataclass(frozen=True)
class TrackPoint:
    """One point of a track.

    Args:
        time: When, in universal time or that of the file.
        latitude: Degrees.
        longitude: Degrees.
        pressure: In the centre, hPa; NaN where unknown.
        around: Around the storm, hPa; NaN where unknown.
        wind: Highest wind on record; NaN where unknown.
        radius: Of the highest wind, km; NaN where unknown.
    """

    time: datetime
    latitude: float
    longitude: float
    pressure: float
    around: float = nan
    wind: float = nan
    radius: float = nan


@dataclass(frozen=True)
class StormTrack:
    """The track of one storm.

    Args:
        id: Its id.
        name: Its name; empty where it has none.
        points: Its points, in order of time.
    """

    id: str
    name: str
    points: tuple[TrackPoint, ...]


def read_tracks(path: Path) -> tuple[tuple[StormTrack, ...], str]:
    """The tracks of a file, and its digest.

    Args:
        path: A best track of the CMA (text), an IBTrACS table, or a plain table.

    Raises:
        BadInput: When it is none of them, or a point is not one.
    """
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    storms = _best_tracks(text, path.name) if text.startswith(HEADER) else _table(text, path.name)
    if not storms:
        raise BadInput("the file holds no track", where=path.name)
    return tuple(storms), digest_file(path)


def _best_tracks(text: str, where: str) -> list[StormTrack]:
    lines = text.splitlines()
    found: list[StormTrack] = []
    at = 0
    while at < len(lines):
        head = lines[at].split()
        if not head:
            at += 1
            continue
        if head[0] != HEADER or len(head) < HEADER_WORDS or not _COUNT.fullmatch(head[2]):
            raise BadInput("this is no heading of a storm", where=f"{where}:{at + 1}", found=lines[at])
        count = int(head[2])
        rows = lines[at + 1 : at + 1 + count]
        if len(rows) < count:
            raise BadInput("the file ends before it is whole", where=f"{where}:{at + 1}", found=len(rows))
        points = [_best_point(row, f"{where}:{at + 2 + number}") for number, row in enumerate(rows)]
        found.append(_storm(f"{points[0].time.year if points else ''}-{head[3]}", head[7], points, f"{where}:{at + 1}"))
        at += 1 + count
    return found


def _best_point(row: str, where: str) -> TrackPoint:
    words = row.split()
    if len(words) < POINT_WORDS:
        raise BadInput("a point of a track has six numbers", where=where, found=row)
    latitude, longitude, pressure, wind = (
        _number(word, name, where)
        for word, name in zip(words[2:POINT_WORDS], ("tenth", "tenth", "pressure", "wind"), strict=True)
    )
    place = {"latitude": latitude / 10, "longitude": longitude / 10}
    for name, value in place.items():
        _within(value, name, where)
    return TrackPoint(_time(words[0], where), place["latitude"], place["longitude"], pressure, wind=wind)


def _table(text: str, where: str) -> list[StormTrack]:
    try:
        read = enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1)
        rows = [(number, row) for number, row in read if any(map(str.strip, row))]
    except csv.Error as error:
        raise BadInput("this is no table of commas", where=where, found=str(error)) from None
    if not rows:
        raise BadInput("the table has no rows", where=where)
    heads = [cell.strip().lower() for cell in rows[0][1]]
    places = _places(heads, where)
    by_storm: dict[str, tuple[str, list[TrackPoint]]] = {}
    in_miles = heads[places["radius"]] == "usa_rmw" if "radius" in places else False
    for number, row in rows[1:]:
        if len(row) != len(heads):
            what = "a row has another number of cells than the heading"
            raise BadInput(what, where=f"{where}: row {number}", found=len(row), allowed=(str(len(heads)),))
        if row[places["latitude"]].strip() == UNITS_ROW:
            continue
        cells = {name: row[place].strip() for name, place in places.items()}
        point = _point(cells, f"{where}: row {number}", in_miles=in_miles)
        by_storm.setdefault(cells["storm"], (cells.get("name", ""), []))[1].append(point)
    return [_storm(storm, name, points, f"{where}: {storm}") for storm, (name, points) in by_storm.items()]


def _places(heads: Sequence[str], where: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, known in HEADS.items():
        place = next((heads.index(head) for head in known if head in heads), None)
        if place is not None:
            found[name] = place
    lacking = [name for name in NEEDED if name not in found]
    if lacking:
        allowed = [head for name in lacking for head in HEADS[name]]
        raise BadInput("a needed column is missing", where=where, found=", ".join(heads), allowed=allowed)
    return found


def _point(cells: Mapping[str, str], where: str, *, in_miles: bool) -> TrackPoint:
    numbers = {name: _number(cells.get(name, ""), name, where) for name in LIMITS}
    if not (isfinite(numbers["latitude"]) and isfinite(numbers["longitude"])):
        raise BadInput("a point of a track has a place", where=where, found=cells["latitude"])
    if in_miles:
        numbers["radius"] *= NAUTICAL_MILE
    return TrackPoint(_time(cells["time"], where), **numbers)


def _storm(storm: str, name: str, points: Sequence[TrackPoint], where: str) -> StormTrack:
    ordered = sorted(points, key=lambda point: point.time)
    for first, second in pairwise(ordered):
        if first.time == second.time:
            raise BadInput("a storm is at one place at a time", where=where, found=first.time.isoformat())
    return StormTrack(storm, name, tuple(ordered))


def _number(text: str, name: str, where: str) -> float:
    if not text:
        return nan
    try:
        value = float(text)
    except ValueError:
        raise BadInput("this is not a number", where=f"{where}, {name}", found=text) from None
    _within(value, name, where)
    return value


def _within(value: float, name: str, where: str) -> None:
    least, most = LIMITS.get(name, (-inf, inf))
    if not least <= value <= most:
        raise BadInput(
            "this number is out of bounds", where=f"{where}, {name}", found=value, allowed=(f"{least:g} to {most:g}",)
        )


def _time(text: str, where: str) -> datetime:
    for shape in TIMES:
        try:
            return datetime.strptime(text, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise BadInput("this is no time of a track", where=where, found=text, allowed=("2016-09-15 00:00", "2016091500"))
