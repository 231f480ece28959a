"""Checking again: a check that was kept, by its own rulebook, as the city was known then or as it is known now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tulou.app import checking
from tulou.app.wiring import open_city
from tulou.diagnosis.diagnose import Diagnosis, diagnose
from tulou.indicators.evaluate.keeping import load_findings
from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.evaluate.run import Check, check_id
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.progress import Progress
from tulou.model.state import State

KEY = ("indicator", "variant", "level", "unit")
"""What names a figure."""
FIGURE = ("value", "status")
"""What is told of a figure that is not what it was."""

MOVED = pa.schema(
    [
        *((name, pa.string()) for name in KEY),
        ("value_then", pa.float64()),
        ("value_now", pa.float64()),
        ("status_then", pa.string()),
        ("status_now", pa.string()),
    ]
)
"""Columns of the figures that moved; null on one side for a unit that is in one check only."""


@dataclass(frozen=True)
class Again:
    """A kept check made again.

    Args:
        kept: The check as it was kept.
        diagnosis: The check as it is now, with its findings.
        record: Last commit that counted this time.
        is_same: Whether results, findings and chains are the same bytes as those that were kept.
        moved: Figures that are not what they were, see ``MOVED``.
    """

    kept: Check
    diagnosis: Diagnosis
    record: int | None
    is_same: bool
    moved: pa.Table


def recheck(
    path: Path,
    name: str = "",
    *,
    record: str | None = None,
    is_now: bool = False,
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> Again:
    """Make a kept check again, for its own day, by its own rulebook.

    Args:
        path: Folder of the city.
        name: Id of the check, or the beginning of one; the newest by default.
        record: As known at this commit, tag or moment instead of then.
        is_now: As known now instead of then.
        memo: Work done in other evaluations.
        progress: Told after each answer.

    Raises:
        NotEnoughData: When there is no check, or its rulebook was not kept.
        BadUse: When there is no such check, commit or tag.
        BadInput: When its rulebook no longer loads.
    """
    found = checking.kept(path, name)
    check, rules = found.check, found.rulebook
    state = found.state if record is None and not is_now else _known_at(path, check, record)
    diagnosis = diagnose(rules, state, day=check.day, indicators=_asked(found), memo=memo, progress=progress)
    moment = state.moment
    same = moment.record == check.record and _is_same(found.folder, check, diagnosis)
    return Again(check, diagnosis, moment.record, same, moved(check.results, diagnosis.check.results))


def _known_at(path: Path, check: Check, record: str | None) -> State:
    return open_city(path).state(valid=check.day, record=record, branch=check.branch)


def _asked(found: checking.Kept) -> list[str] | None:
    """The indicators that were asked for; None when all were.

    Raises:
        NotEnoughData: When the check was made in a way that its id does not tell.
    """
    names = sorted(set(pc.cast(found.check.results["indicator"], pa.string()).to_pylist()))
    for asked in (None, names):
        if _id_of(found.rulebook, found.state, found.check, asked) == found.check.id:
            return asked
    raise NotEnoughData("this check was made of another state of the city than the one on record", where=found.check.id)


def _id_of(rules: Rulebook, state: State, check: Check, asked: list[str] | None) -> str:
    return check_id(rules, state, check.day, asked)


def _is_same(folder: Path, kept: Check, again: Diagnosis) -> bool:
    findings = load_findings(folder)
    pairs = [(kept.results, again.check.results)]
    pairs += [(findings, again.findings)] if findings is not None else []
    return dict(kept.chains) == dict(again.check.chains) and all(_equals(one, other) for one, other in pairs)


def _equals(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables say the same to the bit, however their rows are cut into pieces and their words numbered."""
    if one.column_names != other.column_names or one.num_rows != other.num_rows:
        return False
    return all(_plain(one[name]).equals(_plain(other[name])) for name in one.column_names)


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece: words as text, numbers by their bits."""
    plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    whole = pa.concat_arrays(plain.chunks) if plain.num_chunks else pa.array([], plain.type)
    return whole.view(pa.int64()) if whole.type == pa.float64() else whole


def moved(then: pa.Table, now: pa.Table) -> pa.Table:
    """Figures that differ between two result tables, by indicator, variant, level and unit."""
    left, right = (_figures(table) for table in (then, now))
    both = left.join(right, list(KEY), join_type="full outer", left_suffix="_then", right_suffix="_now")
    differs = [_differs(both[f"{name}_then"], both[f"{name}_now"]) for name in FIGURE]
    found = both.filter(pc.or_(*differs)).sort_by([(name, "ascending") for name in KEY])
    return found.select(MOVED.names).cast(MOVED).combine_chunks()


def _figures(table: pa.Table) -> pa.Table:
    words = {name: pc.cast(table[name], pa.string()) for name in (*KEY, "status")}
    return pa.table({**words, "value": table["value"]})


def _differs(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    unequal = pc.fill_null(pc.not_equal(one, other), fill_value=False)
    return pc.or_(unequal, pc.xor(pc.is_null(one), pc.is_null(other)))
