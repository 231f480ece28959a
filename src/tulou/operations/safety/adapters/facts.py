"""Facts of a city as the rules of work safety take them: enterprises, risks, records, certificates."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault, TulouError
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.operations.safety.domain.credit import Record, Start
from tulou.operations.safety.domain.credit_code import whole_code
from tulou.operations.safety.domain.training import Certificate, holder_of

FACTORS = ("likelihood", "exposure", "consequence", "severity")
RESIDUAL = "residual_"
MEASURES = ("engineering", "management", "training", "protection", "emergency")
"""Kinds of measures, in the order in which they are preferred."""
MOST_FAULTS = 20


@dataclass(frozen=True)
class Enterprise:
    """An enterprise on record.

    Args:
        code: Its unified social credit code.
        name: Its name.
        trade: Its trade; empty where unknown.
        start: Where its credit begins.
        place: East and north, metres; NaN where unknown.
    """

    code: str
    name: str
    trade: str
    start: Start
    place: tuple[float, float]


@dataclass(frozen=True)
class Risk:
    """A risk on record.

    Args:
        id: Its id.
        name: What it is called.
        enterprise: Credit code; empty for a public place.
        hazard: The hazard.
        method: The method it is graded by.
        factors: Factors before measures.
        declared: Level declared before measures.
        residual: Factors after measures.
        residual_declared: Level declared after measures.
        measures: Measures by kind.
        control: Level that controls it.
        place: East and north, metres; NaN where unknown.
    """

    id: str
    name: str
    enterprise: str
    hazard: str
    method: str
    factors: Mapping[str, float]
    declared: str
    residual: Mapping[str, float]
    residual_declared: str
    measures: Mapping[str, str]
    control: str
    place: tuple[float, float]


def enterprises_of(state: State) -> dict[str, Enterprise]:
    """The enterprises of a state by credit code.

    Raises:
        BadInput: When a code is not whole; names each.
    """
    rows, faults = state.rows("enterprise"), list[Fault]()
    found: dict[str, Enterprise] = {}
    for row, place in zip(_dicts(rows), rows.places, strict=True):
        try:
            code = whole_code(str(row["id"]), f"enterprise {row['id']}")
        except TulouError as error:
            faults += error.faults
            continue
        start = Start(_text(row, "rated_grade"), _text(row, "standardisation"))
        found[code] = Enterprise(code, _text(row, "name") or code, _text(row, "trade"), start, _pair(place))
    _raise(faults)
    return dict(sorted(found.items()))


def risks_of(state: State) -> list[Risk]:
    """The risks of a state, by id. A risk without a place of its own stands where its enterprise stands."""
    rows = state.rows("risk_point")
    firms = state.rows("enterprise")
    homes = dict(zip(firms.ids, map(_pair, firms.places), strict=True))
    found = []
    for row, place in zip(_dicts(rows), rows.places, strict=True):
        enterprise, own = _text(row, "enterprise"), _pair(place)
        found.append(
            Risk(
                id=str(row["id"]),
                name=_text(row, "name") or str(row["id"]),
                enterprise=enterprise,
                hazard=_text(row, "hazard"),
                method=_text(row, "method"),
                factors={name: _number(row, name) for name in FACTORS},
                declared=_text(row, "declared"),
                residual={name: _number(row, RESIDUAL + name) for name in FACTORS},
                residual_declared=_text(row, f"{RESIDUAL}declared"),
                measures={name: _text(row, name) for name in MEASURES},
                control=_text(row, "control_level"),
                place=homes.get(enterprise, own) if math.isnan(own[0]) else own,
            )
        )
    return sorted(found, key=lambda one: one.id)


def records_of(state: State) -> dict[str, list[Record]]:
    """Records of each enterprise.

    Raises:
        BadInput: When a record does not say on which day it happened.
    """
    found: dict[str, list[Record]] = defaultdict(list)
    faults = []
    for row in _dicts(state.rows("credit_record")):
        happened = row.get("happened_on")
        if not isinstance(happened, date):
            faults.append(Fault("a record says on which day it happened", f"credit_record {row['id']}", None))
            continue
        record = Record(
            str(row["id"]), _text(row, "kind"), _text(row, "class"), happened,
            row.get("published_on"), row.get("repaired_on"),
        )  # fmt: skip
        found[_text(row, "enterprise")].append(record)
    _raise(faults)
    return found


def certificates_of(state: State) -> list[Certificate]:
    """Certificates of training, by id.

    Raises:
        BadInput: When a holder is named by anything but a register id.
    """
    found, faults = [], list[Fault]()
    for row in _dicts(state.rows("safety_certificate")):
        try:
            holder = holder_of(_text(row, "holder"), f"safety_certificate {row['id']}")
        except TulouError as error:
            faults += error.faults
            continue
        found.append(
            Certificate(
                str(row["id"]), _text(row, "enterprise"), holder, _text(row, "kind"), _text(row, "body"),
                row.get("issued_on"), row.get("valid_until"), row.get("reviewed_on"),
            )
        )  # fmt: skip
    _raise(faults)
    return sorted(found, key=lambda one: one.id)


def _dicts(rows: Rows) -> list[dict[str, Any]]:
    """Rows as plain mappings, without geometry."""
    names = [name for name in rows.names if name != "geometry"]
    plain: list[dict[str, Any]] = rows.table.select(names).to_pylist() if len(rows) else []
    return plain


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _number(row: Mapping[str, Any], name: str) -> float:
    value = row.get(name)
    return math.nan if value is None else float(value)


def _pair(place: NDArray[np.float64]) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise BadInput.of(faults[:MOST_FAULTS])
