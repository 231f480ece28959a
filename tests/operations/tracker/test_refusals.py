"""What the tracker refuses; after every refusal the journal is as it was."""

from datetime import date, timedelta

import pytest

from operations.tracker.desk import DAY
from tulou.kernel.errors import BadUse, NotEnoughData

TOMORROW = date(2026, 12, 31)
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def refused(desk):
    def call(kind, sentence, function, *args, **more):
        before = desk.journal.path.read_bytes() if desk.journal.path.exists() else b""
        with pytest.raises(kind) as caught:
            function(*args, **more)
        assert caught.value.faults[0].what.startswith(sentence), caught.value
        assert (desk.journal.path.read_bytes() if desk.journal.path.exists() else b"") == before
        return caught.value.faults[0]

    return call


def every_request(desk):
    return (desk.give, desk.report, desk.confirm, desk.send,
            lambda name, **more: desk.reach(name, "half", **more),
            lambda name, **more: desk.take_back(name, 1, **more),
            lambda name, **more: desk.answer(name, 1, **more))  # fmt: skip


def test_unknown_commitments_bodies_and_days_to_come_are_refused_by_all(desk, refused):
    for call in every_request(desk):
        assert refused(BadUse, "there is no such commitment", call, "1.11").guess == "1.1"
        assert refused(BadUse, "there is no such body", call, "1.1", by="bilders").guess == "builders"
        refused(BadUse, "what has not happened yet", call, "1.1", day=TOMORROW)
    assert not desk.journal.path.exists()


def test_nothing_is_said(desk, refused):
    refused(BadUse, "a report says", desk.report, "1.1", note="  ")
    refused(BadUse, "evidence says where", desk.give, "1.1", source="\n")
    refused(BadUse, "a matter says", desk.send, title="")
    refused(BadUse, "a report says", desk.reach, "1.2", "half", note="")
    desk.done()
    refused(BadUse, "a second party says", desk.confirm, "1.1", note="")
    refused(BadUse, "taking an entry back needs", desk.take_back, "1.1", 1, reason=" ")
    entry = desk.send()
    refused(BadUse, "an answer says", desk.answer, "26.1", entry.number, says="")


def test_texts_that_are_no_texts(desk, refused):
    refused(BadUse, "this text is too long", desk.report, "1.1", note="x" * 5000)
    refused(BadUse, "this text holds", desk.report, "1.1", note="a\udcffb")
    refused(BadUse, "this text holds", desk.report, "1.1", note="a\x1b[2Jb")
    refused(BadUse, "this text holds", desk.report, "1.1", who="\x00")
    assert desk.report("1.1", note=" 两行\n文字 ").facts["note"] == "两行\n文字"


def test_done_without_evidence(desk, refused):
    fault = refused(NotEnoughData, "done needs evidence of every kind", desk.report, "1.1", "done")
    assert fault.allowed == ("still lacking: plan", "still lacking: record")
    desk.give("1.1", "plan")
    fault = refused(NotEnoughData, "done needs evidence of every kind", desk.report, "1.1", "done")
    assert fault.allowed == ("still lacking: record",)
    desk.give("1.1", "record", day=NEXT)
    refused(NotEnoughData, "done needs evidence of every kind", desk.report, "1.1", "done", day=DAY)
    desk.report("1.1", "done", day=NEXT)


def test_done_without_the_figure(desk, refused):
    desk.give("2.1")
    refused(NotEnoughData, "done needs a check that reaches the target, and no check", desk.report, "2.1", "done")
    desk.figures["sewer_cover"] = 99.9
    fault = refused(NotEnoughData, "done needs a check that reaches the target; the", desk.report, "2.1", "done")
    assert fault.found == "sewer_cover = 99.9"
    desk.figures["sewer_cover"] = 100.0
    desk.report("2.1", "done")


def test_verified_cannot_be_claimed(desk, refused):
    fault = refused(BadUse, "a report cannot say this", desk.report, "1.1", "verified")
    assert "verified" not in fault.allowed


def test_nobody_confirms_its_own_work(desk, refused):
    desk.done(by="citizens")
    refused(BadUse, "a body that leads or supports", desk.confirm, "1.1", by="builders")
    refused(BadUse, "a body that leads or supports", desk.confirm, "1.1", by="friends")
    refused(BadUse, "a body that reported", desk.confirm, "1.1", by="citizens")
    desk.confirm("1.1", by="auditors")


def test_whoever_reached_a_milestone_reported(desk, refused):
    desk.reach("1.2", "half", by="auditors")
    desk.done("1.2", by="citizens")
    refused(BadUse, "a body that reported", desk.confirm, "1.2", by="auditors")
    desk.confirm("1.2", by="high")


def test_taking_evidence_back_makes_nobody_a_second_party(desk, refused):
    mine = desk.give("1.1", by="citizens", digest="d" * 64)
    desk.take_back("1.1", mine.number, by="citizens")
    desk.done()
    refused(BadUse, "a body that reported", desk.confirm, "1.1", by="citizens")


def test_evidence_dated_after_the_confirmation_makes_its_giver_a_party_all_the_same(desk, refused):
    desk.done()
    desk.give("1.1", by="citizens", day=NEXT, digest="e" * 64)
    refused(BadUse, "a body that reported", desk.confirm, "1.1", by="citizens", day=DAY)


def test_one_hand_does_not_sign_on_both_sides(desk, refused):
    desk.give("1.1", "plan", who="Office 4")
    desk.give("1.1", "record")
    desk.report("1.1", "done", who="Office 5")
    for office in ("Office 4", "Office 5"):
        refused(BadUse, "whoever signed", desk.confirm, "1.1", who=office)
    desk.confirm("1.1", who="Office 6")


def test_only_what_is_done_is_confirmed(desk, refused):
    refused(BadUse, "only what is reported as done", desk.confirm, "1.1")
    desk.report("1.1", "on_track")
    refused(BadUse, "only what is reported as done", desk.confirm, "1.1", confirms=False)
    desk.done(day=NEXT)
    fault = refused(BadUse, "a confirmation cannot come before", desk.confirm, "1.1", day=DAY)
    assert fault.allowed == (f"from {NEXT}",)
    desk.take_back("1.1", desk.standing("1.1", NEXT).evidence[0].number, day=NEXT)
    refused(BadUse, "only what is reported as done", desk.confirm, "1.1", day=NEXT)


def test_the_same_file_is_not_given_twice(desk, refused):
    first = desk.give("1.1")
    fault = refused(BadUse, "this file is evidence", desk.give, "1.1")
    assert fault.allowed == (f"entry {first.number}: record.pdf",)
    desk.give("1.2")
    desk.take_back("1.1", first.number)
    desk.give("1.1")


def test_unknown_kinds_of_evidence(desk, refused):
    assert refused(BadUse, "there is no such kind", desk.give, "1.1", "recrd").guess == "record"


def test_what_cannot_be_taken_back(desk, refused):
    entry = desk.give("1.1", day=NEXT)
    refused(BadUse, "there is no such entry", desk.take_back, "1.2", entry.number, day=NEXT)
    refused(BadUse, "there is no such entry", desk.take_back, "1.1", 99, day=NEXT)
    assert refused(BadUse, "only the body", desk.take_back, "1.1", 1, by="friends", day=NEXT).allowed == ("builders",)
    refused(BadUse, "an entry cannot be taken back before", desk.take_back, "1.1", entry.number, day=DAY)
    gone = desk.take_back("1.1", entry.number, day=NEXT)
    refused(BadUse, "there is no such entry", desk.take_back, "1.1", entry.number, day=NEXT)
    refused(BadUse, "there is no such entry", desk.take_back, "1.1", gone.number, day=NEXT)


def test_milestones_are_known_and_reached_once(desk, refused):
    assert refused(BadUse, "this commitment has no such", desk.reach, "1.2", "hal").guess == "half"
    refused(BadUse, "this commitment has no such", desk.reach, "1.1", "half")
    desk.reach("1.2", "half")
    refused(BadUse, "this milestone was reached", desk.reach, "1.2", "half", day=NEXT)


def test_matters_go_where_the_policy_says(desk, refused):
    fault = refused(BadUse, "the policy does not ask", desk.send, "1.1")
    assert fault.allowed == ("26.1", "26.2")
    refused(BadUse, "the policy does not name", desk.send, "26.2")
    refused(BadUse, "there is no such body", desk.send, "26.2", to=("hihger",))
    refused(BadUse, "there is no such commitment", desk.send, "26.1", about="9.9")
    assert desk.send("26.2", to=("higher",)).facts["to"] == ["higher"]
    assert desk.send("26.1", about="1.1").facts["to"] == ["high"]


def test_answers_fit_their_matter(desk, refused):
    refused(BadUse, "there is no such matter", desk.answer, "26.1", 1)
    entry = desk.send(day=NEXT)
    refused(BadUse, "this matter went to another", desk.answer, "26.1", entry.number, by="higher", day=NEXT)
    refused(BadUse, "an answer cannot come before", desk.answer, "26.1", entry.number, day=DAY)
    desk.answer("26.1", entry.number, day=NEXT)
    refused(BadUse, "there is no such matter", desk.answer, "26.1", entry.number, day=NEXT)
    refused(BadUse, "there is no such entry", desk.take_back, "26.1", entry.number, day=NEXT)


def test_a_copy_is_kept_only_when_nothing_is_left_to_refuse(desk):
    from tulou.operations.tracker.handlers.evidence import Proof, add_evidence

    kept = []

    def give():
        proof = Proof("record", "f" * 64, "a.pdf", 3, "office")
        request = desk.request("1.1", "builders", DAY)
        return add_evidence(desk.agenda, desk.journal, request, proof, clock=desk.clock, keep=lambda: kept.append(1))

    give()
    with pytest.raises(BadUse):
        give()
    assert kept == [1]
