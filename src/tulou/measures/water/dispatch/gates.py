"""Gates as orifices: the flow an opening passes, and the opening that passes a flow."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, pi, sin, sqrt
from typing import Literal

GRAVITY = 9.80665
"""m/s², standard."""
SHARP_CREST = 0.414
"""Coefficient of a sharp-crested weir over √(2 g), as in SWMM."""
ROUNDS = 40
"""Halvings when an opening is looked for; far finer than any gate moves."""


@dataclass(frozen=True)
class Gate:
    """An opening that a gate closes from above.

    Args:
        position: ``side`` for one in a wall, ``bottom`` for one in a floor.
        shape: ``round`` or ``box``.
        height: Height of the whole opening, m.
        width: Width of a box, m.
        coefficient: Discharge coefficient.
        crest: Level of its lower edge, m.
    """

    position: Literal["side", "bottom"]
    shape: Literal["round", "box"]
    height: float
    width: float
    coefficient: float
    crest: float


def gate_flow(gate: Gate, setting: float, above: float, below: float) -> float:
    """How much does a gate pass?

    Wide under water: ``Q = Cd A √(2 g H)``. Where its opening is not covered it works as a weir:
    ``Q = Cd A √(2 g H_c) f^1.5``, with f the share of the critical height that is reached.

    Args:
        gate: The gate.
        setting: How far it is open, from 0 to 1.
        above: Water level before it, m.
        below: Water level behind it, m; never more than before it counts.

    Returns:
        m³/s; 0 where the level behind is the higher one.

    Source: Rossman (2017), SWMM Reference Manual II, chapter 6 (orifices).
    """
    opening = setting * gate.height
    if opening <= 0 or above <= max(below, gate.crest):
        return 0.0
    full = gate.coefficient * _area(gate, opening) * sqrt(2 * GRAVITY)
    if gate.position == "bottom":
        critical = gate.coefficient / SHARP_CREST * _area_over_edge(gate, opening)
        head = above - max(below, gate.crest)
        share, weir = head / critical, full * sqrt(critical)
    else:
        share = (above - gate.crest) / opening
        head = above - max(below, gate.crest + opening / 2)
        weir = full * sqrt(opening / 2)
    return weir * share**1.5 if share < 1 else full * sqrt(head)


def gate_setting(gate: Gate, flow: float, above: float, below: float) -> float:
    """How far must a gate be open to pass a flow?

    Args:
        gate: The gate.
        flow: Flow wanted, m³/s.
        above: Water level before it, m.
        below: Water level behind it, m.

    Returns:
        From 0 to 1; 1 where even the whole opening passes less, 0 where water would come back.
    """
    if flow <= 0 or above <= below:
        return 0.0
    if gate_flow(gate, 1.0, above, below) <= flow:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if gate_flow(gate, middle, above, below) < flow else (low, middle)
    return high


def _area(gate: Gate, opening: float) -> float:
    if gate.shape == "box":
        return gate.width * opening
    angle = 2 * acos(1 - 2 * min(opening / gate.height, 1.0))
    return gate.height**2 / 8 * (angle - sin(angle)) if opening < gate.height else pi * gate.height**2 / 4


def _area_over_edge(gate: Gate, opening: float) -> float:
    return opening / 4 if gate.shape == "round" else opening * gate.width / (2 * (opening + gate.width))
