"""Counting the ballots of owners, by area and by heads, in exact arithmetic (Civil Code art. 278)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.operations.communities.domain.majorities import Counting, Law, Share, Silence

Choice = Literal["for", "against", "abstain", "silent"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
"""What a ballot says; ``silent`` is one that was delivered and not handed in."""
Side = Literal["for", "against", "abstain", "split"]
SIDES: tuple[Side, ...] = get_args(Side)
"""Where a head stands; ``split`` is one whose units say different things: it takes part and is on neither side."""
By = Literal["area", "heads"]

DEVELOPER = "the developer"


@dataclass(frozen=True)
class ExclusiveUnit:
    """A flat, shop or other part that somebody owns alone (专有部分).

    Args:
        id: Its number.
        area: Floor area, m², exact.
        owners: Who owns it, as the register writes them; only told apart, never shown.
        building: Building it lies in.
        is_developers: Whether the developer has not sold it, or not handed it over.
    """

    id: str
    area: Fraction
    owners: tuple[str, ...] = ()
    building: str = ""
    is_developers: bool = False


@dataclass(frozen=True)
class Ballot:
    """What was said for one unit.

    Args:
        unit: Number of the unit.
        choice: What it says.
        day: Day on which it was handed in; None where it was not, or nobody wrote it down.
    """

    unit: str
    choice: Choice
    day: date | None = None


@dataclass(frozen=True)
class Amount:
    """Area and heads.

    Args:
        area: m², exact.
        heads: How many.
    """

    area: Fraction = Fraction(0)
    heads: int = 0

    def by(self, what: By) -> Fraction:
        """One of the two."""
        return self.area if what == "area" else Fraction(self.heads)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.area + other.area, self.heads + other.heads)


@dataclass(frozen=True)
class Condition:
    """One of the conditions of a decision.

    Args:
        name: ``takes_part`` or ``agrees``.
        by: ``area`` or ``heads``.
        share: What must be reached.
        have: What there is.
        whole: What it is a share of.
    """

    name: Literal["takes_part", "agrees"]
    by: By
    share: Share
    have: Fraction
    whole: Fraction

    @property
    def is_met(self) -> bool:
        """Whether it is reached."""
        return self.share.is_met(self.have, self.whole)

    @property
    def needed(self) -> Fraction:
        """Heads that would just reach it; area that must be reached, or passed where the share is strict."""
        if self.by == "heads":
            return Fraction(self.share.least_heads(int(self.whole)))
        return self.share.value * self.whole

    @property
    def lacking(self) -> Fraction:
        """How much is lacking; of area that must be passed, how much until then."""
        return max(self.needed - self.have, Fraction(0))


@dataclass(frozen=True)
class Count:
    """Ballots, counted.

    Args:
        total: All owners.
        sides: Who takes part, by what they say.
        silent: Who got a ballot and did not hand it in, before anything is made of it.
        counted_silent: Of those, who were added to the majority.
        majority: Side the silent were added to; empty for none.
        units: Number of units by what their ballot says; those without a ballot are not in it.
        late: Units whose ballot was handed in outside the days of voting; not counted.
    """

    total: Amount
    sides: Mapping[Side, Amount]
    silent: Amount
    counted_silent: Amount
    majority: Side | Literal[""]
    units: Mapping[Choice, int]
    late: tuple[str, ...] = ()

    @property
    def taking_part(self) -> Amount:
        """All who take part."""
        return sum((self.sides[side] for side in SIDES), self.counted_silent)

    @property
    def agreeing(self) -> Amount:
        """All who agree."""
        found = self.sides["for"]
        return found + self.counted_silent if self.majority == "for" else found


@dataclass(frozen=True)
class Timing:
    """The days of a vote.

    Args:
        noticed: Day of the notice; None where it is not known.
        begins: First day of voting.
        ends: Last day of voting.
        announced: Day on which the result was put up; None before.
    """

    noticed: date | None
    begins: date
    ends: date
    announced: date | None = None

    def __post_init__(self) -> None:
        if self.ends < self.begins:
            raise BadUse(
                "voting ends before it begins", where="ends", found=str(self.ends), allowed=(str(self.begins),)
            )

    def has_notice(self, days: int) -> bool | None:
        """Whether notice came that many days before; None when it is not known when it came."""
        return None if self.noticed is None else self.noticed + timedelta(days=days) <= self.begins

    def may_be_revoked_until(self, years: int) -> date | None:
        """Last day on which an owner who learnt of it as it was put up may ask a court to revoke the decision."""
        if self.announced is None:
            return None
        year = self.announced.year + years
        try:
            return self.announced.replace(year=year)
        except ValueError:  # 29 February
            return date(year, 3, 1)


def count_ballots(
    units: Sequence[ExclusiveUnit],
    ballots: Sequence[Ballot],
    counting: Counting,
    silence: Silence,
    timing: Timing,
) -> Count:
    """Count ballots by area and by heads.

    Area is counted unit by unit. A head is an owner, or the owners of one unit together; it agrees when all its units
    that were voted for agree, and is split when they say different things.

    Args:
        units: All units that the decision binds, each once.
        ballots: What was said, at most once a unit.
        counting: The rules of counting.
        silence: What silence means by the community's own rules.
        timing: The days of the vote.

    Raises:
        BadUse: For silence that may not mean this.
    """
    if silence not in counting.silence:
        raise BadUse("silence may not be counted so", where="silence", found=silence, allowed=counting.silence)
    said, late = _in_time(ballots, timing)
    heads: dict[Hashable, list[ExclusiveUnit]] = {}
    for unit in units:
        heads.setdefault(_head(unit, counting), []).append(unit)
    sides = dict.fromkeys(SIDES, Amount())
    silent = Amount()
    for held in heads.values():
        stands = _side(held, said, counting)
        if stands:
            sides[stands] += Amount(heads=1)
        elif any(said.get(unit.id) == "silent" for unit in held):
            silent += Amount(heads=1)
    for unit in units:
        choice = said.get(unit.id)
        if choice in sides and _takes_part(choice, counting):
            sides[choice] += Amount(area=unit.area)
        elif choice == "silent":
            silent += Amount(area=unit.area)
    majority = _majority(sides) if silence == "with_majority" else ""
    return Count(
        total=Amount(sum((unit.area for unit in units), Fraction(0)), len(heads)),
        sides=sides,
        silent=silent,
        counted_silent=silent if majority else Amount(),
        majority=majority,
        units={choice: sum(one == choice for one in said.values()) for choice in CHOICES},
        late=late,
    )


def conditions_of(count: Count, law: Law, matter: str) -> tuple[Condition, ...]:
    """The conditions of a decision, each with what there is.

    Args:
        count: The ballots.
        law: The law.
        matter: Id of the matter.

    Raises:
        BadUse: For a matter the law does not name.
    """
    share, _ = law.majorities[law.matter(matter).majority]
    base = count.total if law.base == "all" else count.taking_part
    found = []
    for by in ("area", "heads"):
        what: By = "area" if by == "area" else "heads"
        if law.takes_part is not None:
            part, whole = count.taking_part.by(what), count.total.by(what)
            found.append(Condition("takes_part", what, law.takes_part, part, whole))
        found.append(Condition("agrees", what, share, count.agreeing.by(what), base.by(what)))
    return tuple(sorted(found, key=lambda one: one.name == "agrees"))


def _in_time(ballots: Sequence[Ballot], timing: Timing) -> tuple[dict[str, Choice], tuple[str, ...]]:
    said: dict[str, Choice] = {}
    late = []
    for one in ballots:
        if one.day is None or timing.begins <= one.day <= timing.ends:
            said[one.unit] = one.choice
        else:
            late.append(one.unit)
    return said, tuple(sorted(late))


def _head(unit: ExclusiveUnit, counting: Counting) -> Hashable:
    """What units of one head have in common; a unit whose owners nobody wrote down is a head of its own."""
    if unit.is_developers and counting.is_developer_once:
        return (DEVELOPER,)
    if unit.owners and counting.is_one_owner_once:
        return frozenset(unit.owners)
    return ("unit", unit.id)


def _takes_part(choice: Choice | None, counting: Counting) -> bool:
    return choice in {"for", "against"} or (choice == "abstain" and counting.is_abstention_taking_part)


def _side(held: Sequence[ExclusiveUnit], said: Mapping[str, Choice], counting: Counting) -> Side | None:
    """Where a head stands; None when it takes no part."""
    choices = {choice for unit in held if _takes_part(choice := said.get(unit.id), counting)}
    if not choices:
        return None
    if len(choices) > 1:
        return "split"
    return next(side for side in SIDES if side in choices)


def _majority(sides: Mapping[Side, Amount]) -> Side | Literal[""]:
    """The side that has more of both; none when area and heads disagree or nothing is more."""
    yes, no = sides["for"], sides["against"]
    if yes.area > no.area and yes.heads > no.heads:
        return "for"
    return "against" if no.area > yes.area and no.heads > yes.heads else ""
