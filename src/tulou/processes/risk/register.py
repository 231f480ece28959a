"""The register of risks: a dated list, each with an owner and the day it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault
from tulou.measures.hazard.risk.matrix import UNKNOWN, inversions
from tulou.processes.risk.rules import RiskRules
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
REGISTER = (
    Wanted("id", ("编号",), "text", is_required=True),
    Wanted("hazard", ("危险源", "致灾因子"), "text", is_required=True),
    Wanted("place", ("unit", "部位", "单元"), "text"),
    Wanted("source", ("风险源",), "text"),
    Wanted("exposed", ("exposure", "承灾体"), "text"),
    Wanted("vulnerability", ("脆弱性",), "text"),
    Wanted("frequency", ("likelihood", "每年次数"), "number", "1/year", least=0.0, is_required=True),
    Wanted("basis", ("依据",), "text"),
    Wanted("people", ("deaths", "死亡"), "number", "person", least=0.0),
    Wanted("money", ("loss", "损失"), "number", "yuan", least=0.0),
    Wanted("service", ("服务中断",), "number", "person hour", least=0.0),
    Wanted("environment", ("环境后果",), "text"),
    Wanted("controls", ("现有措施",), "text"),
    Wanted("residual", ("剩余风险",), "text"),
    Wanted("evidence", ("证据",), "text"),
    Wanted("owner", ("责任单位",), "text", is_required=True),
    Wanted("review", ("review_date", "复核日"), "day", is_required=True),
)
ESSENTIAL = ("id", "hazard", "owner")
"""Texts that no risk may lack."""


@dataclass(frozen=True, eq=False)
class Register:
    """A register that was checked.

    Args:
        table: Its columns.
        consequences: Shape (risks, kinds); NaN where unknown.
        colour: Gravest colour over the kinds that are known; -1 where none is.
        by_kind: Colour of each kind, shape (risks, kinds).
        inversions: For each kind, pairs that the matrix puts the wrong way round.
    """

    table: Columns
    consequences: Array
    colour: NDArray[np.int64]
    by_kind: NDArray[np.int64]
    inversions: tuple[list[tuple[int, int]], ...]

    @property
    def frequency(self) -> Array:
        """Times a year of each risk; NaN where unknown."""
        return self.table.numbers["frequency"]

    @property
    def expected(self) -> Array:
        """What each risk is expected to cost in a year, by kind."""
        return np.asarray(self.frequency[:, None] * self.consequences, np.float64)

    @property
    def places(self) -> tuple[str, ...]:
        """Where each risk is; empty where not told."""
        return self.table.texts.get("place", ("",) * self.table.rows)

    def overdue(self, day: date) -> list[int]:
        """Risks whose review was due before a day, the longest overdue first."""
        due = self.table.days["review"]
        return sorted((at for at, when in enumerate(due) if when < day), key=lambda at: (due[at], at))


def read_register(path: Path, rules: RiskRules) -> Register:
    """Read and check a register.

    Raises:
        BadInput: When it is no such table, a risk stands there twice, or lacks its name, hazard or owner.
    """
    table = read_columns(path, REGISTER)
    faults = [
        Fault("each risk has an id, a hazard and an owner", f"{path.name}: row {at + 2}, {name}", "", (name,))
        for name in ESSENTIAL
        for at, text in enumerate(table.texts[name])
        if not text
    ]
    ids = table.texts["id"]
    faults += [
        Fault("a risk stands here twice", path.name, name)
        for name in sorted({one for one in ids if ids.count(one) > 1})
    ]
    if faults:
        raise BadInput.of(faults)
    return _judged(table, rules)


def _judged(table: Columns, rules: RiskRules) -> Register:
    nothing = np.full(table.rows, np.nan)
    kinds = [table.numbers.get(one.name, nothing) for one in rules.consequences]
    frequency = table.numbers["frequency"]
    colours = [one.matrix.colour(frequency, kind) for one, kind in zip(rules.consequences, kinds, strict=True)]
    by_kind = np.stack(colours, axis=1)
    return Register(
        table=table,
        consequences=np.stack(kinds, axis=1),
        colour=np.where((by_kind == UNKNOWN).all(axis=1), UNKNOWN, by_kind.max(axis=1)),
        by_kind=by_kind,
        inversions=tuple(inversions(frequency, kind, colour) for kind, colour in zip(kinds, colours, strict=True)),
    )
