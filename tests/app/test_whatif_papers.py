"""Papers of what-if and law-diff: the same tables in both languages, numbers as numbers, the project on a map."""

import re
from datetime import date

import pytest

from indicators.made import city_tables, state_of
from indicators.small_rulebook import dictionary, small
from plan.projects.made import box, feature, line, point, project, state
from tulou.kernel.words import LANGUAGES
from tulou.model.changes import applied
from tulou.plan.effects import effect
from tulou.plan.projects.editing import as_changes
from tulou.plan.whatif.comparing import commencements, compare_rules
from tulou.plan.whatif.laws import with_values
from tulou.plan.whatif.outcome import outcome
from tulou.plan.whatif.subjects import Tried
from tulou.publish.paper.content import Art, Sheet, Text
from tulou.publish.whatif.assemble import calendar_papers, law_papers, project_papers
from tulou.publish.whatif.drawing import project_map
from tulou.publish.whatif.machine import law_document, plain_setting, trial_document
from tulou.publish.whatif.telling import edit_text, people_moved, setting_text, signed, values_text

DAY = date(2024, 6, 30)


@pytest.fixture
def tried(tmp_path):
    city = state()
    found = project(
        tmp_path,
        feature(box(400, 100, 420, 130), use="residential", floors=8, lift=False, residents=120, name="New <house>"),
        feature(action="close", id="s1"),
        feature(action="remove", entity="building", id="h2"),
        feature(action="change", id="h1", lift=True),
        feature(line((100, 20), (100, 240)), **{"class": "branch"}),
        city=city,
    )
    changed = as_changes(found, city)
    return Tried(found, changed, city, small(), outcome(effect(small(), city, changed), small()))


@pytest.fixture
def compared():
    tables = city_tables(4)
    city = state_of(tables, complete=("green", "parcel", "building"))
    return compare_rules(city, (small(), DAY), (with_values(small(), ["height.range=1..8"], DAY), DAY), near=0.2)


def sheets(paper):
    return {part.name: part for part in paper.parts if isinstance(part, Sheet)}


def test_a_paper_has_the_same_tables_in_both_languages(tried):
    papers = project_papers(tried, LANGUAGES)
    chinese, english = (sheets(papers[language]) for language in ("zh", "en"))
    assert len(chinese) == len(english) >= 5
    for one, other in zip(chinese.values(), english.values(), strict=True):
        assert len(one.rows) == len(other.rows)
        assert [column.kind for column in one.columns] == [column.kind for column in other.columns]
        assert all(len(row) == len(one.columns) for row in (*one.rows, *other.rows))
        assert len(one.name) <= 31 >= len(other.name)
    assert papers["en"].title == "Made: what if 'project'"
    assert papers["zh"].synthetic


def test_numbers_stand_as_numbers(tried):
    found = sheets(project_papers(tried, ("en",))["en"])
    for sheet in found.values():
        for place, column in enumerate(sheet.columns):
            kinds = {type(row[place]) for row in sheet.rows}
            assert kinds <= ({float, int, type(None)} if column.kind == "number" else {str})
    moves = {(row[0], row[1]): row for row in found["Values that move"].rows}
    row = moves["schools", "Made (City)"]
    assert (row[2], row[3], row[4]) == (2.0, 1.0, -1.0)


def test_every_edit_is_listed_in_words(tried):
    rows = sheets(project_papers(tried, ("en",))["en"])["What it does"].rows
    assert [row[0] for row in rows] == ["add", "close", "remove", "change", "add"]
    assert rows[0][2] == "New <house>"
    assert rows[0][4] == "Use Residential, Storeys 8, Has a lift no, Residents 120 people"
    assert rows[1][4] == ""
    assert rows[3][4] == "Has a lift yes"
    chinese = sheets(project_papers(tried, ("zh",))["zh"])["逐项内容"].rows
    assert chinese[0][4] == "用途 住宅、层数 8、有电梯 否、常住人口 120 人"


def test_a_paper_tells_the_people_and_what_fails_anew(tried):
    paper = project_papers(tried, ("en",))["en"]
    cover = dict(paper.cover)
    assert people_moved(tried.changed, tried.state) == 120.0 - 40.0
    assert cover["Change in residents"] == "+80 people"
    assert cover["Project"] == "project"
    texts = [part.text for part in paper.parts if isinstance(part, Text)]
    count = len(tried.outcome.red_lines) + len(tried.outcome.red_findings)
    wanted = f"Fails with the change and not without it: {count}." if count else "Nothing fails anew."
    assert wanted in texts


def test_the_map_shows_each_kind_of_edit_once_in_the_legend(tried):
    drawn = project_map(tried.project, tried.state, "en")
    for words in ("new", "closed or removed", "changed"):
        assert drawn.picture.body.count(f">{words}<") == 1
    assert drawn.picture.body.count("<circle") == len(tried.project.edits)
    assert drawn.picture.on_base
    assert drawn.base.startswith("<g")
    numbers = [float(one) for one in re.findall(r'c[xy]="([\d.]+)"', drawn.picture.body)]
    assert all(0 <= one <= 600 for one in numbers)
    assert any(isinstance(part, Art) for part in project_papers(tried, ("zh",))["zh"].parts)


def test_a_project_without_a_place_has_no_map(tmp_path):
    city = state(city={"id": ["city"], "geometry": [box(0, 0, 1000, 500)], "name": ["Made"]})
    found = project(tmp_path, feature(action="change", entity="city", id="city", name="Renamed"), city=city)
    assert project_map(found, city, "en") is not None  # The city itself has an outline.
    bare = project(tmp_path, feature(point(50, 50), category="clinic"))
    assert project_map(bare, city, "zh").picture.title == "项目位置"


def test_a_law_paper_has_both_versions_and_what_is_near(compared):
    paper = law_papers(compared, ("en",))["en"]
    found = sheets(paper)
    ((title, before, after),) = found["Parameters that change"].rows
    assert "height.range" in title
    assert before.startswith("1–18 · since 2000-01-01 · E · sourced")
    assert after.startswith("1–8 · since 2024-06-30 · 假设值 as asked")
    flips = found["Verdicts that turn"].rows
    assert {row[0] for row in flips} == {"Storeys of the tallest"}
    assert all(row[3] != row[5] for row in flips)
    assert all(row[2] == row[4] for row in flips)  # The value is the same; the mark is another.
    for row in found["Near the mark"].rows:
        assert abs(row[3]) <= 0.2 * 8
    assert dict(paper.cover)["Before"].endswith("2024-06-30")


def test_a_calendar_paper_has_a_row_for_each_day():
    city = state_of(city_tables(4), complete=("green", "parcel", "building"))
    days = commencements(city, small(), date(2019, 1, 1))
    paper = calendar_papers(city, days, small(), ("zh",))["zh"]
    (table, *others) = sheets(paper).values()
    assert [row[0] for row in table.rows] == ["2020-01-01", "2024-01-01", "2025-01-01"]
    assert all(other.rows and len(other.name) <= 31 for other in others)
    assert len({other.name for other in others}) == len(others)
    empty = sheets(calendar_papers(city, (), small(), ("en",))["en"])["Coming into force"]
    assert (list(empty.rows), empty.empty) == ([], "No rule comes into force after this day.")


def test_documents_hold_what_papers_show(tried, compared):
    document = trial_document(tried)
    assert len(document["moves"]) == len(sheets(project_papers(tried, ("en",))["en"])["Values that move"].rows)
    assert [edit["action"] for edit in document["project"]["edits"]] == ["add", "close", "remove", "change", "add"]
    assert document["not_assessed"]
    law = law_document(compared)
    assert law["near_the_mark"]["share"] == 0.2
    assert law["parameters"][0]["after"]["value"] == [1.0, 8.0]


def test_settings_of_every_shape_in_words():
    book = small()

    def setting(name):
        return book.parameters[name].values.on(DAY).value

    assert setting_text(setting("park.pass_mark"), "percent", "en") == "85%"
    assert setting_text(setting("park.radius"), "km", "en") == "≥ 0.2: 0.3 km, ≥ 0.5: 0.5 km"
    assert setting_text(setting("school.least"), "facility", "zh") == "prefecture: 2 处、county: 1 处"
    assert plain_setting(setting("school.least")) == {"by": "city.rank", "values": {"prefecture": 2.0, "county": 1.0}}
    assert plain_setting(setting("park.radius")) == [[0.2, 0.3], [0.5, 0.5]]
    assert signed(-3.0, "person", "en") == "−3 people"
    assert signed(0.0, "person", "zh") == "0 人"


def test_an_edit_in_one_line(tried):
    lines = [edit_text(edit, dictionary(), "en") for edit in tried.project.edits]
    assert lines[1] == "close Facility Old School (s1)"
    assert lines[4].startswith("add Road or way project:project-5: Class Branch")
    assert values_text(tried.project.edits[1], dictionary(), "zh") == ""
    assert applied(tried.state, tried.changed).rows("road").ids.tolist()[-1] == "project:project-5"
