"""The daily and the monthly paper of cases: figures add up, small ones are hidden for the public, both languages."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.line import fine, refused
from tulou.app import exits
from tulou.app.case_reports import local_time_of, material_of, write_report
from tulou.app.casework import open_casework
from tulou.kernel.periods import period_of
from tulou.operations.cases.domain.counting import OUTCOMES
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.recording import History, Step
from tulou.publish.cases.report import report_paper
from tulou.publish.paper.content import Grid, Sheet, Text

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
CENTRE, COMMAND = "supervision_centre", "command_centre"


@pytest.fixture
def filled(own, tmp_path):
    """Cases of two classes: 24 ended in time, 12 late, 3 overdue, one suspended with a reason."""
    work = open_casework(own)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    kept, flow = work.keep(photo), work.flows.version("city_management", "2026.11")
    path = (
        ("accept", CENTRE, {}), ("file", CENTRE, {}), ("dispatch", COMMAND, {"body": "urban_management"}),
        ("take_up", "urban_management", {}), ("feed_back", "urban_management", {"evidence": kept}),
        ("ask_to_check", CENTRE, {}), ("pass", CENTRE, {"evidence": kept}), ("close", CENTRE, {}),
    )  # fmt: skip

    def history(number, kind, until, late=timedelta(0)):
        at = START + timedelta(days=number % 5)
        steps = [
            Step(move, Act(by, at + (late if place >= 4 else timedelta(0)), "", facts))
            for place, (move, by, facts) in enumerate(path[:until])
        ]
        return History(flow, Subject(f"<mud> {number}", kind), Act(CENTRE, at), steps)

    listed = [history(number, "dirty_road" if number % 2 else "green_upkeep", 8) for number in range(24)]
    listed += [history(number, "dirty_road", 8, timedelta(days=3)) for number in range(12)]
    listed += [history(number, "dirty_road", 4) for number in range(3)]
    work.open_many(listed)
    work.do("C000039", "suspend", Act(COMMAND, START + timedelta(days=2), "", {"reason": "台风"}))
    return own


def material(city, *, is_public=False, **more):
    work = open_casework(city)
    return material_of(work, period_of("2026-03", local_time_of(work)), is_public=is_public, **more)


def grids(paper):
    return [part for part in paper.parts if isinstance(part, Grid)]


def cells(grid):
    return [[cell.replace(",", "") for cell in row] for row in grid.rows]


def test_each_case_is_counted_once_in_each_table_and_tables_agree(filled):
    found = material(filled)
    assert len(found.cases) == 39
    paper = report_paper(found, "en")
    for grid in grids(paper):
        rows = [[int(cell) for cell in row[1 : len(OUTCOMES) + 2]] for row in cells(grid)]
        assert all(sum(row[:-1]) == row[-1] for row in rows)
        assert [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]
        assert rows[-1][:2] == [24, 12]
        assert grid.rows[-1][-1].startswith("66.7 % (24 of 36; 95 % interval 50.3 to 79.8 %)")
    lead = next(part.text for part in paper.parts if isinstance(part, Text) and part.kind == "lead")
    assert lead.startswith("39 cases in hand: 39 received, 0 carried over. Ended: 36")
    overdue, pauses = (part for part in paper.parts if isinstance(part, Sheet))
    assert [row[0] for row in overdue.rows] == ["C000037", "C000038"]
    assert [row[-1] for row in pauses.rows] == ["台风"]


def test_the_public_is_told_no_small_count_no_case_and_no_reason(filled):
    found = material(filled, is_public=True)
    assert found.least == 10
    for language in ("zh", "en"):
        paper = report_paper(found, language)
        assert not [part for part in paper.parts if isinstance(part, Sheet)]
        for grid in grids(paper):
            for row in cells(grid):
                for cell in row[1:-1]:
                    assert cell == "*" or int(cell) >= 10, row
                assert row[-1] in {"*", "—"} or "24" in row[-1] or "12" in row[-1]
        said = " ".join(part.text for part in paper.parts if isinstance(part, Text))
        assert "mud" not in said
        assert "台风" not in said
        assert not re.search(r"C\d{6}", said)


def test_a_case_of_the_day_and_of_another_month(filled):
    work = open_casework(filled)
    local_time = local_time_of(work)
    day = material_of(work, period_of(str(START.date()), local_time))
    assert sum(one.is_received for one in day.cases) == 9
    later = material_of(work, period_of("2026-04", local_time))
    assert {one.outcome for one in later.cases} == {"open_overdue", "open_in_time"}
    assert len(later.cases) == 3
    assert material_of(work, period_of("2026-01", local_time)).cases == []
    assert len(material(filled, flow="hidden_danger").cases) == 0


def test_papers_are_written_in_all_formats_and_the_same_twice(filled, tmp_path):
    found = material(filled)
    written = write_report(found, "cases", tmp_path / "a", ["html", "docx", "xlsx", "pdf"], ["zh", "en"])
    again = write_report(found, "cases", tmp_path / "b", ["html", "docx", "xlsx", "pdf"], ["zh", "en"])
    assert [one.name for one in written] == [
        f"cases.{language}.{form}" for language in ("zh", "en") for form in ("html", "docx", "xlsx", "pdf")
    ]
    assert all(one.read_bytes() == other.read_bytes() for one, other in zip(written, again, strict=True))
    page = (tmp_path / "a" / "cases.zh.html").read_text("utf-8")
    assert "&lt;mud&gt; 0" in page
    assert "<mud>" not in page


def test_from_the_command_line(filled, tmp_path):
    out = fine("case", "report", filled, "--period", "2026-03", "--to", tmp_path, language="zh")
    assert "写出" in out
    assert {one.name for one in tmp_path.glob("cases*")} == {"cases-2026-03.zh.html", "cases-2026-03.en.html"}
    fine("case", "report", filled, "--period", "2026-03-02", "--public", "--language", "en", "--to", tmp_path / "b")
    assert [one.name for one in (tmp_path / "b").iterdir()] == ["cases-2026-03-02-public.en.html"]
    for wrong in (("--period", "March"), ("--period", "2026-13"), ("--period", "2999-01"), ("--flow", "x"),
                  ("--period", "soon")):  # fmt: skip
        refused(exits.BAD_USE, "case", "report", filled, *wrong)
