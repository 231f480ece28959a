"""Which objects of a register meet a condition: the raw material of counts and shares.

Every measure here gives ``part = 1`` for a row that meets its condition, 0 for one that does not, NaN where it cannot
be told, and ``whole = 1``. Summed up, a unit gets a count; divided by the rows, a share.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Flags, Floats, Parts, Texts
from tulou.kernel.declaration import measure
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.measures.records.truth import both, compared, either, named, negated

RECORDED = "recorded"
LACKING = "lacking"


def each(condition: Flags, cause: str | None = None) -> Parts:
    """One row, one object: the condition as parts, with a cause for the rows that meet it."""
    causes = None if cause is None else named(condition == 1.0, cause)
    return Parts(part=condition.astype(np.float64), whole=np.ones(len(condition)), cause=causes)


def _given(*flags: Flags | None) -> list[Flags]:
    return [flag for flag in flags if flag is not None]


@measure(title=Words("登记为“是”的对象", "Objects on record as such"))
def flagged(flag: Flags) -> Annotated[Parts, "1", "1"]:
    """Which objects have the flag?

    ``part = flag``.

    Args:
        flag: The flag of each object.
    """
    return each(flag, RECORDED)


@measure(title=Words("登记为“否”的对象", "Objects that lack something"))
def lacking(flag: Flags) -> Annotated[Parts, "1", "1"]:
    """Which objects lack what the flag says?

    ``part = 1 − flag``.

    Args:
        flag: The flag of each object: 1 it is there, 0 it lacks.
    """
    return each(negated(flag), LACKING)


@measure(title=Words("至少一项登记为“是”的对象", "Objects with at least one of several flags"))
def any_flag(
    first: Flags, second: Flags, third: Flags | None = None, fourth: Flags | None = None
) -> Annotated[Parts, "1", "1"]:
    """Which objects have at least one of the flags?

    ``part = first ∨ second ∨ …``: one true flag decides, whatever is unknown beside it.

    Args:
        first: A flag of each object.
        second: Another.
        third: Another, optional.
        fourth: Another, optional.
    """
    return each(either(*_given(first, second, third, fourth)), RECORDED)


@measure(title=Words("各项均登记为“是”的对象", "Objects with all of several flags"))
def all_flags(
    first: Flags, second: Flags, third: Flags | None = None, fourth: Flags | None = None
) -> Annotated[Parts, "1", "1"]:
    """Which objects have every one of the flags?

    ``part = first ∧ second ∧ …``: one false flag decides, whatever is unknown beside it.

    Args:
        first: A flag of each object.
        second: Another.
        third: Another, optional.
        fourth: Another, optional.
    """
    return each(both(*_given(first, second, third, fourth)))


@measure(title=Words("至少缺一项的对象", "Objects that lack at least one of several things"))
def lacks_any(
    first: Flags, second: Flags, third: Flags | None = None, fourth: Flags | None = None
) -> Annotated[Parts, "1", "1"]:
    """Which objects lack at least one of the things?

    ``part = ¬first ∨ ¬second ∨ …``.

    Args:
        first: A flag of each object: 1 it is there, 0 it lacks.
        second: Another.
        third: Another, optional.
        fourth: Another, optional.
    """
    return each(either(*(negated(flag) for flag in _given(first, second, third, fourth))), LACKING)


@measure(title=Words("发生数", "Objects or events on record"))
def occurrences(category: Texts) -> Annotated[Parts, "1", "1"]:
    """How many objects or events are there? Every row of the selection counts once.

    ``part = 1``.

    Args:
        category: Kind of each; it names the rows that are counted and is not looked at.
    """
    return each(np.ones(len(category)))


@measure(title=Words("数量大于零的对象", "Objects that have some"))
def has_some(amount: Annotated[Floats, "any"]) -> Annotated[Parts, "1", "1"]:
    """Which objects have more than none?

    ``part = 1`` where ``amount > 0``.

    Args:
        amount: Amount of each object.
    """
    return each(compared(amount, amount > 0.0), RECORDED)


@measure(title=Words("达到限值的对象", "Objects that reach an amount"))
def amount_reached(amount: Annotated[Floats, "any"], *, least: Annotated[float, "any"]) -> Annotated[Parts, "1", "1"]:
    """Which objects reach an amount?

    ``part = 1`` where ``amount ≥ least``.

    Args:
        amount: Amount of each object.
        least: The amount to be reached.
    """
    return each(compared(amount, amount >= least))


@measure(title=Words("属于所列类别的对象", "Objects stated to be one of several kinds"))
def stated_as(word: Texts, *, among: str) -> Annotated[Parts, "1", "1"]:
    """Which objects are stated to be one of the kinds named?

    ``part = 1`` where the word is among those named; NaN where no word is on record.

    Args:
        word: What is on record for each object.
        among: The words that count, parted by commas.

    Raises:
        BadUse: When no word is named.
    """
    wanted = {part.strip() for part in among.split(",")} - {""}
    if not wanted:
        raise BadUse("no word is named that would count", where="stated_as", found=among, allowed=("D, E",))
    return each(np.array([np.nan if item is None else float(item in wanted) for item in word], np.float64), RECORDED)


@measure(title=Words("超龄且经评估有隐患的对象", "Objects both aged and assessed as hazardous"))
def aged_and_flagged(
    age: Annotated[Floats, "year"], flag: Flags, *, limit: Annotated[float, "year"]
) -> Annotated[Parts, "1", "1"]:
    """Which objects have reached an age and are on record as hazardous?

    ``part = (age ≥ limit) ∧ flag``.

    Args:
        age: Age of each object, years.
        flag: Whether it was assessed as hazardous.
        limit: Age from which it counts, years.
    """
    return each(both(compared(age, age >= limit), flag), "aged")
