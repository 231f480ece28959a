"""Files that are not in order, or hold an object twice: brought into order before anything else is done."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.sources.osm.blocks import Objects
from tulou.sources.osm.survey import Whole

LARGEST_ID = 1 << 60


@dataclass(frozen=True, eq=False)
class Repeated:
    """Objects that stand in the file more than once; the last one counts.

    Args:
        nodes: Ids of nodes.
        ways: Ids of ways.
        relations: Ids of relations.
    """

    nodes: Whole
    ways: Whole
    relations: Whole


def tidy(objects: Objects, name: str) -> tuple[Objects, Repeated]:
    """Put nodes in the order of their ids and take the tags off objects that a later one replaces.

    Raises:
        BadInput: When an id is absurd.
    """
    for ids in (objects.node, objects.way, objects.relation):
        if len(ids) and (ids.min() < -LARGEST_ID or ids.max() > LARGEST_ID):
            raise BadInput(
                "an object has an absurd id; the file is damaged", where=name, found=int(ids[abs(ids).argmax()])
            )
    dead = np.zeros(objects.count, np.bool_)
    nodes, order = _stale(objects.node)
    ways, _ = _stale(objects.way)
    relations, _ = _stale(objects.relation)
    dead[nodes], dead[objects.ways_from + ways], dead[objects.relations_from + relations] = True, True, True
    repeated = Repeated(objects.node[nodes], objects.way[ways], objects.relation[relations])
    if dead.any():
        alive = ~dead[objects.tag_object]
        objects = replace(
            objects,
            tag_object=objects.tag_object[alive],
            tag_key=objects.tag_key[alive],
            tag_value=objects.tag_value[alive],
        )
    return (_sorted(objects, order, nodes) if order is not None else objects), repeated


def _stale(ids: Whole) -> tuple[Whole, Whole | None]:
    """Rows that a later row with the same id replaces, and the order of ids where they do not ascend."""
    if bool(np.all(ids[1:] > ids[:-1])):
        return np.empty(0, np.int64), None
    order = np.argsort(ids, kind="stable")
    same = ids[order][1:] == ids[order][:-1]
    return order[:-1][same], order


def _sorted(objects: Objects, order: Whole, stale: Whole) -> Objects:
    """The same file with its nodes ascending and without those that a later one replaces."""
    kept = order[~np.isin(order, stale)]
    where: NDArray[np.int64] = np.arange(objects.count) - len(stale)
    where[kept] = np.arange(len(kept))
    return replace(
        objects,
        node=objects.node[kept],
        x=objects.x[kept],
        y=objects.y[kept],
        tag_object=where[objects.tag_object],
    )
