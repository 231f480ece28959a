"""Composite scores of two checks compared: the change of each score divided among the causes."""

from __future__ import annotations

import pyarrow as pa

from tulou.app.comparing import Comparison
from tulou.app.scoring import KEYS, scorer
from tulou.diagnosis.composite.read import chosen_composite, read_composites
from tulou.diagnosis.difference.figures import divided_scores
from tulou.indicators.evaluate.run import Check
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.errors import BadUse, NotEnoughData

NOTHING = pa.schema([*((name, pa.string()) for name in KEYS), ("value", pa.float64())])


def composite_differences(comparison: Comparison, name: str) -> pa.Table:
    """What each cause moved in the composite scores of units.

    The recipe of a score is a part of the rulebook, so that another recipe is a change of definition.

    Args:
        comparison: Two checks compared, over all indicators.
        name: The composite.

    Returns:
        One row a unit: ``KEYS``, before, after, change, parts, ``kind``, ``because``.

    Raises:
        BadUse: When neither rulebook has such a composite.
        NotEnoughData: When neither asks for any.
    """
    moved = comparison.coalitions.movement
    books = {book.digest: book for book in (moved.before.rulebook, moved.after.rulebook)}
    refuse_unknown_composite(name, *books.values())

    def scores(check: Check) -> pa.Table:
        return _scores(check, books[check.rulebook["digest"]], name)

    return divided_scores(comparison.coalitions, scores, KEYS)


def refuse_unknown_composite(name: str, *books: Rulebook) -> None:
    """Refuse a composite that no rulebook asks for.

    Args:
        name: The composite.
        books: Rulebooks of the ends.

    Raises:
        BadUse: When none of them has it.
        NotEnoughData: When none asks for any.
    """
    known = {one: recipe for book in books for one, recipe in read_composites(book.folders, book).items()}
    if not known:
        told = "no rulebook asks for a composite score; name one that does"
        raise NotEnoughData(told, where="--composite", found=name, allowed=("--rulebook rongcheng",))
    chosen_composite(known, name)


def _scores(check: Check, book: Rulebook, name: str) -> pa.Table:
    """Scores of one check; none where its rulebook does not ask for them, or there is nothing to score."""
    composites = read_composites(book.folders, book)
    if name not in composites:
        return NOTHING.empty_table()
    try:
        return scorer(composites[name], book)(check)
    except (BadUse, NotEnoughData):
        return NOTHING.empty_table()
