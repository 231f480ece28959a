"""The law of owners' decisions as data: which matters there are, and what each needs (Civil Code art. 278)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

Base = Literal["taking_part", "all"]
BASES: tuple[Base, ...] = get_args(Base)
Silence = Literal["not_counted", "with_majority"]
SILENCES: tuple[Silence, ...] = get_args(Silence)


@dataclass(frozen=True)
class Share:
    """A share that must be reached.

    Args:
        value: The share, exact.
        is_strict: Whether more than it is needed, and not just as much.
    """

    value: Fraction
    is_strict: bool = False

    def is_met(self, have: Fraction, whole: Fraction) -> bool:
        """Whether a part of a whole reaches it; nothing of nothing never does.

        Args:
            have: The part.
            whole: What it is a part of, in the same unit.
        """
        if whole <= 0:
            return False
        return have > self.value * whole if self.is_strict else have >= self.value * whole

    def least_heads(self, whole: int) -> int:
        """The smallest number of heads that reaches it.

        Args:
            whole: Number of heads it is a share of.
        """
        exact = self.value * whole
        return math.floor(exact) + 1 if self.is_strict else math.ceil(exact)

    def lacking(self, have: Fraction, whole: Fraction) -> Fraction:
        """How much is lacking to reach it; for a strict one, to reach what must be passed. Never below zero."""
        return max(self.value * whole - have, Fraction(0))

    def say(self) -> str:
        """The share as a reader writes it, e.g. ``≥ 2/3``."""
        return f"{'>' if self.is_strict else '≥'} {self.value.numerator}/{self.value.denominator}"


@dataclass(frozen=True)
class Matter:
    """A matter that owners decide together.

    Args:
        id: Its id.
        title: What it is.
        item: Number of the item in the article.
        majority: Id of the majority it needs.
    """

    id: str
    title: Words
    item: int
    majority: str


@dataclass(frozen=True)
class Law:
    """What the law asks of a decision, in one version.

    Args:
        version: Name of the version.
        since: First day on which it holds.
        source: Article.
        evidence: Grade of evidence.
        takes_part: Share of all owners that must take part, by area and by heads; None where none is asked.
        base: What majorities are shares of.
        majorities: Share and title of each majority by id.
        matters: The matters by id.
    """

    version: str
    since: date
    source: Words
    evidence: str
    takes_part: Share | None
    base: Base
    majorities: Mapping[str, tuple[Share, Words]]
    matters: Mapping[str, Matter]

    def matter(self, name: str) -> Matter:
        """A matter by id.

        Raises:
            BadUse: When the law names no such matter.
        """
        if name not in self.matters:
            raise BadUse("the law names no such matter", where="matter", found=name, allowed=tuple(self.matters))
        return self.matters[name]


@dataclass(frozen=True)
class Basis:
    """Where a rule of counting comes from.

    Args:
        source: The text.
        evidence: Grade of evidence.
    """

    source: Words
    evidence: str


@dataclass(frozen=True)
class Counting:
    """How heads and ballots are counted, in one version.

    Args:
        version: Name of the version.
        since: First day on which it holds.
        is_one_owner_once: Whether one owner of several units is one head.
        is_developer_once: Whether all that the developer still holds is one head.
        is_abstention_taking_part: Whether who abstains takes part.
        silence: What silence may mean; the first is what it means unless the community's own rules say otherwise.
        notice_days: Days between notice and first day of voting.
        revocation_years: Years within which an owner may ask a court to revoke a decision.
        bases: Where each comes from, by the name it has in the rulebook.
    """

    version: str
    since: date
    is_one_owner_once: bool
    is_developer_once: bool
    is_abstention_taking_part: bool
    silence: tuple[Silence, ...]
    notice_days: int
    revocation_years: int
    bases: Mapping[str, Basis]


@dataclass(frozen=True)
class Decisions:
    """All versions of the law and of counting, the earliest first."""

    laws: tuple[Law, ...]
    countings: tuple[Counting, ...]

    def on(self, day: date) -> tuple[Law, Counting]:
        """The law and the counting that hold on a day.

        Raises:
            BadUse: Before the first version.
        """
        laws = [one for one in self.laws if one.since <= day]
        countings = [one for one in self.countings if one.since <= day]
        if not laws or not countings:
            first = max(self.laws[0].since, self.countings[0].since)
            raise BadUse("no law of owners' decisions holds on this day", found=str(day), allowed=(f"from {first}",))
        return laws[-1], countings[-1]


@dataclass(frozen=True)
class Needed:
    """Heads needed for a matter: so many must take part, and so many of them must agree.

    Args:
        takes_part: Heads that must take part; 0 where the law asks for none.
        agree: Heads that must agree when ``taking_part`` of them take part.
    """

    takes_part: int
    agree: int


def heads_needed(law: Law, matter: str, heads: int, taking_part: int | None = None) -> Needed:
    """How many heads does a decision need?

    Args:
        law: The law.
        matter: Id of the matter.
        heads: Number of all heads.
        taking_part: How many take part; the fewest who must, by default.

    Raises:
        BadUse: For a matter the law does not name, or numbers that cannot be.
    """
    if heads < 1:
        raise BadUse("a number of owners is above zero", where="--owners", found=heads, allowed=("548",))
    if taking_part is not None and not 0 <= taking_part <= heads:
        allowed = (f"0 to {heads}",)
        raise BadUse(
            "no more owners take part than there are", where="--taking-part", found=taking_part, allowed=allowed
        )
    share, _ = law.majorities[law.matter(matter).majority]
    least = law.takes_part.least_heads(heads) if law.takes_part else 0
    part = taking_part if taking_part is not None else least
    return Needed(least, share.least_heads(heads if law.base == "all" else part))
