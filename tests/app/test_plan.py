"""``tulou plan``, ``tulou remedies``, ``tulou site`` as a person uses them, and what they refuse."""

import json
from datetime import date

import numpy as np
import pytest

from app.line import contents, fine, refused
from tulou.app.checking import Question, run, state_of
from tulou.app.plan_demonstration import PRICES, plan_rongcheng, site_helsinki
from tulou.app.planning import Request, plan_city, write_plan
from tulou.app.wiring import open_city
from tulou.kernel.errors import Conflict
from tulou.plan.effects import differs
from tulou.plan.renewal.wishes import Wishes

PRICE_LINES = (
    "remedy,price,unit,dated,source\n"
    "repair_stairwell,60000,yuan,2026-05-01,bids of 2026\n"
    "renew_gas_riser,2400,,,\n"
    "small_park,900,,,\n"
    "community_service_rooms,4500,,,\n"
)
MONEY = ("--budget", "2027=300000", "--budget", "2028=20万")


@pytest.fixture(scope="module")
def prices(tmp_path_factory):
    path = tmp_path_factory.mktemp("prices") / "prices.csv"
    path.write_text(PRICE_LINES, encoding="utf-8")
    return path


@pytest.fixture
def planned(own, prices):
    """A plan of a city of one's own, kept on branches."""
    wishes = Wishes({2027: 300_000.0, 2028: 200_000.0}, alternatives=1)
    return plan_city(own, Request(Question(), prices, keep_on="option"), wishes)


def test_a_plan_in_json_tells_what_when_and_for_how_much(own, prices):
    told = json.loads(fine("plan", own, *MONEY, "--prices", prices, "--json", "--format", "none"))
    assert told["budgets"] == {"2027": 300_000.0, "2028": 200_000.0}
    assert told["projects"]
    for year, spent in told["spent"].items():
        assert spent <= told["budgets"][year]
        assert spent == pytest.approx(sum(one["cost"] for one in told["projects"] if str(one["year"]) == year))
    assert told["value"] <= told["bound"]
    assert told["prices"]["file"] == "prices.csv"
    assert told["left_out"]
    assert {one["reason"] for one in told["left_out"]} >= {"no_price"}
    kept = own / "plans" / told["id"] / "plan.json"
    assert json.loads(kept.read_text("utf-8"))["projects"] == told["projects"]


@pytest.mark.slow
def test_a_plan_reads_in_either_language_and_writes_its_papers(own, prices, tmp_path):
    papers = tmp_path / "papers"
    words = ("plan", own, *MONEY, "--prices", prices, "--format", "html", "--to", papers, "--alternatives", "0")
    chinese, english = (fine(*words, language=language) for language in ("zh", "en"))
    assert "分年度项目" in chinese
    assert "Projects by year" in english
    assert {path.name for path in papers.iterdir()} == {"plan.zh.html", "plan.en.html"}
    page = (papers / "plan.en.html").read_text("utf-8")
    assert "Renewal project library" in page
    assert "bids of 2026" in page


@pytest.mark.slow
def test_the_plan_is_what_a_check_of_the_built_branches_finds(planned):
    """Each project is merged into the city for real, the city checked afresh, and no figure differs."""
    city = open_city(planned.city)
    expected = planned.plan.outlook[2028].after.check.results
    assert len(planned.branches) == len(planned.plan.projects) > 1
    for name in planned.branches.values():
        city.merge(name, valid_from=date(2026, 1, 1))
    found = run(open_city(planned.city), Question()).check.results
    for name in ("indicator", "variant", "level", "unit", "status"):
        assert found[name].to_pylist() == expected[name].to_pylist(), name
    for name in ("value", "numerator", "denominator"):
        assert not differs(*(np.asarray(table[name].to_numpy(), float) for table in (found, expected))).any()


def test_each_project_stands_on_a_branch_of_its_own(planned):
    city = open_city(planned.city)
    one = next(project for project in planned.plan.projects if project.candidate.remedy.id == "repair_stairwell")
    name = planned.branches[one.id]
    assert name.startswith("option.")
    state = state_of(city, Question(branch=name))
    rows = state.rows("building")
    mended = dict(zip(map(str, rows.ids), rows.numbers("stair_hazard"), strict=True))
    assert all(mended[home] == 0.0 for home in one.candidate.objects)
    untouched = state_of(city, Question()).rows("building")
    assert any(
        flag == 1.0
        for home, flag in zip(map(str, untouched.ids), untouched.numbers("stair_hazard"), strict=True)
        if home in one.candidate.objects
    )
    with pytest.raises(Conflict, match="branch of this name"):
        plan_city(planned.city, Request(Question(), None, keep_on="option"), Wishes({2027: 1.0}))


@pytest.mark.slow
def test_papers_are_the_same_bytes_twice(planned, tmp_path):
    for folder in ("a", "b"):
        write_plan(planned, ["html", "docx", "xlsx"], ["zh"], folder=tmp_path / folder)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 3


def test_without_prices_a_plan_says_so(own):
    said = fine("plan", own, "--budget", "2027=1000", "--format", "none")
    assert "there is no project to choose" in said
    assert "no price" in said


def test_the_catalogue_lists_prices_and_what_has_none():
    said = fine("remedies")
    assert "rebuild_in_place" in said
    assert "967,153" in said
    assert "none is made up" in said
    told = json.loads(fine("remedies", "--json", "--indicator", "age_friendly_need_homes"))
    assert {one["id"] for one in told["remedies"]} == {"add_lift", "age_friendly_renovation", "lift_and_age_friendly"}
    assert all(one["price"] is None for one in told["remedies"])


def test_what_could_be_done_in_a_city_is_listed(rongcheng, prices):
    told = json.loads(fine("remedies", rongcheng, "--prices", prices, "--json"))
    stairs = [one for one in told["candidates"] if one["remedy"] == "repair_stairwell"]
    assert stairs
    assert all(one["cost"] == 60_000.0 * len(one["objects"]) for one in stairs)
    assert "candidates" in fine("remedies", rongcheng, "--limit", "3")
    assert "个备选项目" in fine("remedies", rongcheng, "--limit", "3", language="zh")


def test_sites_are_told_and_can_be_tried(own, tmp_path):
    project = tmp_path / "sites.geojson"
    words = ("site", own, "--category", "kindergarten", "--sites", "public_land", "--sites", "residential_land")
    told = json.loads(fine(*words, "--count", "2", "--model", "mclp", "--to", project, "--json"))
    assert len(told["chosen"]) <= 2
    assert told["served"] >= told["served_before"]
    gains = [step["gain"] for step in told["steps"]]
    assert sum(gains) == pytest.approx(told["served"] - told["served_before"])
    page = json.loads(project.read_text("utf-8"))
    assert len(page["features"]) == len(told["chosen"])
    assert fine("whatif", own, "--project", project, "--format", "none")
    assert "people served" in fine(*words, "--count", "1")
    assert "服务" in fine(*words, "--count", "1", language="zh")


def test_fewest_sites_and_shortest_ways(own):
    words = ("site", own, "--category", "nursery", "--sites", "residential_land", "--json")
    fewest = json.loads(fine(*words, "--model", "lscp", "--reach", "600"))
    assert fewest["served"] <= fewest["people"]
    shortest = json.loads(fine(*words, "--model", "pmedian", "--count", "2"))
    assert [step["count"] for step in shortest["steps"]] == [1, 2]
    assert shortest["steps"][1]["mean"] <= shortest["steps"][0]["mean"]
    full = json.loads(fine(*words, "--model", "mclp", "--count", "2", "--capacity", "10"))
    assert full["served"] <= shortest["served"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "a plan needs the budget of at least one year"),
        (("--budget", "2027=-5"), "a budget is a number from 0 on"),
        (("--budget", "2027="), "NAME=NUMBER"),
        (("--budget", "soon=5"), "NAME=NUMBER"),
        (("--budget", "27=5"), "not a year"),
        (("--budget", "2027=5", "--budget", "2027=6"), "given twice"),
        (("--budget", "2027=5", "--indicator", "park_covr"), "did you mean: park_cover"),
        (("--budget", "2027=5", "--weight", "park_covr=2"), "did you mean: park_cover"),
        (("--budget", "2027=5", "--remedy", "add_lfit"), "did you mean: add_lift"),
        (("--budget", "2027=5", "--fairness", "equal"), "not a rule of fairness"),
        (("--budget", "2027=5", "--fairness", "share:2"), "a share lies between 0 and 1"),
        (("--budget", "2027=5", "--gap", "2"), "a gap lies from 0"),
        (("--budget", "2027=5", "--branch", "../up"), "not a name for a branch"),
        (("--budget", "2027=5", "--base", "nowhere"), "no such branch"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_is_kept(own, words, what):
    before = contents(own)
    assert what in refused(4, "plan", own, *words, "--format", "none")
    assert contents(own) == before


def test_faulty_prices_are_refused_with_their_line(own, tmp_path):
    before = contents(own)
    path = tmp_path / "p.csv"
    path.write_text("remedy,price\nadd_lfit,5\nadd_lift,cheap\n", encoding="utf-8")
    said = refused(3, "plan", own, "--budget", "2027=5", "--prices", path, "--format", "none")
    assert "p.csv:2" in said
    assert "did you mean: add_lift" in said
    assert "p.csv:3" in said
    assert contents(own) == before


def test_what_must_be_done_says_how_much_it_lacks(own, prices):
    told = json.loads(fine("remedies", own, "--prices", prices, "--json"))
    one = next(one for one in told["candidates"] if one["remedy"] == "repair_stairwell")
    words = ("plan", own, "--budget", "2027=10", "--prices", prices, "--must", one["id"], "--format", "none")
    assert f"allowed: 2027={one['cost']:.0f}" in refused(4, *words)
    said = refused(4, *words[:-4], "--must", "repair_stairwell@nowhere", "--format", "none", language="zh")
    assert "没有这个备选项目" in said


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (("--category", "kindergarden"), 4, "did you mean: kindergarten"),
        (("--category", "kindergarten", "--sites", "public_lnad"), 4, "did you mean: public_land"),
        (("--category", "kindergarten", "--sites", "idle_land"), 2, "no object of these selections"),
        (("--category", "kindergarten", "--sites", "residential_land", "--count", "0"), 4, "not a number of sites"),
        (("--category", "kindergarten", "--reach", "-1"), 4, "a reach is a number above 0"),
        (("--category", "kindergarten", "--capacity", "0"), 4, "a capacity is a number above 0"),
        (("--category", "kindergarten", "--serves", "lines"), 4, "nobody is counted"),
        (("--category", "bank", "--model", "mclp", "--sites", "residential_land"), 4, "needs a reach"),
    ],
)
def test_sites_that_cannot_be_asked_for(rongcheng, words, code, what):
    assert what in refused(code, "site", rongcheng, *words)


@pytest.mark.slow
def test_the_plan_of_the_demonstration_says_that_its_prices_are_made_up(own, tmp_path):
    planned = plan_rongcheng(own, tmp_path)
    assert planned.has_made_up_prices
    assert planned.plan.projects
    assert "MADE UP" in (tmp_path / PRICES).read_text("utf-8")
    (page,) = write_plan(planned, ["html"], ["en"], folder=tmp_path)
    assert "made up for the demonstration" in page.read_text("utf-8")


@pytest.mark.slow
def test_sites_in_the_real_city(helsinki):
    found = site_helsinki(helsinki).found
    assert len(found.chosen) == 3
    assert all(step.gain > 0.0 for step in found.steps)


@pytest.mark.slow
def test_the_report_of_a_check_lists_the_remedies_and_projects_of_its_plan(planned, tmp_path):
    fine("report", planned.city, "--to", tmp_path / "with", "--format", "html,docx,xlsx", "--language", "en")
    page = (tmp_path / "with" / "report.en.html").read_text("utf-8")
    assert "projects are chosen" in page
    assert "Make stairwells safe (in 2027" in page
    assert "The library is empty" not in page
    for plan in (planned.city / "plans").rglob("plan.json"):
        plan.write_text("{", encoding="utf-8")
    fine("report", planned.city, "--to", tmp_path / "without", "--format", "html", "--language", "en")
    assert "The library is empty" in (tmp_path / "without" / "report.en.html").read_text("utf-8")
