"""Gathering candidates: for each finding the remedies that answer it, on which objects, or at which sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from tulou.diagnosis.findings import SCHEMA
from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.verdict import FAIL
from tulou.kernel.progress import Progress, steps
from tulou.plan.candidates import ground as grounds
from tulou.plan.candidates.content import (
    NO_OBJECT,
    NO_PLACE,
    NO_SITE,
    Candidate,
    Candidates,
    LeftOut,
    Site,
    Sited,
)
from tulou.plan.candidates.making import Spot, make, rows_of, spot_of
from tulou.plan.remedies.content import Catalogue, Remedy

Finding = Mapping[str, Any]
COLUMNS = ("finding", "indicator", "level", "unit", "unit_name", "entity", "objects", "cause", "causes")


@dataclass
class _Gathered:
    city: City
    found: list[Candidate] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    sited: list[Sited] = field(default_factory=list)


def candidates(
    city: City,
    catalogue: Catalogue,
    findings: pa.Table,
    *,
    remedies: Collection[str] = (),
    most_sites: int = grounds.MOST_SITES,
    progress: Progress | None = None,
) -> Candidates:
    """What could be done about the findings of a check.

    Args:
        city: The city as the rulebook sees it.
        catalogue: The remedies.
        findings: Findings, see ``diagnosis.findings.SCHEMA``; only what is proven is acted on.
        remedies: Only these; all when empty.
        most_sites: Most sites of one remedy.
        progress: Told after each remedy.
    """
    rows = _proven(findings)
    gathered = _Gathered(city)
    asked = [one for one in catalogue.remedies.values() if not remedies or one.id in remedies]
    for remedy in steps(asked, "candidates", progress):
        answered = [row for row in rows if remedy.answers(row["indicator"], _causes(row))]
        if answered and remedy.ground is None:
            _on_objects(gathered, remedy, answered)
        elif answered:
            _at_sites(gathered, remedy, answered, most_sites)
    fixed = {indicator for remedy in catalogue.remedies.values() for indicator in remedy.fixes}
    unanswered = Counter(row["indicator"] for row in rows if row["indicator"] not in fixed)
    found = tuple(sorted(gathered.found, key=lambda one: one.id))
    return Candidates(found, tuple(gathered.left_out), tuple(gathered.sited), dict(sorted(unanswered.items())))


def _proven(findings: pa.Table) -> list[Finding]:
    """Findings that are proven, without what only reports need."""
    if not findings.num_rows:
        findings = SCHEMA.empty_table()
    kept = findings.filter(pc.equal(pc.cast(findings["status"], pa.string()), FAIL)).select(list(COLUMNS))
    return [dict(row) for row in kept.to_pylist()]


def _causes(row: Finding) -> frozenset[str]:
    told = {one["cause"] for one in row["causes"] or ()}
    return frozenset(told | ({row["cause"]} if row["cause"] else set()))


def _on_objects(gathered: _Gathered, remedy: Remedy, findings: Sequence[Finding]) -> None:
    """One candidate for each unit, or for each object, of what the remedy acts on."""
    entity, fitting = _fitting(gathered.city, remedy)
    groups: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for row in findings:
        if row["entity"] != entity:
            continue
        for name in row["objects"]:
            if name in fitting:
                objects, told = groups.setdefault(_group(remedy, row, name), ({}, {}))
                objects[name], told[row["finding"]] = None, None
    if not groups:
        gathered.left_out.append(LeftOut(remedy, "", NO_OBJECT, len(findings)))
    spots: dict[tuple[str, str], Spot] = {}
    for (key, unit), (objects, told) in sorted(groups.items()):
        level = key.partition(":")[0]
        spot = spots.setdefault((level, unit), spot_of(gathered.city, level, unit))
        gathered.found.append(make(gathered.city, remedy, spot, sorted(objects), sorted(told)))


def _fitting(city: City, remedy: Remedy) -> tuple[str, set[str]]:
    """Entity of what a remedy acts on, and the objects of it that it may act on."""
    entity = city.rulebook.selections[remedy.on].entity
    return entity, {str(name) for name in city.members(remedy.on).take(city.rows(entity).ids)}


def _group(remedy: Remedy, row: Finding, name: str) -> tuple[str, str]:
    """What makes one project: the object by itself, or its unit."""
    level, unit = str(row["level"]), str(row["unit"])
    return (f"{level}:{name}", unit) if remedy.together == "each" else (level, unit)


def _at_sites(gathered: _Gathered, remedy: Remedy, findings: Sequence[Finding], most: int) -> None:
    """One candidate for each of the sites that serve most."""
    city, wanted = gathered.city, remedy.ground
    if wanted is None:
        return
    sites = grounds.sites_of(city, wanted)
    demand = grounds.demand_of(city, findings, wanted.serves)
    reach = grounds.reach_of(city, wanted)
    chosen, told = grounds.chosen_sites(sites, demand, reach, most=most)
    if not chosen:
        reason = NO_PLACE if not len(demand[0]) else NO_SITE
        gathered.left_out.append(LeftOut(remedy, "", reason, len(findings)))
        return
    gathered.sited.append(Sited(remedy, len(sites), told, float(demand[1].sum())))
    for site in chosen:
        near = _near(city, remedy, findings, site, reach)
        spot = spot_of(city, *grounds.unit_at(city, site.place))
        gathered.found.append(make(city, remedy, spot, near, sorted({str(row["finding"]) for row in findings}), site))


def _near(city: City, remedy: Remedy, findings: Iterable[Finding], site: Site, reach: float) -> list[str]:
    """Objects of the findings that the remedy changes when it stands at a site: those within reach of it."""
    if not remedy.change:
        return []
    entity, fitting = _fitting(city, remedy)
    named = {name for row in findings if row["entity"] == entity for name in row["objects"]} & fitting
    names = sorted(named)
    at = rows_of(city, entity, names)
    away = shapely.distance(city.rows(entity).shapes[at], shapely.Point(site.place))
    return [name for name, far in zip(names, away, strict=True) if np.isfinite(far) and far <= reach]
