"""Pages of the tracker: every commitment once a group, the same numbers everywhere, in both languages."""

from datetime import date

import pytest

from operations.tracker.desk import AGENDA, DAY, Desk
from tulou.kernel.words import Words
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.domain.grouping import WAYS, groups
from tulou.operations.tracker.domain.moves import Move
from tulou.operations.tracker.domain.progress import Progress
from tulou.operations.tracker.domain.standing import STATES, replay
from tulou.publish.drawing.picture import Picture
from tulou.publish.paper.content import Art, Grid, Heading, Sheet, Text, Turn
from tulou.publish.paper.write import write_papers
from tulou.publish.tracker.assemble import CHAPTERS, assemble
from tulou.publish.tracker.bars import ORDER, SIGNS, standing_bars
from tulou.publish.tracker.material import Material

LATE = date(2026, 7, 5)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    desk = Desk(FileJournal(tmp_path_factory.mktemp("city") / "events.jsonl"))
    desk.journal.clock = desk.clock
    desk.report("1.1", "on_track")
    desk.figures["sewer_cover"] = 100.0
    desk.done("2.1", by="friends")
    desk.confirm("2.1")
    wrong = desk.give("1.2", "plan", source="<b>archive</b> & =1+1")
    desk.take_back("1.2", wrong.number)
    desk.send(about="1.1")
    events = desk.journal.events()
    moved = ((events[0], Move("1.1", "due", DAY, LATE)), (events[0], Move("1.2", "lead", (), ("builders",))))
    progress = {name: Progress(reason="no_target") for name in AGENDA.commitments}
    split = {"city": 5.0, "correction": 10.0, "definition": 1e-15, "boundary": 0.0}
    progress["2.1"] = Progress("sewer_cover", 80.0, 95.0, split, 0.5, "", 90.0)
    standings, synthetic = replay(AGENDA, events, day=LATE), False
    return Material("试城", synthetic, LATE, "", 30, AGENDA, standings, progress, events, moved, check="check-1")


def parts(paper, kind):
    return [part for part in paper.parts if isinstance(part, kind)]


def sheet(paper, place):
    return parts(paper, Sheet)[place]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("way", WAYS)
def test_every_chapter_and_every_group_is_there(found, way, language):
    paper = assemble(found, way, language)
    chapters = [part.text for part in parts(paper, Heading) if part.level == 1]
    assert [text.split("  ")[0] for text in chapters] == [str(number) for number in range(1, len(CHAPTERS) + 1)]
    grids = parts(paper, Grid)
    listed = groups(AGENDA, way)
    assert [tuple(row[0] for row in grid.rows) for grid in grids] == [group.commitments for group in listed]
    assert {name for group in listed for name in group.commitments} == set(AGENDA.commitments)
    assert all(len(row) == len(grid.head) == len(grid.widths) for grid in grids for row in grid.rows)
    assert [turn.landscape for turn in parts(paper, Turn)] == [True, False]
    assert "试城" in paper.title


@pytest.mark.parametrize("way", ["clause", "due"])
def test_counts_add_up_to_all_commitments(found, way):
    counted = sheet(assemble(found, way, "en"), 0)
    numbers = [row[2 if way == "clause" else 1 :] for row in counted.rows]
    assert [len(row) for row in counted.rows] == [len(counted.columns)] * len(counted.rows)
    assert sum(row[0] for row in numbers) == len(AGENDA.commitments)
    assert all(row[0] == sum(row[1 : 1 + len(STATES)]) for row in numbers)


def test_the_lead_says_what_the_tables_hold(found):
    lead = next(part.text for part in parts(assemble(found, "clause", "en"), Text) if part.kind == "lead")
    assert lead.startswith(
        "5 commitments: 1 verified, 0 done and to be confirmed, 0 on track, 1 delayed (1 of them past"
    )
    assert lead.endswith("Due within 30 days: 0.")


def test_what_is_overdue_comes_with_its_days(found):
    step, row = sheet(assemble(found, "clause", "en"), 1).rows
    assert (row[0], row[3], row[4], row[6]) == ("1.1", "2026-06-30", -5, "past its day")
    assert (step[1], step[3], step[6]) == ("promise 1.2 (half of it)", "2026-04-01", "milestone past its day")


def test_progress_shows_only_what_the_city_changed(found):
    grid = parts(assemble(found, "clause", "en"), Grid)[1]
    assert grid.rows[0][-1] == "50% (80 at the baseline; 90 as told today; 95 now; not counted: data corrected +10)"


def test_targets_name_their_indicator_by_its_title(found):
    from dataclasses import replace

    titled = replace(found, titles={"sewer_cover": Words("管网", "Sewers")})
    for material, name in ((found, "sewer_cover"), (titled, "Sewers")):
        grid = parts(assemble(material, "clause", "en"), Grid)[1]
        assert grid.rows[0][grid.head.index("Target")] == f"all of it ({name} at least 100)"


def test_days_that_moved_and_evidence_taken_back_stay_visible(found):
    paper = assemble(found, "clause", "zh", is_book=True)
    moved = next(one for one in parts(paper, Sheet) if one.name == "时限变动")
    assert [(row[0], row[2], row[3]) for row in moved.rows] == [("1.1", "2026-03-01", "2026-07-05")]
    evidence = next(one for one in parts(paper, Sheet) if one.name == "证据")
    assert [row[-1] for row in evidence.rows if row[0] == "1.2"] == ["wrong file"]


def test_a_book_holds_all_commitments_in_one_table(found):
    whole = next(one for one in parts(assemble(found, "due", "en", is_book=True), Sheet) if one.name == "One by one")
    assert [row[1] for row in whole.rows] == list(AGENDA.commitments)


def test_by_body_says_which_part_a_body_has(found):
    paper = assemble(found, "body", "en")
    at = [part.text for part in parts(paper, Heading) if part.level == 2]
    grids = dict(zip([text for text in at if text in {"builders", "friends"}], parts(paper, Grid), strict=False))
    assert [row[2] for row in grids["builders"].rows] == ["leads"]
    assert [row[2] for row in grids["friends"].rows] == ["supports"]


def test_the_digest_of_the_journal_is_printed(found):
    cover = dict(assemble(found, "clause", "en").cover)
    assert cover["Journal"].endswith(found.events[-1].digest[:12])


def test_bars_say_in_words_what_they_show():
    rows = [("one", dict.fromkeys(STATES, 1)), ("two", {**dict.fromkeys(STATES, 0), "verified": 3})]
    picture = standing_bars("x", rows, title="t", language="en")
    assert isinstance(picture, Picture)
    assert "two: Verified 3" in picture.about
    assert all(sign in picture.body for sign in SIGNS.values())
    assert picture.body.count("<rect") == len(ORDER) + len(STATES) + 1
    assert standing_bars("x", [], title="t", language="zh").height > 0


def test_groups_are_drawn_as_they_are_counted(found):
    (art,) = parts(assemble(found, "clause", "en"), Art)
    assert art.pictures[0].about.count(";") == len(groups(AGENDA, "clause")) - 1


def test_papers_are_the_same_bytes_twice_and_hostile_words_stay_words(found, tmp_path):
    for name in ("a", "b"):
        papers = {"en": assemble(found, "clause", "en", is_book=True)}
        write_papers(papers, "tracker", tmp_path / name, ["html", "xlsx"])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    page = (tmp_path / "a" / "tracker.en.html").read_text("utf-8")
    assert "<b>archive</b>" not in page
    assert "&lt;b&gt;archive&lt;/b&gt;" in page


def test_nothing_lacks_a_word(found):
    for language in ("zh", "en"):
        for way in WAYS:
            for part in assemble(found, way, language).parts:
                cells = [cell for row in getattr(part, "rows", ()) for cell in row]
                assert not [cell for cell in cells if isinstance(cell, str) and ("Words(" in cell or "None" in cell)]


def test_a_day_that_is_long_gone_is_not_soon(found):
    assert not [row for row in sheet(assemble(found, "clause", "en"), 1).rows if row[4] >= 0]
    early = replay(AGENDA, found.events, day=date(2026, 6, 1))
    seen = Material("x", found.synthetic, date(2026, 6, 1), "9", 30, AGENDA, early, found.progress, found.events)
    row = sheet(assemble(seen, "clause", "en"), 1).rows[-1]
    assert (row[4], row[6]) == (29, "due soon")
    assert dict(assemble(seen, "clause", "en").cover)["As known at"] == "9"
    assert isinstance(seen.agenda.documents[0], Words)


def test_what_fell_back_presses_although_it_has_no_day(found):
    from dataclasses import replace

    rows = sheet(assemble(replace(found, fallen_back=frozenset({"2.1"})), "clause", "en"), 1).rows
    assert [(row[0], row[4]) for row in rows] == [("1.2", -95), ("1.1", -5), ("2.1", None)]
    assert rows[2][6] == "the newest check no longer reaches the target"
