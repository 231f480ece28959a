"""From tables of nodes, pipes and subcatchments to a SWMM model, when nothing is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

import numpy as np

from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.words import Words
from tulou.measures.water.drains import full_flow
from tulou.processes.declaration import Run
from tulou.processes.drainage.drawn import Drains, Node, Pipe, Subcatchment, drains_of, faults_of
from tulou.processes.drainage.gis import NODES, PIPES, SUBCATCHMENTS, metric_datum, read_table
from tulou.processes.drainage.rules import rule
from tulou.processes.outcome import Cell, Column, Figure, Outcome, Table

NAME = "drainage_model.inp"
WHOLE = 100.0
"""Percent."""
OPTIONS = (
    "FLOW_UNITS CMS",
    "INFILTRATION HORTON",
    "FLOW_ROUTING DYNWAVE",
    "LINK_OFFSETS ELEVATION",
    "START_DATE 01/01/2026",
    "START_TIME 00:00:00",
    "END_DATE 01/01/2026",
    "END_TIME 06:00:00",
    "REPORT_STEP 00:05:00",
    "WET_STEP 00:01:00",
    "DRY_STEP 01:00:00",
    "ROUTING_STEP 5",
    "VARIABLE_STEP 0.75",
    "THREADS 1",
)


def build(run: Run) -> Outcome:
    """Run the process, see ``drainage_model.PROCESS``."""
    values = run.values
    datum = metric_datum(values["datum"])
    tables = [
        read_table(values[name], wanted, datum)
        for name, wanted in (("nodes", NODES), ("pipes", PIPES), ("subcatchments", SUBCATCHMENTS))
    ]
    drains = drains_of(*tables)
    faults = faults_of(drains, keep_adverse=values["keep_adverse"]) + _soil_faults(drains, values)
    if faults:
        raise BadInput.of(faults)
    text = "\n".join(_lines(drains, values)) + "\n"
    sources = {
        values[name].name: table.digest for name, table in zip(("nodes", "pipes", "subcatchments"), tables, strict=True)
    }
    return Outcome(
        answer=(_answer(drains),),
        figures=_figures(drains),
        tables=(_pipe_table(drains),),
        assumptions=_assumptions(drains, values),
        warnings=_warnings(drains),
        sources=sources,
        files={NAME: text.encode("utf-8")},
    )


def _soil_faults(drains: Drains, values: Mapping[str, Any]) -> list[Fault]:
    """Infiltration is asked for where the ground takes any."""
    first, last = values["infiltration_first"], values["infiltration_last"]
    if all(one.impervious >= WHOLE for one in drains.subcatchments):
        return []
    if first is None or last is None:
        names = ("infiltration_first=...", "infiltration_last=...")
        return [Fault("pervious ground needs both rates of infiltration", "subcatchments", None, names)]
    if last > first:
        return [Fault("infiltration does not grow", "infiltration_last", last, (f"up to {first:g} mm/hour",))]
    return []


def _lines(drains: Drains, values: Mapping[str, Any]) -> list[str]:
    """The file, section by section."""
    sections: dict[str, list[str]] = {
        "TITLE": [f"Datum {values['datum']}, heights {values['height_datum']}"],
        "OPTIONS": list(OPTIONS),
        "EVAPORATION": ["CONSTANT 0"],
        "RAINGAGES": ["G1 VOLUME 0:05 1 TIMESERIES RAIN"],
        "TIMESERIES": ["RAIN 0:00 0"],
        "SUBCATCHMENTS": [_subcatchment(one) for one in drains.subcatchments],
        "SUBAREAS": [_ground(one) for one in drains.subcatchments],
        "INFILTRATION": [_soil(one, values) for one in drains.subcatchments],
        "JUNCTIONS": [_junction(one) for one in drains.nodes if one.kind == "junction"],
        "OUTFALLS": [_outfall(one) for one in drains.nodes if one.kind == "outfall"],
        "STORAGE": [_storage(one) for one in drains.nodes if one.kind == "storage"],
        "CONDUITS": [_conduit(one) for one in drains.pipes],
        "XSECTIONS": [_section(one) for one in drains.pipes],
        "COORDINATES": [f"{one.id} {one.x:.3f} {one.y:.3f}" for one in drains.nodes],
    }
    return [line for name, lines in sections.items() if lines for line in (f"[{name}]", *lines, "")]


def _subcatchment(one: Subcatchment) -> str:
    return f"{one.id} G1 {one.node} {one.area:.6g} {one.impervious:.6g} {one.width:.6g} {one.slope:.6g} 0"


def _ground(one: Subcatchment) -> str:
    names = ("impervious_roughness", "pervious_roughness", "impervious_storage", "pervious_storage")
    return f"{one.id} {' '.join(f'{rule(name):g}' for name in names)} 25 OUTLET"


def _soil(one: Subcatchment, values: Mapping[str, Any]) -> str:
    first, last = (values[f"infiltration_{end}"] or 0.0 for end in ("first", "last"))
    return f"{one.id} {first:g} {last:g} {rule('infiltration_decay'):g} {rule('drying_time'):g} 0"


def _junction(one: Node) -> str:
    return f"{one.id} {one.invert:.3f} {one.ground - one.invert:.3f} 0 0 0"


def _outfall(one: Node) -> str:
    return f"{one.id} {one.invert:.3f} " + (f"FIXED {one.stage:.3f}" if isfinite(one.stage) else "FREE")


def _storage(one: Node) -> str:
    return f"{one.id} {one.invert:.3f} {one.ground - one.invert:.3f} 0 FUNCTIONAL 0 0 {one.area:.6g}"


def _conduit(one: Pipe) -> str:
    return f"{one.id} {one.start} {one.end} {one.length:.3f} {one.roughness:g} {one.up:.3f} {one.down:.3f} 0 0"


def _section(one: Pipe) -> str:
    shape = f"RECT_CLOSED {one.height:g} {one.width:g}" if isfinite(one.width) else f"CIRCULAR {one.height:g} 0"
    return f"{one.id} {shape} 0 0 1"


def _answer(drains: Drains) -> Words:
    length, area = sum(one.length for one in drains.pipes), sum(one.area for one in drains.subcatchments)
    return Words(
        f"建成 SWMM 模型：{len(drains.nodes)} 个节点、{len(drains.pipes)} 根管渠共 {length / 1000:,.2f} 公里、"
        f"汇水面积 {area:,.2f} 公顷。",
        f"A SWMM model of {len(drains.nodes)} nodes, {len(drains.pipes)} pipes of {length / 1000:,.2f} km and "
        f"{area:,.2f} ha of subcatchments.",
    )


def _figures(drains: Drains) -> tuple[Figure, ...]:
    area = sum(one.area for one in drains.subcatchments)
    hard = sum(one.area * one.impervious for one in drains.subcatchments) / area
    return (
        Figure("length", Words("管长", "Length of pipe"), sum(one.length for one in drains.pipes), "m", digits=1),
        Figure("area", Words("汇水面积", "Subcatchments"), area, "ha"),
        Figure("impervious", Words("不透水率", "Impervious"), hard, "percent", digits=1),
    )


def _pipe_table(drains: Drains) -> Table:
    columns = (
        Column("pipe", Words("管渠", "Pipe")),
        Column("length", Words("长度", "Length"), "m", 1),
        Column("slope", Words("坡度", "Slope"), "percent", 3),
        Column("full", Words("满流流量", "Carries when full"), "m3/second", 3),
    )
    rows: list[list[Cell]] = []
    for one in drains.pipes:
        carries = one.slope > 0 and not isfinite(one.width)
        full = float(full_flow(one.height, one.slope, one.roughness)) if carries else None
        rows.append([one.id, one.length, WHOLE * one.slope, full])
    return Table("pipes", Words("管渠", "Pipes"), columns, rows)


def _assumptions(drains: Drains, values: Mapping[str, Any]) -> tuple[Words, ...]:
    rough, length, width = (drains.assumed[name] for name in ("roughness", "length", "width"))
    said = [
        Words(
            f"平面基准 {values['datum']}，高程基准 {values['height_datum']}，由使用者给出。",
            f"Datum {values['datum']}, heights {values['height_datum']}, as stated by the user.",
        ),
        Words(
            f"{rough} 根管渠未给糙率，取 {rule('pipe_roughness'):g}（凭记忆，待核对）；"
            f"{length} 根未给长度，取两端直线距离；{width} 个子汇水区未给宽度，按正方形取。",
            f"{rough} pipes without a roughness take {rule('pipe_roughness'):g} (from memory, to be confirmed); "
            f"{length} without a length take the straight line between their ends; {width} subcatchments without a "
            "width that of a square.",
        ),
        Words(
            "地面糙率、洼蓄、下渗衰减与干燥时间取 SWMM 手册范围的中值（凭记忆），应以本地数据率定。",
            "Roughness and storage of the ground, decay of infiltration and drying time are middles of the ranges of "
            "the SWMM manual (from memory); calibrate them.",
        ),
    ]
    return tuple(said)


def _warnings(drains: Drains) -> tuple[Words, ...]:
    adverse = int(np.sum([one.down > one.up for one in drains.pipes]))
    said = [Words("模型未经率定。", "The model is not calibrated.")]
    if adverse:
        said.append(Words(f"{adverse} 根管渠逆坡，按数据保留。", f"{adverse} pipes rise and are kept as they are."))
    return tuple(said)
