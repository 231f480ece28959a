"""What is said of a leak: when it began, where it is likely, and on what that rests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tulou.kernel.words import Words
from tulou.measures.water.supply.leakage import HOURS_A_DAY
from tulou.processes.outcome import Column, Figure, Line, LinePlot, Outcome, Table
from tulou.processes.water_supply.hydraulics import Network
from tulou.processes.water_supply.leak import TRIED, Leak, Pressures
from tulou.processes.water_supply.rules import rule

MOST_PLACES = 50
"""Places listed, the most likely first."""
FEWEST_PLACES = 10
"""Places listed even when they are next to impossible."""
LEAST_BELIEF = 1e-4
"""Belief below which other places are not listed."""
HIGHEST = 5.0
"""Times of its limit up to which the drift is drawn."""


def outcome_of(
    told: Pressures, network: Network, leak: Leak | None, values: Mapping[str, Any], sources: Mapping[str, str]
) -> Outcome:
    """All that is said of a leak; of none, when there is none."""
    within = values["within"]
    return Outcome(
        answer=_answer(told, network, leak, within),
        figures=_figures(told, leak, within),
        tables=() if leak is None else (_places(network, leak), _updates(told, network, leak)),
        plots=_plots(told, network, leak, within),
        assumptions=_assumptions(told, values),
        warnings=_warnings(told, leak, values["window"]),
        sources=sources,
    )


def _time(time: np.datetime64) -> str:
    """A time to the minute."""
    return str(np.datetime_as_string(time, unit="m")).replace("T", " ")


def _share(leak: Leak, within: float) -> float:
    """Belief in the junctions within some length of pipe of the most likely one."""
    return float(leak.belief[leak.distance <= within].sum())


def _answer(told: Pressures, network: Network, leak: Leak | None, within: float) -> tuple[Words, ...]:
    times = told.series.times
    if told.alarm is None:
        first, last = _time(times[int(told.is_training.sum())]), _time(times[-1])
        return (Words(f"{first} 至 {last} 没有发现新的漏点。", f"From {first} to {last} no new leak was found."),)
    one, other = (told.series.names[place] for place in told.drift.pair[told.alarm].tolist())
    began, sure = _time(times[told.drift.began[told.alarm]]), _time(times[told.alarm])
    said = [
        Words(
            f"测点 {one} 与 {other} 自 {began} 起不再同步，{sure} 确认有漏点。",
            f"Sensors {one} and {other} have parted since {began}; a leak was sure at {sure}.",
        )
    ]
    if leak is not None:
        near = leak.distance <= within
        name = network.nodes[leak.best[-1]]
        said.append(
            Words(
                f"最可能在节点 {name} 附近；沿管 {within:g} 米内有 {int(near.sum())} 个节点，"
                f"占可能性的 {100 * _share(leak, within):.0f}%。",
                f"It is most likely near {name}; {int(near.sum())} junctions within {within:g} m of pipe hold "
                f"{100 * _share(leak, within):.0f} % of the belief.",
            )
        )
    return tuple(said)


def _figures(told: Pressures, leak: Leak | None, within: float) -> tuple[Figure, ...]:
    sums = Words("最大累积偏移与限值之比", "Largest drift of its limit")
    found = [Figure("drift", sums, float(told.drift.largest[~told.is_training].max()), "1", digits=2)]
    if leak is not None:
        delay = (leak.alarm - leak.began) * HOURS_A_DAY / told.per_day
        near = leak.distance <= within
        share = Words(f"{within:g} 米内的可能性", f"Belief within {within:g} m")
        found += [
            Figure("delay", Words("从开始到确认", "From beginning to alarm"), delay, "hour", digits=1),
            Figure("junctions", Words("范围内节点", "Junctions within"), float(near.sum()), "1", digits=0),
            Figure("share", share, 100 * _share(leak, within), "percent", digits=1),
        ]
    return tuple(found)


def _places(network: Network, leak: Leak) -> Table:
    columns = (
        Column("junction", Words("节点", "Junction")),
        Column("belief", Words("可能性", "Belief"), "percent", 2),
        Column("distance", Words("距最可能处", "From the most likely"), "m", 0),
    )
    order = np.argsort(-leak.belief, kind="stable")[:MOST_PLACES]
    order = order[: max(int((leak.belief[order] >= LEAST_BELIEF).sum()), FEWEST_PLACES)]
    rows = [
        [
            network.nodes[place],
            100 * float(leak.belief[place]),
            float(leak.distance[place]) if np.isfinite(leak.distance[place]) else None,
        ]
        for place in order.tolist()
    ]
    return Table("places", Words("可能的位置", "Likely places"), columns, rows)


def _updates(told: Pressures, network: Network, leak: Leak) -> Table:
    columns = (
        Column("until", Words("用到的数据止于", "Measured until")),
        Column("junction", Words("最可能节点", "Most likely")),
    )
    rows = [
        [_time(told.series.times[end]), network.nodes[best]] for end, best in zip(leak.ends, leak.best, strict=True)
    ]
    return Table("updates", Words("逐次更新", "Updates"), columns, rows)


def _plots(told: Pressures, network: Network, leak: Leak | None, within: float) -> tuple[LinePlot, ...]:
    days = (told.series.times - told.series.times[0]) / np.timedelta64(1, "D")
    lines = (
        Line(Words("累积偏移与限值之比", "Drift of its limit"), days, np.minimum(told.drift.largest, HIGHEST)),
        Line(Words("限值", "Limit"), days[[0, -1]], np.ones(2)),
    )
    title = Words(f"测点偏移（画到 {HIGHEST:g} 倍）", f"Drift of the sensors, drawn up to {HIGHEST:g} times")
    axis = Words(f"{_time(told.series.times[0])} 起的天数", f"Days from {_time(told.series.times[0])}")
    found = [LinePlot("drift", title, axis, Words("倍", "Times"), lines)]
    if leak is not None and np.isfinite(network.places).all():
        found.append(_map(told, network, leak, within))
    return tuple(found)


def _map(told: Pressures, network: Network, leak: Leak, within: float) -> LinePlot:
    near = np.flatnonzero(leak.distance <= within)
    layers = (
        (Words("节点", "Junctions"), np.arange(network.junctions)),
        (Words("测点", "Sensors"), told.sensors),
        (Words(f"{within:g} 米内", f"Within {within:g} m"), near),
        (Words("最可能处", "Most likely"), np.array(leak.best[-1:])),
    )
    lines = tuple(
        Line(name, network.places[places, 0], network.places[places, 1], is_points=True) for name, places in layers
    )
    east, north = Words("模型坐标 x", "x of the model"), Words("模型坐标 y", "y of the model")
    return LinePlot("map", Words("漏点可能的位置", "Where the leak is likely"), east, north, lines)


def _assumptions(told: Pressures, values: Mapping[str, Any]) -> tuple[Words, ...]:
    return (
        Words(
            f"每个测点与其他各周同一时刻相比；{told.drift.charts} 条累积和合计平均 {values['between']:g} 天误报一次，"
            f"限值为 {told.drift.limit:.1f} 个标准差（松弛 {rule('slack'):g}），或正常期所达的 {rule('margin'):g} 倍，"
            "取大者。",
            f"Each sensor is compared with the same time of other weeks; {told.drift.charts} sums raise one false "
            f"alarm in {values['between']:g} days, a limit of {told.drift.limit:.1f} standard deviations (slack "
            f"{rule('slack'):g}), or {rule('margin'):g} times what a sum reached in the normal time.",
        ),
        Words(
            f"在需水量接近平均的时刻逐节点试加平均进水 {100 * TRIED:g}% 的漏水，得各测点的压降；起初各节点同样可能。",
            f"A leak of {100 * TRIED:g} % of the mean inflow is tried at each junction at a time of about mean demand; "
            "at first all junctions are equally likely.",
        ),
    )


def _warnings(told: Pressures, leak: Leak | None, window: float) -> tuple[Words, ...]:
    if told.alarm is None or leak is not None:
        return ()
    return (
        Words(
            f"确认以后的数据不足 {window:g} 小时，尚不能定位。",
            f"Less than {window:g} hours were measured since: too little to say where.",
        ),
    )
