"""A check of drains in words, figures, tables, plots and facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tulou.kernel.words import Words
from tulou.processes.drainage.check_facts import facts_of
from tulou.processes.drainage.checked import BACKWATER, BOTTLENECK, FREE, Checked
from tulou.processes.drainage.engine import SECONDS_A_MINUTE, SECONDS_AN_HOUR, Simulated
from tulou.processes.drainage.network import is_dynamic
from tulou.processes.drainage.rules import rule
from tulou.processes.outcome import Balance, BarPlot, Cell, Column, Figure, Line, LinePlot, Outcome, Table

CAPACITY = {
    FREE: Words("有余量", "free"),
    BACKWATER: Words("下游顶托", "backwater"),
    BOTTLENECK: Words("能力不足", "bottleneck"),
}
KINDS = {
    "junction": Words("检查井", "junction"),
    "outfall": Words("排放口", "outfall"),
    "divider": Words("分流井", "divider"),
    "storage": Words("调蓄设施", "storage"),
}
MOST_SHOWN = 3
"""Nodes named in the answer."""


def outcome_of(found: Checked, values: Mapping[str, Any]) -> Outcome:
    """All that is told of a check.

    Args:
        found: The check.
        values: Inputs of the process.
    """
    return Outcome(
        answer=_answer(found, values["required"]),
        figures=_figures(found, values["required"]),
        tables=_tables(found),
        plots=_plots(found),
        balances=balances_of(found.main),
        assumptions=_assumptions(found, values),
        warnings=_warnings(found, values["required"]),
        facts=facts_of(found, values),
        sources=found.sources,
    )


def how_many(number: int, noun: str) -> str:
    """A number with its noun in English."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def balances_of(run: Simulated) -> tuple[Balance, ...]:
    """Balances of a run: water on the subcatchments and in the network."""
    routing = run.routing
    network = Balance(
        Words("管网水量", "Water in the network"),
        run.into_network,
        run.out_of_network,
        routing["finalStorage"] - routing["initStorage"],
        "m3",
    )
    if run.runoff is None:
        return (network,)
    rain = run.runoff
    went = sum(rain[name] for name in ("evap", "infil", "runoff", "drains", "snowRemoved"))
    stayed = rain["finalStorage"] - rain["initStorage"] + rain["finalSnowCover"] - rain["initSnowCover"]
    subcatchments = Balance(
        Words("子汇水区水深", "Water on the subcatchments"), rain["rainfall"] + rain["runon"], went, stayed, "mm"
    )
    return (subcatchments, network)


def _name(found: Checked) -> Words:
    storm = found.storms[found.told]
    if storm is None:
        return Words("模型自带降雨", "the rain of the model")
    if storm.period is None:
        return Words(f"实测降雨 {storm.name}", f"the recorded rain {storm.name}")
    return Words(f"{storm.period:g} 年一遇设计暴雨", f"the storm of {storm.period:g} years")


def _answer(found: Checked, required: float | None) -> tuple[Words, ...]:
    nodes, storm = found.main.nodes, _name(found)
    flooded = found.flooded
    if not len(flooded):
        said = [Words(f"{storm.zh}下没有节点冒水。", f"Under {storm.en} no water leaves the drains.")]
    else:
        most = [nodes.ids[place] for place in flooded[:MOST_SHOWN]]
        hours, volume = nodes.flooded[flooded].max() / SECONDS_AN_HOUR, nodes.volume.sum()
        said = [
            Words(
                f"{storm.zh}下 {len(flooded)} 个节点冒水，共 {volume:,.0f} 立方米，最长 {hours:.1f} 小时；"
                f"最多的是 {'、'.join(most)}。",
                f"Under {storm.en} water leaves {how_many(len(flooded), 'node')}, {volume:,.0f} m³ in all, for up to "
                f"{hours:.1f} hours; most at {', '.join(most)}.",
            )
        ]
    said += _ponding_said(found)
    if required is not None and np.isfinite(found.pipes.unsurcharged).all():
        said.append(
            Words(
                f"按 {required:g} 年一遇不压管，{_share(found, required):.1f}% 的管长达标。",
                f"{_share(found, required):.1f} % of the length of pipe holds the storm of {required:g} years without "
                "surcharge.",
            )
        )
    if found.reached is not None and len(flooded):
        said.append(_reached_said(found))
    if found.observed is not None:
        hits, known = found.observed
        said.append(
            Words(
                f"登记的 {known} 处积水点中，模型再现 {hits} 处。",
                f"Of {how_many(known, 'waterlogging point')} on record the model reproduces {hits}.",
            )
        )
    return tuple(said)


def _ponding_said(found: Checked) -> list[Words]:
    nodes, deep = found.main.nodes, rule("ponding_depth")
    if not found.network.ponds:
        return []
    over = int((nodes.ponded > deep).sum())
    if not over:
        text = f"没有节点积水超过 {100 * deep:g} 厘米。"
        return [Words(text, f"Nowhere does water stand deeper than {100 * deep:g} cm.")]
    longest, deepest = float(np.nanmax(nodes.standing)) / SECONDS_A_MINUTE, float(np.nanmax(nodes.ponded))
    return [
        Words(
            f"{over} 个节点积水超过 {100 * deep:g} 厘米，最深 {deepest:.2f} 米，最长 {longest:.0f} 分钟。",
            f"At {how_many(over, 'node')} water stands deeper than {100 * deep:g} cm, up to {deepest:.2f} m and "
            f"for up to {longest:.0f} minutes.",
        )
    ]


def _reached_said(found: Checked) -> Words:
    near = found.reached
    if near is None or near.buildings is None:
        return Words(
            "城市没有建筑记录，影响对象未知。", "The city has no buildings on record: whom it reaches is not known."
        )
    zh = f"附近有 {near.buildings:,} 栋建筑"
    en = f"{near.buildings:,} buildings stand near"
    if np.isfinite(near.people):
        zh += f"、约 {near.people:,.0f} 人"
        en += f", with about {near.people:,.0f} residents"
        if near.high > near.low:
            zh += f"（{near.low:,.0f}—{near.high:,.0f}）"
            en += f" ({near.low:,.0f} to {near.high:,.0f})"
    return Words(f"{zh}。", f"{en}.")


def _share(found: Checked, required: float) -> float:
    lengths = found.network.lengths
    return 100 * float(lengths[found.pipes.unsurcharged >= required].sum() / lengths.sum())


def _figures(found: Checked, required: float | None) -> tuple[Figure, ...]:
    nodes = found.main.nodes
    flooded = Figure("flooded_nodes", Words("冒水节点", "Nodes that flood"), float(len(found.flooded)), "1", digits=0)
    volume = Figure(
        "flood_volume", Words("冒水量", "Water that leaves the drains"), float(nodes.volume.sum()), "m3", digits=1
    )
    figures = [flooded, volume]
    if found.network.ponds:
        deepest = Figure(
            "ponding_depth", Words("最大积水深度", "Deepest water on the ground"), float(np.nanmax(nodes.ponded)), "m"
        )
        longest = float(np.nanmax(nodes.standing)) / SECONDS_A_MINUTE
        title = Words(
            f"积水超过 {100 * rule('ponding_depth'):g} 厘米最长时间",
            f"Longest above {100 * rule('ponding_depth'):g} cm",
        )
        figures += [deepest, Figure("ponding_time", title, longest, "minute", digits=0)]
    if required is not None:
        share = _share(found, required) if np.isfinite(found.pipes.unsurcharged).all() else float("nan")
        title = Words(f"{required:g} 年一遇达标管长", f"Length that holds {required:g} years")
        figures.append(Figure("held_share", title, share, "percent", digits=1))
    near = found.reached
    if near is not None:
        low, high = (near.low, near.high) if near.high > near.low else (np.nan, np.nan)
        figures.append(Figure("people", Words("附近居民", "Residents near"), near.people, "person", low, high, 0))
    if found.observed is not None:
        hits, known = found.observed
        title = Words("再现的登记积水点", "Waterlogging points reproduced")
        figures.append(Figure("reproduced", title, 100 * hits / known, "percent", digits=0))
    return tuple(figures)


def _tables(found: Checked) -> tuple[Table, ...]:
    tables = [_storm_table(found), _node_table(found), _pipe_table(found)]
    if found.reached is not None and found.reached.units:
        columns = (
            Column("unit", Words("单元", "Unit")),
            Column("nodes", Words("冒水节点", "Nodes that flood"), "1", 0),
            Column("volume", Words("冒水量", "Volume"), "m3", 1),
        )
        rows: list[list[Cell]] = [[one.name, one.nodes, one.volume] for one in found.reached.units]
        tables.append(Table("units", Words("所在单元", "Units they lie in"), columns, rows))
    return tuple(tables)


def _storm_table(found: Checked) -> Table:
    columns = (
        Column("storm", Words("降雨", "Storm")),
        Column("rain", Words("雨量", "Rain"), "mm", 1),
        Column("flooded", Words("冒水节点", "Nodes that flood"), "1", 0),
        Column("volume", Words("冒水量", "Volume"), "m3", 1),
        Column("surcharged", Words("压力流管渠", "Pipes surcharged"), "1", 0),
        Column("runoff_error", Words("产流误差", "Error of runoff"), "percent", 3),
        Column("routing_error", Words("汇流误差", "Error of routing"), "percent", 3),
    )
    rows: list[list[Cell]] = []
    conduits = np.isin(found.main.links.ids, found.network.conduits)
    for storm, run in zip(found.storms, found.runs, strict=True):
        name: Cell = storm.name if storm else Words("模型自带", "of the model")
        rain = run.runoff["rainfall"] if run.runoff else None
        wet, full = int((run.nodes.volume > 0).sum()), int((run.links.surcharged[conduits] > 0).sum())
        errors = (100 * run.runoff_error if run.runoff else None, 100 * run.routing_error)
        rows.append([name, rain, wet, float(run.nodes.volume.sum()), full, *errors])
    return Table("storms", Words("各场降雨", "Storms"), columns, rows)


def _node_table(found: Checked) -> Table:
    columns = (
        Column("node", Words("节点", "Node")),
        Column("kind", Words("类别", "Kind")),
        Column("volume", Words("冒水量", "Volume"), "m3", 1),
        Column("rate", Words("最大流量", "Greatest rate"), "m3/second", 3),
        Column("flooded", Words("冒水时长", "Flooded"), "minute", 0),
        Column("ponded", Words("最大积水深度", "Deepest on the ground"), "m", 2),
        Column("standing", Words("超过15厘米时长", "Above 15 cm"), "minute", 0),
    )
    nodes = found.main.nodes
    rows: list[list[Cell]] = [
        [
            nodes.ids[at],
            KINDS[found.network.kinds[nodes.ids[at]]],
            float(nodes.volume[at]),
            float(nodes.rate[at]),
            float(nodes.flooded[at]) / SECONDS_A_MINUTE,
            _known(nodes.ponded[at]),
            _known(nodes.standing[at] / SECONDS_A_MINUTE),
        ]
        for at in found.flooded
    ]
    return Table("nodes", Words("冒水节点", "Nodes that flood"), columns, rows)


def _pipe_table(found: Checked) -> Table:
    columns = (
        Column("pipe", Words("管渠", "Pipe")),
        Column("length", Words("长度", "Length"), "m", 1),
        Column("unsurcharged", Words("不压管重现期", "Holds without surcharge"), "year", 0),
        Column("unflooded", Words("不冒水重现期", "Holds without flooding"), "year", 0),
        Column("capacity", Words("能力", "Capacity")),
        Column("flow", Words("最大流量", "Greatest flow"), "m3/second", 3),
        Column("surcharged", Words("压力流时长", "Surcharged"), "minute", 0),
    )
    pipes = found.pipes
    order = np.lexsort((np.arange(len(pipes.flow)), -pipes.surcharged, np.nan_to_num(pipes.unsurcharged)))
    rows: list[list[Cell]] = [
        [
            found.network.conduits[at],
            float(found.network.lengths[at]),
            _known(pipes.unsurcharged[at]),
            _known(pipes.unflooded[at]),
            CAPACITY[str(pipes.capacity[at])],
            float(pipes.flow[at]),
            float(pipes.surcharged[at]) / SECONDS_A_MINUTE,
        ]
        for at in order
    ]
    return Table("pipes", Words("管渠", "Pipes"), columns, rows)


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _plots(found: Checked) -> tuple[LinePlot | BarPlot, ...]:
    periods = np.array([storm.period for storm in found.storms if storm is not None and storm.period is not None])
    if len(periods) < 2:  # noqa: PLR2004  (a line needs two)
        return ()
    volumes = np.array([run.nodes.volume.sum() for run in found.runs])
    flood = LinePlot(
        "flood_volume",
        Words("冒水量随重现期", "Water that leaves the drains, by return period"),
        Words("重现期（年）", "Return period, years"),
        Words("冒水量（立方米）", "Volume, m³"),
        (Line(Words("冒水量", "Volume"), periods, volumes),),
        has_log_x=True,
    )
    held = [0.0, *periods.tolist()]
    lengths = found.network.lengths
    bars = tuple((f"{one:g}", float(lengths[found.pipes.unsurcharged == one].sum())) for one in held)
    title = Words(
        "不压管重现期的管长分布（0 为小于最小者）", "Length of pipe by return period held (0: less than the smallest)"
    )
    return (flood, BarPlot("held", title, Words("管长（米）", "Length, m"), bars))


def _assumptions(found: Checked, values: Mapping[str, Any]) -> tuple[Words, ...]:
    said = [
        Words(
            "“压管”指管渠上端满流；“能力不足”指满流时水力坡降陡于管坡，其余为下游顶托。0 表示连最小的重现期也不承受。",
            "Surcharged: the upper end is full. Bottleneck: with more flow than it carries just full by its own slope; "
            "else backwater. 0: not even the smallest return period is held.",
        ),
    ]
    if values["ponding_area"] is not None:
        area = values["ponding_area"]
        said.append(
            Words(
                f"模型未给积水面积的节点，水停在 {area:g} 平方米上（使用者的假设），积水深度随之而变。",
                f"At nodes without an area of their own water stands on {area:g} m² (an assumption of the user); "
                "depths depend on it.",
            )
        )
    elif len(found.network.ponds) < sum(kind == "junction" for kind in found.network.kinds.values()):
        said.append(
            Words(
                "模型中不能积水的节点，冒出的水离开模型、不再流回，积水深度未知。",
                "At nodes where the model lets no water stand, what comes out leaves the model for good, and its depth "
                "is unknown.",
            )
        )
    if any(storm is not None for storm in found.storms):
        said.append(
            Words(
                "雨自模型开始时刻落下，其余入流按模型。",
                "The storm begins when the model does; other inflows stay the model's.",
            )
        )
    if found.lonlat:
        said.append(
            Words(
                f"模型坐标的基准：{values['datum']}（由使用者给出）。",
                f"Datum of the model: {values['datum']}, as stated by the user.",
            )
        )
    return tuple(said)


def _warnings(found: Checked, required: float | None) -> tuple[Words, ...]:
    said: list[Words] = []
    if found.left_out:
        said.append(
            Words(
                f"模型中写文件的 {len(found.left_out)} 行未执行：{'；'.join(found.left_out)}。",
                f"{how_many(len(found.left_out), 'line')} of the model that would write files left out: "
                f"{'; '.join(found.left_out)}.",
            )
        )
    if not is_dynamic(found.model):
        said.append(
            Words(
                "模型不是动力波演算：顶托、压力流与积水深度没有体现，结果偏安全（可用 routing=dynamic）。",
                "The model is not routed by the dynamic wave: backwater, pressure and depth on the ground are left "
                "out, which flatters it (routing=dynamic).",
            )
        )
    if found.pipes.returned:
        said.append(
            Words(
                f"{found.pipes.returned} 根管渠不承受较小的暴雨却“承受”较大的：按较小者计，请检查演算步长。",
                f"{how_many(found.pipes.returned, 'pipe')} held a larger storm than one not held: the smaller counts. "
                "Please check the routing step.",
            )
        )
    if required is not None and np.isnan(found.pipes.unsurcharged).any():
        said.append(
            Words(
                "没有给出暴雨公式，管渠的重现期不能判定。",
                "Without a storm formula the return period that pipes hold is not assessed.",
            )
        )
    told = list(dict.fromkeys(warning for run in found.runs for warning in run.warnings))
    said += [Words(f"SWMM：{one}", f"SWMM: {one}") for one in told[:_MOST_WARNINGS]]
    if len(told) > _MOST_WARNINGS:
        more = len(told) - _MOST_WARNINGS
        said.append(Words(f"SWMM 另有 {more} 条警告。", f"SWMM gave {more} more warnings."))
    return tuple(said)


_MOST_WARNINGS = 5
