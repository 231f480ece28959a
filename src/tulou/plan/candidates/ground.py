"""Ground: which sites there are for a remedy, whom they would serve, and which of them serve most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.placement import entity_of, units_of
from tulou.kernel import units
from tulou.plan.candidates.content import Site
from tulou.plan.remedies.content import Ground
from tulou.plan.siting.answer import Sites
from tulou.plan.siting.distances import straight
from tulou.plan.siting.models import Step, marginal_benefit, p_median

Numbers = NDArray[np.float64]

POPULATION = "population"
MOST_SITES = 8
"""Sites of one remedy that become candidates; each further one brings less, and each has to be measured."""
MOST_DEMANDS = 2_000
"""Places of demand up to which each counts by itself; beyond, those of one square count together."""
SQUARE = 100.0
"""Side of such a square, metres: small beside every service radius of the rulebooks."""
GAP = 0.01
"""Relative gap that is good enough to choose which sites are measured."""
AREA = 2


def sites_of(city: City, ground: Ground) -> list[Site]:
    """All sites of a remedy, the best suited selection first; what has no place is none."""
    found: dict[tuple[str, str], Site] = {}
    for name in ground.among:
        entity = city.rulebook.selections[name].entity
        rows = city.rows(entity)
        if not len(rows):
            continue
        names = rows.texts("name") if "name" in rows.entity.attributes else np.full(len(rows), None, object)
        at = city.members(name).take(np.arange(len(rows)))
        for row in at[~np.isnan(rows.places[at]).any(axis=1)]:
            x, y = rows.places[row]
            key = (entity, str(rows.ids[row]))
            found.setdefault(key, Site(*key, str(names[row] or key[1]), (float(x), float(y)), rows.shapes[row], name))
    return list(found.values())


def reach_of(city: City, ground: Ground) -> float:
    """The distance within which a site serves, metres: the farthest where it depends on size; no end without one."""
    if not ground.reach:
        return np.inf
    setting = city.setting(ground.reach)
    unit = city.rulebook.parameters[ground.reach].unit
    if setting.brackets:
        return max(value for _, value in setting.brackets) * units.factor(unit, "m")
    return city.number(ground.reach, "m")


def demand_of(city: City, findings: Sequence[Mapping[str, Any]], serves: str) -> tuple[Numbers, Numbers]:
    """Whom findings concern, and where: people of the population in what fails, else the objects themselves.

    Args:
        city: The city.
        findings: Rows of the table of findings.
        serves: Column of the population.

    Returns:
        Places, (n, 2), and the weight of each.
    """
    places: list[Numbers] = []
    weights: list[Numbers] = []
    people, cells = people_of_cells(city, serves)
    counted = np.zeros(len(people), bool)
    for entity, names in _objects(findings).items():
        rows = city.rows(entity)
        at = np.flatnonzero(np.isin(rows.ids.astype(str), list(names)))
        if entity == POPULATION:
            counted[at] = True
            continue
        areas = at[shapely.get_dimensions(rows.shapes[at]) >= AREA]
        inside = _inside(cells, rows.shapes[areas])
        counted[inside] = True
        if not len(inside) and len(at):
            known = at[~np.isnan(rows.places[at]).any(axis=1)]
            places.append(rows.places[known])
            weights.append(np.ones(len(known)))
    if _is_of_city(city, findings):
        counted[:] = True
    counted &= (people > 0.0) & ~np.isnan(cells).any(axis=1)
    places.append(cells[counted])
    weights.append(people[counted])
    return gathered(np.concatenate(places), np.concatenate(weights))


def chosen_sites(
    sites: Sequence[Site], demand: tuple[Numbers, Numbers], reach: float, *, most: int = MOST_SITES
) -> tuple[list[Site], tuple[Step, ...]]:
    """The sites that serve most, and what each further one brings.

    Args:
        sites: All there are.
        demand: Places and weights.
        reach: Distance within which a site serves; infinite when distance is no matter.
        most: Most sites to choose.
    """
    places, weights = demand
    if not len(sites) or not len(places):
        return [], ()
    distance = straight(places, np.array([site.place for site in sites]))
    asked = Sites(distance, weights, reach=reach)
    if not np.isfinite(reach):
        return [sites[at] for at in p_median(asked, min(most, len(sites)), gap=GAP).open], ()
    useful = np.flatnonzero((asked.reaches * weights[:, None]).sum(axis=0) > 0.0)
    if not len(useful):
        return [], ()
    asked = Sites(distance[:, useful], weights, reach=reach)
    steps = tuple(step for step in marginal_benefit(asked, most, gap=GAP) if step.gain > 0.0)
    opened = steps[-1].siting.open if steps else ()
    return [sites[useful[at]] for at in opened], steps


def unit_at(city: City, place: tuple[float, float]) -> tuple[str, str]:
    """Level and id of the finest unit that a place lies in."""
    point = shapely.Point(place)
    for level in ("community", "block"):
        entity = entity_of(city, level)
        rows = city.rows(entity) if entity else None
        if rows is None or not len(rows):
            continue
        inside = np.flatnonzero(shapely.covers(rows.shapes, point))
        if len(inside):
            return level, str(rows.ids[inside[0]])
    return "city", str(units_of(city, "city").ids[0])


def people_of_cells(city: City, serves: str) -> tuple[Numbers, Numbers]:
    """People of each population cell and where it lies; nobody when there is no population."""
    if POPULATION not in city.rulebook.dictionary or not len(city.rows(POPULATION)):
        return np.empty(0), np.empty((0, 2))
    people = np.asarray(city.entity_column(POPULATION, serves), np.float64)
    if np.isnan(people).all():
        people = np.asarray(city.entity_column(POPULATION, "residents"), np.float64)
    return np.nan_to_num(people), city.rows(POPULATION).places


def _objects(findings: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for row in findings:
        if row["entity"]:
            found.setdefault(row["entity"], {}).update(dict.fromkeys(row["objects"]))
    return found


def _is_of_city(city: City, findings: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the city as a whole falls short, so that everybody is concerned."""
    entity = entity_of(city, "city")
    return any(row["level"] == "city" and row["entity"] in {entity, "", None} for row in findings)


def _inside(places: Numbers, shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Places that lie in any of some areas."""
    if not len(places) or not len(shapes):
        return np.empty(0, np.int64)
    known = np.flatnonzero(~np.isnan(places).any(axis=1))
    points = np.asarray(shapely.points(places[known]), object)
    return known[np.unique(shapely.STRtree(points).query(shapes, predicate="intersects")[1])]


def gathered(places: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """Demands as they are while they are few, else gathered by squares, each at the middle of its demands."""
    if len(places) <= MOST_DEMANDS:
        return places, weights
    _, square = np.unique(np.floor(places / SQUARE), axis=0, return_inverse=True)
    square = square.ravel()
    total = np.asarray(np.bincount(square, weights), np.float64)
    middle = np.column_stack([np.bincount(square, weights * places[:, axis]) for axis in (0, 1)]) / total[:, None]
    return middle, total
