"""The ledger of community issues: a case of its flow, with limits; who deals with it never confirms it."""

from datetime import UTC, datetime

import pytest

from tulou.app.casework import Casework, open_casework
from tulou.kernel.errors import BadUse
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.handlers.acting import Act, Subject

FLOW = "community_issue"
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def work(tmp_path) -> Casework:
    from tulou.app.wiring import new_city

    new_city(tmp_path / "c.city", "C")
    return open_casework(tmp_path / "c.city", clock=lambda: LATER)


def do(work, move, by, evidence=None, **facts):
    return work.do("C000001", move, Act(by, MONDAY, facts=facts), evidence)


@pytest.fixture
def given(work):
    """A lift that stands still, given to the property company."""
    work.open_matter(FLOW, Subject("lift 2 stands still", "lift", "community-17"), Act("grid_worker", MONDAY))
    do(work, "list", "residents_committee")
    do(work, "give", "residents_committee", body="property_company")
    return work


@pytest.fixture
def proof(tmp_path):
    file = tmp_path / "proof.pdf"
    file.write_bytes(b"proof")
    return file


def state(work):
    return work.standing("C000001", LATER)[0].case.state


def test_all_three_parties_are_in_it():
    flow = read_flows(["china"]).versions[FLOW][-1]
    assert {"residents_committee", "owners_committee", "property_company"} <= set(flow.bodies)
    assert all(limit.amount > 0 for one in flow.classes.values() for limit in one.limits.values())


def test_to_its_end(given, proof):
    do(given, "report", "property_company", proof)
    do(given, "confirm", "grid_worker")
    assert state(given) == "closed"
    assert given.verify()[1] == 1


def test_who_dealt_with_it_does_not_confirm_it(work, proof):
    work.open_matter(FLOW, Subject("rubbish", "cleaning"), Act("owners_committee", MONDAY))
    do(work, "list", "residents_committee")
    do(work, "give", "residents_committee", body="owners_committee")
    do(work, "report", "owners_committee", proof)
    with pytest.raises(BadUse) as told:
        do(work, "confirm", "owners_committee")
    assert "owners_committee" not in told.value.faults[0].allowed
    do(work, "confirm", "residents_committee")
    assert state(work) == "closed"


def test_it_is_overdue_after_its_limit(given):
    standing = given.standing("C000001", datetime(2026, 11, 25, 9, 0, tzinfo=UTC))[0]
    assert standing.is_overdue
    assert not given.standing("C000001", datetime(2026, 11, 24, 9, 0, tzinfo=UTC))[0].is_overdue


def test_the_clock_stands_while_the_owners_decide(given, proof):
    do(given, "put_to_vote", "residents_committee", reason="the lift is to be replaced")
    assert not given.standing("C000001", LATER)[0].is_overdue
    with pytest.raises(BadUse):
        do(given, "adopted", "residents_committee")
    do(given, "not_adopted", "residents_committee", proof, reason="274 of 366")
    assert state(given) == "declined"


def test_the_property_company_raises_none(work):
    with pytest.raises(BadUse):
        work.open_matter(FLOW, Subject("x", "lift"), Act("property_company", MONDAY))
