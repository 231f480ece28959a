"""Which requests may be about one matter: by distance, time, category and text. Suggestions; a person joins them.

Two requests are alike when their categories do not differ, they came within so many days, and

* both places are known: they lie within so many metres, and their texts (if both have one) are alike a little;
* else: their texts are alike, or their addresses are the same and their texts (if both have one) alike a little.

Texts are compared by the cosine of their character n-grams (TF-IDF). Nothing is left out to be quick: near places come
from a tree, alike texts from products of sparse rows within the days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from tulou.operations.hotline.domain.ngrams import normalised, vocabulary_of
from tulou.operations.hotline.domain.request import Request
from tulou.operations.hotline.domain.suggesting import pieces_of

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
EARTH = 6371008.8
"""Mean radius of the Earth, metres (IUGG)."""
DAY = 86400.0
BLOCK = 512
"""Rows of texts that are multiplied at once."""


@dataclass(frozen=True)
class LikenessRule:
    """When requests are alike, as the rulebook says.

    Args:
        metres: Distance for requests of citizens.
        metres_inspected: Distance for reports of inspectors.
        days: Days between duplicates.
        theme_days: Days between requests of one theme.
        near: Least cosine of texts whose places are near.
        alone: Least cosine of texts of duplicates of which no distance is known.
        theme: The same, of requests of one theme.
        sizes: Lengths of n-grams.
        title: How many times a title counts beside the text.
        fewest: Requests that make a theme.
        source: Where it comes from.
    """

    metres: float
    metres_inspected: float
    days: float
    theme_days: float
    near: float
    alone: float
    theme: float
    sizes: tuple[int, ...]
    title: int
    fewest: int
    source: str


@dataclass(frozen=True)
class Pair:
    """Two requests that are alike, and why.

    Args:
        first: Place of the earlier one in the list.
        second: Place of the later one.
        metres: Distance; None where a place is unknown.
        days: Days between them.
        cosine: Cosine of their texts; None where one has none.
        same_address: Whether their addresses are the same.
    """

    first: int
    second: int
    metres: float | None
    days: float
    cosine: float | None
    same_address: bool


@dataclass(frozen=True, eq=False)
class _Table:
    """Requests as columns; ``rank`` is their order by time."""

    time: Floats
    lon: Floats
    lat: Floats
    has_text: NDArray[np.bool_]
    address: Whole
    paths: Whole
    branch: Whole
    vectors: sparse.csr_array


def duplicates(requests: Sequence[Request], rule: LikenessRule, metres: float | None = None) -> list[Pair]:
    """Pairs of requests that may be one; ``metres`` takes the place of the distance of citizens."""
    return alike(requests, rule, metres=metres or rule.metres, days=rule.days, least=rule.alone)


def kindred(requests: Sequence[Request], rule: LikenessRule) -> list[Pair]:
    """Pairs of requests that may belong to one theme."""
    return alike(requests, rule, metres=rule.metres, days=rule.theme_days, least=rule.theme)


def alike(requests: Sequence[Request], rule: LikenessRule, *, metres: float, days: float, least: float) -> list[Pair]:
    """All pairs of requests that are alike, by place of the earlier and the later one.

    Args:
        requests: The requests, in any order.
        rule: When texts are alike.
        metres: Distance within which they lie.
        days: Days within which they came.
        least: Least cosine of texts of which no distance is known.
    """
    if not requests:
        return []
    table = _table(requests, rule)
    near, texts, same = _near(table, metres), _texts(table, days, least), _same_address(table)
    keys = np.unique(np.concatenate([near, texts, same]))
    a, b = keys // len(requests), keys % len(requests)
    apart = np.abs(table.time[a] - table.time[b]) / DAY
    kept = (apart <= days) & _fits(requests, table, a, b)
    a, b, apart = a[kept], b[kept], apart[kept]
    distance = _distance(table, a, b)
    cosine = _cosine(table, a, b)
    is_same = (table.address[a] == table.address[b]) & (table.address[a] >= 0)
    placed, spoken = np.isfinite(distance), np.isfinite(cosine)
    little = ~spoken | (cosine >= rule.near)
    good = np.where(placed, (distance <= metres) & little, (spoken & (cosine >= least)) | (is_same & little))
    later = (table.time[a] > table.time[b]) | ((table.time[a] == table.time[b]) & (a > b))
    a, b = np.where(later, b, a), np.where(later, a, b)
    order = np.lexsort((b, a))
    return [
        Pair(int(a[i]), int(b[i]), _or_none(distance[i]), float(apart[i]), _or_none(cosine[i]), bool(is_same[i]))
        for i in order
        if good[i]
    ]


def groups(pairs: Sequence[Pair], count: int, fewest: int = 2) -> list[tuple[int, ...]]:
    """Requests that hang together by pairs, directly or through others; the largest first, each in the given order.

    Args:
        pairs: Pairs of requests that are alike.
        count: How many requests there are.
        fewest: Smallest group that is given.
    """
    ends = np.array([(one.first, one.second) for one in pairs], np.int64).reshape(-1, 2)
    graph = sparse.csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (count, count))
    label = csgraph.connected_components(graph, directed=False)[1] if count else np.zeros(0, np.int64)
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order])) + 1
    found = [tuple(int(one) for one in part) for part in np.split(order, cuts) if len(part) >= fewest]
    return sorted(found, key=lambda one: (-len(one), one))


def same_branch(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two paths of categories do not differ: one is unknown, or leads on from the other."""
    return all(one == other for one, other in zip(first, second, strict=False))


def _table(requests: Sequence[Request], rule: LikenessRule) -> _Table:
    has_text = np.array([bool(one.text.strip()) for one in requests])
    texts, counts = pieces_of(requests, rule.title)
    vectors = vocabulary_of(texts, rule.sizes, 1, counts).vectors(texts, counts)
    places: dict[str, int] = {}
    addresses = [normalised(f"{one.place}{one.address}") if one.address.strip() else "" for one in requests]
    paths: dict[tuple[str, ...], int] = {}
    return _Table(
        np.array([one.received.timestamp() for one in requests]),
        np.array([np.nan if one.lon is None else one.lon for one in requests]),
        np.array([np.nan if one.lat is None else one.lat for one in requests]),
        has_text,
        np.array([places.setdefault(one, len(places)) if one else -1 for one in addresses], np.int64),
        np.array([paths.setdefault(one.category, len(paths)) for one in requests], np.int64),
        _branches(requests),
        vectors,
    )


def _near(table: _Table, metres: float) -> Whole:
    """Keys of pairs within a distance: points on the globe, chords instead of arcs."""
    where = np.flatnonzero(np.isfinite(table.lon) & np.isfinite(table.lat))
    lon, lat = np.radians(table.lon[where]), np.radians(table.lat[where])
    points = EARTH * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    if not len(where):
        return np.zeros(0, np.int64)
    found = cKDTree(points).query_pairs(metres, output_type="ndarray")
    return _keys(where[found[:, 0]], where[found[:, 1]], len(table.time))


def _branches(requests: Sequence[Request]) -> Whole:
    """Top category of each; one for all where any is unknown, for that may be like any other."""
    tops: dict[str, int] = {}
    is_known = all(one.category for one in requests)
    return np.array([tops.setdefault(one.category[0], len(tops)) if is_known else 0 for one in requests], np.int64)


def _texts(table: _Table, days: float, least: float) -> Whole:
    """Keys of pairs whose texts are alike, by products of rows of one branch that lie within the days."""
    found = [np.zeros(0, np.int64)]
    for branch in np.unique(table.branch):
        where = np.flatnonzero(table.has_text & (table.branch == branch))
        where = where[np.argsort(table.time[where], kind="stable")]
        rows, time = table.vectors[where], table.time[where]
        for start in range(0, len(where), BLOCK):
            end = min(start + BLOCK, len(where))
            last = int(np.searchsorted(time, time[end - 1] + days * DAY, "right"))
            product = (rows[start:end] @ rows[start:last].T).tocoo()
            good = (product.data >= least) & (product.col > product.row)
            found.append(_keys(where[start + product.row[good]], where[start + product.col[good]], len(table.time)))
    return np.concatenate(found)


def _same_address(table: _Table) -> Whole:
    """Keys of pairs at one address."""
    where = np.flatnonzero(table.address >= 0)
    order = where[np.lexsort((table.time[where], table.address[where]))]
    found = [np.zeros(0, np.int64)]
    for part in np.split(order, np.flatnonzero(np.diff(table.address[order])) + 1):
        first, second = np.triu_indices(len(part), 1)
        found.append(_keys(part[first], part[second], len(table.time)))
    return np.concatenate(found)


def _fits(requests: Sequence[Request], table: _Table, a: Whole, b: Whole) -> NDArray[np.bool_]:
    """Whether the categories of pairs do not differ; each pair of paths is asked once."""
    one, other = table.paths[a], table.paths[b]
    example = {int(path): requests[i].category for i, path in enumerate(table.paths)}
    keys, inverse = np.unique(one * len(example) + other, return_inverse=True)
    answers = [same_branch(example[int(key) // len(example)], example[int(key) % len(example)]) for key in keys]
    return np.array(answers, bool)[inverse] if len(keys) else np.zeros(0, bool)


def _distance(table: _Table, a: Whole, b: Whole) -> Floats:
    """Great-circle distance, metres (haversine); NaN where a place is unknown."""
    lat1, lat2 = np.radians(table.lat[a]), np.radians(table.lat[b])
    half = np.sin((lat2 - lat1) / 2) ** 2
    half += np.cos(lat1) * np.cos(lat2) * np.sin(np.radians(table.lon[b] - table.lon[a]) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(half)), np.float64)


def _cosine(table: _Table, a: Whole, b: Whole) -> Floats:
    product = np.asarray(table.vectors[a].multiply(table.vectors[b]).sum(axis=1), np.float64).ravel()
    return np.where(table.has_text[a] & table.has_text[b], product, np.nan)


def _keys(a: Whole, b: Whole, count: int) -> Whole:
    return np.asarray(np.minimum(a, b).astype(np.int64) * count + np.maximum(a, b), np.int64)


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
