"""Bans of the design, held in the schema: bodies are tracked; of a person nothing is kept but a signature."""

import json
from dataclasses import fields

from operations.tracker.desk import AGENDA, DAY
from tulou.operations.tracker.domain.commitment import BODY_KINDS, Body, Commitment
from tulou.operations.tracker.domain.events import _FACTS, EVENT_KINDS, Event
from tulou.operations.tracker.domain.grouping import WAYS, Counts
from tulou.operations.tracker.domain.standing import EvidenceItem, Judgement, Matter, Standing, replay

JUDGES = ("score", "rank", "risk", "level", "trajectory", "grade", "point")
PERSONAL = {"who", "signers"}


def test_no_table_of_the_tracker_judges_a_person():
    for table in (Body, Commitment, Counts, Event, EvidenceItem, Judgement, Matter, Standing):
        names = {one.name for one in fields(table)}
        assert not {name for name in names for word in JUDGES if word in name}, table
        if names & PERSONAL:
            assert table in (Event, EvidenceItem, Judgement, Standing)


def test_facts_of_events_name_no_person():
    assert set(_FACTS) == set(EVENT_KINDS)
    assert not {key for facts in _FACTS.values() for key in facts if key in {"who", "person", "name_of", "phone"}}


def test_nothing_is_grouped_or_counted_by_who_signed():
    assert set(WAYS) == {"clause", "body", "due"}
    assert "person" not in BODY_KINDS


def test_a_signature_changes_nothing_that_is_counted(desk):
    desk.report("1.1", "delayed", who="张三")
    signed = replay(AGENDA, desk.journal.events(), day=DAY)
    assert signed["1.1"].state == "delayed"
    assert signed["1.1"].signers == {"张三"}
    assert all(not one.signers for name, one in signed.items() if name != "1.1")
    line = json.loads(desk.journal.path.read_text("utf-8"))
    assert [key for key, value in line.items() if value == "张三"] == ["who"]
