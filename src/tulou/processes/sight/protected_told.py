"""What ``view_corridor`` tells: buildings in protected views, the height that stays allowed, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from tulou.kernel.facts import ID, Facts
from tulou.kernel.words import Words
from tulou.measures.form.view_corridor import Part
from tulou.processes.declaration import Run
from tulou.processes.outcome import Cell, Column, FieldPlot, Figure, Outcome, Table
from tulou.processes.sight.protected import View, Views, views_of

PERCENT = 100.0
MOST_BUILDINGS = 100
MOST_PARCELS = 50
STEPS = (0.0, 10.0, 20.0, 30.0, 50.0)
"""Bounds of the classes of the map, m."""
UNSEEN = 0.01
"""Share of a corridor outside of all that is on record from which on the reader is warned."""
PARTS = {
    Part.CORRIDOR: Words("通廊", "corridor"),
    Part.SIDE: Words("侧翼", "side"),
    Part.BACKGROUND: Words("背景", "background"),
}
PIERCES = Words("突破", "pierces")
BELOW = Words("未突破", "stays below")
UNKNOWN = Words("无法判定", "cannot be told")
CLEAR = Words("通畅", "clear")
EXISTING, PLANNED = Words("现状", "existing"), Words("拟建", "planned")


def told(run: Run) -> Outcome:
    """Run the process, see ``view_corridor.PROCESS``."""
    views = views_of(run)
    verdict, allowed = views.strictest(lambda view: view.found, len(views.stock.shapes))
    return Outcome(
        answer=tuple(_said(view, views) for view in views.views),
        figures=_figures(views, verdict),
        tables=(_views_table(views), _buildings_table(views), _parcels_table(views)),
        plots=(_plot(views),),
        assumptions=_assumptions(views, run.values),
        warnings=_warnings(views),
        facts=_facts(views, verdict, allowed),
        sources=views.digests,
    )


def _answer_of(verdicts: Sequence[float] | np.ndarray[Any, Any], none: Words) -> Words:
    """One answer of three for several: what pierces before what cannot be told."""
    some = np.asarray(verdicts, float)
    return PIERCES if (some > 0).any() else UNKNOWN if np.isnan(some).any() else none


def _said(view: View, views: Views) -> Words:
    core = view.core
    verdicts, excess = view.found.verdict[core], view.found.excess[core]
    planned = view.found.building[core] >= views.stock.existing
    through, open_ = int((verdicts > 0).sum()), int(np.isnan(verdicts).sum())
    new = int(((verdicts > 0) & planned).sum())
    over = excess[(verdicts > 0) & np.isfinite(excess)]
    most = Words(f"，最多 {over.max():.1f} 米", f", by {over.max():.1f} m at most") if len(over) else Words("", "")
    return Words(
        f"{view.name}：通廊内 {int(core.sum())} 栋建筑，{through} 栋突破（其中拟建 {new} 栋）{most.zh}；"
        f"{open_} 栋无法判定。",
        f"{view.name}: of {int(core.sum())} buildings in the corridor {through} pierce it ({new} of them planned)"
        f"{most.en}; {open_} cannot be told.",
    )


def _figures(views: Views, verdict: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[Figure, ...]:
    inside = np.zeros(len(verdict), bool)
    for view in views.views:
        inside[view.found.building[view.core]] = True
    planned = np.arange(len(verdict)) >= views.stock.existing
    excess = np.concatenate([view.found.excess[view.core] for view in views.views])
    over = excess[np.isfinite(excess) & (excess > 0)]
    counts = (
        ("inside", Words("通廊内建筑", "Buildings in corridors"), inside),
        ("piercing", Words("突破的建筑", "Buildings that pierce"), inside & (verdict > 0)),
        ("planned", Words("突破的拟建建筑", "Planned buildings that pierce"), inside & (verdict > 0) & planned),
        ("unknown", Words("无法判定的建筑", "Buildings that cannot be told"), inside & np.isnan(verdict)),
    )
    worst = Words("最大突破", "Pierced by at most")
    return (
        *(Figure(name, title, float(some.sum()), "building", digits=0) for name, title, some in counts),
        Figure("excess", worst, float(over.max()) if len(over) else 0.0, "m", digits=1),
    )


def _views_table(views: Views) -> Table:
    columns = (
        Column("view", Words("通廊", "View")),
        Column("length", Words("长度", "Length"), "m", 0),
        Column("view_level", Words("视点高程", "Level of the eye"), "m", 1),
        Column("threshold", Words("地标控制高程", "Threshold"), "m", 1),
        Column("half_way", Words("中点控制高程", "Surface half way"), "m", 2),
        Column("corridor", Words("通廊", "Corridor")),
        Column("side", Words("侧翼", "Sides")),
        Column("background", Words("背景", "Background")),
    )
    rows: list[list[Cell]] = []
    for view in views.views:
        one = view.corridor
        answers: list[Cell] = []
        for part in Part:
            here = view.found.part == part
            answers.append(_answer_of(view.found.verdict[here], CLEAR) if part in one.parts() else None)
        half_way = float(one.level(np.array(one.length / 2)))
        rows.append([view.name, one.length, one.view_level, one.threshold, half_way, *answers])
    return Table("views", Words("各通廊", "The views"), columns, rows)


def _buildings_table(views: Views) -> Table:
    """Buildings in the areas of the views, what pierces most first, then what cannot be told."""
    stock = views.stock
    columns = (
        Column("view", Words("通廊", "View")),
        Column("building", Words("建筑", "Building")),
        Column("state", Words("状态", "State")),
        Column("part", Words("区域", "Area")),
        Column("height", Words("高度", "Height"), "m", 1),
        Column("allowed", Words("允许高度", "Height allowed"), "m", 1),
        Column("excess", Words("突破", "Above the surface"), "m", 1),
        Column("verdict", Words("结论", "Answer")),
    )
    found: list[tuple[tuple[float, float, str, str], list[Cell]]] = []
    for view in views.views:
        one = view.found
        for at, row in enumerate(one.building.tolist()):
            verdict, excess = float(one.verdict[at]), float(one.excess[at])
            numbers = (float(stock.heights[row]), float(one.allowed[at]), excess)
            state = EXISTING if row < stock.existing else PLANNED
            name = stock.names[row] or str(stock.ids[row])
            said = PIERCES if verdict > 0 else UNKNOWN if np.isnan(verdict) else BELOW
            cells: list[Cell] = [number if np.isfinite(number) else None for number in numbers]
            rank = 0.0 if verdict > 0 else 1.0 if np.isnan(verdict) else 2.0
            order = (rank, -excess if np.isfinite(excess) else 0.0, view.name, str(stock.ids[row]))
            found.append((order, [view.name, name, state, PARTS[one.part[at]], *cells, said]))
    found.sort(key=lambda pair: pair[0])
    title = Words(
        f"通廊内的建筑（突破最多者在前，至多列 {MOST_BUILDINGS} 栋）",
        f"Buildings in the views, what pierces most first, at most {MOST_BUILDINGS}",
    )
    return Table("buildings", title, columns, [row for _, row in found[:MOST_BUILDINGS]])


def _parcels_table(views: Views) -> Table:
    _, allowed = views.strictest(lambda view: view.parcels, len(views.parcels))
    names = views.parcels.texts("name")
    order = np.argsort(allowed, kind="stable")
    rows: list[list[Cell]] = [
        [names[at] or str(views.parcels.ids[at]), float(allowed[at])]
        for at in order.tolist()
        if np.isfinite(allowed[at])
    ]
    columns = (
        Column("parcel", Words("地块", "Parcel")),
        Column("allowed", Words("允许高度", "Height allowed"), "m", 1),
    )
    title = Words(
        f"各地块允许高度（最低者在前，至多列 {MOST_PARCELS} 块）",
        f"Height allowed by parcel, the lowest first, at most {MOST_PARCELS}",
    )
    return Table("parcels", title, columns, rows[:MOST_PARCELS])


def _plot(views: Views) -> FieldPlot:
    grid = views.grid
    title = Words("视线通廊内允许的建筑高度", "Height allowed in the protected views")
    return FieldPlot("allowed", title, views.allowed, grid.west, grid.north, grid.cell, "m", STEPS)


def _facts(
    views: Views, verdict: np.ndarray[Any, np.dtype[np.float64]], allowed: np.ndarray[Any, np.dtype[np.float64]]
) -> tuple[Facts, ...]:
    """What buildings that stand and parcels learn: those in a corridor itself."""
    stock = views.stock
    standing = np.flatnonzero(np.isfinite(allowed[: stock.existing]))
    buildings = {
        ID: pa.array(stock.ids[standing].astype(str), pa.string()),
        "view_pierced": pa.array([None if np.isnan(one) else one > 0 for one in verdict[standing]], pa.bool_()),
        "view_height_allowed": pa.array(allowed[standing], pa.float64()),
    }
    _, room = views.strictest(lambda view: view.parcels, len(views.parcels))
    held = np.flatnonzero(np.isfinite(room))
    parcels = {
        ID: pa.array(views.parcels.ids[held].astype(str), pa.string()),
        "view_height_allowed": pa.array(room[held], pa.float64()),
    }
    return Facts("building", pa.table(buildings)), Facts("parcel", pa.table(parcels))


def _assumptions(views: Views, values: Mapping[str, Any]) -> tuple[Words, ...]:
    found = [*views.standing.assumptions(values["unknown_height"])]
    if values["terrain"] is None:
        found.append(Words("没有给出地形，地面视为水平。", "No terrain was given: the ground is level."))
    else:
        found.append(
            Words(
                "建筑与地块的地面高程取其内部一点的地形高程。",
                "The ground of a building or parcel is the terrain at a point inside of it.",
            )
        )
    k = values["refraction"]
    found.append(
        Words(
            f"控制面按地球曲率下垂，大气折射抵消其 {PERCENT * k:g}%；地标之后为其控制高程。",
            f"The surface follows the Earth's curve, of which refraction takes back {PERCENT * k:g} %; behind the "
            "landmark it stays at the threshold.",
        )
    )
    own = sorted({str(views.stock.ids[row]) for view in views.views for row in view.own.tolist()})
    if own:
        found.append(
            Words(
                "地标与观景点所在建筑不计：" + "、".join(own),
                "The landmark and the building one looks from do not count: " + ", ".join(own),
            )
        )
    return tuple(found)


def _warnings(views: Views) -> tuple[Words, ...]:
    found: list[Words] = []
    stock = views.stock
    for view in views.views:
        if view.unseen > UNSEEN:
            share = PERCENT * view.unseen
            found.append(
                Words(
                    f"{view.name}：通廊的 {share:.0f}% 在有建筑记录的范围之外，其中的建筑未知。",
                    f"{view.name}: {share:.0f} % of the corridor lies outside of all that is on record; what stands "
                    "there is unknown.",
                )
            )
    rows = {row for view in views.views for row in view.found.building[np.isnan(view.found.verdict)].tolist()}
    lowless = sum(bool(np.isnan(stock.ground[row])) for row in rows)
    if len(rows) > lowless:
        found.append(
            Words(
                f"{len(rows) - lowless} 栋建筑高度和层数未知：无法判定。可用 unknown_height 给出假定高度。",
                f"{len(rows) - lowless} buildings have neither height nor storeys on record: they cannot be told. "
                "unknown_height assumes a height.",
            )
        )
    if lowless:
        found.append(
            Words(
                f"{lowless} 栋建筑处没有地形：无法判定。", f"The terrain is unknown at {lowless} buildings: not told."
            )
        )
    return tuple(found)
