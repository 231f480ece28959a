"""Records of a hotline from a table (CSV, Excel) by a mapping file, as every connector of tables reads them.

The entity of such a mapping is ``request``; ``docs/en/hotline.md`` has one for two real exports. What a person could be
reached by is masked on the way in. Columns that a mapping declares as the requester's (``requester_name`` …) come apart
from the requests, for the store of requesters alone, and what they say is taken out of the texts too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tulou.kernel import facts as f
from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.kernel.provenance import Quality, Source
from tulou.operations.hotline.domain.masking import masked, unnamed
from tulou.operations.hotline.domain.request import REQUEST_KINDS, Request
from tulou.operations.trust.domain.requesters import FIELDS
from tulou.sources.datum import named, to_wgs84
from tulou.sources.mapping import Column, MappingFile, TableMapping
from tulou.sources.tables.connector import read_tables

ENTITY = "request"
CONNECTOR = "hotline"
MOMENTS = ("received", "due", "closed")
LEVELS = ("category", "category_2", "category_3", "category_4")
"""Levels of the tree of categories, from the top."""
MASKED = ("title", "text", "answer")
TEXTS = (*MASKED, "kind", "channel", "place", "address", "body", "status", "token")
REQUESTER = "requester_"
"""What the names of attributes begin with that are the requester's and not the request's."""
PERSONAL = tuple(f"{REQUESTER}{name}" for name in FIELDS)
ATTRIBUTES = (*MOMENTS, *LEVELS, *TEXTS, *PERSONAL, "supporters", "offset")
"""What a mapping may give beside ids and coordinates; ``offset`` is by how many hours its clock is ahead of UTC."""

USUAL = (
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日",
)  # fmt: skip
"""Ways of writing a moment that are tried where a mapping names none."""
TWO_WAYS = "a request has a token of another store, or columns about who asked, not both"
NUMBERS = ("supporters", "offset")
AXES = {"lon": "x", "lat": "y", "x": "x", "y": "y"}
EAST, NORTH = 180.0, 90.0


@dataclass(frozen=True)
class Intake:
    """What one reading of a table gave.

    Args:
        requests: The requests in the order of the table.
        source: What was read.
        quality: What was met on the way.
        requesters: Who asked, by id of the request, where columns are declared as the requester's; never shown.
    """

    requests: tuple[Request, ...]
    source: Source
    quality: Quality
    requesters: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)


def read_records(path: Path, mapping: MappingFile, *, offset: float = 8.0) -> Intake:
    """Read the records of a hotline.

    Args:
        path: The table.
        mapping: How its columns become requests.
        offset: Hours by which the clock of the records is ahead of UTC, where the mapping does not say.

    Raises:
        BadInput: When the table is damaged, the mapping is of something else, or no row can be kept.
    """
    rules = tuple(_as_texts(table) for table in mapping.tables)
    extract = read_tables(path, mapping=replace(mapping, tables=rules))
    quality, requests, requesters = extract.quality, list[Request](), dict[str, Mapping[str, str]]()
    for rule, facts in zip(mapping.tables, extract.facts, strict=True):
        rows = _placed(facts.rows, rule, quality).to_pylist()
        found = _requests(rows, rule, quality, offset)
        ids = {one.id for one in found}
        asked = ((row[f.ID], _details(row)) for row in rows)
        requesters |= {name: details for name, details in asked if details and name in ids}
        requests += found
    if not requests:
        raise BadInput("no row can be kept", where=path.name, found="no row has a moment at which it came in")
    quality.kept = len(requests)
    source = replace(extract.source, connector=CONNECTOR, digest=digest_file(path))
    return Intake(tuple(requests), source, quality, requesters)


def _details(row: Mapping[str, Any]) -> dict[str, str]:
    """What a row says of who asked."""
    told = {name: (row.get(f"{REQUESTER}{name}") or "").strip() for name in FIELDS}
    return {name: value for name, value in told.items() if value}


def _as_texts(rule: TableMapping) -> TableMapping:
    """The rule with moments left as texts, which are read here with their hours."""
    if rule.entity != ENTITY:
        raise BadInput("this mapping is not about requests", where=rule.at, found=rule.entity, allowed=(ENTITY,))
    wrong = [one.attribute for one in rule.columns if one.attribute not in ATTRIBUTES]
    if wrong:
        raise BadInput("'request' has no such attribute", where=rule.at, found=wrong[0], allowed=ATTRIBUTES)
    named_so = {one.attribute for one in rule.columns}
    if "token" in named_so and named_so & set(PERSONAL):
        raise BadInput(TWO_WAYS, where=rule.at, found="token", allowed=PERSONAL)
    if "received" not in named_so:
        raise BadInput("a request has a moment at which it came in", where=rule.at, allowed=("received: COLUMN",))
    if "wkt" in rule.coordinates:
        raise BadInput(
            "the place of a request is two columns", where=rule.at, found="wkt", allowed=("{lon: …, lat: …}",)
        )
    columns = [replace(one, type="number" if one.attribute in NUMBERS else "text") for one in rule.columns]
    columns += [Column(AXES[key], source, type="number") for key, source in rule.coordinates.items()]
    return replace(rule, columns=tuple(columns), coordinates={})


def _placed(rows: pa.Table, rule: TableMapping, quality: Quality) -> pa.Table:
    """The rows with their places in degrees WGS 84; a place of which half is missing is no place, the request stays."""
    if "x" not in rows.column_names:
        return rows
    x, y = (rows[name].combine_chunks().fill_null(np.nan).to_numpy(zero_copy_only=False) for name in ("x", "y"))
    lon, lat = to_wgs84(x, y, named(rule.datum, rule.at)) if rule.datum else (x, y)
    bad = ~(np.abs(lon) <= EAST) | ~(np.abs(lat) <= NORTH)
    quality.note("no_place", "noted", int(bad.sum()), "the row has no coordinates and is kept without a place")
    for name, values in (("lon", lon), ("lat", lat)):
        rows = rows.append_column(name, pa.array(np.where(bad, np.nan, values), from_pandas=True))
    return rows


def _requests(rows: list[dict[str, Any]], rule: TableMapping, quality: Quality, offset: float) -> list[Request]:
    formats = {one.attribute: one.format for one in rule.columns if one.attribute in MOMENTS}
    bad: dict[str, list[str]] = {name: [] for name in MOMENTS}
    kinds, late, hidden, found = list[str](), list[str](), list[str](), list[Request]()
    for row in rows:
        times = {name: _moment(row, name, formats, offset, bad) for name in MOMENTS if name in row}
        received = times.pop("received", None)
        if received is None:
            late.append(row[f.ID])
            continue
        request, count = _request(row, received, times)
        if request.kind and request.kind not in REQUEST_KINDS:
            kinds.append(row[f.ID])
            request = replace(request, kind="")
        if count:
            hidden.append(request.id)
        found.append(request)
    _remark(quality, bad, kinds, late, hidden)
    return found


def _remark(
    quality: Quality, bad: Mapping[str, list[str]], kinds: list[str], late: list[str], hidden: list[str]
) -> None:
    for name in ("due", "closed"):
        text = f"'{name}' is not a moment; left unknown"
        quality.note("unreadable_moment", "noted", len(bad[name]), text, tuple(bad[name]))
    quality.note("no_moment", "refused", len(late), "nobody can tell when the request came in", tuple(late))
    allowed = ", ".join(REQUEST_KINDS)
    quality.note("unknown_kind", "noted", len(kinds), f"the kind of request is not one of {allowed}", tuple(kinds))
    quality.note("masked", "repaired", len(hidden), "numbers or names of persons were masked", tuple(hidden))


def _request(row: Mapping[str, Any], received: datetime, times: Mapping[str, Any]) -> tuple[Request, int]:
    texts: dict[str, Any] = {name: (row.get(name) or "").strip() for name in TEXTS}
    count, details = 0, _details(row)
    for name in MASKED:
        plain, known = unnamed(texts[name], details)
        texts[name], hits = masked(plain)
        count += hits + known
    supporters = row.get("supporters")
    request = Request(
        row[f.ID], received, **texts, **times, lon=row.get("lon"), lat=row.get("lat"),
        category=_path(row), supporters=None if supporters is None else int(supporters),
    )  # fmt: skip
    return request, count


def _path(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The categories from the top, down to the first that is unknown."""
    path: list[str] = []
    for name in LEVELS:
        word = (row.get(name) or "").strip()
        if not word:
            break
        path.append(word)
    return tuple(path)


def _moment(
    row: Mapping[str, Any], name: str, formats: Mapping[str, str], offset: float, bad: Mapping[str, list[str]]
) -> datetime | None:
    written = row[name]
    if not written:
        return None
    ahead = row.get("offset")
    found = _read_moment(formats[name])(str(written), offset if ahead is None else float(ahead))
    if found is None:
        bad[name].append(row[f.ID])
    return found


@lru_cache
def _read_moment(pattern: str) -> Callable[[str, float], datetime | None]:
    """What reads moments of one way of writing, on the clock of the source, as UTC."""

    def read(written: str, ahead: float) -> datetime | None:
        plain = " ".join(written.replace("T", " ", 1).split()) if not pattern else written.strip()
        for way in (pattern,) if pattern else USUAL:
            try:
                found = datetime.strptime(plain, way)  # noqa: DTZ007  (the zone is set below)
            except ValueError:
                continue
            zone = timezone(timedelta(hours=ahead))
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        return None

    return read
