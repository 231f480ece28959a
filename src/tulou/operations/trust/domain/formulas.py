"""Formulas: does one punish complaints, reward penalties, have no bound, or divide by what a body tells of itself?

A formula is a sum of terms. Of each term the lint knows which counts raise and which lower it, whether it is held on
the side it moves to, and by what it is divided. Counts are not below zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.errors import Fault
from tulou.operations.trust.domain.bans import Lexicon

Nature = Literal["result", "complaint", "penalty", "inspection", "size", "self_reported"]
NATURES: tuple[Nature, ...] = get_args(Nature)
"""What a count stands for: what came of the work, complaints, penalties, inspections made, the size of a place, what
the body that is assessed reports of itself."""

PUNISHES = "this punishes complaints: whoever keeps people from complaining gains"
REWARDS = "this rewards penalties: it is a quota of penalties"
REWARDS_VISITS = "this rewards inspections: it is a quota of inspections"
NO_LEAST = "this has no bound below"
NO_MOST = "this has no bound above"
BY_SIZE = "this is divided by the size of a place and has no bound: a small place weighs many times as much"
BY_OWN_WORD = "this is divided by what the body reports of itself"
UNDECLARED = "the title speaks of something else than what this count is said to stand for"

_SIGNS: Mapping[str, tuple[int, str]] = {
    "complaint": (-1, PUNISHES), "penalty": (1, REWARDS), "inspection": (1, REWARDS_VISITS),
}  # fmt: skip


@dataclass(frozen=True)
class Count:
    """A count, or an indicator of a composite, in a term.

    Args:
        name: Its id.
        nature: What it stands for.
        sign: 1 when more of it raises the term, −1 when it lowers it, 0 when neither.
        title: What it is called.
        where: File and line.
        is_doubted: Whether its title may speak against its nature: it is called a result.
    """

    name: str
    nature: str
    sign: int
    title: str = ""
    where: str = ""
    is_doubted: bool = False


@dataclass(frozen=True)
class FormulaTerm:
    """One term.

    Args:
        name: Id of the formula and the term.
        counts: Counts above.
        below: Counts it is divided by.
        has_least: Whether it is held below.
        has_most: Whether it is held above.
        where: File and line.
    """

    name: str
    counts: tuple[Count, ...]
    below: tuple[Count, ...] = ()
    has_least: bool = True
    has_most: bool = True
    where: str = ""


def formula_faults(terms: Iterable[FormulaTerm], words: Mapping[str, Lexicon]) -> Iterator[Fault]:
    """What is wrong with some terms, each with its place.

    Args:
        terms: The terms.
        words: Words of titles by nature, so that a count cannot hide by being called a result.
    """
    for term in terms:
        yield from _signs(term)
        yield from _bounds(term)
        for count in term.counts:
            said = nature_of(words, count.title) if count.is_doubted else ""
            if said in _SIGNS and count.sign == _SIGNS[said][0]:
                yield Fault(UNDECLARED, count.where, f"{count.name}: {count.nature}", (said,))


def nature_of(words: Mapping[str, Lexicon], title: str) -> str:
    """The nature that a title speaks of; empty when it speaks of none."""
    return next((nature for nature, lexicon in words.items() if lexicon.found(title)), "")


def _signs(term: FormulaTerm) -> Iterator[Fault]:
    for count in term.counts:
        sign, what = _SIGNS.get(count.nature, (0, ""))
        if sign and count.sign == sign:
            yield Fault(what, term.where, f"{term.name}: {count.name}")
    is_plain = any(count.sign > 0 and count.nature == "size" for count in term.counts)
    for count in term.below:
        if count.nature == "complaint" and is_plain:  # residents by complaints; solved by complaints is a rate
            yield Fault(PUNISHES, term.where, f"{term.name}: / {count.name}")
        if count.nature == "self_reported":
            yield Fault(BY_OWN_WORD, term.where, f"{term.name}: / {count.name}")


def _bounds(term: FormulaTerm) -> Iterator[Fault]:
    falls = any(count.sign < 0 for count in term.counts)
    rises = any(count.sign > 0 for count in term.counts)
    for is_open, what in ((falls and not term.has_least, NO_LEAST), (rises and not term.has_most, NO_MOST)):
        if is_open:
            yield Fault(what, term.where, term.name)
            if any(count.nature == "size" for count in term.below):
                named = " × ".join(count.name for count in term.below)
                yield Fault(BY_SIZE, term.where, f"{term.name}: / ({named})")
