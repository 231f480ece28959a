"""No table about a natural person carries a score, a rank, a risk, a mood or a trajectory; and the inspection bites."""

from pathlib import Path

import pytest

from tulou.operations.trust.adapters.schemas import (
    module_tables,
    read_bans,
    rulebook_tables,
    source_tables,
    sql_tables,
)
from tulou.operations.trust.domain.bans import STALE, Bans, Column, Table, ban_faults

ROOT = Path(__file__).parents[2]
BOOKS = sorted(page.parent for page in (ROOT / "rulebooks").glob("*/rulebook.yaml"))
BANS = read_bans(BOOKS)
CLASS = "@dataclass\nclass {}:\n    id: str\n    {}: {}\n"


@pytest.fixture(scope="module")
def tables():
    return [*source_tables(ROOT / "src" / "tulou"), *(one for book in BOOKS for one in rulebook_tables(book))]


def faults(*tables, bans=BANS):
    return [str(one.found) for one in ban_faults(tables, bans)]


def test_nothing_of_the_house_marks_a_person(tables):
    assert not [str(one) for one in ban_faults(tables, BANS)]


def test_every_exception_says_why():
    assert all(BANS.allowed.values())


def test_the_inspection_sees_every_kind_of_schema(tables):
    names = {one.name for one in tables}
    assert {"Case", "Event", "Account", "Identity", "Request"} <= names
    assert {"account", "requester", "access", "account_grant"} <= names
    assert {"inspector", "safety_certificate", "enterprise", "building"} <= names
    assert {"case_city_management", "case_hidden_danger"} <= names
    assert len(tables) > 500


def test_the_tables_of_persons_that_there_are_are_seen_as_such(tables):
    from tulou.operations.trust.domain.bans import about_person

    seen = {one.name for one in tables if about_person(one, BANS)}
    assert {"Account", "account", "requester", "inspector", "safety_certificate", "account_token"} <= seen
    assert not {"Case", "building", "enterprise", "community", "case_city_management"} & seen


def mutated(tables, name, column):
    """The schemas of the house with a column added to one of them."""
    assert any(one.name == name for one in tables)
    return [
        Table(one.name, (*one.columns, column), one.keys, one.title, one.where) if one.name == name else one
        for one in tables
    ]


MARKS = (
    "score", "risk_level", "rank", "sentiment", "trajectory", "complaints", "frequent", "blacklist", "moodScore",
    "gps_track", "repeat_calls", "reliability_rating",
)  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("name", ["requester", "account", "inspector", "Account", "safety_certificate"])
def test_a_mark_added_to_a_table_of_persons_fails(tables, name, mark):
    assert faults(*mutated(tables, name, Column(mark, "", "here:1")))


@pytest.mark.parametrize(
    "title", ["投诉频次", "信访人情绪", "活动轨迹", "风险等级", "综合得分", "行为画像", "重点人员标记"]
)
def test_a_chinese_title_gives_a_mark_away_whatever_the_column_is_called(tables, title):
    assert faults(*mutated(tables, "inspector", Column("x1", title, "here:1")))


@pytest.mark.parametrize(
    "name", ["Case", "building", "enterprise", "community", "case_city_management", "case_hidden_danger", "grid_cell"]
)
@pytest.mark.parametrize("mark", ["score", "risk_level", "rank", "repeats"])
def test_a_score_of_a_case_a_place_a_building_or_an_enterprise_passes(tables, name, mark):
    assert not faults(*mutated(tables, name, Column(mark, "", "here:1")))


@pytest.mark.parametrize("mark", ["requester_score", "complainant_risk", "caller_frequency", "callerMood"])
def test_a_mark_whose_name_speaks_of_a_person_fails_even_on_a_case(tables, mark):
    assert faults(*mutated(tables, "Case", Column(mark, "", "here:1")))
    assert faults(*mutated(tables, "case_city_management", Column(mark, "", "here:1")))


def test_a_case_that_identifies_somebody_may_carry_no_mark():
    assert faults(Table("case", (Column("id"), Column("phone"), Column("score"))))
    assert not faults(Table("case", (Column("id"), Column("requester"), Column("score"))))


@pytest.mark.parametrize(
    "text",
    [
        CLASS.format("Resident", "score", "float"),
        CLASS.format("Profile", "id_number", "str") + "    danger: int\n",
        "class Row(TypedDict):\n    caller: str\n    rank: int\n",
        'X = Table("volunteer", M, Column("id", String, primary_key=True), Column("rating", Float))',
        'X = Table("notes", M, Column("phone", String, primary_key=True), Column("mood", String))',
        'X = sa.Table("visit", M, sa.Column("citizen"), sa.Column("track"), sa.PrimaryKeyConstraint("citizen"))',
        'SCHEMA = pa.schema([("resident", pa.string()), ("risk", pa.float64())])',
        'SCHEMA = pa.schema([pa.field("resident", pa.string()), pa.field("trajectory", pa.string())])',
        'S = "CREATE TABLE IF NOT EXISTS caller (id TEXT PRIMARY KEY, calls INTEGER, frequency REAL)"',
        'S = """CREATE TABLE t (petitioner TEXT, score NUMERIC(4, 2), PRIMARY KEY (petitioner))"""',
    ],
)
def test_every_way_of_writing_a_schema_is_read(text):
    assert len(faults(*module_tables(text, "made_up.py"))) == 1


@pytest.mark.parametrize(
    "text",
    [
        CLASS.format("Body", "score", "float"),
        CLASS.format("Street", "complaints", "int"),
        'X = Table("case", M, Column("id", primary_key=True), Column("requester"), Column("score"))',
        'SCHEMA = pa.schema([("community", pa.string()), ("residents", pa.int64()), ("risk", pa.float64())])',
        'S = "CREATE TABLE grid (code TEXT PRIMARY KEY, score REAL)"',
        "class Nothing:\n    pass\n",
    ],
)
def test_what_is_not_about_persons_is_left_alone(text):
    assert not faults(*module_tables(text, "made_up.py"))


def test_the_place_is_told():
    (fault,) = ban_faults(module_tables(CLASS.format("Resident", "score", "float"), "made_up.py"), BANS)
    assert fault.where == "made_up.py:4"
    (table,) = sql_tables("create table a (b int, c text)", "x.py:9")
    assert [(one.name, one.where) for one in table.columns] == [("b", "x.py:9"), ("c", "x.py:9")]


def test_a_rulebook_that_declares_a_mark_of_persons_is_found(tmp_path):
    (tmp_path / "columns").mkdir()
    (tmp_path / "columns" / "resident.yaml").write_text(
        "entity: petitioner\ntitle: {zh: 信访人, en: Petitioner}\ngeometry: none\nattributes:\n"
        "  stability: {title: {zh: 稳定性评估, en: Stability}, type: number}\n"
    )
    (fault,) = ban_faults(rulebook_tables(tmp_path), BANS)
    assert fault.where.endswith("columns/resident.yaml:5")


def test_an_exception_excuses_one_column_and_goes_stale():
    table = Table("inspector", (Column("id"), Column("score")))
    excused = Bans(
        BANS.persons, BANS.identifiers, BANS.marks, BANS.subjects, {"inspector.score": "a test", "x.y": "old"}, {}
    )
    assert [(one.what, one.found) for one in ban_faults([table], excused)] == [(STALE, "x.y")]
