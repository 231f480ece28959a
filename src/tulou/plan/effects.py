"""Effects: what a change does to every answer and finding, measured by asking the city without it and with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tulou.diagnosis.diagnose import Diagnosis, diagnose
from tulou.diagnosis.people import people_of_units
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.placement import units_of
from tulou.indicators.evaluate.results import SCHEMA
from tulou.indicators.evaluate.run import Check
from tulou.indicators.evaluate.verdict import SIGNS, Mark
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.progress import Progress
from tulou.model.changes import ChangeSet, applied
from tulou.model.state import State
from tulou.plan.effects_on_findings import FindingChange, finding_changes

Mask = NDArray[np.bool_]

KEYS = ("indicator", "variant", "level", "unit")
"""Columns that name an answer."""
SIDES = ("before", "after")
VERDICT, MEETS = "verdict", "meets"
COMPARED = (
    "value", "numerator", "denominator", "known", "low", "high", "estimate", "status", "reason", "reason_zh",
    "reason_en", "lacking", "mark", "pass_mark", "pass_mark_high", "mark_evidence",
)  # fmt: skip
"""Columns of the results that stand side by side."""
DOUBTS: Mapping[str, str] = {
    "pass_open": "pass to confirm",
    "pass_straddles": "pass to confirm",
    "fail_open": "fail to confirm",
    "fail_straddles": "fail to confirm",
}
"""Verdicts of figures that stand for reference because more data could turn them round, by the reason."""
VERDICTS = ("pass", "pass to confirm", "fail to confirm", "fail", "reference", "not assessed")
"""Verdicts told apart here, those that more data could turn round among them; the first four from good to bad."""
JUDGED = 4
"""How many of them judge."""
TURNS = ("worse", "judged", "unjudged", "better", "other")
"""Which way a verdict turns: for the worse or better, to or from one that judges, or neither."""
ROUNDING = 1e-9
"""Relative difference that is the rounding of sums, not a move."""
PARTING = "\x1f"
"""Stands between the parts of a key; no name holds it."""

_OF_MARK = ("value", "mark", "pass_mark", "pass_mark_high")
_WORD = pa.string()
_PLAIN = {item.name: item.type.value_type if pa.types.is_dictionary(item.type) else item.type for item in SCHEMA}
ANSWERS = pa.schema(
    [
        *((name, _WORD) for name in KEYS),
        ("unit_name", _WORD),
        *((f"{name}_{side}", _PLAIN[name]) for name in COMPARED for side in SIDES),
        *((f"{VERDICT}_{side}", _WORD) for side in SIDES),
        *((f"{MEETS}_{side}", pa.bool_()) for side in SIDES),
        ("change", pa.float64()),
    ]
)
"""Answers side by side: one row for each unit, indicator and variant that either check has; null where it has none.
``meets`` says whether the value meets the mark shown beside it, also where that mark may not judge."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What a change does.

    Args:
        before: The city without it.
        after: The city with it.
        changed: The change; empty where only the rules differ.
    """

    before: Diagnosis
    after: Diagnosis
    changed: ChangeSet = field(default_factory=ChangeSet)

    @cached_property
    def answers(self) -> pa.Table:
        """All answers side by side, see ``ANSWERS``."""
        return side_by_side(self.before.check, self.after.check)

    @cached_property
    def flips(self) -> pa.Table:
        """Answers whose verdict turned, with the people who live in their unit, as ``people``."""
        turned = pc.not_equal(*(pc.fill_null(self.answers[f"{VERDICT}_{side}"], "") for side in SIDES))
        return self._with_people(self.answers.filter(turned))

    @cached_property
    def crossings(self) -> pa.Table:
        """Answers that cross a mark which may not judge them: no verdict turned; with ``people`` too."""
        crossed = pc.fill_null(pc.not_equal(*(self.answers[f"{MEETS}_{side}"] for side in SIDES)), fill_value=False)
        same = pc.equal(*(pc.fill_null(self.answers[f"{VERDICT}_{side}"], "") for side in SIDES))
        return self._with_people(self.answers.filter(pc.and_(crossed, same)))

    @cached_property
    def moves(self) -> pa.Table:
        """Answers whose value moved, appeared or vanished."""
        values = [_numbers(self.answers[f"value_{side}"]) for side in SIDES]
        return self.answers.filter(pa.array(differs(*values)))

    @cached_property
    def findings(self) -> tuple[FindingChange, ...]:
        """Findings that are new, gone, or speak of other objects, in the order of their ids."""
        return finding_changes(self.before.findings, self.after.findings)

    @property
    def appeared(self) -> tuple[FindingChange, ...]:
        """Findings that are new."""
        return tuple(found for found in self.findings if found.kind == "appeared")

    @property
    def vanished(self) -> tuple[FindingChange, ...]:
        """Findings that are gone."""
        return tuple(found for found in self.findings if found.kind == "vanished")

    def residents(self, level: str) -> Mapping[str, float]:
        """People who live in each unit of a level, with the change where the unit is still there; NaN where unknown."""
        return {**_residents(self.before.check, level), **_residents(self.after.check, level)}

    def _with_people(self, rows: pa.Table) -> pa.Table:
        levels, units = rows["level"].to_pylist(), rows["unit"].to_pylist()
        known = {level: self.residents(level) for level in dict.fromkeys(levels)}
        found = [known[level].get(unit, np.nan) for level, unit in zip(levels, units, strict=True)]
        people = [float(one) if np.isfinite(one) else None for one in found]
        return rows.append_column("people", pa.array(people, pa.float64()))


def effect(
    rulebook: Rulebook,
    state: State,
    changed: ChangeSet,
    *,
    day: date | None = None,
    memo: Memo | None = None,
    indicators: Iterable[str] | None = None,
    before: Diagnosis | None = None,
    progress: Progress | None = None,
) -> Effect:
    """Measure what a change does.

    Args:
        rulebook: What is asked.
        state: The city without the change.
        changed: The change.
        day: Day whose rules hold; the state's own when left out.
        memo: Work remembered from other evaluations of this city; one for both checks when left out.
        indicators: Ids to ask; all when left out.
        before: The diagnosis of the city without the change, when it was made already by the same questions.
        progress: Told after each answer.

    Raises:
        BadUse: For an indicator that does not exist.
    """
    memo = memo or Memo()
    chosen = None if indicators is None else sorted(set(indicators))
    if before is None:
        before = diagnose(rulebook, state, day=day, indicators=chosen, progress=progress, memo=memo)
    changed_state = applied(state, changed)
    after = diagnose(rulebook, changed_state, day=day, indicators=chosen, progress=progress, memo=memo)
    return Effect(before, after, changed)


def side_by_side(before: Check, after: Check) -> pa.Table:
    """All answers of two checks, see ``ANSWERS``; in the order of the first, then what only the second has."""
    tables = [check.results for check in (before, after)]
    places: list[pa.Array | None] = [None, None]
    if not _same_keys(*tables):
        keys = [_key(table) for table in tables]
        every = pa.concat_arrays(keys).unique()
        places = [pc.index_in(every, value_set=key) for key in keys]
    columns: dict[str, pa.ChunkedArray] = {}
    for name in (*KEYS, "unit_name"):
        one, other = (_taken(table[name], place) for table, place in zip(tables, places, strict=True))
        columns[name] = pc.coalesce(one, other)
    for name in COMPARED:
        for side, table, place in zip(SIDES, tables, places, strict=True):
            columns[f"{name}_{side}"] = _taken(table[name], place)
    for side in SIDES:
        columns[f"{VERDICT}_{side}"] = _verdicts(columns[f"status_{side}"], columns[f"reason_{side}"])
        columns[f"{MEETS}_{side}"] = _meets({name: columns[f"{name}_{side}"] for name in _OF_MARK})
    columns["change"] = pc.subtract(columns["value_after"], columns["value_before"])
    return pa.table([columns[item.name] for item in ANSWERS], schema=ANSWERS)


def differs(before: NDArray[np.float64], after: NDArray[np.float64]) -> Mask:
    """Where two columns of values differ by more than rounding, or only one is known."""
    known = np.isfinite(before), np.isfinite(after)
    both = known[0] & known[1]
    apart = np.zeros(len(before), bool)
    largest = np.maximum(1.0, np.maximum(np.abs(before[both]), np.abs(after[both])))
    apart[both] = np.abs(after[both] - before[both]) > ROUNDING * largest
    return apart | (known[0] != known[1])


def turns(before: str | None, after: str | None) -> str:
    """Which way a verdict turned: one of ``TURNS``."""
    order = {verdict: place for place, verdict in enumerate(VERDICTS[:JUDGED])}
    if before == after or (before not in order and after not in order):
        return "other"
    if before not in order:
        return "judged"
    if after not in order:
        return "unjudged"
    return "better" if order[str(after)] < order[str(before)] else "worse"


def _key(table: pa.Table) -> pa.Array:
    texts = [pc.fill_null(pc.cast(table[name], _WORD), "") for name in KEYS]
    found = pc.binary_join_element_wise(*texts, PARTING)
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found


def _same_keys(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables have the same rows in the same order, as those of a city and of the same city edited have."""
    return one.num_rows == other.num_rows and all(
        pc.all(pc.equal(*(pc.cast(table[name], _WORD) for table in (one, other)))).as_py() for name in KEYS
    )


def _taken(column: pa.ChunkedArray, places: pa.Array | None) -> pa.ChunkedArray:
    """A column as plain values, in the order of the keys; as it is where no order is given."""
    plain = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    found = pc.cast(column, plain)
    return found if places is None else found.take(places)


def _verdicts(status: pa.ChunkedArray, reason: pa.ChunkedArray) -> pa.ChunkedArray:
    """Statuses, with what more data could turn round told apart."""
    doubts = pa.array(list(DOUBTS)), pa.array(list(DOUBTS.values()))
    doubt = doubts[1].take(pc.index_in(reason, value_set=doubts[0]))
    return pc.if_else(pc.equal(status, "reference"), pc.coalesce(doubt, status), status)


def _meets(columns: Mapping[str, pa.ChunkedArray]) -> pa.Array:
    """Whether values meet the mark beside them; null without a value or a mark."""
    value, low, high = (_numbers(columns[name]) for name in ("value", "pass_mark", "pass_mark_high"))
    text = columns["mark"]
    found, known = np.zeros(len(value), bool), np.isfinite(value) & np.isfinite(low) & np.isfinite(high)
    for how, sign in SIGNS.items():
        others = pa.array([other for other in SIGNS.values() if other])
        first = pc.utf8_slice_codeunits(text, 0, 1)
        is_so = pc.equal(first, sign) if sign else pc.invert(pc.is_in(first, value_set=others))
        at = np.flatnonzero(np.asarray(pc.fill_null(is_so, fill_value=False).to_numpy(), bool) & known)
        marks, of = np.unique(low[at] + 1j * high[at], return_inverse=True)
        order = np.argsort(of, kind="stable")
        for mark, some in zip(
            marks, np.split(at[order], np.searchsorted(of[order], np.arange(1, len(marks)))), strict=False
        ):
            found[some] = Mark(how, float(mark.real), float(mark.imag), "", "", "", "", "").passes(value[some])
    return pa.array(found, mask=~known)


def _residents(check: Check, level: str) -> dict[str, float]:
    if check.city is None:
        return {}
    people = people_of_units(check.city, level).count
    return dict(zip(map(str, units_of(check.city, level).ids), people.tolist(), strict=True))


def _numbers(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), np.float64)
