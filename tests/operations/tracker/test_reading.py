"""The registers and pages as they are read: what the policy says, what the rulebook proposes, what stays open."""

from datetime import date

import pytest
import yaml

from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.kernel.errors import BadInput
from tulou.operations.tracker.adapters.reading import read_agenda
from tulou.operations.tracker.adapters.template import template_text

SHORTEST = 4


@pytest.fixture(scope="module")
def agenda():
    return read_agenda(RULEBOOKS, rulebook())


def read(text):
    return read_agenda(RULEBOOKS, rulebook(), text, "mine.yaml")


def test_the_register_is_read_whole(agenda):
    assert len(agenda.commitments) == 165
    assert list(agenda.clauses()) == [str(number) for number in range(1, 27)]
    assert all(one.needs for one in agenda.commitments.values())
    assert all(len(one.says.zh) >= SHORTEST for one in agenda.commitments.values())
    assert agenda.documents[0].en.startswith("Opinion of Fujian")


def test_who_set_what(agenda):
    for one in agenda.commitments.values():
        assert one.setters["needs"] == "rulebook", one.id
        for key in ("lead", "supporting", "places", "rhythm", "target", "upward"):
            assert (key in one.setters) == bool(getattr(one, key)), (one.id, key)
            assert one.setters.get(key, "document") == "document", (one.id, key)
        assert (one.due, one.baseline, one.milestones) == (None, "", ())


def test_what_holds_where_nobody_is_named(agenda):
    assert agenda.general.answers == ("province",)
    assert agenda.general.carries_out == ("cities",)
    led = [one.id for one in agenda.commitments.values() if one.lead]
    assert led == ["17.1", "24.3", "26.1", "26.7", "26.8"]


def test_a_dated_parameter_gives_a_target_its_value(agenda):
    target = agenda.commitments["15.5"].target
    newest = rulebook().parameters["sewer.target"].values.versions[-1].value.number
    assert (target.indicator, target.value) == ("sewer_cover", newest)


def test_the_template_sets_nothing_and_leaves_room_for_everything(agenda):
    text = template_text(agenda)
    assert read(text) == agenda
    plain = yaml.safe_load(text)
    assert list(plain["commitments"]) == list(agenda.commitments)
    for name, entry in plain["commitments"].items():
        assert list(entry) == ["lead", "supporting", "due", "target", "needs", "milestones"], name
        assert set(entry.values()) == {None}, name
    for one in agenda.commitments.values():
        assert f'"{one.id}":  # {one.says.zh} / {one.says.en}' in text


def test_every_line_of_help_in_the_template_can_be_used_as_it_stands(agenda):
    text = template_text(agenda)
    for shown, used in (
        ("  # housing_bureau: {kind", "  housing_bureau: {kind"),
        ("  # site_photos: {zh", "  site_photos: {zh"),
    ):
        assert shown in text
        text = text.replace(shown, used)
    head = {line[2:].split(": ", 1)[0]: line[2:].split(": ", 1)[1] for line in text.splitlines()
            if line.startswith(("# due: ", "# target: ", "# milestones: "))}  # fmt: skip
    assert set(head) == {"due", "target", "milestones"}
    place = '  "9.7":'
    at = text.index(place)
    entry = text[at:].split('\n  "', 1)[0]
    filled = entry.replace("    lead:", "    lead: [housing_bureau]", 1)
    filled = filled.replace("    needs:", "    needs: [site_photos]", 1)
    for key, value in head.items():
        filled = filled.replace(f"    {key}:", f"    {key}: {value}", 1)
    one = read(text.replace(entry, filled)).commitments["9.7"]
    assert (one.lead, one.needs, one.due) == (("housing_bureau",), ("site_photos",), date(2027, 12, 31))
    assert one.target.indicator == "sewer_cover"
    assert one.milestones[0].due == date(2026, 12, 31)


def test_all_faults_of_a_page_are_told_at_once():
    text = "commitments:\n  '9.7': {due: soon}\n  '9.8': {due: 2027-01-01}\n  '9.6': {lead: [nobody]}\n"
    with pytest.raises(BadInput) as caught:
        read(text)
    assert [fault.where for fault in caught.value.faults] == ["mine.yaml:2", "mine.yaml:3", "mine.yaml:4"]


def test_a_page_of_yesterday_is_the_same_agenda_today(agenda):
    text = "commitments: {'9.7': {due: 2027-01-01}}"
    assert read(text) == read(text)
    assert read(text) != agenda
    assert read("") == agenda
