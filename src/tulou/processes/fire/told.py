"""What fire cover says: sentences, figures, tables, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.kernel import units
from tulou.kernel.words import Words
from tulou.measures.hazard.fire import speed_needed
from tulou.model.geography import to_geographic
from tulou.model.state import State
from tulou.processes.fire.ground import Risk, rule, rules
from tulou.processes.outcome import BarPlot, Cell, Column, FieldPlot, Figure, Table
from tulou.processes.shelters.people import People

if TYPE_CHECKING:
    from tulou.processes.fire.cover import Proposal, Reached, Stations

Array = NDArray[np.float64]
SHARES = (50, 90, 95)
BARS = 10
MINUTE = 60.0
MAP_CELLS = 120
LEAST_CELL = 150.0
STEPS = (0.0, 3.0, 5.0, 8.0, 12.0)


def answer(
    stations: Stations, reached: Reached, risk: Risk, people: People, found: Proposal | None, values: Mapping[str, Any]
) -> tuple[Words, ...]:
    """The answer in sentences."""
    limit = values["driving"]
    share, folk = _share(reached.first, risk.weight, limit), _share(reached.people, people.weight, limit)
    minutes = (limit + rule("turn_out")) / MINUTE
    said = [
        Words(
            f"{len(stations.names)} 座消防站；{minutes:g} 分钟内到达 {share:.1f}% 的火灾风险、{folk:.1f}% 的居民。"
            f"按风险，90% 在 {_quantile(reached, risk, 90):.1f} 分钟内到达（含出动）。",
            f"Stations: {len(stations.names)}. Within {minutes:g} minutes engines reach {share:.1f} % of the risk of "
            f"fire and {folk:.1f} % of the residents. By risk, 90 % are reached within "
            f"{_quantile(reached, risk, 90):.1f} minutes, turn-out included.",
        )
    ]
    if found is not None:
        said.append(_proposed(found, limit))
    return tuple(said)


def _proposed(found: Proposal, limit: float) -> Words:
    added = len(found.cover.open) - found.standing
    need = len(found.fewest.open) - found.standing
    before, after = 100 * found.before / found.whole, 100 * found.cover.served / found.whole
    gap = 100 * (found.cover.gap or 0.0)
    certain = Words("", "") if found.fewest.gap == 0.0 else Words("（未证明最少）", " (not proved to be the fewest)")
    unreached = 100 * float(found.fewest.sites.weight[~found.fewest.sites.can_be_served].sum()) / found.whole
    return Words(
        f"再建 {added} 座，风险覆盖由 {before:.1f}% 增至 {after:.1f}%（与最优相差至多 {gap:.2f}%）；"
        f"要在 {limit / MINUTE:g} 分钟行车内覆盖全部可达风险，还需 {need} 座{certain.zh}；"
        f"{unreached:.1f}% 从任何备选点都到不了。"
        f"{_farthest(found, added).zh}",
        f"{added} more stations raise the cover of risk, summed by squares, from {before:.1f} to {after:.1f} % (at "
        f"most {gap:.2f} % from the best); {need} more would reach all that any candidate reaches in "
        f"{limit / MINUTE:g} minutes of driving"
        f"{certain.en}; {unreached:.1f} % no candidate reaches. {_farthest(found, added).en}",
    )


def _farthest(found: Proposal, added: int) -> Words:
    longest = (found.centre.longest + rule("turn_out")) / MINUTE
    if not np.isfinite(longest):
        return Words(
            f"{added} 座不足以到达所有连通的片区。", f"{added} cannot reach every part of a network that falls apart."
        )
    return Words(
        f"若求最远者最近，{added} 座可使最远在 {longest:.1f} 分钟内。",
        f"Placed for the farthest, {added} bring it to {longest:.1f} minutes.",
    )


def figures(reached: Reached, risk: Risk, people: People, limit: float) -> tuple[Figure, ...]:
    """Shares and the distribution of times."""
    high = risk.is_high & (reached.second <= limit)
    twice = 100 * float(risk.weight[high].sum() / risk.weight[risk.is_high].sum()) if risk.is_high.any() else np.nan
    shares = (
        ("risk_share", Words("五分钟覆盖的风险", "Risk reached"), _share(reached.first, risk.weight, limit)),
        ("people_share", Words("五分钟覆盖的居民", "Residents reached"), _share(reached.people, people.weight, limit)),
        ("high_twice", Words("高层建筑双站覆盖", "High-rises reached by two stations"), twice),
    )
    return (
        *(Figure(name, title, value, "percent", digits=1) for name, title, value in shares),
        *(
            Figure(
                f"time_{share}",
                Words(f"{share}% 的风险在此时间内到达", f"Arrival for {share} % of the risk"),
                _quantile(reached, risk, share),
                "minute",
                digits=1,
            )
            for share in SHARES
        ),
    )


def tables(
    state: State,
    stations: Stations,
    reached: Reached,
    risk: Risk,
    people: People,
    found: Proposal | None,
    limit: float,
) -> tuple[Table, ...]:
    """Units, stations, and proposed sites."""
    made = (_units(people, reached, limit), _stations(stations, reached, risk, limit))
    return made if found is None else (*made, _sites(state, found))


def _units(people: People, reached: Reached, limit: float) -> Table:
    size = len(people.units.ids)
    place = np.where(people.unit >= 0, people.unit, size)
    inside = reached.people <= limit
    whole = np.bincount(place, people.weight, minlength=size + 1)
    served = np.bincount(place, people.weight * inside, minlength=size + 1)
    names = [*people.units.names, Words("不在任何单元内", "in no unit")]
    rows: list[list[Cell]] = []
    for at in np.lexsort((np.arange(size + 1), served - whole)):
        if whole[at] <= 0:
            continue
        mine = place == at
        times = _arrival(_weighed(reached.people[mine], people.weight[mine], 90))
        rows.append(
            [names[at], float(whole[at]), float(whole[at] - served[at]), 100 * float(served[at] / whole[at]), times]
        )
    heads = (
        Column("unit", Words("单元", "Unit")),
        Column("people", Words("人口", "People"), "person", 0),
        Column("left", Words("超时人口", "Not in time"), "person", 0),
        Column("share", Words("覆盖率", "Reached"), "percent", 1),
        Column("time", Words("90% 到达时间", "Arrival for 90 %"), "minute", 1),
    )
    return Table("units", Words("各单元", "Units"), heads, rows)


def _stations(stations: Stations, reached: Reached, risk: Risk, limit: float) -> Table:
    rows: list[list[Cell]] = []
    for at, (name, grade) in enumerate(zip(stations.names, stations.grade, strict=True)):
        kind = rules()["districts"].get(grade) if grade else None
        most = float(kind["value"]) * units.factor("km2", "m2") if kind else np.nan
        district = float(stations.district[at])
        mine = (reached.which == at) & (reached.first <= limit)
        alone = mine & (reached.second > limit)
        known = np.isfinite(most) and np.isfinite(district)
        rows.append(
            [str(name), Words(kind["title"]["zh"], kind["title"]["en"]) if kind else None,
             _known(district * units.factor("m2", "km2")), _known(most * units.factor("m2", "km2")),
             _verdict(district <= most) if known else None,
             _known(float(speed_needed(district, limit)) * units.factor("m/second", "km/hour")),
             *(100 * float(risk.weight[some].sum() / risk.weight.sum()) for some in (mine, alone))]
        )  # fmt: skip
    heads = (
        Column("station", Words("消防站", "Station")),
        Column("grade", Words("等级", "Class")),
        Column("district", Words("最近用地", "Nearest land"), "km2", 1),
        Column("limit", Words("辖区上限", "Limit"), "km2", 0),
        Column("kept", Words("是否达标", "Kept")),
        Column("speed", Words("所需车速（A=2P²）", "Speed needed (A = 2P²)"), "km/hour", 0),
        Column("risk", Words("首到风险", "Risk reached first"), "percent", 1),
        Column("alone", Words("只由该站到达", "By it alone"), "percent", 1),
    )
    return Table("stations", Words("各消防站", "Stations"), heads, rows)


def _verdict(is_kept: object) -> Words:
    return Words("达标", "yes") if is_kept else Words("超出", "no")


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _sites(state: State, found: Proposal) -> Table:
    """Proposed sites by longitude and latitude."""
    rows: list[list[Cell]] = []
    for title, chosen in (
        (Words("覆盖最多", "most risk"), found.cover.open),
        (Words("最远最近", "farthest nearest"), found.centre.siting.open),
    ):
        new = [site for site in chosen if site >= found.standing]
        if not new:
            continue
        points = np.asarray(shapely.points(found.places[new]), object)
        for lon, lat in shapely.get_coordinates(to_geographic(points, state.profile.crs)):
            rows.append([title, float(lon), float(lat)])
    heads = (
        Column("aim", Words("目标", "Aim")),
        Column("lon", Words("经度", "Longitude"), "degree", 5),
        Column("lat", Words("纬度", "Latitude"), "degree", 5),
    )
    return Table(
        "sites", Words("建议站址（路口，未核对用地）", "Proposed sites (crossings, land not looked at)"), heads, rows
    )


def times_plot(reached: Reached, risk: Risk) -> BarPlot:
    """Risk by minutes until the first engine is there."""
    minutes = np.ceil((reached.first + rule("turn_out")) / MINUTE)
    whole = risk.weight.sum()
    bars = [(f"{minute}", 100 * float(risk.weight[minutes == minute].sum() / whole)) for minute in range(1, BARS + 1)]
    bars.append((f">{BARS}", 100 * float(risk.weight[minutes > BARS].sum() / whole)))
    return BarPlot(
        "times",
        Words("第几分钟内到达（含出动）", "Minute of arrival, turn-out included"),
        Words("占风险的百分比", "percent of the risk"),
        tuple(bars),
    )


def map_plot(reached: Reached, risk: Risk) -> FieldPlot:
    """Mean minutes until the first engine is there, over the ground."""
    places = risk.places
    low, high = places.min(axis=0), places.max(axis=0)
    cell = max(LEAST_CELL, float((high - low).max()) / MAP_CELLS)
    column, row = np.floor((places - low) / cell).astype(np.int64).T
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    at = (rows - 1 - row) * columns + column
    arrival = np.minimum((reached.first + rule("turn_out")) / MINUTE, 60.0)
    count = np.bincount(at, minlength=rows * columns)
    mean = np.bincount(at, arrival, minlength=rows * columns) / np.where(count > 0, count, np.nan)
    title = Words("到达时间（分钟，含出动）", "Minutes until arrival, turn-out included")
    return FieldPlot("arrival", title, mean.reshape(rows, columns), float(low[0]), float(low[1]) + rows * cell, cell,
                     "minute", STEPS)  # fmt: skip


def assumptions(values: Mapping[str, Any]) -> tuple[Words, ...]:
    """What was assumed."""
    kinds = [f"{name} {speed:g}" for name, speed in rules()["speeds"].items() if isinstance(speed, (int, float))]
    speeds, turn_out, share = ", ".join(kinds), rule("turn_out"), values["speed"]
    return (
        Words(
            f"到达 = 出动 {turn_out:g} 秒（凭记忆）+ 行车 {values['driving']:g} 秒；车速取高峰实测，"
            f"没有的按等级（{speeds} km/h，设计取值），乘 {share:g}%；不计转弯和信号延误、限高桥。",
            f"Arrival is {turn_out:g} s of turn-out (from memory) and {values['driving']:g} s of driving; speeds are "
            f"those of the peak on record, else by class ({speeds} km/h, a choice), times {share:g} %; turns, lights "
            "and low bridges cost nothing.",
        ),
        Words(
            "风险 = 建筑面积 × 用途系数 × 高层系数（设计取值），不是火灾概率。",
            "Risk is floor area by factors of use and height (a choice); it is no probability of fire.",
        ),
    )


def warnings(stations: Stations, risk: Risk, people: People) -> tuple[Words, ...]:
    """What a reader must know."""
    unknown = sum(1 for grade in stations.grade if grade not in rules()["districts"])
    said = [
        (
            not len(stations.names),
            "没有登记消防站：覆盖为零，也可能只是没有数据。",
            "No fire station is on record: nothing is reached, which may only say that the register is missing.",
        ),
        (
            unknown,
            f"{unknown} 座消防站等级未知，辖区面积不作判定。",
            f"Stations of unknown class: {unknown}; there is no verdict on their districts.",
        ),
        (
            risk.assumed,
            f"{risk.assumed} 栋建筑层数未知，按 {rule('storeys'):g} 层计。",
            f"{risk.assumed} buildings are of unknown height and count with {rule('storeys'):g} storeys.",
        ),
        (
            people.unplaced,
            f"{people.unplaced:,.0f} 人没有位置，计为超时。",
            f"{people.unplaced:,.0f} people have no place on the map and count as not reached.",
        ),
    ]
    return tuple(Words(zh, en) for holds, zh, en in said if holds)


def _share(time: Array, weight: Array, limit: float) -> float:
    whole = float(weight.sum())
    return 100 * float(weight[time <= limit].sum()) / whole if whole else float("nan")


def _quantile(reached: Reached, risk: Risk, share: float) -> float:
    return _arrival(_weighed(reached.first, risk.weight, share))


def _arrival(driving: float) -> float:
    """Minutes with the turn-out."""
    return (driving + rule("turn_out")) / MINUTE


def _weighed(time: Array, weight: Array, share: float) -> float:
    """The time within which a share (percent) of the weight is reached."""
    order = np.argsort(time, kind="stable")
    summed = np.cumsum(weight[order])
    return float(time[order][np.searchsorted(summed, summed[-1] * share / 100 * (1 - 1e-12))]) if len(order) else np.nan
