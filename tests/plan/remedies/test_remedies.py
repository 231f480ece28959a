"""The catalogue of remedies: what is read, and every fault a page can have, each with file, line and nearest guess."""

import json
import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml

from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.kernel.errors import BadInput
from tulou.plan.remedies.prices import read_prices
from tulou.plan.remedies.read import read_remedies
from tulou.plan.remedies.schema import remedies_schema

PAGE = """
mend:
  title: {zh: 修, en: Mend}
  about: {zh: 修好, en: Mends it}
  fixes: {structural_hazard_homes: [recorded]}
  acts_on: residential_building
  change: {structure_hazard: false}
  cost: {of: floor_area_best, unit: yuan/m2, per: {zh: 平方米, en: m²}}
  consent: [owners_majority]
"""


@cache
def china():
    return rulebook(RULEBOOKS)


@cache
def catalogue():
    return read_remedies(china())


def own(folder: Path, text: str):
    """Read a city's own page of remedies after those of China."""
    place = folder / "own" / "remedies"
    place.mkdir(parents=True)
    (place / "page.yaml").write_text(text, encoding="utf-8")
    return read_remedies(china(), [folder / "own"])


def faults(folder: Path, text: str):
    with pytest.raises(BadInput) as told:
        own(folder, text)
    return told.value.faults


def test_the_catalogue_of_china_is_read_and_its_words_are_in_both_languages():
    found = catalogue()
    assert len(found.remedies) >= 40
    for remedy in found.remedies.values():
        assert remedy.consents, remedy.id
        assert any("\u4e00" <= letter <= "\u9fff" for letter in remedy.title.zh + remedy.about.zh), remedy.id
        assert remedy.about.en, remedy.id
        assert not set(remedy.fixes) & set(remedy.also), remedy.id


def test_no_price_is_made_up():
    priced = {name: one.cost.price for name, one in catalogue().remedies.items() if one.cost.price}
    assert set(priced) == {"rebuild_in_place"}
    price = priced["rebuild_in_place"]
    assert price.amount == round(530_000_000 / 548)  # Zhegong Xincun, methods_governance.md section 9
    assert (price.unit, price.evidence, price.on) == ("yuan/household", "derived", date(2023, 11, 28))
    assert "S72" in price.source


def test_the_majorities_are_those_of_the_civil_code():
    for name, shares in (("owners_three_quarters", "四分之三"), ("owners_majority", "过半数")):
        consent = catalogue().consents[name]
        assert "278" in consent.basis
        assert shares in consent.title.zh + consent.about.zh
        assert "三分之二" in consent.about.zh
        assert consent.evidence == "sourced"


def test_what_a_remedy_says_is_kept(tmp_path):
    remedy = own(tmp_path, PAGE).remedies["mend"]
    assert remedy.fixes == {"structural_hazard_homes": ("recorded",)}
    assert remedy.answers("structural_hazard_homes", frozenset({"recorded"}))
    assert not remedy.answers("structural_hazard_homes", frozenset({"aged"}))
    assert not remedy.answers("envelope_hazard_homes", frozenset({"recorded"}))
    assert [(one.attribute, one.value) for one in remedy.change] == [("structure_hazard", False)]
    assert remedy.where == "own/remedies/page.yaml:2"


def test_a_later_rulebook_replaces_a_remedy_and_keeps_the_rest(tmp_path):
    text = PAGE.replace("mend:", "add_lift:")
    found = own(tmp_path, text)
    assert found.remedies["add_lift"].title.en == "Mend"
    assert set(found.remedies) == set(catalogue().remedies)


PER = "per: {zh: 平方米, en: m²}}"
PRICED = "per: {{zh: 平方米, en: m²}}, price: {{amount: {}, dated: {}, source: x, evidence: {}}}}}"
FAULTY = (
    ("structure_hazard: false", "structure_hazrd: false", "no such attribute", "structure_hazard", 7),
    ("structure_hazard: false", "structure_hazard: perhaps", "cannot be this", None, 7),
    ("structural_hazard_homes: [recorded]", "structural_hazard_home: []", "no such indicator",
     "structural_hazard_homes", 5),
    ("acts_on: residential_building", "acts_on: residential_bilding", "no such selection", "residential_building", 6),
    ("[owners_majority]", "[owners_majorty]", "no such consent", "owners_majority", 9),
    ("of: floor_area_best", "of: floor_area_bets", "no such attribute", "floor_area_best", 8),
    ("of: floor_area_best", "of: use", "a number is needed", None, 8),
    ("unit: yuan/m2", "unit: yuan/household", "measure different things", None, 8),
    ("unit: yuan/m2", "unit: yuam/m2", "not a unit", None, 8),
    ("of: floor_area_best", "of: raised", "cannot be counted", None, 8),
    ("title: {zh: 修, en: Mend}", "title: Mend", "needs both languages", None, 3),
    ("change: {", "chnage: {", "unknown key", "change", 7),
    ("  acts_on: residential_building\n", "", "what is changed must be named", None, 6),
    ("  consent:", "  together: town\n  consent:", "not a value of 'together'", None, 9),
    ("  consent:", "  after: [add_lifts]\n  consent:", "no such remedy", "add_lift", 9),
    ("  consent:", "  after: [mend]\n  consent:", "no such remedy", None, 9),
    ("  consent:", "  excludes: [add_lfit]\n  consent:", "no such remedy", "add_lift", 9),
    ("  consent:", "  sites: {among: [idle_lnad]}\n  consent:", "no such selection", "idle_land", 9),
    ("  consent:", "  sites: {among: [idle_land], reach: charging.chargers_per_car}\n  consent:",
     "measure different things", None, 9),
    ("  consent:", "  add: {entity: green}\n  consent:", "needs sites", None, 3),
    ("  consent:", "  sites: {among: [idle_land]}\n  add: {entity: gren}\n  consent:", "no such entity", "green", 10),
    ("  consent:", "  sites: {among: [idle_land]}\n  add: {entity: green, shape: square}\n  consent:",
     "'area' is missing", None, 10),
    ("  consent:", "  sites: {among: [idle_land, closed_green]}\n  change_site: {use: green}\n  consent:",
     "several entities", None, 10),
    ("  consent:", "  duration: {months: 0, source: x, evidence: sourced}\n  consent:", "above zero", None, 9),
    (PER, PRICED.format("-1", "2024-01-01", "sourced"), "from 0 on", None, 8),
    (PER, PRICED.format("5", "2024-01-01", "guess"), "not a value of 'evidence'", None, 8),
    (PER, PRICED.format("5", "soon", "memory"), "must be a day", None, 8),
    ("change: {structure_hazard: false}", "change: {storeys: {parameter: parking.spaces_per_car}}",
     "measure different things", None, 7),
    ("change: {structure_hazard: false}", "change: {floor_area: {raise_to: use}}", "a number is needed", None, 7),
    ("change: {structure_hazard: false}", "change: {lift: {raise_to: storeys}}", "a number is needed", None, 7),
)  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "what", "guess", "line"), FAULTY)
def test_every_fault_names_its_line_and_the_nearest_guess(tmp_path, right, wrong, what, guess, line):
    assert right in PAGE
    found = [one for one in faults(tmp_path, PAGE.replace(right, wrong)) if what in one.what]
    assert found, [str(one) for one in faults(tmp_path / "again", PAGE.replace(right, wrong))]
    assert found[0].where == f"own/remedies/page.yaml:{line}"
    assert guess is None or found[0].guess == guess


def test_all_faults_are_told_at_once(tmp_path):
    text = PAGE.replace("structure_hazard: false", "structure_hazrd: false") + PAGE.replace("mend:", "heal:").replace(
        "yuan/m2", "yuan/m"
    )
    assert len(faults(tmp_path, text)) == 2


def test_remedies_that_wait_for_one_another_are_refused(tmp_path):
    text = PAGE.replace("  consent:", "  after: [heal]\n  consent:") + PAGE.replace("mend:", "heal:").replace(
        "  consent:", "  after: [mend]\n  consent:"
    )
    fault = next(one for one in faults(tmp_path, text) if "circle" in one.what)
    assert fault.found == "heal → mend → heal"


def test_a_later_rulebook_adds_indicators_to_a_remedy(tmp_path):
    found = own(tmp_path, "add_lift: {extends: china, also: [old_homes], fixes: [energy_retrofit_homes]}\n")
    before, after = (one.remedies["add_lift"] for one in (catalogue(), found))
    assert after.also == (*before.also, "old_homes")
    assert set(after.fixes) == {*before.fixes, "energy_retrofit_homes"}
    assert after.cost == before.cost
    faulty = (("add_lfit: {extends: china}", "to extend"), ("add_lift: {extends: chian}", "to extend"),
              ("add_lift: {extends: china, cost: 5}", "unknown key"))  # fmt: skip
    for number, (text, what) in enumerate(faulty):
        assert what in faults(tmp_path / str(number), text + "\n")[0].what


@pytest.mark.parametrize("names", [("china",), ("fujian",), ("international",), RULEBOOKS])
def test_each_rulebook_reads_with_its_remedies_alone(names):
    assert set(read_remedies(rulebook(names)).remedies) == set(catalogue().remedies)


def test_two_remedies_of_one_name_are_refused(tmp_path):
    place = tmp_path / "own" / "remedies"
    place.mkdir(parents=True)
    (place / "a.yaml").write_text(PAGE, encoding="utf-8")
    (place / "b.yaml").write_text(PAGE, encoding="utf-8")
    with pytest.raises(BadInput, match="two remedies have one id"):
        read_remedies(china(), [tmp_path / "own"])


def test_the_schema_accepts_what_is_read_and_refuses_what_is_not():
    schema = remedies_schema(china(), catalogue())
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in sorted(path for folder in china().folders for path in (folder / "remedies").glob("*.yaml")):
        page = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))
        jsonschema.validate(page, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"mend": {**yaml.safe_load(PAGE)["mend"], "fixes": ["structural"]}}, schema)


TABLE = "remedy,price,unit,dated,source\nadd_lift,520000,yuan,2026-05-01,bids\nrepair_envelope,310,,,\n"


def prices(folder: Path, name: str, text: str, encoding: str = "utf-8"):
    path = folder / name
    path.write_text(text, encoding=encoding)
    return read_prices(path, catalogue())


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        (
            "p.csv",
            "remedy,price,unit,dated,source\nadd_lift,520000,yuan,2026-05-01,bids\nrepair_envelope,310,,,\n",
            "utf-8",
        ),
        ("p.csv", "措施,单价,价格日期,来源\n既有住宅加装电梯,520000,2026-05-01,bids\nrepair_envelope,310,,\n", "gbk"),
        ("p.yaml", "add_lift: {price: 520000, dated: 2026-05-01, source: bids}\nrepair_envelope: 310\n", "utf-8"),
    ],
)
def test_prices_are_brought_along_and_say_so(tmp_path, name, text, encoding):
    found = prices(tmp_path, name, text, encoding)
    price = found.catalogue.remedies["add_lift"].cost.price
    assert (price.amount, price.unit, price.evidence, price.source) == (520_000.0, "yuan", "given", "bids")
    assert price.on == date(2026, 5, 1)
    other = found.catalogue.remedies["repair_envelope"].cost.price
    assert (other.amount, other.unit, other.on, other.source) == (310.0, "yuan/m2", None, name)
    assert found.priced == ("add_lift", "repair_envelope")
    assert len(found.digest) == 64
    kept = found.catalogue.remedies["rebuild_in_place"].cost.price
    assert kept == catalogue().remedies["rebuild_in_place"].cost.price


def test_a_price_in_another_unit_is_converted(tmp_path):
    found = prices(tmp_path, "p.csv", "remedy,price,unit\nrepair_walkways,1200000,yuan/km\n")
    assert found.catalogue.remedies["repair_walkways"].cost.price.amount == pytest.approx(1200.0)


@pytest.mark.parametrize(
    ("text", "what", "guess", "line"),
    [
        ("remedy,price\nadd_lfit,5\n", "no such remedy", "add_lift", 2),
        ("remedy,price\nadd_lift,cheap\n", "from 0 on", None, 2),
        ("remedy,price\nadd_lift,-5\n", "from 0 on", None, 2),
        ("remedy,price\nadd_lift,\n", "from 0 on", None, 2),
        ("remedy,price\nadd_lift,5\nadd_lift,6\n", "priced twice", None, 3),
        ("remedy,price,unit\nadd_lift,5,yuan/m2\n", "measure different things", None, 2),
        ("remedy,price,dated\nadd_lift,5,tomorrow\n", "not a day", None, 2),
        ("remedy,price\nadd_lift,5\nrepair_envelope,5,7\n", "more or fewer cells", None, 3),
    ],
)
def test_faulty_prices_name_their_line(tmp_path, text, what, guess, line):
    with pytest.raises(BadInput) as told:
        prices(tmp_path, "p.csv", text)
    fault = told.value.faults[0]
    assert what in fault.what
    assert fault.where == f"p.csv:{line}"
    assert guess is None or fault.guess == guess


def test_a_price_file_without_prices_or_columns_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no such column"):
        prices(tmp_path, "p.csv", "measure,money\nadd_lift,5\n")
    with pytest.raises(BadInput):
        prices(tmp_path, "q.csv", "remedy,price\n")
    with pytest.raises(BadInput) as told:
        read_prices(tmp_path / "r.csv", catalogue())
    assert told.value.faults[0].where == "--prices"
    assert "p.csv" in told.value.faults[0].allowed


def test_a_kept_rulebook_keeps_its_remedies(tmp_path):
    copied = []
    for folder in china().folders:
        shutil.copytree(folder, tmp_path / folder.name)
        copied.append(tmp_path / folder.name)
    moved = replace(china(), folders=tuple(copied))
    assert read_remedies(moved) == catalogue()
