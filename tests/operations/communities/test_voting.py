"""Counting ballots: heads, several units, developer, abstention, silence, days; against a slow plain oracle."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from tulou.kernel.errors import BadUse
from tulou.operations.communities.adapters.laws import read_decisions
from tulou.operations.communities.domain.majorities import Share, heads_needed
from tulou.operations.communities.domain.voting import (
    SIDES,
    Ballot,
    ExclusiveUnit,
    Timing,
    conditions_of,
    count_ballots,
)

LAW, COUNTING = read_decisions(["china"]).on(date(2026, 11, 20))
TIMING = Timing(date(2026, 10, 10), date(2026, 11, 1), date(2026, 11, 20), date(2026, 11, 22))
IN_TIME = date(2026, 11, 5)


def unit(name, area, *owners, is_developers=False):
    return ExclusiveUnit(name, Fraction(area), owners, "", is_developers)


def counted(units, said, silence="not_counted"):
    ballots = [Ballot(name, choice, IN_TIME) for name, choice in said.items()]
    return count_ballots(units, ballots, COUNTING, silence, TIMING)


def drawn(draw, people):
    """None, one or two of some people."""
    return draw.choice(people, draw.choice([0, 1, 1, 1, 2]), replace=False).tolist()


def oracle(units, said):
    """Heads and areas by side, counted the long way round."""
    groups = []
    for one in units:
        for group in groups:
            other = group[0]
            if (one.is_developers and other.is_developers) or (
                one.owners
                and not one.is_developers
                and not other.is_developers
                and set(one.owners) == set(other.owners)
            ):
                group.append(one)
                break
        else:
            groups.append([one])
    heads, area = dict.fromkeys(SIDES, 0), dict.fromkeys(SIDES, Fraction(0))
    for group in groups:
        told = {said[one.id] for one in group if said.get(one.id) in {"for", "against", "abstain"}}
        if len(told) == 1:
            heads[told.pop()] += 1
        elif told:
            heads["split"] += 1
    for one in units:
        if said.get(one.id) in area:
            area[said[one.id]] += one.area
    return len(groups), heads, area


@pytest.mark.parametrize("seed", range(40))
def test_against_the_oracle(seed):
    draw = np.random.default_rng(seed)
    people = [f"p{n}" for n in range(8)]
    units = [
        unit(str(n), f"{draw.integers(3000, 20000)}/100", *drawn(draw, people), is_developers=draw.random() < 0.15)
        for n in range(draw.integers(1, 30))
    ]  # fmt: skip
    said = {one.id: str(draw.choice(["for", "against", "abstain", "silent"])) for one in units if draw.random() < 0.8}
    heads, sides, area = oracle(units, said)
    found = counted(units, said)
    assert found.total.heads == heads
    assert {side: one.heads for side, one in found.sides.items()} == sides
    assert {side: one.area for side, one in found.sides.items()} == area
    assert found.taking_part.heads <= heads
    assert found.taking_part.area + found.silent.area <= found.total.area


def test_one_owner_of_two_units_is_one_head_with_both_areas():
    units = [unit("1", 50, "Lin"), unit("2", 70, "Lin"), unit("3", 80, "Chen")]
    found = counted(units, {"1": "for", "2": "for"})
    assert (found.total.heads, found.sides["for"].heads, found.sides["for"].area) == (2, 1, 120)


def test_one_owner_who_says_two_things_is_on_neither_side_by_heads():
    found = counted([unit("1", 50, "Lin"), unit("2", 70, "Lin")], {"1": "for", "2": "against"})
    assert (found.sides["for"].heads, found.sides["against"].heads, found.sides["split"].heads) == (0, 0, 1)
    assert (found.sides["for"].area, found.sides["against"].area) == (50, 70)
    assert found.taking_part.heads == 1


def test_owners_together_are_another_head_than_one_of_them():
    found = counted([unit("1", 50, "Lin"), unit("2", 70, "Lin", "Chen"), unit("3", 70, "Chen", "Lin")], {})
    assert found.total.heads == 2


def test_all_that_the_developer_holds_is_one_head():
    units = [unit(str(n), 90, "D", is_developers=True) for n in range(30)] + [unit("x", 90, "Lin")]
    found = counted(units, {str(n): "for" for n in range(30)})
    assert (found.total.heads, found.sides["for"].heads, found.sides["for"].area) == (2, 1, 2700)


def test_units_of_unknown_owners_are_heads_of_their_own():
    assert counted([unit("1", 50), unit("2", 50)], {}).total.heads == 2


def test_who_abstains_takes_part_and_does_not_agree():
    units = [unit(str(n), 100, f"p{n}") for n in range(4)]
    found = counted(units, {"0": "for", "1": "abstain", "2": "abstain"})
    quorum, by_heads = (next(t for t in conditions_of(found, LAW, "covenant") if (t.name, t.by) == key)
                        for key in (("takes_part", "heads"), ("agrees", "heads")))  # fmt: skip
    assert quorum.is_met  # 3 of 4
    assert (by_heads.have, by_heads.whole, by_heads.is_met) == (1, 3, False)


def test_abstention_is_data():
    units = [unit(str(n), 100, f"p{n}") for n in range(4)]
    ballots = [Ballot("0", "for", IN_TIME), Ballot("1", "abstain", IN_TIME)]
    other = replace(COUNTING, is_abstention_taking_part=False)
    assert count_ballots(units, ballots, other, "not_counted", TIMING).taking_part.heads == 1


def test_silence_joins_the_majority_only_where_the_community_says_so():
    units = [unit(str(n), 100, f"p{n}") for n in range(10)]
    said = {"0": "for", "1": "for", "2": "against", **{str(n): "silent" for n in range(3, 9)}}
    assert counted(units, said).taking_part.heads == 3
    joined = counted(units, said, "with_majority")
    assert (joined.majority, joined.taking_part.heads, joined.agreeing.heads, joined.agreeing.area) == (
        "for",
        9,
        8,
        800,
    )


def test_silence_joins_nobody_when_area_and_heads_disagree():
    units = [unit("1", 500, "a"), unit("2", 100, "b"), unit("3", 100, "c"), unit("4", 100, "d")]
    found = counted(units, {"1": "for", "2": "against", "3": "against", "4": "silent"}, "with_majority")
    assert (found.majority, found.taking_part.heads) == ("", 3)


def test_half_is_not_more_than_half_and_three_quarters_are_enough():
    units = [unit(str(n), "33.33", f"p{n}") for n in range(4)]
    half = counted(units, {"0": "for", "1": "for", "2": "against", "3": "against"})
    assert not any(t.is_met for t in conditions_of(half, LAW, "committee") if t.name == "agrees")
    most = counted(units, {"0": "for", "1": "for", "2": "for", "3": "against"})
    assert all(t.is_met for t in conditions_of(most, LAW, "rebuild"))


def test_exact_where_floats_are_not():
    """Three of four tenths are three quarters, no more and no less, though 0.1 + 0.2 is more than 0.3 in doubles."""
    units = [unit("1", "0.1", "a"), unit("2", "0.2", "b"), unit("3", "0.1", "c")]
    found = counted(units, {"1": "for", "2": "for"})
    agrees = next(one for one in conditions_of(found, LAW, "rebuild") if (one.name, one.by) == ("takes_part", "area"))
    assert (agrees.have, agrees.whole) == (Fraction(3, 10), Fraction(2, 5))
    assert Share(Fraction(3, 4)).is_met(agrees.have, agrees.whole)
    assert not Share(Fraction(3, 4), is_strict=True).is_met(agrees.have, agrees.whole)


def test_nobody_takes_part():
    found = counted([unit("1", 50, "Lin")], {})
    assert not any(test.is_met for test in conditions_of(found, LAW, "covenant"))


def test_ballots_outside_the_days_are_not_counted_and_named():
    units = [unit("1", 50, "Lin"), unit("2", 50, "Chen")]
    ballots = [Ballot("1", "for", date(2026, 11, 21)), Ballot("2", "for", None)]
    found = count_ballots(units, ballots, COUNTING, "not_counted", TIMING)
    assert (found.late, found.taking_part.heads) == (("1",), 1)


def test_more_people_for_never_turns_adopted_into_not():
    draw = np.random.default_rng(5)
    units = [unit(str(n), int(draw.integers(40, 200)), f"p{n}") for n in range(40)]
    said = {str(n): str(draw.choice(["for", "for", "against", "abstain"])) for n in range(40)}
    was = False
    for name, choice in said.items():
        before = all(t.is_met for t in conditions_of(counted(units, said), LAW, "raise_funds"))
        assert before or not was
        was = before
        if choice != "for":
            said = {**said, name: "for"}
    assert all(t.is_met for t in conditions_of(counted(units, said), LAW, "raise_funds"))


def test_notice_and_the_day_until_which_a_court_may_be_asked():
    assert Timing(date(2026, 10, 17), date(2026, 11, 1), date(2026, 11, 2)).has_notice(15) is True
    assert Timing(date(2026, 10, 18), date(2026, 11, 1), date(2026, 11, 2)).has_notice(15) is False
    assert Timing(None, date(2026, 11, 1), date(2026, 11, 2)).has_notice(15) is None
    assert TIMING.may_be_revoked_until(1) == date(2027, 11, 22)
    leap = Timing(None, date(2028, 2, 1), date(2028, 2, 20), date(2028, 2, 29))
    assert leap.may_be_revoked_until(1) == date(2029, 3, 1)
    assert Timing(None, date(2026, 11, 1), date(2026, 11, 2)).may_be_revoked_until(1) is None


def test_refusals():
    with pytest.raises(BadUse, match="ends before it begins"):
        Timing(None, date(2026, 11, 2), date(2026, 11, 1))
    with pytest.raises(BadUse, match="silence may not"):
        count_ballots([unit("1", 5)], [], replace(COUNTING, silence=("not_counted",)), "with_majority", TIMING)
    with pytest.raises(BadUse, match="no such matter") as told:
        heads_needed(LAW, "raise_fund", 10)
    assert told.value.faults[0].guess == "raise_funds"
    for heads, part in ((0, None), (10, 11), (10, -1)):
        with pytest.raises(BadUse):
            heads_needed(LAW, "covenant", heads, part)


@pytest.mark.parametrize("heads", range(1, 60))
def test_least_heads_is_the_least_that_is_met(heads):
    for share in (Share(Fraction(2, 3)), Share(Fraction(3, 4)), Share(Fraction(1, 2), is_strict=True)):
        least = share.least_heads(heads)
        assert share.is_met(Fraction(least), Fraction(heads))
        assert not share.is_met(Fraction(least - 1), Fraction(heads))
