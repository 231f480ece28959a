"""Ground: a project may not build on what stands, and what stands beside it is pointed out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.polygons import AREA
from tulou.kernel.words import Words
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.plan.projects.joining import REACH
from tulou.plan.projects.project import Edit

BUILDING, ROAD, FACILITY = "building", "road", "facility"
LEAST_OVERLAP = 1.0
"""Ground in m2 that two footprints may share: what drawing and projecting leave along a common wall."""
LEAST_SHARE = 0.01
"""And the share of the smaller one."""
GROUND = ("green", "water", ROAD)
"""Entities whose ground a building may not take unseen."""
NAMED = 3
"""Objects named in a remark."""


def refuse_overlaps(edits: Sequence[Edit], state: State) -> None:
    """Refuse footprints on a building that stands and is not removed, or on one another.

    Args:
        edits: All edits of a project.
        state: The city.

    Raises:
        BadInput: Naming each building in the way, and how much ground they share.
    """
    drawn = [
        edit for edit in edits
        if edit.entity == BUILDING and edit.action in {"add", "change"} and edit.shape is not None
    ]  # fmt: skip
    if not drawn:
        return
    moved = {edit.id for edit in drawn}
    stands = _standing(state.rows(BUILDING), {*moved, *(edit.id for edit in edits if _is_removal(edit))})
    shapes = np.array([edit.shape for edit in drawn], object)
    faults = [
        Fault(
            "a building stands here that the project does not remove", drawn[at].where,
            f"{stands.ids[row]}, {area:,.0f} m2 in common", ("another place", f"action: remove, id: {stands.ids[row]}"),
        )
        for at, row, area in _overlaps(shapes, stands.shapes)
    ]  # fmt: skip
    faults += [
        Fault(
            "two buildings of the project stand on the same ground", drawn[at].where,
            f"{drawn[other].id}, {area:,.0f} m2 in common", (f"ground apart from that of {drawn[other].where}",),
        )
        for at, other, area in _overlaps(shapes, shapes) if other < at
    ]  # fmt: skip
    if faults:
        raise BadInput.of(faults)


def remarks_on(edits: Sequence[Edit], state: State) -> list[Words]:
    """What a planner is to know: what is built on, what stands in buildings that go, which road joins nothing."""
    return [*_built_on(edits, state), *_facilities_left(edits, state), *_roads_alone(edits, state)]


def _is_removal(edit: Edit) -> bool:
    return edit.entity == BUILDING and edit.action == "remove"


def _standing(buildings: Rows, gone: set[str]) -> Rows:
    keep = ~np.isin(buildings.ids.astype(str), sorted(gone))
    if "demolished" in buildings.entity.attributes:
        keep &= buildings.numbers("demolished") != 1.0
    return buildings.where(keep)


def _overlaps(shapes: NDArray[np.object_], others: NDArray[np.object_]) -> Iterator[tuple[int, int, float]]:
    """Pairs that share ground, in order, with how much."""
    if not len(others):
        return
    at, other = shapely.STRtree(others).query(shapes, predicate="intersects")
    order = np.lexsort((other, at))
    for one, two in zip(at[order].tolist(), other[order].tolist(), strict=True):
        if shapes[one] is others[two]:
            continue
        area = float(shapely.area(shapely.intersection(shapes[one], others[two])))
        smaller = min(shapely.area(shapes[one]), shapely.area(others[two]))
        if area > max(LEAST_OVERLAP, LEAST_SHARE * smaller):
            yield one, two, area


def _built_on(edits: Sequence[Edit], state: State) -> Iterator[Words]:
    """Greens, water and roads on the level that new footprints cover."""
    gone = {edit.id for edit in edits if edit.action == "remove"}
    for edit in edits:
        if edit.entity != BUILDING or edit.action not in {"add", "change"} or edit.shape is None:
            continue
        for name in GROUND:
            rows = state.rows(name) if name in state.dictionary else None
            if rows is None or not len(rows):
                continue
            at = np.sort(shapely.STRtree(rows.shapes).query(edit.shape, predicate="intersects"))
            met = [str(rows.ids[row]) for row in at if _is_covered(edit.shape, rows, int(row))]
            left = [one for one in met if one not in gone]
            if left:
                title, shown = rows.entity.title, ", ".join(left[:NAMED]) + (" …" if len(left) > NAMED else "")
                yield Words(
                    f"{edit.where}：新建筑压占{title.zh}：{shown}",
                    f"{edit.where}: the building stands on what is on record as {title.en}: {shown}",
                )


def _is_covered(shape: BaseGeometry, rows: Rows, row: int) -> bool:
    """Whether a footprint takes ground of an area, or lies across a road that runs on the level."""
    other = rows.shapes[row]
    if shapely.get_dimensions(other) >= AREA:
        return bool(shapely.area(shapely.intersection(shape, other)) > LEAST_OVERLAP)
    flags = [rows.numbers(name)[row] for name in ("bridge", "tunnel") if name in rows.entity.attributes]
    return bool(shapely.length(shapely.intersection(shape, other)) > LEAST_OVERLAP) and 1.0 not in flags


def _facilities_left(edits: Sequence[Edit], state: State) -> Iterator[Words]:
    """Facilities inside buildings that go, which the project leaves open."""
    gone = {edit.id for edit in edits if _is_removal(edit)}
    touched = {edit.id for edit in edits if edit.entity == FACILITY}
    if not gone or FACILITY not in state.dictionary:
        return
    buildings, rows = state.rows(BUILDING), state.rows(FACILITY)
    shapes = buildings.shapes[np.isin(buildings.ids.astype(str), sorted(gone))]
    places = rows.places
    inside = np.zeros(len(rows), bool)
    for shape in shapes:
        inside |= shapely.intersects_xy(shape, places[:, 0], places[:, 1])
    left = [str(name) for name in rows.ids[inside] if str(name) not in touched]
    if left:
        shown = ", ".join(left[:NAMED]) + (" …" if len(left) > NAMED else "")
        yield Words(
            f"拆除的建筑内有 {len(left)} 处设施，本项目未说明其去留，按继续开放计算：{shown}",
            f"facilities in buildings that are removed, counted as open since the project does not say: "
            f"{len(left)} ({shown})",
        )


def _roads_alone(edits: Sequence[Edit], state: State) -> Iterator[Words]:
    """New roads that meet no road that stands."""
    new = [edit for edit in edits if edit.entity == ROAD and edit.action == "add" and edit.shape is not None]
    for edit in new:
        others = [other.shape for other in new if other is not edit]
        if not _meets(edit.shape, state.rows(ROAD), others):
            yield Words(
                f"{edit.where}：新路距最近的道路超过 {REACH:.0f} 米，与路网不相连",
                f"{edit.where}: the new road comes within {REACH:.0f} m of no other and joins nothing",
            )


def _meets(line: BaseGeometry | None, roads: Rows, others: Sequence[BaseGeometry | None]) -> bool:
    shapes = np.concatenate([roads.shapes, np.array([*others, None], object)[:-1]])
    return bool((shapely.distance(shapes, line) <= REACH).any())
