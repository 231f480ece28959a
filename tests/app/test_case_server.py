"""The commands of cases on a PostgreSQL server: the same as on a file, and no password is told."""

import json

import pytest

from app.line import fine, refused
from tulou.app import exits
from tulou.app.casework import STORE, open_casework

MORNING = "2026-03-02T09:00"


@pytest.fixture
def held(own, postgresql, monkeypatch, request):
    """A city whose record is on the server, in a schema of the test's own."""
    monkeypatch.setenv(STORE, postgresql.address(request.node.name[:40]))
    return own


def test_a_case_goes_its_way_on_a_server(held, tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"a picture")
    fine(
        "case", "open", held, "--class", "dirty_road", "--text", "mud", "--by", "supervision_centre", "--date", MORNING
    )
    for move, by, *more in (
        ("accept", "supervision_centre"),
        ("file", "supervision_centre"),
        ("dispatch", "command_centre"),
        ("take_up", "urban_management"),
        ("feed_back", "urban_management", "--evidence", photo),
    ):
        fine("case", "do", held, "C000001", move, "--by", by, "--date", MORNING, *more)
    assert "1 cases, 0 overdue" in fine("case", "list", held, "--at", "2026-03-02T10:00")
    assert json.loads(fine("case", "show", held, "C000001", "--json"))["body"] == "urban_management"
    assert "1 cases, 6 events in one chain" in fine("case", "verify", held)
    fine("case", "call", held, "--send", f"folder:{tmp_path / 'out'}")
    fine("case", "report", held, "--period", "2026-03", "--to", tmp_path / "reports")
    assert not (held / "cases" / "cases.sqlite").exists()
    assert len(open_casework(held).store.events()) >= 6


def test_another_address_is_another_record(held, tmp_path):
    fine("case", "open", held, "--text", "mud", "--by", "supervision_centre", "--date", MORNING)
    assert "0 cases" in fine("case", "list", held, "--store", f"sqlite:{tmp_path / 'other.sqlite'}")
    assert "1 cases" in fine("case", "list", held)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_server_that_does_not_answer_is_said_without_its_password(own, language):
    address = "postgresql://tulou:s3cret@127.0.0.1:1/cases"
    said = refused(exits.BAD_INPUT, "case", "list", own, "--store", address, language=language)
    assert "s3cret" not in said
    assert {"zh": "无法连接", "en": "cannot be reached"}[language] in said
