"""Social grids of a city from end to end: read from its facts, drawn, told, written as GeoJSON and as a paper."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.app.checking import Question, state_of
from tulou.app.wiring import open_city
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.polygons import holders
from tulou.kernel.progress import Progress
from tulou.kernel.words import Language
from tulou.model.geography import to_geographic
from tulou.model.state import State
from tulou.operations.communities.adapters.grids import GridRules, StaffRules, read_grid_rules
from tulou.operations.communities.domain.dividing import Size
from tulou.operations.communities.domain.planning import Plan, Rules, fitting, loads_of, plan_grids
from tulou.operations.communities.domain.staffing import Need
from tulou.operations.communities.domain.territory import Cells

TERRITORIES = ("community", "block", "district")
FORMAT = 1
NONE = "none"
MEMBERS = ("households", "residents")
COMMUNITY = "community"


@dataclass(frozen=True, eq=False)
class GridPlan:
    """Grids of a city with what they were drawn from.

    Args:
        state: The city.
        measure: What was counted, ``households`` or ``residents``.
        within: Entity of the territories.
        whole: Entity of the compounds that are not split; ``none`` where buildings are not.
        rules: By what they were drawn.
        staff: How many people are needed.
        plan: The grids.
        unknown: Places where it is not known how many live.
    """

    state: State
    measure: str
    within: str
    whole: str
    rules: GridRules
    staff: StaffRules
    plan: Plan
    unknown: int

    @property
    def size(self) -> Size:
        """How much a grid should hold."""
        return self.rules.sizes[self.measure]

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each territory by its id; the id where it has none."""
        rows = self.state.rows(self.within)
        told = rows.texts("name") if rows.has("name") else rows.ids
        return {str(one): str(name or one) for one, name in zip(rows.ids, told, strict=True)}

    def needs(self) -> dict[str, tuple[Need, ...]]:
        """What each territory needs and has of its people, and of floor for services."""
        rows = self.state.rows(self.within)
        ids = rows.ids.astype(str)
        residents = self._summed("residents", ids)
        households = self._summed("households", ids)
        grids = {one: sum(grid.territory == one for grid in self.plan.grids) for one in ids}
        have = {
            kind: rows.numbers(name) if self.within == COMMUNITY else np.full(len(ids), np.nan)
            for kind, name in _COLUMNS.items()
        }
        found = {}
        for at, one in enumerate(ids):
            sizes = {"service_floor": households[at], "grid_workers": float(grids[one])}
            found[one] = tuple(
                Need(kind, ratio.needed(sizes.get(kind, residents[at])), float(have[kind][at]))
                for kind, ratio in self.staff.ratios.items()
            )
        return found

    def _summed(self, column: str, ids: NDArray[Any]) -> NDArray[np.float64]:
        """Sum of a column of the population by territory; NaN where one of its places is unknown or there are none."""
        cells = self.state.rows("population")
        values = cells.numbers(column)
        held = holders(self.state.rows(self.within).shapes, cells.places)
        found = np.full(len(ids), np.nan)
        for at in range(len(ids)):
            inside = values[held == at]
            found[at] = inside.sum() if len(inside) else (0.0 if len(values) else np.nan)
        return found


_COLUMNS = {
    "community_workers": "community_workers",
    "community_workers_target": "community_workers",
    "grid_workers": "grid_workers",
    "service_floor": "service_floor_area",
}


def draw_grids(
    path: Path, question: Question, *, within: str = "", whole: str = "", progress: Progress | None = None
) -> GridPlan:
    """Draw the social grids of a city.

    Args:
        path: Folder of the city.
        question: Day, record, branch and rulebooks.
        within: Entity that no grid reaches beyond; found by how much each holds when empty.
        whole: Entity of compounds that are not split; ``none`` to split down to buildings; found when empty.
        progress: Told after each territory.

    Raises:
        BadUse: For an entity that bounds no territory.
        NotEnoughData: When nobody is on record, or no territory is.
    """
    state = state_of(open_city(path), question)
    rules, staff = read_grid_rules(list(question.rulebooks), state.moment.valid)
    measure, cells, unknown = _people(state)
    size = rules.sizes[measure]
    territory, compounds = _levels(state, cells, (rules.small_share, size.least), within, whole)
    rows = state.rows(territory)
    plan = plan_grids(
        rows.ids.astype(str).tolist(),
        rows.shapes,
        state.rows(compounds).shapes if compounds != NONE else np.empty(0, object),
        cells,
        _buildings(state, cells),
        _barriers(state, rules),
        Rules(size, rules.weights, rules.prove_up_to),
        progress,
    )
    if not plan.grids:
        raise NotEnoughData("nobody lives in any of these territories", where="--within", found=territory,
                            allowed=TERRITORIES)  # fmt: skip
    return GridPlan(state, measure, territory, compounds, rules, staff, plan, unknown)


def _people(state: State) -> tuple[str, Cells, int]:
    """What is counted, where, and at how many places nobody knows: households where all are known, else residents."""
    rows = state.rows("population")
    at = np.flatnonzero(np.isfinite(rows.places).all(axis=1)) if len(rows) else np.empty(0, np.int64)
    if not len(at):
        raise NotEnoughData("nobody is on record in this city", where="population", allowed=("tulou derive",))
    by = {name: rows.numbers(name)[at] for name in MEMBERS}
    is_known = np.isfinite(by["households"]).sum() >= np.isfinite(by["residents"]).sum()
    measure = "households" if is_known and np.isfinite(by["households"]).any() else "residents"
    load = by[measure]
    known = np.isfinite(load)
    return measure, Cells(rows.places[at][known], load[known]), int((~known).sum())


def _levels(state: State, cells: Cells, small: tuple[float, float], within: str, whole: str) -> tuple[str, str]:
    """Territories and compounds: as asked, else the finest level of which few people live in territories too small."""
    share, least = small
    having = [name for name in TERRITORIES if len(state.rows(name))]
    if within and within not in having:
        raise BadUse("no such territory is on record here", where="--within", found=within, allowed=having)
    if not having:
        raise NotEnoughData(
            "no community, block or district is on record", where="community", allowed=("tulou derive",)
        )
    chosen = within or next((name for name in having if _too_small(state, name, cells, least) <= share), having[-1])
    finer = having[having.index(chosen) - 1] if having.index(chosen) else NONE
    allowed = (NONE, *[name for name in having if name != chosen], *(["parcel"] if len(state.rows("parcel")) else []))
    if whole and whole not in allowed:
        raise BadUse("no such compounds are on record here", where="--whole", found=whole, allowed=allowed)
    return chosen, whole or finer


def _too_small(state: State, name: str, cells: Cells, least: float) -> float:
    """Share of all that lives in territories which hold less than one grid should, or in none."""
    shapes = state.rows(name).shapes
    held = holders(shapes, cells.points)
    loads = np.bincount(held[held >= 0], cells.load[held >= 0], len(shapes))
    total = cells.load.sum()
    return float(1.0 - loads[loads >= least].sum() / total) if total else 1.0


def _buildings(state: State, cells: Cells) -> NDArray[np.int64]:
    rows = state.rows("building")
    return holders(rows.shapes, cells.points) if len(rows) else np.full(len(cells.load), -1, np.int64)


def _barriers(state: State, rules: GridRules) -> NDArray[np.object_]:
    roads, water = state.rows("road"), state.rows("water").shapes
    chosen = roads.shapes[np.isin(roads.texts("class").astype(str), rules.barriers)] if len(roads) else roads.shapes
    shapes = np.concatenate([chosen, water])
    return np.asarray(shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))], object)


def document_of(found: GridPlan) -> dict[str, Any]:
    """All of a plan for programs."""
    plan, loads = found.plan, loads_of(found.plan)
    return {
        "format": FORMAT,
        "what": "social_grids",
        "city": found.state.profile.name,
        "day": str(found.state.moment.valid),
        "measure": found.measure,
        "within": found.within,
        "whole": found.whole,
        "size": {"least": found.size.least, "most": found.size.most,
                 "evidence": found.rules.bases[found.measure].evidence},
        "grids": len(plan.grids),
        "fit": int(fitting(plan).sum()),
        "mean": float(loads.mean()),
        "least": float(loads.min()),
        "most": float(loads.max()),
        "total": float(loads.sum()),
        "outside": plan.outside,
        "unknown_places": found.unknown,
        "empty_territories": list(plan.empty),
        "reasons": {reason: sum(grid.reason == reason for grid in plan.grids)
                    for reason in sorted({grid.reason for grid in plan.grids})},
        "crossing": sum(grid.is_crossing for grid in plan.grids),
        "proofs": [vars(one) for one in plan.proofs],
        "needs": {
            name: [{"kind": one.kind, "needed": _finite(one.needed), "have": _finite(one.have),
                    "lacking": _finite(one.lacking)} for one in needs]
            for name, needs in found.needs().items()
        },
    }  # fmt: skip


def write_grids(found: GridPlan, path: Path) -> None:
    """Write the grids as GeoJSON that ``tulou import`` reads into ``social_grid``."""
    shapes = to_geographic(np.array([one.shape for one in found.plan.grids], object), found.state.profile.crs)
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, _DEGREES))),
            "properties": {
                "id": one.id, "code": one.id, "territory": one.territory, found.measure: round(one.load, 3),
                "fits": one.reason == "fits",
            },
        }
        for one, shape in zip(found.plan.grids, shapes, strict=True)
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "name": "social_grid", "features": features}, ensure_ascii=False)
    write_text(path, text + "\n")


_DEGREES = 1e-7


def write_paper(found: GridPlan, folder: Path, formats: Sequence[str], languages: Sequence[Language]) -> list[Path]:
    """Write the paper of a plan: map, balance, what does not fit and why, staff that is needed.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    from tulou.publish.communities.grids import Drawing, paper_of
    from tulou.publish.paper.write import write_papers

    drawing = Drawing(
        state=found.state, plan=found.plan, measure=found.measure, within=found.within, whole=found.whole,
        size=found.size, bases=found.rules.bases, ratios=found.staff.ratios, needs=found.needs(), names=found.names,
        unknown=found.unknown,
    )  # fmt: skip
    papers = {spoken: paper_of(drawing, spoken) for spoken in languages}
    return write_papers(papers, "grids", folder, formats)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
