"""The OpenStreetMap connector: one ``.osm.pbf`` file becomes facts and a quality report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from tulou.kernel.facts import Extract, Facts
from tulou.kernel.identity import digest_file
from tulou.kernel.progress import Progress
from tulou.kernel.provenance import Quality, Source
from tulou.kernel.threads import in_threads
from tulou.sources.osm.blocks import Objects, read_objects
from tulou.sources.osm.city_map import CityMap
from tulou.sources.osm.entities import Sheet, ids, make_sheet
from tulou.sources.osm.primitives import NOWHERE
from tulou.sources.osm.repeats import CATEGORY, NAME, mark_repeats
from tulou.sources.osm.rings import HOPELESS, LACKS_MEMBERS, LACKS_NODES, OPEN, REPAIRED
from tulou.sources.osm.rules import TAGS_FILE, Layer, read_rules
from tulou.sources.osm.shapes import STEPS_A_DEGREE
from tulou.sources.osm.tags import Tags
from tulou.sources.osm.tidy import Repeated, tidy

CONNECTOR, VERSION = "osm", "1"
FACILITY = "facility"
LICENCE = "OpenStreetMap contributors, ODbL 1.0"
EXAMPLES = 5
HALF_TURN = 180.0

_FATE = {
    REPAIRED: ("repaired", "repaired", "crossed or doubled back on itself, or was cut where nodes are absent; mended"),
    LACKS_MEMBERS: ("incomplete_relation", "refused", "relation whose members are not all in the file"),
    LACKS_NODES: ("incomplete_way", "refused", "way or outline whose nodes are not in the file"),
    OPEN: ("open_ring", "refused", "relation whose ways do not close to rings"),
    HOPELESS: ("impossible_geometry", "refused", "geometry without area, length or place"),
}


def read_osm(path: Path, *, progress: Progress | None = None) -> Extract:
    """Read an OpenStreetMap extract.

    Args:
        path: A ``.osm.pbf`` file.
        progress: Told of bytes read and bytes in all.

    Returns:
        Facts by entity, WGS 84, without validity dates: the file knows only the moment of its extract, which is the
        ``moment`` of ``source``. No entity is claimed to be complete: what nobody mapped is unknown.

    Raises:
        BadInput: When the file cannot be read or is damaged.
    """
    reading = read_rules()
    objects, repeated = tidy(read_objects(path, reading.keys, progress), path.name)
    city = CityMap(objects, Tags(objects, reading.names))
    extract = Extract(source=_source(path, objects), extent=_extent(objects))
    by_entity: dict[str, list[Layer]] = {}
    for layer in reading.layers:
        by_entity.setdefault(layer.entity, []).append(layer)
    sheets = in_threads(lambda layers: _sheets(city, layers), list(by_entity.values()))
    for entity, parts in zip(by_entity, sheets, strict=True):
        for sheet in parts:
            _report(extract.quality, city, sheet)
        rows = pa.concat_tables([sheet.rows for sheet in parts], promote_options="default")
        if {CATEGORY, NAME} <= set(rows.column_names) and entity == FACILITY:
            rows = _mark(rows, extract.quality)
        if rows.num_rows:
            extract.facts.append(Facts(entity, rows))
    _report_file(extract.quality, city, repeated)
    return extract


def _mark(rows: pa.Table, quality: Quality) -> pa.Table:
    """Mark facilities that are mapped twice."""
    rows, repeated = mark_repeats(rows)
    text = "facility mapped twice, as a point or area within an area of the same category and name; see part_of"
    quality.note("facility_repeated", "noted", len(repeated), text, tuple(repeated[:EXAMPLES]))
    return rows


def _sheets(city: CityMap, layers: list[Layer]) -> list[Sheet]:
    """The layers of one entity; an object belongs to the first that takes it."""
    sheets: list[Sheet] = []
    taken = np.empty(0, np.int64)
    for layer in layers:
        sheets.append(make_sheet(city, layer, taken))
        taken = np.concatenate([taken, sheets[-1].drawn.objects])
    return sheets


def _source(path: Path, objects: Objects) -> Source:
    moment = objects.header.replicated
    return Source(
        name=path.name,
        digest=digest_file(path),
        connector=CONNECTOR,
        version=VERSION,
        mapping=digest_file(TAGS_FILE),
        licence=LICENCE + (f", as of {moment}" if moment else ""),
        datum="EPSG:4326",
        moment=moment,
    )


def _extent(objects: Objects) -> tuple[float, float, float, float] | None:
    """Bounds of the file, or of its nodes where it does not say."""
    if objects.header.bounds is not None:
        return objects.header.bounds
    x, y = objects.x, objects.y
    if len(x) and x.min() == NOWHERE:
        x, y = x[x != NOWHERE], y[x != NOWHERE]
    if not len(x):
        return None
    south, north = float(y.min()) / STEPS_A_DEGREE, float(y.max()) / STEPS_A_DEGREE
    west, east = float(x.min()) / STEPS_A_DEGREE, float(x.max()) / STEPS_A_DEGREE
    if east - west > HALF_TURN:
        west = float(x[x >= 0].min()) / STEPS_A_DEGREE
        east = float(x[x < 0].max()) / STEPS_A_DEGREE + 2 * HALF_TURN
    return west, south, east, north


def _report(quality: Quality, city: CityMap, sheet: Sheet) -> None:
    quality.read += len(sheet.drawn.objects)
    quality.kept += sheet.rows.num_rows
    entity = sheet.layer.entity
    for state, (kind, treated, text) in _FATE.items():
        concerned = sheet.drawn.objects[sheet.drawn.state == state]
        shown = ids(city, np.sort(concerned)[:EXAMPLES]).to_pylist()
        quality.note(f"{entity}_{kind}", treated, len(concerned), f"{entity}: {text}", tuple(shown))
    for attribute, (rows, examples) in sheet.unread.items():
        quality.note(f"{entity}_{attribute}_unread", "noted", rows, f"{entity}: {attribute} cannot be read", examples)


def _report_file(quality: Quality, city: CityMap, repeated: Repeated) -> None:
    quality.note("absent_nodes", "noted", city.nodes_absent, "ways use nodes that are not in the file")
    quality.note("absurd_coordinates", "noted", city.nodes_absurd, "ways use nodes whose place is not on Earth")
    for kind in ("nodes", "ways", "relations"):
        found = getattr(repeated, kind)
        quality.note(
            f"repeated_{kind}",
            "noted",
            len(found),
            f"{kind} stand in the file twice; the last one counts",
            tuple(map(str, found[:EXAMPLES])),
        )
