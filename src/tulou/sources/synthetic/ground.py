"""Units, land, roads and water of the generated city."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.sources.synthetic.layout import (
    COLUMNS_PER_BLOCK,
    COMMUNITY_DEPTH,
    COMMUNITY_WIDTH,
    LAND_USES,
    ROWS_PER_BLOCK,
    Layout,
)

Columns = dict[str, Any]
QUARTERS = 4
KERB = 12.0
"""Half the width of the street space between communities."""

_PARCEL_USE = {
    "old_homes": "residential",
    "mid_homes": "residential",
    "new_homes": "residential",
    "centre": "commercial",
    "industry": "industrial",
    "public": "public",
    "park": "green",
}
DISTRICTS = ("城西区", "城东区")
"""Districts, from west to east."""
LANES = {"arterial": 6.0, "secondary": 4.0, "branch": 2.0}
"""Lanes by class of road; one on all others."""
WAYS_THROUGH = (1, 3)
"""Quarters of a community at which ways run through it."""
HALF_RIVER = 9.0
"""Half the width of the river, metres."""


def units(layout: Layout) -> dict[str, Columns]:
    """City, districts, blocks and communities."""
    x, y = layout.corner.T
    blocks = layout.columns * layout.rows
    row, column = np.divmod(np.arange(blocks), layout.columns)
    wide, deep = COMMUNITY_WIDTH * COLUMNS_PER_BLOCK, COMMUNITY_DEPTH * ROWS_PER_BLOCK
    everything = shapely.box(0, 0, layout.across * COMMUNITY_WIDTH, layout.up * COMMUNITY_DEPTH)
    return {
        "city": {"id": ["city"], "name": ["榕城（合成）"], "code": ["000000"], "geometry": np.array([everything])},
        "district": _districts(layout),
        "block": {
            "id": names("block", blocks),
            "name": [f"第{n + 1}街道" for n in range(blocks)],
            "unit": np.array(names("district", len(DISTRICTS)), object)[column * len(DISTRICTS) // layout.columns],
            "geometry": shapely.box(column * wide, row * deep, (column + 1) * wide, (row + 1) * deep),
        },
        "community": {
            "id": names("community", layout.communities),
            "name": [f"第{n + 1}社区" for n in range(layout.communities)],
            "unit": np.array(names("block", blocks), object)[layout.block_of],
            "geometry": shapely.box(x, y, x + COMMUNITY_WIDTH, y + COMMUNITY_DEPTH),
        },
    }


def _districts(layout: Layout) -> Columns:
    """Districts from west to east, each of whole columns of blocks; a city one block wide has one."""
    first = -(-np.arange(len(DISTRICTS) + 1) * layout.columns // len(DISTRICTS))
    wide = COMMUNITY_WIDTH * COLUMNS_PER_BLOCK
    kept = np.flatnonzero(first[1:] > first[:-1])
    south, north = np.zeros(len(kept)), np.full(len(kept), layout.up * COMMUNITY_DEPTH)
    return {
        "id": np.array(names("district", len(DISTRICTS)), object)[kept],
        "name": np.array(DISTRICTS, object)[kept],
        "unit": ["city"] * len(kept),
        "geometry": shapely.box(first[kept] * wide, south, first[kept + 1] * wide, north),
    }


def parcels(layout: Layout) -> Columns:
    """One parcel of land a community, inside its streets."""
    x, y = layout.corner.T
    use = [_PARCEL_USE[LAND_USES[code]] for code in layout.use]
    shape = shapely.box(x + KERB, y + KERB, x + COMMUNITY_WIDTH - KERB, y + COMMUNITY_DEPTH - KERB)
    return {
        "id": names("parcel", layout.communities),
        "unit": names("community", layout.communities),
        "use": use,
        "built_up": [one != "green" for one in use],
        "geometry": shape,
    }


def roads(layout: Layout) -> Columns:
    """Streets around every community and two ways through it; crossings share their vertices to the bit."""
    classes: list[str] = []
    walked: list[str] = []
    lines: list[NDArray[np.object_]] = []
    for kind, name, shape in _streets(layout):
        classes += [kind] * len(shape)
        walked += [f"{name}{n + 1}" for n in range(len(shape))]
        lines.append(shape)
    kind_of = np.array(classes)
    return {
        "id": names("road", len(classes)),
        "name": walked,
        "class": classes,
        "walkable": kind_of != "expressway",
        "drivable": np.ones(len(classes), bool),
        "public": kind_of != "internal",
        "oneway": np.zeros(len(classes), bool),
        "lanes": np.array([LANES.get(kind, 1.0) for kind in classes]),
        "geometry": np.concatenate(lines),
    }


def _streets(layout: Layout) -> list[tuple[str, str, NDArray[np.object_]]]:
    found: list[tuple[str, str, NDArray[np.object_]]] = []
    for line in range(layout.up + 1):
        kind = _rank(line, ROWS_PER_BLOCK, layout.rows)
        found.append(
            (kind, f"横{line + 1}路", _pieces(layout.across, line * COMMUNITY_DEPTH, COMMUNITY_WIDTH, turned=False))
        )
    for line in range(layout.across + 1):
        is_spine = line == layout.across // 2 // COLUMNS_PER_BLOCK * COLUMNS_PER_BLOCK
        kind = "expressway" if is_spine else _rank(line, COLUMNS_PER_BLOCK, layout.columns)
        found.append(
            (kind, f"纵{line + 1}路", _pieces(layout.up, line * COMMUNITY_WIDTH, COMMUNITY_DEPTH, turned=True))
        )
    x, y = layout.corner[~layout.is_used("park")].T
    for part in WAYS_THROUGH:
        east = COMMUNITY_WIDTH * part / QUARTERS
        north = COMMUNITY_DEPTH * part / QUARTERS
        found.append(("internal", f"内部纵路{part}-", _through(x + east, y, COMMUNITY_DEPTH, turned=True)))
        found.append(("internal", f"内部横路{part}-", _through(x, y + north, COMMUNITY_WIDTH, turned=False)))
    return found


def _rank(line: int, per_block: int, blocks: int) -> str:
    """Class of a street line: arterials bound blocks, every second one of them; branch roads cut them."""
    if line % per_block:
        return "branch"
    block = line // per_block
    return "arterial" if block in {0, blocks} or block % 2 == 0 else "secondary"


def _pieces(count: int, offset: float, step: float, *, turned: bool) -> NDArray[np.object_]:
    """Pieces of one street from crossing to crossing, with a vertex at every quarter."""
    along = (np.arange(count)[:, None] + np.arange(QUARTERS + 1)[None, :] / QUARTERS) * step
    across = np.full_like(along, offset)
    order = (across, along) if turned else (along, across)
    return np.asarray(shapely.linestrings(np.stack(order, axis=-1)), object)


def _through(x: NDArray[np.float64], y: NDArray[np.float64], length: float, *, turned: bool) -> NDArray[np.object_]:
    """Ways through communities, with a vertex at every quarter."""
    run = np.arange(QUARTERS + 1) / QUARTERS * length
    zero = np.zeros(QUARTERS + 1)
    east = x[:, None] + (zero if turned else run)
    north = y[:, None] + (run if turned else zero)
    return np.asarray(shapely.linestrings(np.stack([east, north], axis=-1)), object)


def water(layout: Layout) -> Columns:
    """One river from west to east, along a street line."""
    line = layout.up // 2 * COMMUNITY_DEPTH
    return {
        "id": ["water-1"],
        "name": ["榕江"],
        "category": ["river"],
        "geometry": np.array([shapely.box(0, line - HALF_RIVER, layout.across * COMMUNITY_WIDTH, line + HALF_RIVER)]),
    }


def names(kind: str, count: int) -> list[str]:
    """Ids of a kind: ``kind-1`` and so on."""
    return [f"{kind}-{n + 1}" for n in range(count)]
