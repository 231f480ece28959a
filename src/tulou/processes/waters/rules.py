"""Reading ``rules.yaml``: limits of each index, and when a point and a water body count as heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words
from tulou.measures.environment.black_odour import IndexLimits, PointRule

RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class Index:
    """One index of the water.

    Args:
        name: Its name, that of its column.
        title: What it is called.
        unit: Its unit.
        least: Smallest number it may have.
        heads: What its column may be called besides.
        limits: Its limits.
    """

    name: str
    title: Words
    unit: str
    least: float
    heads: tuple[str, ...]
    limits: IndexLimits


@dataclass(frozen=True)
class Rules:
    """All rules of the grades.

    Args:
        indices: The indices, by name.
        shallow: Depth below which transparency is judged by the depth, cm.
        shallow_share: Share of the depth below which it is heavy.
        point: When a point is heavy.
        samples: Fewest samples of a point.
        body_share: Least share of heavy points of a heavy water body.
        points: Fewest points of a water body.
        run: Points in a row that make a heavy stretch.
        clause: What says so.
    """

    indices: Mapping[str, Index]
    shallow: float
    shallow_share: float
    point: PointRule
    samples: int
    body_share: float
    points: int
    run: int
    clause: str


@cache
def rules() -> Rules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    point, body = top["point"], top["body"]
    return Rules(
        indices={name: _index(name, one) for name, one in top["indices"].items()},
        shallow=float(top["shallow"]["depth"]),
        shallow_share=float(top["shallow"]["share"]),
        point=PointRule(float(point["one"]), float(point["several"]), int(point["indices"])),
        samples=int(point["samples"]),
        body_share=float(body["share"]),
        points=int(body["points"]),
        run=int(body["run"]),
        clause=top["clause"],
    )


def _index(name: str, one: At) -> Index:
    title = Words(one["title"]["zh"], one["title"]["en"])
    limits = IndexLimits(float(one["light"]), float(one["heavy"]), one["more"] == "better")
    return Index(name, title, one["unit"], float(one.get("least", -inf)), tuple(one["heads"]), limits)
