"""From objects of the map to rows of entities, as ``tags.yaml`` says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.kernel.facts import GEOMETRY, ID
from tulou.sources.osm.city_map import CityMap, Drawn, joined
from tulou.sources.osm.readers import READERS
from tulou.sources.osm.rings import ASSEMBLED, REPAIRED
from tulou.sources.osm.rules import Layer, Setting
from tulou.sources.osm.survey import Whole
from tulou.sources.osm.tags import Rows


@dataclass(frozen=True, eq=False)
class Sheet:
    """Rows of one layer.

    Args:
        layer: The layer.
        rows: Arrow table with id, geometry and the layer's attributes.
        drawn: All objects of the layer, those that gave no row included.
        unread: For each attribute that reads numbers, how many rows had a text that is none, with examples.
    """

    layer: Layer
    rows: pa.Table
    drawn: Drawn
    unread: dict[str, tuple[int, tuple[str, ...]]]


def make_sheet(city: CityMap, layer: Layer, taken: Whole) -> Sheet:
    """Find the objects of a layer, draw them and read their attributes.

    Args:
        city: The map.
        layer: What to look for.
        taken: Objects that an earlier layer of the same entity has already.
    """
    found = select(city, layer, taken)
    drawn = _draw(city, layer, found)
    kept = np.flatnonzero((drawn.state == ASSEMBLED) | (drawn.state == REPAIRED))
    objects = drawn.objects[kept]
    columns = {ID: ids(city, objects), GEOMETRY: _only(drawn.shapes, kept)}
    rows = city.tags.rows(objects)
    unread: dict[str, tuple[int, tuple[str, ...]]] = {}
    for setting in layer.settings:
        columns[setting.attribute] = _column(rows, setting, unread)
    return Sheet(layer, pa.table(columns), drawn, unread)


def _only(shapes: pa.ChunkedArray, kept: Whole) -> pa.ChunkedArray:
    if len(kept) == len(shapes):
        return shapes
    mark = np.zeros(len(shapes), np.bool_)
    mark[kept] = True
    return shapes.filter(pa.array(mark))


def select(city: CityMap, layer: Layer, taken: Whole) -> Whole:
    """Objects that fit a layer's rules, whatever their shape, ascending, without those taken already."""
    mark = np.zeros(city.objects.count, np.bool_)
    for rule in layer.where:
        mark[city.tags.fitting(rule)] = True
    for rule in layer.besides:
        mark[city.tags.fitting(rule)] = False
    mark[taken] = False
    return np.flatnonzero(mark)


def ids(city: CityMap, found: Whole) -> pa.Array:
    """Ids such as ``osm:w123``."""
    objects = city.objects
    parts = [
        ("osm:n", objects.node, city.nodes_among(found)),
        ("osm:w", objects.way, city.ways_among(found) - objects.ways_from),
        ("osm:r", objects.relation, found[found >= objects.relations_from] - objects.relations_from),
    ]
    texts = [
        pc.binary_join_element_wise(head, pa.array(numbers[rows]).cast(pa.string()), "")
        for head, numbers, rows in parts
    ]
    return pa.chunked_array(texts, pa.string())


def _draw(city: CityMap, layer: Layer, found: Whole) -> Drawn:
    parts = []
    for shape in layer.shapes:
        if shape == "node":
            parts.append(city.draw_nodes(city.nodes_among(found)))
        elif shape == "line":
            parts.append(city.draw_lines(city.ways_among(found)))
        elif shape == "polygon":
            parts.append(city.draw_areas(city.areas_among(found)))
        else:
            parts.append(city.draw_points(found))
    return joined(parts)


def _column(rows: Rows, setting: Setting, unread: dict[str, tuple[int, tuple[str, ...]]]) -> pa.Array:
    if setting.how in {"choose", "flag"}:
        return _chosen(rows, setting)
    if setting.how == "joined":
        columns = [rows.strings(rows.column(key)) for key in setting.keys]
        # a first text that is never null: without one, Arrow drops rows in which all are
        text = pc.utf8_ltrim_whitespace(pc.binary_join_element_wise("", *columns, " ", null_handling="skip"))
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    column, which = rows.first_of(setting.keys)
    if setting.how == "text":
        return rows.strings(column)
    if setting.how == "source":
        keys = pa.array(setting.keys).take(pa.array(which, pa.int8(), mask=which < 0))
        return pc.binary_join_element_wise(keys, rows.strings(column), "=")
    return _numbers(rows, setting, column, unread)


def _numbers(
    rows: Rows, setting: Setting, column: NDArray[np.int32], unread: dict[str, tuple[int, tuple[str, ...]]]
) -> pa.Array:
    values, back = rows.distinct_in(column)
    texts = rows.texts(values)
    table = np.array([READERS[setting.how](text) for text in texts] + [np.nan])
    numbers = table[back]
    lost = (back >= 0) & np.isnan(numbers)
    if lost.any():
        unread[setting.attribute] = (int(lost.sum()), tuple(texts[at] for at in np.unique(back[lost])[:5]))
    return pa.array(numbers, mask=np.isnan(numbers))


def _chosen(rows: Rows, setting: Setting) -> pa.Array:
    """The value of the first rule that fits."""
    given = list(dict.fromkeys(rule.gives for rule in (*setting.rules,) if rule.gives is not None))
    if setting.otherwise is not None and setting.otherwise not in given:
        given.append(setting.otherwise)
    number = {value: at for at, value in enumerate(given)}
    chosen = np.full(rows.count, -1, np.int8)
    is_open = np.ones(rows.count, np.bool_)
    for rule in setting.rules:
        fitting = rows.fitting(rule)
        fitting = fitting[is_open[fitting]]
        chosen[fitting] = -1 if rule.gives is None else number[rule.gives]
        is_open[fitting] = False
    if setting.otherwise is not None:
        chosen[is_open] = number[setting.otherwise]
    kind = pa.bool_() if given and isinstance(given[0], bool) else pa.string()
    return pa.array(given, kind).take(pa.array(chosen, pa.int8(), mask=chosen < 0))
