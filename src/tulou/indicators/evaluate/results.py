"""The long result table: one row for each unit, indicator and variant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tulou.indicators.evaluate.aggregate import Aggregated
from tulou.indicators.evaluate.placement import Units
from tulou.indicators.evaluate.reasons import reason_words
from tulou.indicators.evaluate.verdict import NOT_ASSESSED, STATUSES, Mark, Verdicts
from tulou.indicators.rulebook.content import LEVELS, Indicator, Variant
from tulou.kernel.words import Words

_WORD = pa.dictionary(pa.int32(), pa.string())

SCHEMA = pa.schema(
    [
        ("check", _WORD),
        ("unit", pa.string()),
        ("unit_name", pa.string()),
        ("level", _WORD),
        ("indicator", _WORD),
        ("variant", _WORD),
        ("value", pa.float64()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("status", _WORD),
        ("reason", _WORD),
        ("reason_zh", _WORD),
        ("reason_en", _WORD),
        ("lacking", _WORD),
        ("pass_mark", pa.float64()),
        ("pass_mark_high", pa.float64()),
        ("mark", _WORD),
        ("mark_evidence", _WORD),
        ("better", _WORD),
        ("basis", _WORD),
        ("known", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("rows", pa.int64()),
        ("estimate", pa.bool_()),
        ("complete", pa.bool_()),
        ("chain", _WORD),
    ]
)
"""Columns of the result table. ``lacking`` names what lacks, parted by commas; ``complete`` says whether the list of
what is counted is claimed complete."""


def _as_it_is(name: str) -> Words:
    return Words(name, name)


@dataclass(frozen=True)
class Answered:
    """What all rows of one answer have in common.

    Args:
        indicator: The indicator.
        variant: Its variant.
        mark: The mark in force; None for none.
        lacking: What lacks, by reason.
        complete: Whether the list of what is counted is claimed complete.
        title_of: What something that lacks is called.
    """

    indicator: Indicator
    variant: Variant
    mark: Mark | None
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = False
    title_of: Callable[[str], Words] = _as_it_is


OF_CHECK = ("check", "chain")
"""Columns that say which check a row belongs to; all others may be the same in many checks."""


@dataclass(frozen=True, eq=False)
class AnswerRows:
    """The rows of one answer for all units of one level, in the order of the units' ids.

    Args:
        indicator: Id of the indicator.
        variant: Name of the variant.
        level: The level.
        batch: The columns of ``SCHEMA`` but for ``OF_CHECK``.
    """

    indicator: str
    variant: str
    level: str
    batch: pa.RecordBatch


@dataclass
class Results:
    """The result table while it grows.

    Args:
        check: Id of the check.
    """

    check: str
    _batches: dict[tuple[str, str, int], pa.RecordBatch] = field(default_factory=dict)

    def add(self, rows: AnswerRows, chain: str) -> None:
        """Add the rows of one answer for all units of one level, with the id of its chain."""
        batch, size = rows.batch, rows.batch.num_rows
        columns = {name: repeated(word, size) for name, word in zip(OF_CHECK, (self.check, chain), strict=True)}
        columns |= {name: batch.column(at) for at, name in enumerate(batch.schema.names)}
        key = (rows.indicator, rows.variant, LEVELS.index(rows.level))
        self._batches[key] = pa.RecordBatch.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA)

    def table(self) -> pa.Table:
        """All rows by indicator, variant, level and unit, in whatever order they were added."""
        batches = [self._batches[key] for key in sorted(self._batches)]
        return pa.Table.from_batches(batches, SCHEMA).unify_dictionaries().combine_chunks()


def answer_rows(answered: Answered, units: Units, figures: Aggregated, verdicts: Verdicts) -> AnswerRows:
    """The rows of one answer for all units of one level."""
    order, (ids, names) = units.order, units.told
    said = verdicts.status != STATUSES.index(NOT_ASSESSED)  # A figure that is not given has no bounds either.
    columns: dict[str, Any] = {
        "unit": ids,
        "unit_name": names,
        "value": nullable(verdicts.value[order]),
        "numerator": nullable(figures.numerator[order]),
        "denominator": nullable(figures.denominator[order]),
        "status": _indexed(STATUSES, verdicts.status[order]),
        "known": nullable(figures.known[order]),
        "low": nullable(np.where(said, figures.low, np.nan)[order]),
        "high": nullable(np.where(said, figures.high, np.nan)[order]),
        "rows": pa.array(figures.rows[order], pa.int64()),
        "estimate": pa.array(figures.estimate[order], pa.bool_()),
        **_reasons(verdicts.reason[order], answered),
        **_common(answered, units.level, len(units)),
    }
    schema = pa.schema([item for item in SCHEMA if item.name not in OF_CHECK])
    batch = pa.record_batch([columns[item.name] for item in schema], schema=schema)
    return AnswerRows(answered.indicator.id, answered.variant.name, units.level, batch)


def unanswered_rows(answered: Answered, units: Units, code: str, lacking: tuple[str, ...]) -> AnswerRows:
    """The rows of a question that cannot be answered at all."""
    size = len(units)
    nothing = np.full(size, np.nan)
    nobody, nowhere = np.zeros(size, np.int64), np.zeros(size, bool)
    figures = Aggregated(nothing, nothing, nothing, nothing, nothing, nothing, nobody, nowhere)
    status = np.full(size, STATUSES.index("not assessed"), np.int8)
    told = replace(answered, lacking={code: lacking})
    return answer_rows(told, units, figures, Verdicts(nothing, status, np.full(size, code, object)))


def _common(answered: Answered, level: str, size: int) -> dict[str, Any]:
    indicator, mark = answered.indicator, answered.mark
    words = {
        "level": level,
        "indicator": indicator.id,
        "variant": answered.variant.name,
        "better": indicator.better,
        "basis": "; ".join(indicator.basis),
        "mark": mark.text if mark else None,
        "mark_evidence": mark.evidence if mark else None,
    }
    low, high = (mark.low, mark.high) if mark else (np.nan, np.nan)
    return {
        **{name: repeated(word, size) for name, word in words.items()},
        "pass_mark": nullable(np.full(size, low)),
        "pass_mark_high": nullable(np.full(size, high)),
        "complete": pa.array(np.full(size, answered.complete), pa.bool_()),
    }


def nullable(values: NDArray[np.float64]) -> pa.Array:
    """Numbers with null where there is none."""
    return pa.array(values, pa.float64(), mask=~np.isfinite(values))


def repeated(word: str | None, size: int) -> pa.DictionaryArray:
    """One word for every row, kept once; null for None."""
    if word is None:
        return pa.DictionaryArray.from_arrays(pa.nulls(size, pa.int32()), pa.array([], pa.string()))
    return pa.DictionaryArray.from_arrays(_zeros(size), pa.array([word], pa.string()))


@lru_cache(maxsize=len(LEVELS))
def _zeros(size: int) -> pa.Int32Array:
    """As many zeros, kept: all columns of one word share them."""
    return pa.array(np.zeros(size, np.int32))


def _indexed(words: tuple[str, ...], at: NDArray[np.integer]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(words, pa.string()))


def _reasons(codes: NDArray[np.object_], answered: Answered) -> dict[str, Any]:
    lacking = answered.lacking
    known = sorted(set(codes))
    at = np.searchsorted(np.array(known, dtype=str), codes.astype(str)) if known else np.empty(0, np.int64)
    told = [reason_words(code, tuple(map(answered.title_of, lacking.get(code, ())))) for code in known]
    columns = {
        "reason": known,
        "reason_zh": [words.zh for words in told],
        "reason_en": [words.en for words in told],
        "lacking": [",".join(lacking.get(code, ())) for code in known],
    }
    return {name: _indexed(tuple(words), at) for name, words in columns.items()}
