"""Claims: what a source says of a list settles unknowns of just that list."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.indicators.evaluate.claims import EVERYTHING, claims_for, settled
from tulou.indicators.rulebook.content import Condition, Selection
from tulou.kernel.words import Words


def chosen(*where: Condition) -> Selection:
    return Selection("chosen", Words("甲", "a"), "parcel", where)


LOGISTICS = Condition("use", "one_of", words=("industrial", "logistics"))
IDLE = Condition("idle", "is", flag=True)
SOUND = Condition("risky", "is", flag=False)
TALL = Condition("storeys", "at_least", parameter="lift.storeys")
NAMED = Condition("name", "known", flag=True)


def test_a_list_is_claimed_by_the_names_of_what_belongs_to_it():
    assert claims_for(chosen(LOGISTICS)) == ("use=industrial", "use=logistics")
    assert claims_for(chosen(SOUND)) == ("risky=false",)
    assert claims_for(chosen(IDLE, LOGISTICS, TALL)) == ("idle=true&use=industrial", "idle=true&use=logistics")


@pytest.mark.parametrize("where", [(), (TALL,), (NAMED,)])
def test_a_list_without_a_name_needs_everything(where):
    assert claims_for(chosen(*where)) == (EVERYTHING,)


def test_a_narrow_claim_says_nothing_of_a_wider_list():
    narrow = claims_for(chosen(IDLE, LOGISTICS))
    assert settled(chosen(LOGISTICS), narrow) == frozenset()
    assert settled(chosen(IDLE), narrow) == frozenset()
    assert settled(chosen(IDLE, LOGISTICS, SOUND), narrow) == {"idle", "use"}


def test_a_wide_claim_settles_its_part_of_a_narrower_list():
    assert settled(chosen(IDLE, LOGISTICS), claims_for(chosen(LOGISTICS))) == {"use"}
    assert settled(chosen(LOGISTICS), ("use=logistics",)) == frozenset(), "industrial land may be missing"
    assert settled(chosen(LOGISTICS), (EVERYTHING,)) == frozenset()


conditions = st.lists(st.sampled_from([LOGISTICS, IDLE, SOUND, TALL, NAMED]), unique=True).map(tuple)


@given(conditions, conditions)
def test_what_a_claim_settles_follows_from_what_it_says(listed, asked):
    """A plain way: a member of the asked list is a member of the claimed one when each of its conditions is asked."""
    named = {one.attribute for one in listed if one.test in {"one_of", "is"}}
    inside = named <= {one.attribute for one in asked}
    expected = frozenset(named) if inside else frozenset()
    assert settled(chosen(*asked), claims_for(chosen(*listed))) == expected


@given(st.permutations([IDLE, LOGISTICS, SOUND]))
def test_the_order_of_conditions_does_not_matter(where):
    assert sorted(claims_for(chosen(*where))) == sorted(
        "&".join(parts) for parts in product(["idle=true"], ["risky=false"], ["use=industrial", "use=logistics"])
    )
