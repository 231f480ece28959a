"""Hazard by exposure by vulnerability: impacts of joint events on what is exposed, by unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.measures.hazard.risk.impact import (
    DamageCurve,
    ExceedanceCurve,
    exceedance_curve,
    expected_annual_impact,
    joint_ratio,
)
from tulou.processes.unit_places import UnitPlaces, named_units
from tulou.sources.columns import Wanted, read_columns

Array = NDArray[np.float64]
EXPOSURE = (
    Wanted("id", ("编号",), "text", is_required=True),
    Wanted("type", ("function", "类型"), "text", is_required=True),
    Wanted("value", ("价值",), "number", "1", least=0.0, is_required=True),
    Wanted("unit", ("单元",), "text"),
)
EVENTS = (
    Wanted("event", ("事件",), "text", is_required=True),
    Wanted("hazard", ("致灾因子",), "text", is_required=True),
    Wanted("id", ("asset", "编号"), "text", is_required=True),
    Wanted("intensity", ("强度",), "number", "1", least=0.0, is_required=True),
    Wanted("frequency", ("每年次数",), "number", "1/year", least=0.0, is_required=True),
)
CURVES = (
    Wanted("hazard", ("致灾因子",), "text", is_required=True),
    Wanted("type", ("function", "类型"), "text", is_required=True),
    Wanted("intensity", ("强度",), "number", "1", least=0.0, is_required=True),
    Wanted("ratio", ("mdr", "损失比"), "number", "1", least=0.0, is_required=True),
)
MOST_NUMBERS = 200_000_000
"""Most numbers kept at once: events by assets by hazards."""


@dataclass(frozen=True, eq=False)
class Impacts:
    """What events do.

    Args:
        hazards: The hazards.
        events: The events.
        frequency: Times a year of each event.
        value: Value of each asset.
        units: Units that hold the assets.
        by_hazard: Expected in a year for each hazard alone and each asset, shape (hazards, assets).
        joint: Expected in a year of each asset when hazards of one event strike together.
        curve: How often the loss of all assets together is exceeded.
        losses: Loss of all assets together in each event.
        is_untold: Whether an asset is struck and its loss cannot be told: of unknown value, or without a curve.
        uncovered: Pairs of hazard and type without a curve.
        elsewhere: Places of the events at which nothing is exposed.
        sources: SHA-256 of each file that was read.
    """

    hazards: tuple[str, ...]
    events: tuple[str, ...]
    frequency: Array
    value: Array
    units: UnitPlaces
    by_hazard: Array
    joint: Array
    curve: ExceedanceCurve
    losses: Array
    is_untold: NDArray[np.bool_]
    uncovered: tuple[str, ...]
    elsewhere: tuple[str, ...]
    sources: dict[str, str]


@dataclass(frozen=True, eq=False)
class _Events:
    hazards: tuple[str, ...]
    names: tuple[str, ...]
    frequency: Array
    intensity: Array
    elsewhere: frozenset[str]
    digest: str


def impacts_of(exposure: Path, events: Path, curves: Path) -> Impacts:
    """What events do to what is exposed.

    Args:
        exposure: Assets with value, type and unit.
        events: Intensity of each hazard at each asset in each event; an asset that is not named is not struck.
        curves: Share lost by hazard, type and intensity.

    Raises:
        BadInput: When a file is none, no event strikes an asset, or an event has two frequencies.
    """
    assets = read_columns(exposure, EXPOSURE)
    ids, types = assets.texts["id"], assets.texts["type"]
    value = assets.numbers["value"]
    if len(set(ids)) < len(ids):
        raise BadInput("each asset has one row", where=exposure.name, found=len(ids) - len(set(ids)))
    happened = _events(events, {name: at for at, name in enumerate(ids)})
    known, digest = read_curves(curves)
    ratios, uncovered = _ratios(happened, np.array(types, object), known)
    impact = np.nan_to_num(ratios) * np.nan_to_num(value)
    joint = joint_ratio(np.nan_to_num(ratios)) * np.nan_to_num(value)
    losses = joint.sum(axis=1)
    return Impacts(
        hazards=happened.hazards,
        events=happened.names,
        frequency=happened.frequency,
        value=value,
        units=named_units(assets.texts.get("unit", ("",) * assets.rows)),
        by_hazard=np.stack([expected_annual_impact(one, happened.frequency) for one in impact]),
        joint=expected_annual_impact(joint, happened.frequency),
        curve=exceedance_curve(losses, happened.frequency),
        losses=losses,
        is_untold=_untold(happened.intensity, ratios, value),
        uncovered=uncovered,
        elsewhere=tuple(sorted(happened.elsewhere)),
        sources={exposure.name: assets.digest, events.name: happened.digest, curves.name: digest},
    )


def _untold(intensity: Array, ratios: Array, value: Array) -> NDArray[np.bool_]:
    """Which assets are struck by something whose loss cannot be told, shape (assets,)."""
    struck = np.isfinite(intensity)
    return np.asarray((struck & np.isnan(ratios * value)).any(axis=(0, 1)), np.bool_)


def read_curves(path: Path) -> tuple[dict[tuple[str, str], DamageCurve], str]:
    """Curves of damage by hazard and type, and the digest of their file.

    Raises:
        BadInput: When the file is none, or a curve is not one.
    """
    table = read_columns(path, CURVES)
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    numbers = zip(table.numbers["intensity"].tolist(), table.numbers["ratio"].tolist(), strict=True)
    for hazard, kind, point in zip(table.texts["hazard"], table.texts["type"], numbers, strict=True):
        points.setdefault((hazard, kind), []).append(point)
    found: dict[tuple[str, str], DamageCurve] = {}
    for key, rows in points.items():
        try:
            found[key] = DamageCurve(np.array([one for one, _ in rows]), np.array([one for _, one in rows]))
        except BadInput as error:
            first = error.faults[0]
            raise BadInput(first.what, where=f"{path.name}: {' '.join(key)}", found=first.found) from None
    return found, table.digest


def _events(path: Path, assets: Mapping[str, int]) -> _Events:
    table = read_columns(path, EVENTS)
    hazards, names = (sorted(set(table.texts[name])) for name in ("hazard", "event"))
    if len(hazards) * len(names) * len(assets) > MOST_NUMBERS:
        raise BadUse("too many events and assets at once", where=path.name, allowed=(f"{MOST_NUMBERS:,} numbers",))
    of_hazard, of_event = ({name: at for at, name in enumerate(some)} for some in (hazards, names))
    intensity = np.full((len(hazards), len(names), len(assets)), np.nan)
    frequency = np.full(len(names), np.nan)
    elsewhere: set[str] = set()
    columns = zip(
        *(table.texts[name] for name in ("event", "hazard", "id")),
        table.numbers["frequency"].tolist(),
        table.numbers["intensity"].tolist(),
        strict=True,
    )
    for number, (event, hazard, asset, often, strength) in enumerate(columns, 2):
        where = f"{path.name}: row {number}"
        at = of_event[event]
        if np.isfinite(frequency[at]) and frequency[at] != often:
            raise BadInput("an event has one frequency", where=where, found=often, allowed=(f"{frequency[at]:g}",))
        if not often > 0 or not np.isfinite(strength):
            raise BadInput("an event needs a frequency above 0 and an intensity", where=where, found=often)
        frequency[at] = often
        if asset not in assets:
            elsewhere.add(asset)
            continue
        place = of_hazard[hazard], at, assets[asset]
        if np.isfinite(intensity[place]):
            raise BadInput("an asset stands twice in one event", where=where, found=asset)
        intensity[place] = strength
    if not np.isfinite(intensity).any():
        raise BadInput("no event strikes an asset", where=path.name, found=min(elsewhere), allowed=tuple(assets)[:12])
    return _Events(tuple(hazards), tuple(names), frequency, intensity, frozenset(elsewhere), table.digest)


def _ratios(
    happened: _Events, types: NDArray[np.object_], curves: Mapping[tuple[str, str], DamageCurve]
) -> tuple[Array, tuple[str, ...]]:
    """Share lost by hazard, event and asset; what is not struck or has no curve is NaN."""
    found = np.full_like(happened.intensity, np.nan)
    uncovered: list[str] = []
    for place, hazard in enumerate(happened.hazards):
        for kind in sorted(set(types)):
            at = types == kind
            curve = curves.get((hazard, kind))
            if curve is not None:
                found[place][:, at] = curve.at(happened.intensity[place][:, at])
            elif np.isfinite(happened.intensity[place][:, at]).any():
                uncovered.append(f"{hazard} × {kind}")
    return found, tuple(uncovered)
