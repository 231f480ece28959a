"""Working out the hand-worked checks of rulebooks, each by the rulebook it was written for."""

from __future__ import annotations

from collections.abc import Sequence

from tulou.app.wiring import rulebook
from tulou.diagnosis.composite.read import read_composites
from tulou.indicators.evaluate.checks import Outcome, run_checks
from tulou.indicators.rulebook.crosswalk import read_crosswalks
from tulou.indicators.rulebook.folders import chain
from tulou.kernel.errors import BadUse, shorten
from tulou.kernel.words import Words


def prove(names: Sequence[str], only: Sequence[str] = ()) -> tuple[int, list[Outcome]]:
    """Work out the checks of some rulebooks and of those they extend.

    A rulebook that sets a mark of its own does not make the checks of the one it extends wrong: those were worked by
    hand for the marks that stand there.

    Args:
        names: Rulebooks by name or folder.
        only: Ids of indicators; all when empty.

    Returns:
        How many indicators there are, and what came of each check.

    Raises:
        BadInput: With every fault of the rulebooks, of their composite scores and of their crosswalks.
        BadUse: When an indicator asked for does not exist.
    """
    whole = rulebook(tuple(names))
    read_composites(whole.folders, whole)
    read_crosswalks(whole.folders, whole)
    for name in only:
        if name not in whole.indicators:
            raise BadUse("there is no such indicator", where="--only", found=name, allowed=whole.indicators)
    outcomes: list[Outcome] = []
    for folder, front in chain(list(names)):
        own = [
            one.id for one in whole.indicators.values() if one.rulebook == front["id"] and (not only or one.id in only)
        ]
        if own:
            outcomes += run_checks(rulebook((str(folder),)), own)
    return len(whole.indicators), outcomes


def told(outcome: Outcome) -> Words:
    """A check that does not hold, as a person reads it."""
    lines = [f"{outcome.where}: {outcome.indicator}: {outcome.name}"]
    if outcome.error:
        return Words("\n".join([*lines, f"  {outcome.error}"]), "\n".join([*lines, f"  {outcome.error}"]))
    expected, got = shorten(outcome.expected), shorten(outcome.got)
    return Words(
        "\n".join([*lines, f"  应为：{expected}", f"  算得：{got}"]),
        "\n".join([*lines, f"  expected: {expected}", f"  got:      {got}"]),
    )
