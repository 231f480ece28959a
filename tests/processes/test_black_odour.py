"""The process of black and odorous water on made samples, with unknowns, relapses, and files that are none."""

import pytest

from app.line import fine, refused
from tulou.kernel.errors import BadInput, BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

HEAD = "body,point,date,transparency,oxygen,redox,ammonia,treated\n"
GOOD, LIGHT, HEAVY = "40,5,100,1", "20,5,100,1", "5,0.1,-250,20"


def rows(body, values, month="2025-05", points="ABC", days=(3, 9, 15), treated=""):
    return "".join(f"{body},{point},{month}-{day:02d},{values},{treated}\n" for point in points for day in days)


def ran(folder, text, **given):
    path = folder / "samples.csv"
    path.write_text(text, "utf-8")
    process = processes()["black_odour"]
    return process.run(Run(process.values({"samples": path, **given})))


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name).rows


def figures(outcome):
    return {one.name: one.value for one in outcome.figures}


def test_three_waters_have_three_grades(tmp_path):
    outcome = ran(tmp_path, HEAD + rows("a", GOOD) + rows("b", LIGHT) + rows("c", HEAVY))
    found = {row[0]: (row[2].en, row[4]) for row in table(outcome, "grades")}
    assert found == {
        "a": ("none", None),
        "b": ("light", None),
        "c": ("heavy", "A–C"),
    }
    assert figures(outcome) == {"black_odorous": 2, "clear": 1, "unknown": 0, "relapsed": 0}


def test_an_index_that_was_not_measured_clears_nothing_but_hides_nothing(tmp_path):
    head = "body,point,date,transparency,oxygen,ammonia\n"
    text = head + "".join(
        f"{body},{point},2025-05-{day:02d},{values}\n"
        for body, values in (("a", "40,5,1"), ("b", "5,0.1,20"))
        for point in "ABC"
        for day in (3, 9, 15)
    )
    outcome = ran(tmp_path, text)
    assert [row[2].zh for row in table(outcome, "grades")] == ["未知", "重度"]
    assert figures(outcome)["clear"] == 0
    assert any("Not measured: redox" in one.en for one in outcome.warnings)
    fewer = ran(tmp_path, text, indices="transparency,oxygen,ammonia")
    assert figures(fewer)["clear"] == 1
    assert any("Left out by choice: redox" in one.en for one in fewer.warnings)


@pytest.mark.parametrize("lacking", [{"points": "AB"}, {"days": (3, 9)}])
def test_too_few_points_or_samples_are_unknown(tmp_path, lacking):
    for values in (GOOD, HEAVY):
        outcome = ran(tmp_path, HEAD + rows("a", values, **lacking))
        assert figures(outcome)["unknown"] == 1
        assert any("fewer than 3 points or 3 samples" in one.en for one in outcome.warnings)


def test_relapses_are_told_excluded_or_unknown(tmp_path):
    day = "2025-04-30"
    text = HEAD + rows("again", HEAVY, "2025-04", treated=day) + rows("again", GOOD, treated=day)
    text += rows("again", LIGHT, "2025-06", treated=day)
    text += rows("well", HEAVY, "2025-04", treated=day) + rows("well", GOOD, treated=day)
    text += rows("thin", HEAVY, "2025-04", treated=day) + rows("thin", GOOD, points="A", treated=day)
    text += rows("silent", HEAVY, "2025-04", treated=day) + rows("never", HEAVY)
    outcome = ran(tmp_path, text)
    found = {row[0]: row[2].en for row in table(outcome, "relapses")}
    assert found == {"again": "yes", "well": "no", "thin": "unknown", "silent": "unknown"}
    assert figures(outcome)["relapsed"] == 1
    assert "Of 4 accepted ones 1 relapsed; of 2 nobody knows" in outcome.answer[0].en


def test_samples_before_and_after_acceptance_are_never_mixed(tmp_path):
    text = HEAD + rows("a", HEAVY, days=(1, 2, 3), treated="2025-05-10")
    text += rows("a", GOOD, days=(11, 12, 13), treated="2025-05-10")
    grades = table(ran(tmp_path, text), "grades")
    assert [(row[1], row[2].en, row[5] and row[5].en) for row in grades] == [
        ("2025-05", "heavy", None),
        ("2025-05", "none", "yes"),
    ]


def test_longer_periods_gather_more_samples(tmp_path):
    text = HEAD + "".join(rows("a", GOOD, f"2025-0{month}", days=(5,)) for month in (4, 5, 6))
    assert figures(ran(tmp_path, text))["unknown"] == 1
    assert figures(ran(tmp_path, text, period="quarter"))["clear"] == 1
    assert table(ran(tmp_path, text, period="quarter"), "grades")[0][1] == "2025 Q2"
    assert table(ran(tmp_path, text, period="year"), "grades")[0][1] == "2025"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (HEAD + "a,A,2025-05-03,-1,5,100,1,\n", "too small"),
        (HEAD + "a,,2025-05-03,40,5,100,1,\n", "names its water body"),
        (HEAD + "a,A,2025-05-03,40,5,100,1,soon\n", "not a day"),
        (
            HEAD + "a,A,2025-05-03,40,5,100,1,2025-01-01\na,A,2025-05-04,40,5,100,1,2025-02-01\n",
            "one day of acceptance",
        ),
        ("body,date\na,2025-05-03\n", "needed column"),
        ("body,point,date,oxygen (cm)\na,A,2025-05-03,5\n", "different things"),
    ],
)
def test_files_that_are_no_samples_are_refused(tmp_path, text, what):
    with pytest.raises(BadInput) as caught:
        ran(tmp_path, text)
    assert what in str(caught.value)


def test_metres_of_transparency_are_converted_and_unknown_indices_refused(tmp_path):
    text = HEAD.replace("transparency", "透明度(m)") + rows("a", "0.2,5,100,1")
    assert table(ran(tmp_path, text), "grades")[0][2].en == "light"
    with pytest.raises(BadUse) as caught:
        ran(tmp_path, text, indices="oxigen")
    assert caught.value.faults[0].guess == "oxygen"


def test_run_from_the_command_line_in_both_languages(tmp_path):
    path = tmp_path / "samples.csv"
    path.write_text(HEAD + rows("Lake", HEAVY), "utf-8")
    out = fine("run", "black_odour", f"samples={path}", "--to", tmp_path / "out", "--format", "html")
    assert "1 water bodies are black and odorous" in out
    assert "1 个水体黑臭" in fine("run", "black_odour", f"samples={path}", language="zh")
    path.write_text(HEAD + "a,,2025-05-03,40,5,100,1,\n", "utf-8")
    assert "须写明水体和点位" in refused(3, "run", "black_odour", f"samples={path}", language="zh")


def test_a_grade_known_in_part_is_told_from_to(tmp_path):
    outcome = ran(tmp_path, HEAD + rows("a", "20,5,,1"))
    grade = table(outcome, "grades")[0][2]
    assert (grade.zh, grade.en) == ("轻度至重度", "light to heavy")
    assert figures(outcome)["black_odorous"] == 1
