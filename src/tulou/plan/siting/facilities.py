"""Siting a facility in a city: whom it serves, which stand already, where more could stand, and which are best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.plan.candidates.content import Site
from tulou.plan.candidates.ground import MOST_DEMANDS, gathered, people_of_cells, reach_of, sites_of
from tulou.plan.remedies.content import Catalogue, Ground
from tulou.plan.siting.answer import Sites, Siting
from tulou.plan.siting.distances import along, straight
from tulou.plan.siting.models import least_number, max_cover, p_median

Numbers = NDArray[np.float64]
Model = Literal["pmedian", "mclp", "lscp"]
MODELS: tuple[Model, ...] = get_args(Model)
"""Shortest way of all; most people within reach; fewest sites that serve everybody who can be served."""

FACILITY = "facility"
USUAL = ("idle_land", "low_efficiency_site", "public_land", "idle_renewal_site")
"""Selections whose objects are sites when neither the caller nor a remedy says where something may stand."""
WALKING = "walking"


@dataclass(frozen=True)
class Wanted:
    """What is to be sited.

    Args:
        category: Category of the facility.
        model: How sites are chosen.
        count: How many new ones; no matter for ``lscp``.
        among: Selections whose objects are sites; those of the remedy that builds it when empty.
        serves: Column of the population that is served; that of the remedy, else all residents.
        reach: Distance within which one serves, metres; when None that of the remedy, and none for ``pmedian``.
        capacity: People that each new one takes; None for no limit.
        is_straight: Whether distances are measured in a straight line and not along the walking network.
        gap: Relative gap that is good enough.
    """

    category: str
    model: Model = "pmedian"
    count: int = 1
    among: tuple[str, ...] = ()
    serves: str = ""
    reach: float | None = None
    capacity: float | None = None
    is_straight: bool = False
    gap: float = 0.0


@dataclass(frozen=True, eq=False)
class Step:
    """The best choice of a number of new sites.

    Args:
        count: How many new ones.
        served: People served, those of the facilities that stand included.
        gain: People served more than with one fewer.
        mean: Mean way of those served, metres; NaN when nobody is.
        gap: Relative distance to what is still possible; None when nothing is known about it.
    """

    count: int
    served: float
    gain: float
    mean: float
    gap: float | None


@dataclass(frozen=True, eq=False)
class Found:
    """Sites found for a facility.

    Args:
        wanted: What was asked.
        ground: Where it may stand, how far it serves and whom.
        sites: All sites there are.
        chosen: Those chosen.
        standing: How many facilities of the category stand already.
        demand: People that are to be served.
        are_gathered: Whether demands of one square counted together.
        siting: The solver's answer; sites that stand come first.
        steps: What each further one brings.
    """

    wanted: Wanted
    ground: Ground
    sites: tuple[Site, ...]
    chosen: tuple[Site, ...]
    standing: int
    demand: float
    are_gathered: bool
    siting: Siting
    steps: tuple[Step, ...]

    @property
    def before(self) -> float:
        """People served by what stands already."""
        return self.steps[0].served - self.steps[0].gain if self.steps else self.siting.served


def site_facility(city: City, catalogue: Catalogue, wanted: Wanted) -> Found:
    """Where should a facility stand?

    Args:
        city: The city as the rulebook sees it.
        catalogue: Remedies, which say where each kind may stand, how far it serves and whom.
        wanted: What is to be sited.

    Raises:
        BadUse: For a category, selection or column that does not exist, a model that needs a reach, a count too large.
        NotEnoughData: When there are no people, no sites, or facilities of unknown capacity.
    """
    _check(city, wanted)
    ground = _ground(city, catalogue, wanted)
    reach = _reach(city, ground, wanted)
    if wanted.model != "pmedian" and not np.isfinite(reach):
        raise BadUse("this model needs a reach", where="--reach", found=wanted.model, allowed=("--reach 500",))
    places, weights, is_gathered = _demand(city, ground.serves)
    sites = sites_of(city, ground)
    if not sites:
        raise NotEnoughData(
            "no object of these selections is in the city", where="--sites", found=", ".join(ground.among),
            allowed=_with_objects(city),
        )  # fmt: skip
    standing, capacity = _standing(city, wanted)
    asked = _asked(city, wanted, (places, weights), standing, sites, reach, capacity)
    siting = _solve(asked, wanted, len(standing))
    steps = _steps(asked, wanted, len(standing), siting)
    chosen = tuple(sites[at - len(standing)] for at in siting.open if at >= len(standing))
    return Found(
        wanted, ground, tuple(sites), chosen, len(standing), float(weights.sum()), is_gathered, siting, tuple(steps)
    )


def _check(city: City, wanted: Wanted) -> None:
    category = city.rulebook.dictionary[FACILITY].attributes["category"].values or {}
    if wanted.category not in category:
        raise BadUse("there is no such category", where="--category", found=wanted.category, allowed=sorted(category))
    for name in wanted.among:
        if name not in city.rulebook.selections:
            allowed = sorted(city.rulebook.selections)
            raise BadUse("there is no such selection or entity", where="--sites", found=name, allowed=allowed)
    if wanted.serves:
        columns = [name for name in city.vocabulary.columns("population")
                   if city.kind("population", name).unit == "person"]  # fmt: skip
        if wanted.serves not in columns:
            raise BadUse("nobody is counted in this column", where="--serves", found=wanted.serves, allowed=columns)
    if wanted.reach is not None and not (np.isfinite(wanted.reach) and wanted.reach > 0.0):
        raise BadUse("a reach is a number above 0", where="--reach", found=wanted.reach, allowed=("500",))
    if wanted.capacity is not None and not (np.isfinite(wanted.capacity) and wanted.capacity > 0.0):
        raise BadUse("a capacity is a number above 0", where="--capacity", found=wanted.capacity, allowed=("360",))


def _reach(city: City, ground: Ground, wanted: Wanted) -> float:
    """As asked, else as the rulebook says; the shortest way of all knows no end unless one is asked for."""
    if wanted.reach is not None:
        return wanted.reach
    return np.inf if wanted.model == "pmedian" else reach_of(city, ground)


def _ground(city: City, catalogue: Catalogue, wanted: Wanted) -> Ground:
    """Where it may stand: as asked, else as the remedy that builds it says."""
    builds = next(
        (
            one.ground
            for one in catalogue.remedies.values()
            if one.ground and one.add and one.add.entity == FACILITY
            and any(value.attribute == "category" and value.value == wanted.category for value in one.add.values)
        ),
        None,
    )  # fmt: skip
    usual = tuple(name for name in USUAL if name in city.rulebook.selections)
    among = wanted.among or (builds.among if builds else usual)
    serves = wanted.serves or (builds.serves if builds else "residents")
    return Ground(among, builds.reach if builds else "", serves)


def _demand(city: City, serves: str) -> tuple[Numbers, Numbers, bool]:
    people, places = people_of_cells(city, serves)
    kept = (people > 0.0) & ~np.isnan(places).any(axis=1)
    if not kept.any():
        raise NotEnoughData("nobody to be served is on record", where="population", found=serves,
                            allowed=("tulou derive",))  # fmt: skip
    middle, total = gathered(places[kept], people[kept])
    return middle, total, int(kept.sum()) > MOST_DEMANDS


def _with_objects(city: City) -> tuple[str, ...]:
    """Selections of land, greens and facilities that hold something."""
    entities = {"parcel", "green", FACILITY, "renewal_site"}
    found = []
    for name, selection in sorted(city.rulebook.selections.items()):
        if selection.entity not in entities or name in entities:
            continue
        try:
            if city.members(name).size:
                found.append(name)
        except Unanswerable:
            continue
    return tuple(found)


def _standing(city: City, wanted: Wanted) -> tuple[Numbers, Numbers]:
    """Places and capacities of the facilities that stand and serve already."""
    rows = city.rows(FACILITY)
    is_one = (rows.texts("category") == wanted.category) & (rows.numbers("closed") != 1.0)
    at = np.flatnonzero(is_one & ~np.isnan(rows.places).any(axis=1)) if len(rows) else np.empty(0, np.int64)
    capacity = rows.numbers("capacity")[at]
    if wanted.capacity is not None and np.isnan(capacity).any():
        raise NotEnoughData(
            "the capacity of some facilities that stand is not known", where="facility.capacity",
            found=int(np.isnan(capacity).sum()), allowed=("their capacity", "no --capacity"),
        )  # fmt: skip
    return rows.places[at], capacity


def _asked(
    city: City, wanted: Wanted, demand: tuple[Numbers, Numbers], standing: Numbers, sites: Sequence[Site],
    reach: float, capacity: Numbers,
) -> Sites:  # fmt: skip
    places, weights = demand
    ends = np.concatenate([standing.reshape(-1, 2), np.array([site.place for site in sites])])
    if wanted.is_straight or not len(city.rows("road")):
        distance = straight(places, ends)
    else:
        distance = along(city.network(WALKING), places, ends, limit=reach)
    if wanted.model == "pmedian" and wanted.capacity is None and len(standing):
        distance = _closer(distance, len(standing))
    room = None
    if wanted.capacity is not None:
        room = np.concatenate([capacity, np.full(len(sites), wanted.capacity)])
    return Sites(distance, weights, capacity=room, reach=reach, opened=tuple(range(len(standing))))


def _closer(distance: Numbers, standing: int) -> Numbers:
    """Only the nearest facility that stands, and sites nearer than it: nobody goes farther than today."""
    now = distance[:, :standing]
    rows, nearest = np.arange(len(distance)), now.argmin(axis=1)
    found = np.where(distance < now[rows, nearest][:, None], distance, np.inf)
    found[rows, nearest] = now[rows, nearest]
    return found


def _solve(asked: Sites, wanted: Wanted, standing: int) -> Siting:
    most = asked.distance.shape[1] - standing
    if wanted.model != "lscp" and not 1 <= wanted.count <= most:
        raise BadUse("not a number of sites to open", where="--count", found=wanted.count, allowed=(f"1 to {most}",))
    if wanted.model == "pmedian":
        return p_median(asked, standing + wanted.count, whole=False, gap=wanted.gap)
    if wanted.model == "mclp":
        return max_cover(asked, standing + wanted.count, gap=wanted.gap)
    return least_number(asked, gap=wanted.gap)


def _steps(asked: Sites, wanted: Wanted, standing: int, last: Siting) -> list[Step]:
    """The best choice of every number of new sites up to the number chosen."""
    count = len(last.open) - standing
    before = _now(asked, standing)
    steps: list[Step] = []
    for number in range(1, count + 1):
        siting = last
        if number < count:
            solve = p_median if wanted.model == "pmedian" else max_cover
            siting = solve(asked, standing + number, gap=wanted.gap)
        steps.append(Step(number, siting.served, siting.served - before, _mean(siting), siting.gap))
        before = siting.served
    return steps


def _now(asked: Sites, standing: int) -> float:
    """People served by what stands."""
    if not standing:
        return 0.0
    if asked.capacity is not None:
        return max_cover(asked, standing).served
    return float(asked.weight[asked.reaches[:, :standing].any(axis=1)].sum())


def _mean(siting: Siting) -> float:
    """Mean way of those served, to the site that serves most of each."""
    rows = np.flatnonzero((siting.site >= 0) & (siting.share > 0.0))
    weight = siting.sites.weight[rows] * siting.share[rows]
    return float(weight @ siting.sites.distance[rows, siting.site[rows]] / weight.sum()) if len(rows) else np.nan
