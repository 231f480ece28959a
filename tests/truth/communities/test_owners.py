"""Published arithmetic of owners' decisions.

Civil Code art. 278 with 548 owners of equal area (methods_governance §3 and V4; the article as set out by S29): 366
must take part; with 366 taking part, a special matter needs 275; with all taking part, 411. The article of the Property
Law that it replaced on 2021-01-01 asked for two thirds of all owners for such matters.
"""

from datetime import date
from fractions import Fraction

import pytest

from tulou.operations.communities.adapters.laws import read_decisions
from tulou.operations.communities.domain.majorities import heads_needed
from tulou.operations.communities.domain.voting import Ballot, ExclusiveUnit, Timing, conditions_of, count_ballots

OWNERS = 548
DECISIONS = read_decisions(["china"])
LAW, COUNTING = DECISIONS.on(date(2026, 11, 20))
TIMING = Timing(None, date(2026, 11, 1), date(2026, 11, 20))


def test_548_owners():
    assert heads_needed(LAW, "raise_funds", OWNERS).takes_part == 366
    assert heads_needed(LAW, "raise_funds", OWNERS).agree == 275
    assert heads_needed(LAW, "raise_funds", OWNERS, OWNERS).agree == 411


@pytest.mark.parametrize(("taking_part", "agree", "is_adopted"), [
    (366, 275, True), (366, 274, False), (365, 365, False), (548, 411, True), (548, 410, False),
])  # fmt: skip
def test_ballots_of_548_equal_units(taking_part, agree, is_adopted):
    units = [ExclusiveUnit(str(n), Fraction("89.53"), (f"owner {n}",)) for n in range(OWNERS)]
    ballots = [Ballot(str(n), "for" if n < agree else "against", date(2026, 11, 5)) for n in range(taking_part)]
    count = count_ballots(units, ballots, COUNTING, "not_counted", TIMING)
    assert all(test.is_met for test in conditions_of(count, LAW, "raise_funds")) is is_adopted


def test_the_law_before_2021_asked_for_shares_of_all():
    law, _ = DECISIONS.on(date(2020, 12, 31))
    needed = heads_needed(law, "use_funds", OWNERS, 300)
    assert (needed.takes_part, needed.agree) == (0, 366)  # two thirds of 548, whoever takes part
    assert heads_needed(law, "covenant", OWNERS, 300).agree == 275  # more than half of 548
    assert heads_needed(LAW, "use_funds", OWNERS, 366).agree == 184  # since 2021 more than half of those who take part
