"""Scenario cards from written outcomes: numbers, needs and what lacks, chains, and one page."""

import json

import pytest

from app.line import fine, refused
from tulou.app import running
from tulou.kernel.errors import BadInput, BadUse
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

STOCK = "id,taxonomy,number,structural,night\na,URM.M.PC,100,1000,200\n"
NEEDS = (
    "need,unit,of,rate,amount,available,owner,hours\n"
    "Shelter,m2,earthquake_exposure.homeless,1.5,,60,Housing bureau,24\n"
    "Rescuers,people,,,40,50,Fire brigade,6\n"
    "Water,L/day,earthquake_exposure.homeless,3,,,Water bureau,24\n"
)
CASCADE = "cause,effect,chance\nquake,power,0.5\npower,water,0.4\n"


@pytest.fixture
def outcomes(tmp_path):
    """A folder with the outcome of one earthquake, whose motion is uncertain."""
    (tmp_path / "stock.csv").write_text(STOCK, "utf-8")
    done = running.run_process("earthquake_exposure", {"exposure": tmp_path / "stock.csv", "pga": 2, "spread": 0.4})
    folder = tmp_path / "out"
    running.write_outcome(done, folder, (), ("en",))
    return folder


def ran(outcomes, needs=NEEDS, **given):
    given = {"title": "A quake at night", "outcomes": outcomes, **given}
    if needs is not None:
        given["needs"] = outcomes.parent / "needs.csv"
        given["needs"].write_text(needs, "utf-8")
    if "cascade" in given:
        path = outcomes.parent / "cascade.csv"
        path.write_text(given["cascade"], "utf-8")
        given["cascade"] = path
    process = processes()["scenario_card"]
    return process.run(Run(process.values(given)))


def table(outcome, name):
    return next(one for one in outcome.tables if one.name == name)


def homeless(outcomes):
    figures = json.loads((outcomes / "earthquake_exposure.json").read_text("utf-8"))["figures"]
    return next(one for one in figures if one["name"] == "homeless")


def test_needs_follow_the_upper_bound_or_the_mean(outcomes):
    figure = homeless(outcomes)
    assert figure["low"] < figure["value"] < figure["high"]
    for plan, people in (("high", figure["high"]), ("middle", figure["value"])):
        rows = {row[0]: row for row in table(ran(outcomes, plan_for=plan), "needs").rows}
        assert rows["Shelter"][1] == pytest.approx(1.5 * people)
        assert rows["Shelter"][3] == pytest.approx(1.5 * people - 60)
        assert rows["Rescuers"][3] == 0
        assert rows["Water"][2:4] == [None, None]


def test_the_card_says_what_lacks_and_what_is_unknown(outcomes):
    outcome = ran(outcomes, cascade=CASCADE, start="quake")
    said = " ".join(one.en for one in outcome.answer)
    assert "Scenario: A quake at night." in said
    assert "would collapse" in said
    assert "What lacks: Shelter:" in said
    assert "Rescuers" not in said
    assert any("Unknown whether enough is there: Water" in one.en for one in outcome.warnings)
    assert table(outcome, "chains").rows == [["quake → power → water", pytest.approx(20)]]
    assert [row[0] for row in table(outcome, "needs").rows] == ["Rescuers", "Shelter", "Water"]
    assert outcome.is_card
    assert set(outcome.sources) == {"earthquake_exposure.json", "needs.csv", "cascade.csv"}


def test_numbers_are_those_of_the_outcome(outcomes):
    rows = {row[1].en: row for row in table(ran(outcomes, needs=None), "numbers").rows}
    figure = homeless(outcomes)
    assert rows["Homeless people"][2:4] == [pytest.approx(figure["value"]), pytest.approx(figure["high"])]
    assert rows["Homeless people"][4].en == "people"


@pytest.mark.parametrize(
    ("needs", "what"),
    [
        (NEEDS.replace("earthquake_exposure.homeless,1.5", "earthquake_exposure.homles,1.5"), "no outcome has"),
        (NEEDS.replace("homeless,1.5,,", "homeless,1.5,7,"), "an amount, or a rate"),
        (NEEDS.replace("homeless,1.5,,", "homeless,,,"), "a rate is needed"),
        (NEEDS.replace("Fire brigade", ""), "a name and an owner"),
        (NEEDS.replace("Rescuers,people,,,40", "Rescuers,people,,,"), "an amount, or a rate"),
        (NEEDS + "More,x,,,1,1,A,1\n" * 20, "fewer needs"),
    ],
)
def test_needs_that_are_none_are_refused(outcomes, needs, what):
    with pytest.raises(BadInput, match=what):
        ran(outcomes, needs)


def test_outcomes_that_are_none_are_refused(outcomes, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(BadInput, match="no outcomes"):
        ran(empty, needs=None)
    (empty / "other.json").write_text('{"a": 1}', "utf-8")
    with pytest.raises(BadInput, match="no outcome of a model"):
        ran(empty, needs=None)
    (outcomes / "again.json").write_text((outcomes / "earthquake_exposure.json").read_text("utf-8"), "utf-8")
    with pytest.raises(BadInput, match="of one process"):
        ran(outcomes, needs=None)


def test_a_cascade_needs_its_start(outcomes):
    with pytest.raises(BadUse, match="together"):
        ran(outcomes, cascade=CASCADE)
    with pytest.raises(BadUse, match="nothing hangs"):
        ran(outcomes, cascade=CASCADE, start="rain")


def test_the_card_stands_on_one_page(outcomes, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    ran(outcomes)
    (tmp_path / "cascade.csv").write_text(CASCADE, "utf-8")
    given = {
        "title": "A quake at night",
        "outcomes": outcomes,
        "needs": tmp_path / "needs.csv",
        "cascade": tmp_path / "cascade.csv",
        "start": "quake",
    }
    folder = tmp_path / "card"
    running.write_outcome(running.run_process("scenario_card", given), folder, ("pdf",), ("en",))
    pages = [page.extract_text() for page in pypdf.PdfReader(folder / "scenario_card.en.pdf").pages]
    (whole,) = [text for text in pages if "Scenario: A quake at night" in text and "Needs and what lacks" in text]
    assert "quake → power → water" in whole
    assert "SHA-256" not in whole


def test_run_from_the_command_line_in_both_languages(outcomes):
    ran(outcomes)
    needs = outcomes.parent / "needs.csv"
    words = ("run", "scenario_card", "title=夜间地震", f"outcomes={outcomes}", f"needs={needs}")
    assert "缺口：Shelter缺" in fine(*words, language="zh")
    needs.write_text(NEEDS.replace("Fire brigade", ""), "utf-8")
    assert "须有名称和责任单位" in refused(3, *words, language="zh")
