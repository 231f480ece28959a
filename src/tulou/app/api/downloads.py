"""What a person can take away: a check as reports, tables and maps, its rulebook, objects by kind.

Tables and maps of a check are made when they are first asked for and kept beside it, where ``tulou export`` writes
them: a check never changes. Reports take longer and are made by a job. Objects are sent piece by piece.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from tulou.app import checking
from tulou.app.api.addresses import base_of
from tulou.app.api.checks import NEWEST, kept_check
from tulou.app.api.features import GEOJSON, features, readable, rows_of
from tulou.app.api.jobs import accepted
from tulou.app.api.problems import Missing
from tulou.app.api.shelf import Served, Shelf
from tulou.app.api.speech import Speech
from tulou.app.api.work import Working
from tulou.indicators.rulebook.kept import DIGITS
from tulou.indicators.rulebook.kept import FOLDER as RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import LANGUAGES, Words
from tulou.model.rows import Rows

CSV, ZIP, PARQUET = "text/csv; charset=utf-8", "application/zip", "application/vnd.apache.parquet"
MADE: Mapping[str, tuple[str, str, Words]] = {
    "results.csv": ("csv", CSV, Words("全部结果（长表）", "All results (long table)")),
    "findings.csv": ("csv", CSV, Words("全部问题", "All findings")),
    "results.parquet": ("parquet", PARQUET, Words("全部结果（长表）", "All results (long table)")),
    "findings.parquet": ("parquet", PARQUET, Words("全部问题", "All findings")),
    "check.gpkg": ("gpkg", "application/geopackage+sqlite3", Words("单元与问题的地图", "Map of units and findings")),
    "findings.geojson": ("geojson", GEOJSON, Words("问题的地图", "Map of findings")),
    "check.sdmx.json": (
        "sdmx",
        "application/vnd.sdmx.data+json;version=2.0.0",
        Words("结果（SDMX）", "Results (SDMX)"),
    ),
}
"""Files of a check: the format that makes each, its media type, and what it is."""
REPORTS: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
RULEBOOK, EXPORT = "rulebook.zip", "export"
AT_ONCE = 2_000
"""Objects of one piece of an answer."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Moment of every file in an archive, so that the same files give the same bytes."""
SHAPE = "geometry"

ROUTER = APIRouter(prefix="/cities/{city}/downloads", tags=["downloads"])
"""Downloads of each city."""

Of = Annotated[str, Query(max_length=80)]


class Reports(BaseModel):
    """Reports that are to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"formats": ["docx", "pdf"]}]})

    formats: Annotated[list[str], Field(min_length=1, max_length=len(REPORTS))]
    check: Annotated[str, Field(max_length=80)] = NEWEST


@ROUTER.get("")
def downloads(shelf: Served, request: Request, city: str, language: Speech, check: Of = NEWEST) -> dict[str, Any]:
    """Files that can be taken: those of a check, and objects by kind."""
    base = f"{base_of(request, city)}/downloads"
    state = shelf.state(city)
    kinds = [one for one in state.dictionary if len(state.rows(one))]
    objects = [
        {"kind": one, "title": state.dictionary[one].title.say(language), "count": len(state.rows(one)),
         "geojson": f"{base}/objects/{one}.geojson", "csv": f"{base}/objects/{one}.csv"}
        for one in kinds
    ]  # fmt: skip
    try:
        kept = kept_check(shelf, city, check)
    except Missing:
        if check != NEWEST:
            raise
        return {"check": None, "files": [], "reports": [], "objects": objects}
    return {
        "check": {"id": kept.check.id, "day": kept.check.day.isoformat()},
        "files": [
            {"name": name, "title": title.say(language), "type": kind, "bytes": _size(kept.folder / EXPORT / name),
             "href": f"{base}/checks/{kept.check.id}/{name}"}
            for name, (_, kind, title) in MADE.items()
        ]
        + [{"name": RULEBOOK, "title": Words("规则集", "Rulebook").say(language), "type": ZIP, "bytes": None,
            "href": f"{base}/checks/{kept.check.id}/{RULEBOOK}"}],
        "reports": [
            {"name": name, "language": spoken, "format": form, "type": kind, "bytes": _size(kept.folder / name),
             "href": f"{base}/checks/{kept.check.id}/{name}"}
            for form, kind in REPORTS.items()
            for spoken in LANGUAGES
            for name in [f"report.{spoken}.{form}"]
        ],
        "objects": objects,
    }  # fmt: skip


@ROUTER.get("/checks/{check}/{name}", response_class=Response)
def file_of_check(shelf: Served, city: str, check: str, name: str) -> Response:
    """A file of a check, made now where it was not made before."""
    kept = kept_check(shelf, city, check)
    known = _report_types()
    if name in MADE:
        path, kind = _made(shelf, city, kept, name), MADE[name][1]
    elif name == RULEBOOK:
        return _attached(_packed(shelf.folder(city), kept), ZIP, f"{city}-{kept.check.id}-rulebook.zip")
    elif name in known:
        path, kind = kept.folder / name, known[name]
        if not path.is_file():
            allowed = ("POST downloads/reports",)
            raise Missing("this report was not made yet", where="name", found=name, allowed=allowed)
    else:
        raise Missing("there is no such file", where="name", found=name, allowed=(*MADE, RULEBOOK, *known))
    return FileResponse(path, media_type=kind, filename=f"{city}-{kept.check.id}-{name}")


@ROUTER.post("/reports", status_code=201)
def reports(
    shelf: Served, keeper: Working, request: Request, city: str, asked: Reports, answer: Response
) -> dict[str, Any]:
    """Make reports of a check, as a job."""
    wrong = [one for one in asked.formats if one not in REPORTS]
    if wrong:
        raise BadUse("no report is written in this format", where="formats", found=wrong[0], allowed=tuple(REPORTS))
    kept = kept_check(shelf, city, asked.check)
    given = {"check": kept.check.id, "formats": list(dict.fromkeys(asked.formats))}
    return accepted(keeper.ask(shelf.folder(city), "report", "report", given, {}), request, city, answer)


@ROUTER.get("/objects/{name}", response_class=Response)
def objects(shelf: Served, city: str, name: str) -> Response:
    """All objects of one kind as they are known now, as GeoJSON or as a table with their geometry as WKT."""
    kind, _, form = name.rpartition(".")
    state = shelf.state(city)
    if form not in {"geojson", "csv"}:
        allowed = (f"{kind or name}.geojson", f"{kind or name}.csv")
        raise Missing("there is no such file", where="name", found=name, allowed=allowed)
    rows = rows_of(state, kind)
    crs = state.profile.crs
    pieces, media = (_collection(rows, crs), GEOJSON) if form == "geojson" else (_table(rows, crs), CSV)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    return StreamingResponse(pieces, media_type=media, headers=headers)


def _report_types() -> dict[str, str]:
    return {f"report.{spoken}.{form}": kind for form, kind in REPORTS.items() for spoken in LANGUAGES}


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _made(shelf: Shelf, city: str, kept: checking.Kept, name: str) -> Path:
    """A file of a check; of two who ask at once one makes it."""
    path = kept.folder / EXPORT / name

    def make() -> Path:
        from tulou.app.exporting import export_check  # loads the map libraries

        if not path.is_file():
            export_check(kept, [MADE[name][0]])
        return path

    found = shelf.once((city, "download", kept.check.id, name), make)
    return found if found.is_file() else make()


def _packed(city: Path, kept: checking.Kept) -> bytes:
    """The rulebook of a check as it was then, as an archive; the same bytes each time."""
    place = city / RULEBOOKS / str(kept.check.rulebook["digest"])[:DIGITS]
    if not place.is_dir():
        raise Missing("the rulebook of this check was not kept", where="check", found=kept.check.id)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(one for one in place.rglob("*") if one.is_file()):
            archive.writestr(zipfile.ZipInfo(path.relative_to(place).as_posix(), EPOCH), path.read_bytes())
    return whole.getvalue()


def _attached(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _pieces(rows: Rows, crs: str) -> Iterator[list[dict[str, Any]]]:
    for first in range(0, len(rows), AT_ONCE):
        yield features(rows, np.arange(first, min(first + AT_ONCE, len(rows))), crs)


def _collection(rows: Rows, crs: str) -> Iterator[bytes]:
    yield b'{"type":"FeatureCollection","features":['
    mark = ""
    for piece in _pieces(rows, crs):
        yield (mark + ",\n".join(json.dumps(one, ensure_ascii=False, allow_nan=False) for one in piece)).encode()
        mark = ",\n"
    yield b"]}\n"


def _table(rows: Rows, crs: str) -> Iterator[bytes]:
    """Rows as a table that spreadsheets open: with the mark of its encoding, and no cell that would be run."""
    from shapely.geometry import shape

    names = [name for name in readable(rows.entity) if rows.has(name) and name != "id"]
    yield "\ufeff".encode() + _line(["id", *names, SHAPE])
    for piece in _pieces(rows, crs):
        lines = []
        for one in piece:
            place = one["geometry"] and shape(one["geometry"]).wkt
            lines.append(_line([one["id"], *(one["properties"].get(name) for name in names), place or ""]))
        yield b"".join(lines)


def _line(cells: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _harmless(cell: Any) -> Any:  # noqa: ANN401  (cells of any type)
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(cell, (list, dict)):
        return json.dumps(cell, ensure_ascii=False)
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
