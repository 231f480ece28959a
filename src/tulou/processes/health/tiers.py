"""From people, streets and facilities to the care of each tier that people reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.kernel import units
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.network import Network
from tulou.kernel.words import Words
from tulou.measures.access.catchment import catchment_from_table
from tulou.measures.access.network import walking_network
from tulou.model.rows import Rows
from tulou.plan.siting.distances import along
from tulou.processes.declaration import Run
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.processes.shelters.people import People, people_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
RULES_FILE = Path(__file__).with_name("rules.yaml")
A_THOUSAND = 1000.0
MINUTE = 60.0
MOST_UNITS = 40


@dataclass(frozen=True)
class Tier:
    """One tier of care.

    Args:
        name: Its name.
        title: What it is called.
        minutes: Within which it is to be reached.
        walks: Whether people go there on foot.
        categories: Categories of its facilities.
        grades: Their grades; any when empty.
    """

    name: str
    title: Words
    minutes: float
    walks: bool
    categories: tuple[str, ...]
    grades: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Reached:
    """What people reach of one tier.

    Args:
        tier: The tier.
        near: Demands that surely reach a facility in time.
        perhaps: Demands that reach one if facilities of unknown grade belong to the tier.
        handed: Capacity a person of the facilities that surely belong to it; NaN when one within reach is unknown.
        access: The same; NaN also where a facility of unknown grade may add to it.
        capacity: Capacity of all facilities of the tier; NaN when one is unknown.
        sites: How many facilities there surely are.
        unknown: Facilities of unknown grade.
        idle: Capacity that nobody reaches.
    """

    tier: Tier
    near: Mask
    perhaps: Mask
    handed: Array
    access: Array
    capacity: float
    sites: int
    unknown: int
    idle: float


@cache
def _top() -> At:
    return read_document(RULES_FILE, RULES_FILE.name)


def tiers(minutes: Mapping[str, float]) -> tuple[Tier, ...]:
    """The tiers, with their times as asked."""
    found: list[Tier] = []
    for name, one in _top()["tiers"].items():
        title = Words(one["title"]["zh"], one["title"]["en"])
        categories, grades = (tuple(map(str, one[key])) for key in ("categories", "grades"))
        found.append(Tier(name, title, minutes[name], bool(one["walks"]), categories, grades))
    return tuple(found)


def reach(run: Run) -> Outcome:
    """Run the process, see ``tiered_care.PROCESS``."""
    values, state = run.values, run.city
    people = people_of(state, "night", values["level"])
    facilities = state.rows("facility")
    roads = state.rows("road")
    if not len(roads):
        raise NotEnoughData("care is reached along roads, and none is on record", where="road", found=0)
    asked = tiers({name: values[name] for name in ("community", "county", "regional")})
    networks = {walks: _network(roads, values["speed"], walks=walks) for walks in (True, False)}
    found = [_reached(people, facilities, tier, networks[tier.walks], values["method"]) for tier in asked]
    return Outcome(
        answer=tuple(_said(one, people) for one in found),
        figures=tuple(figure for one in found for figure in _figures(one, people)),
        tables=(_tiers_table(found, people), *(_units_table(one, people) for one in found)),
        plots=(_bars(found, people),),
        balances=tuple(_balance(one, people) for one in found if np.isfinite(one.capacity) and one.sites),
        assumptions=_assumptions(values, roads),
        warnings=_warnings(found, people),
        facts=(_facts(found, people),),
    )


def _facts(found: list[Reached], people: People) -> Facts:
    """How many residents of each population cell reach each tier; unknown where a hospital of unknown grade decides."""
    placed = people.demand >= 0
    columns: dict[str, Any] = {"id": list(people.ids[people.known])}
    for one in found:
        reached = np.where(one.perhaps & ~one.near, np.nan, one.near.astype(float))
        count = np.full(len(people.count), np.nan)
        count[placed] = people.count[placed] * reached[people.demand[placed]]
        count[people.known & (people.count == 0)] = 0.0
        columns[f"{one.tier.name}_care_reached"] = pa.array(count[people.known], pa.float64(), from_pandas=True)
    return Facts("population", pa.table(columns))


def _network(roads: Rows, speed: float, *, walks: bool) -> Network:
    """Ways in seconds: on foot, or by car at the speed of the peak, else the limit, else the one assumed."""
    a_metre = units.factor("hour/km", "second/m")
    if walks:
        pace = np.full(len(roads), a_metre / float(_top()["walking"]))
        return walking_network(roads.shapes, ~(roads.numbers("walkable") == 0), pace)
    return walking_network(roads.shapes, ~(roads.numbers("drivable") == 0), a_metre / _speeds(roads, speed))


def _speeds(roads: Rows, speed: float) -> Array:
    peak, limit = roads.numbers("peak_speed"), roads.numbers("speed_limit")
    found = np.where(peak > 0, peak, limit)
    return np.where(found > 0, found, speed)


def _reached(people: People, facilities: Rows, tier: Tier, network: Network, method: str) -> Reached:
    kind, grade = facilities.texts("category"), facilities.texts("grade")
    mine = np.isin(kind, tier.categories) & ~(facilities.numbers("closed") > 0)
    mine &= np.isfinite(facilities.places).all(axis=1)
    surely = mine & (np.isin(grade, tier.grades) if tier.grades else True)
    unsure = mine & np.array([one is None for one in grade], bool) & bool(tier.grades)
    limit = tier.minutes * MINUTE
    pace = units.factor("hour/km", "second/m") / float(_top()["walking" if tier.walks else "off_road"])
    seconds = along(network, people.places, facilities.places[surely], limit=limit, pace=pace)
    more = along(network, people.places, facilities.places[unsure], limit=limit, pace=pace)
    near = np.asarray(np.isfinite(seconds).any(axis=1), bool)
    capacity = facilities.numbers("capacity")[surely]
    handed = _access(seconds, people.weight, capacity, limit, method)
    open_ = np.isfinite(more).any(axis=1)
    idle = float(capacity[~np.isfinite(seconds).any(axis=0)].sum()) if len(capacity) else 0.0
    perhaps, access = np.asarray(near | open_, bool), np.where(open_, np.nan, handed)
    return Reached(
        tier, near, perhaps, handed, access, float(capacity.sum()), int(surely.sum()), int(unsure.sum()), idle
    )


def _access(seconds: Array, people: Array, capacity: Array, limit: float, method: str) -> Array:
    place, target = np.nonzero(np.isfinite(seconds))
    decay = _top()["decay"]
    weights = zip(decay["thirds"], decay["weights"], strict=True)
    bands = tuple((float(third) * limit / 3, float(weight)) for third, weight in weights)
    pairs = (place, target, seconds[place, target])
    return catchment_from_table(
        pairs, people, capacity, radius=limit, method="3sfca" if method == "3sfca" else "e2sfca", decay=bands
    )


def _share(people: People, chosen: Mask) -> float:
    return 100 * float(people.weight[chosen].sum()) / max(float(people.weight.sum()), 1e-12)


def _said(one: Reached, people: People) -> Words:
    tier = one.tier
    low, high = _share(people, one.near), _share(people, one.perhaps)
    span = Words(f"至 {high:.1f}%", f" to {high:.1f}") if high > low else Words("", "")
    how = Words("步行", "on foot") if tier.walks else Words("车行", "by car")
    zh_unit = f"{low:.1f}%{span.zh}" if high > low else f"{low:.1f}%"
    return Words(
        f"{tier.title.zh}：{how.zh} {tier.minutes:g} 分钟内可达的人口占 {zh_unit}（{one.sites} 处设施）。",
        f"{tier.title.en.capitalize()}: {low:.1f}{span.en} % of the people reach one of {one.sites} facilities within "
        f"{tier.minutes:g} minutes {how.en}.",
    )


def _mean(one: Reached, people: People) -> float:
    """Capacity for a thousand people, over all people; NaN when a capacity is unknown."""
    return A_THOUSAND * float((one.access * people.weight).sum()) / float(people.weight.sum())


def _figures(one: Reached, people: People) -> tuple[Figure, ...]:
    name, title = one.tier.name, one.tier.title
    low, high = _share(people, one.near), _share(people, one.perhaps)
    return (
        Figure(
            f"{name}_reached",
            Words(f"{title.zh}：可达人口比例", f"{title.en.capitalize()}: people who reach it"),
            low,
            "percent",
            low,
            high,
            1,
        ),
        Figure(
            f"{name}_capacity",
            Words(f"{title.zh}：每千人床位", f"{title.en.capitalize()}: beds for a thousand people"),
            _mean(one, people),
            "1",
            digits=2,
        ),
    )


def _tiers_table(found: list[Reached], people: People) -> Table:
    columns = (
        Column("tier", Words("层级", "Tier")),
        Column("minutes", Words("时限", "Time"), "min", 0),
        Column("sites", Words("设施", "Facilities"), "1", 0),
        Column("unknown", Words("等级未知的医院", "Hospitals of unknown grade"), "1", 0),
        Column("reached", Words("可达人口", "People who reach it"), "person", 0),
        Column("beyond", Words("不可达人口", "People beyond"), "person", 0),
        Column("open", Words("无法判定", "Unknown"), "person", 0),
        Column("capacity", Words("每千人床位", "Beds for a thousand"), "1", 2),
    )
    rows: list[list[Cell]] = []
    for one in found:
        near, perhaps, whole = (float(people.weight[chosen].sum()) for chosen in (one.near, one.perhaps, slice(None)))
        mean = _mean(one, people)
        counts: list[Cell] = [near, whole - perhaps, perhaps - near, mean if np.isfinite(mean) else None]
        rows.append([one.tier.title, one.tier.minutes, one.sites, one.unknown, *counts])
    return Table("tiers", Words("各层级", "By tier"), columns, rows)


def _units_table(one: Reached, people: People) -> Table:
    """Units with the most people beyond the tier, and the capacity that falls to their people."""
    rows: list[list[Cell]] = []
    beyond = np.bincount(people.unit + 1, weights=people.weight * ~one.perhaps, minlength=len(people.units.ids) + 1)[1:]
    whole = np.bincount(people.unit + 1, weights=people.weight, minlength=len(people.units.ids) + 1)[1:]
    held = np.bincount(people.unit + 1, weights=people.weight * one.access, minlength=len(people.units.ids) + 1)[1:]
    order = np.lexsort((np.arange(len(whole)), held / np.maximum(whole, 1), -beyond))
    for row in order[:MOST_UNITS].tolist():
        if whole[row] > 0:
            each = A_THOUSAND * held[row] / whole[row]
            rows.append([str(people.units.names[row]), whole[row], beyond[row], each if np.isfinite(each) else None])
    columns = (
        Column("unit", Words("单元", "Unit")),
        Column("people", Words("人口", "People"), "person", 0),
        Column("beyond", Words("不可达", "Beyond"), "person", 0),
        Column("capacity", Words("每千人床位", "Beds for a thousand"), "1", 2),
    )
    title = one.tier.title
    return Table(
        f"units_{one.tier.name}",
        Words(f"{title.zh}：各单元（最缺者在前）", f"{title.en.capitalize()}: by unit, the worst first"),
        columns,
        rows,
    )


def _bars(found: list[Reached], people: People) -> BarPlot:
    bars = tuple((f"≤ {one.tier.minutes:g} min", _share(people, one.near)) for one in found)
    title = Words(
        "各层级时限内可达人口比例（社区、县域、区域）", "People in reach of the community, county and regional tier"
    )
    return BarPlot("reached", title, Words("%", "%"), bars)


def _balance(one: Reached, people: People) -> Balance:
    """What falls to people is what facilities have: ``Σ A_i P_i = Σ S_j``."""
    title = one.tier.title
    handed = float((one.handed * people.weight).sum())
    return Balance(Words(f"{title.zh}床位", f"Beds, {title.en}"), one.capacity, handed, one.idle, "place")


def _assumptions(values: Mapping[str, Any], roads: Rows) -> tuple[Words, ...]:
    unknown = int((~(np.fmax(roads.numbers("peak_speed"), roads.numbers("speed_limit")) > 0)).sum())
    return (
        Words(
            f"社区层级步行 {_top()['walking']:g} 千米/时；其余车行，取高峰车速，缺则限速，再缺取 {values['speed']:g} "
            f"千米/时（{unknown} 条道路）；离路每小时 {_top()['off_road']:g} 千米。各层级时限为设定。",
            f"The community on foot at {_top()['walking']:g} km/h; else by car at the speed of the peak, else the "
            f"limit, else {values['speed']:g} km/h ({unknown} roads), off the road {_top()['off_road']:g} km/h. The "
            "times are choices.",
        ),
        Words(
            "每千人床位按所选搜寻法（权重 1、0.68、0.22，各为时限的三分之一），其值不是就诊概率；"
            "城外的人口与医院不在内，边缘处会偏离。",
            "Beds for a thousand people by the chosen catchment (weights 1, 0.68, 0.22 over thirds of the time): no "
            "probability of treatment. People and hospitals beyond the city are missing, so its edge is off.",
        ),
    )


def _warnings(found: list[Reached], people: People) -> tuple[Words, ...]:
    told: list[Words] = []
    for one in found:
        title = one.tier.title
        if not one.sites:
            told.append(Words(f"{title.zh}没有登记的设施。", f"No facility of the {title.en} tier is on record."))
        elif np.isnan(one.capacity):
            told.append(
                Words(
                    f"{title.zh}有设施床位未知：受其影响的单元不给每千人床位。",
                    f"Beds of some facilities of the {title.en} tier are unknown: no figure where people reach them.",
                )
            )
    if people.unknown:
        told.append(
            Words(f"{people.unknown} 个人口单元人数未知。", f"People of {people.unknown} population cells are unknown.")
        )
    return tuple(told)
