"""Reading rulebooks: what is wrong is refused with its place, and everything that is wrong at once."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.small_rulebook import HERE, dictionary, small
from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.fit import result_factor
from tulou.indicators.rulebook.folders import find_rulebook, known_rulebooks
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.errors import BadInput
from tulou.measures.catalogue import all_measures

FAULTS = [
    # (file, what stands there, what is put there, what must be told)
    ("indicators/park_cover.yaml", "measure: land_within", "measure: land_withn", "did you mean: land_within"),
    ("indicators/park_cover.yaml", "of: housing_land", "of: housing_lnd", "did you mean: housing_land"),
    ("indicators/park_cover.yaml", "park.area}", "park.aria}", "did you mean: area"),
    ("indicators/park_cover.yaml", "park.area}", "park.category}", "this is a text"),
    ("indicators/park_cover.yaml", "park.area}", "park.width}", "they measure different things"),
    ("indicators/park_cover.yaml", "land: housing_land.geometry, ", "", "needs input 'land'"),
    ("indicators/park_cover.yaml", "land: housing_land.geometry", "land: park.geometry", "must be of 'housing_land'"),
    ("indicators/park_cover.yaml", "size: park", "sise: park", "did you mean: size"),
    ("indicators/park_cover.yaml", "rules: {radius: park.radius}", "rules: {}", "needs rule 'radius'"),
    ("indicators/park_cover.yaml", "radius: park.radius", "radius: 300", "a number of policy stands in parameters/"),
    ("indicators/park_cover.yaml", "radius: park.radius", "radius: park.pass_mark", "they measure different things"),
    ("indicators/park_cover.yaml", "radius: park.radius", "radius: school.leest", "did you mean: school.least"),
    ("indicators/park_cover.yaml", "unit: percent", "unit: hectare", "they measure different things"),
    ("indicators/park_cover.yaml", "unit: percent", "unit: percnt", "this is not a unit"),
    ("indicators/park_cover.yaml", "mark: park.pass_mark", "mark: park.radius", "'at_least' needs one number"),
    ("indicators/park_cover.yaml", "mark: park.pass_mark", "mark: lift.none_lacking", "they measure different things"),
    ("indicators/park_cover.yaml", "aggregate: share", "aggregate: shares", "did you mean: share"),
    ("indicators/park_cover.yaml", "title: {zh: 名, en", "title: {en", "'title' needs both languages"),
    ("indicators/park_cover.yaml", "dimension: land", "dimension: lnad", "did you mean: land"),
    ("indicators/park_cover.yaml", "better: higher", "bettr: higher", "did you mean: better"),
    ("indicators/park_cover.yaml", "checks:", "about: x\nchecked:", "unknown key"),
    ("indicators/park_cover.yaml", "category: park, area", "category: perk, area", "no such value"),
    ("indicators/park_cover.yaml", "status: pass", "status: passed", "did you mean: pass"),
    ("indicators/floor_ratio.yaml", "per: {of: population, inputs: {amount: population.residents}}", "", "per"),
    ("indicators/school_density.yaml", "since: 2025-01-01, ", "", "'since' must be a day"),
    ("parameters/marks.yaml", "since: 2024-01-01", "since: 2020-01-01", "two versions begin on one day"),
    ("parameters/marks.yaml", "{since: 2020-01-01, value", "{value", "needs the day it holds from"),
    ("parameters/marks.yaml", "evidence: memory", "evidence: rumour", "not a value of 'evidence'"),
    ("parameters/marks.yaml", "[[0.2, 0.3], [0.5, 0.5]]", "[[0.5, 0.3], [0.2, 0.5]]", "sizes must ascend"),
    ("parameters/marks.yaml", "prefecture: 2", "prefecure: 2", "did you mean: prefecture"),
    ("parameters/marks.yaml", "    by: hectare\n", "", "brackets need the unit of their sizes"),
    ("selections/all.yaml", "use: [residential, mixed]", "use: [residental]", "did you mean: residential"),
    ("selections/all.yaml", "at_least: lift.least_storeys", "at_least: park.radius", "one number is needed"),
    ("selections/all.yaml", "demolished: {not: true}", "demolishd: {not: true}", "did you mean: demolished"),
    ("quantities/all.yaml", "column: floor_area", "column: floor_area_best", "in a circle"),
    ("quantities/all.yaml", "unit: m2", "unit: m", "they measure different things"),
    ("quantities/all.yaml", "entity: community", "entity: building", "only units gather rows"),
    ("responsible.yaml", "dimensions: [homes]", "dimensions: [hoems]", "did you mean: homes"),
]


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "small", tmp_path / "small"))


def read(folder: Path) -> Rulebook:
    return read_rulebook(folder, all_measures(), dictionary=dictionary())


@pytest.mark.parametrize(("file", "found", "put", "told"), FAULTS, ids=lambda value: str(value)[:40])
def test_a_fault_is_refused_with_its_place(tmp_path, file, found, put, told):
    folder = copied(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert found in text
    (folder / file).write_text(text.replace(found, put, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read(folder)
    assert told in str(caught.value)
    places = [fault.where for fault in caught.value.faults if told in str(fault)]
    assert told == "in a circle" or all(place.startswith("small/") and place[-1].isdigit() for place in places), places


def test_all_faults_are_told_together(tmp_path):
    folder = copied(tmp_path)
    for file, found, put in [
        ("indicators/park_cover.yaml", "unit: percent", "unit: hectare"),
        ("indicators/no_lift.yaml", "tall_home.lift", "tall_home.lifft"),
        ("parameters/marks.yaml", "evidence: memory", "evidence: rumour"),
    ]:
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(found, put, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read(folder)
    files = {fault.where.split(":")[0] for fault in caught.value.faults}
    assert files >= {"small/indicators/park_cover.yaml", "small/indicators/no_lift.yaml", "small/parameters/marks.yaml"}


def test_a_city_sets_its_own_mark(tmp_path):
    copied(tmp_path)
    own = tmp_path / "own"
    (own / "parameters").mkdir(parents=True)
    (own / "rulebook.yaml").write_text(
        "id: own\ntitle: {zh: 本市, en: Own}\nversion: '2'\nextends: small\n", encoding="utf-8"
    )
    (own / "parameters" / "marks.yaml").write_text(
        "school:\n  least:\n    checked_on: 2026-05-01\n"
        "    values: [{since: 2026-01-01, value: 3, clause: City 7, evidence: sourced}]\n",
        encoding="utf-8",
    )
    book = read(own)
    parameter = book.parameters["school.least"]
    assert (parameter.rulebook, parameter.unit, parameter.values.versions[0].value.number) == ("own", "facility", 3.0)
    assert set(book.indicators) == set(small().indicators)
    assert book.digest != small().digest
    assert book.id == "own"


def test_clause_numbers_are_looked_up_when_there_is_a_register(tmp_path):
    folder = copied(tmp_path)
    register = folder / "clauses.yaml"
    register.write_text('clauses:\n  "1": {title: {zh: 一, en: One}}\n', encoding="utf-8")
    assert set(read(folder).clauses) == {"1"}
    register.write_text('clauses:\n  "2": {title: {zh: 二, en: Two}}\n', encoding="utf-8")
    with pytest.raises(BadInput, match="no such clause"):
        read(folder)


def test_rulebooks_that_extend_one_another_in_a_circle_are_refused(tmp_path):
    for name, base in (("a", "b"), ("b", "a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rulebook.yaml").write_text(
            f"id: {name}\ntitle: {{zh: 甲, en: A}}\nversion: '1'\nextends: {base}\n", encoding="utf-8"
        )
    with pytest.raises(BadInput, match="in a circle"):
        read(tmp_path / "a")


def test_a_rulebook_is_found_by_name_or_refused_with_a_guess():
    assert "china" in known_rulebooks()
    with pytest.raises(BadInput, match="did you mean: china"):
        find_rulebook("chna")


@pytest.mark.parametrize(
    ("found", "wanted", "factor"),
    [("(m)/(km2)", "km/km2", 1e-3), ("1/(m2)", "facility/km2", 1e6), ("1/(person)", "facility/(wan*person)", 1e4)],
)
def test_sums_become_the_unit_of_the_indicator(found, wanted, factor):
    assert result_factor(found, wanted, lenient=True) == pytest.approx(factor)


def test_a_pure_number_does_not_stand_for_what_is_measured():
    with pytest.raises(BadInput, match="different things"):
        result_factor("1", "m", lenient=True)
    with pytest.raises(BadInput, match="different things"):
        result_factor("person", "building")


def places_of(node, at=()):
    yield at
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from places_of(value, (*at, key))


def every_place():
    """Every node of every page of the small rulebook."""
    for path in sorted((HERE / "small").rglob("*.yaml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from ((path.relative_to(HERE / "small"), place) for place in places_of(page))


RUBBISH = [
    None,
    [],
    {},
    5,
    -1.5,
    True,
    "x",
    "",
    [[]],
    {"a": 1},
    ["a"],
    [None],
    [{}],
    date(2020, 1, 1),
    "home.lift",
    "1e400",
]


@settings(max_examples=60)
@given(st.sampled_from(list(every_place())), st.sampled_from(RUBBISH))
def test_whatever_stands_anywhere_in_a_rulebook_it_is_read_or_refused_with_its_place(tmp_path_factory, spot, rubbish):
    file, place = spot
    folder = copied(tmp_path_factory.mktemp("book"))
    page = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    if place:
        node = page
        for key in place[:-1]:
            node = node[key]
        node[place[-1]] = rubbish
    text = yaml.safe_dump(page if place else rubbish, allow_unicode=True, sort_keys=False)
    (folder / file).write_text(text, encoding="utf-8")
    try:
        faults = ()
        read(folder)
    except BadInput as error:
        faults = error.faults
    assert all(
        fault.where.startswith("small") or fault.what == "quantities need one another in a circle" for fault in faults
    )


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "true", "'90'", "[90]", "null"])
@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("parameters/marks.yaml", "value: 85"),
        ("parameters/marks.yaml", "prefecture: 2"),
        ("indicators/lift_share.yaml", "known: 60"),
    ],
)
def test_a_figure_of_a_rulebook_is_a_finite_number(tmp_path, file, found, number):
    """A mark that is not a number would fail every unit in silence."""
    folder = copied(tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(found, f"{found.split(':')[0]}: {number}", 1), encoding="utf-8")
    with pytest.raises(BadInput):
        read(folder)
