"""Explaining figures, and keeping checks."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from indicators.made import city_tables, state_of
from indicators.small_rulebook import small
from tulou.indicators.evaluate.explain import explain, reopened
from tulou.indicators.evaluate.keeping import kept_checks, load_check, load_findings, save_check
from tulou.indicators.evaluate.run import evaluate
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.state import MemoryState


def lift_state() -> MemoryState:
    buildings = {
        "id": ["b1", "b2", "b3"],
        "name": ["One", None, "Three"],
        "use": ["residential"] * 3,
        "storeys": [7.0, 8.0, 9.0],
        "lift": [True, False, None],
    }
    state = state_of({"building": buildings})
    state.tables["building"].evidence = np.array([4, 5, 5])
    return state


def test_a_figure_is_explained_down_to_its_objects():
    check = evaluate(small(), lift_state(), indicators=["no_lift", "lift_share"])
    told = explain(check, "lift_share", "city")
    assert [(line.id, line.part, line.fails, line.commit) for line in told.objects] == [
        ("b2", 0.0, True, 5),
        ("b1", 1.0, False, 4),
        ("b3", None, False, 5),
    ]
    assert told.counted == 3
    assert told.chain["inputs"][0]["commits"] == [4, 5]
    assert told.chain["inputs"][0]["input"] == "doubted_home.lift"
    assert explain(check, "lift_share", "city", top=1).objects == told.objects[:1]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ["仅供参考", "已知 66.7%", "对象"]), ("en", ["reference", "b2"])]
)
def test_an_explanation_is_told_in_both_languages(language, words):
    check = evaluate(small(), lift_state(), indicators=["lift_share"])
    text = "\n".join(explain(check, "lift_share", "city").lines(language))
    assert all(word in text for word in words), text


def test_rules_and_their_versions_are_told():
    check = evaluate(small(), state_of(city_tables(1)), indicators=["park_cover"])
    chain = explain(check, "park_cover", "city").chain
    radius = next(item for item in chain["parameters"] if item["name"] == "park.radius")
    assert (radius["since"], radius["clause"], radius["evidence"]) == ("2024-01-01", "B 2", "sourced")
    assert {item["name"] for item in chain["parameters"]} == {"park.radius", "park.pass_mark"}
    assert chain["measures"][0]["name"] == "land_within"


def test_what_is_not_there_is_refused():
    check = evaluate(small(), lift_state(), indicators=["lift_share"])
    with pytest.raises(BadUse, match="no figure for this unit"):
        explain(check, "lift_share", "nowhere")
    with pytest.raises(BadUse, match="no such indicator"):
        explain(check, "park_cover", "city")
    with pytest.raises(BadUse, match="reopen it"):
        explain(replace(check, city=None), "lift_share", "city")


def test_a_check_is_kept_and_read_back(tmp_path):
    state = state_of(city_tables(5))
    check = evaluate(small(), state)
    place = save_check(tmp_path, check)
    assert place == tmp_path / "checks" / check.id
    back = load_check(place)
    assert back.results.equals(check.results)
    assert (back.id, back.day, back.record, back.profile) == (check.id, check.day, check.record, check.profile)
    assert json.dumps(back.chains, sort_keys=True) == json.dumps(dict(check.chains), sort_keys=True)
    assert load_findings(place) is None
    assert kept_checks(tmp_path) == [place]
    assert explain(reopened(back, small(), state), "park_cover", "city").counted == 10


def test_the_same_check_has_the_same_bytes_and_is_written_once(tmp_path):
    state = state_of(city_tables(5))
    places = [save_check(tmp_path / name, evaluate(small(), state)) for name in ("a", "b")]
    for name in ("results.parquet", "chain.json", "check.json"):
        assert (places[0] / name).read_bytes() == (places[1] / name).read_bytes()
    before = (places[0] / "check.json").stat().st_mtime_ns
    save_check(tmp_path / "a", evaluate(small(), state))
    assert (places[0] / "check.json").stat().st_mtime_ns == before
    assert [path.name for path in (tmp_path / "a" / "checks").iterdir()] == [places[0].name]


def test_a_check_of_another_state_is_not_reopened(tmp_path):
    check = evaluate(small(), state_of(city_tables(5)))
    back = load_check(save_check(tmp_path, check))
    other = state_of(city_tables(5))
    other.profile = replace(other.profile, name="Other")
    with pytest.raises(BadUse, match="another state"):
        reopened(back, small(), other)


def test_a_broken_check_is_refused(tmp_path):
    place = save_check(tmp_path, evaluate(small(), state_of(city_tables(5))))
    (place / "results.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(BadInput, match="this file of a check is damaged"):
        load_check(place)


@pytest.mark.parametrize("file", ["check.json", "chain.json"])
@pytest.mark.parametrize("text", ["", "[]", "null", "5", "{", "{}", "[" * 5000, '{"format": 1}'])
def test_a_page_of_a_check_that_is_none_is_refused(tmp_path, file, text):
    place = save_check(tmp_path, evaluate(small(), lift_state(), indicators=["no_lift"]))
    (place / file).write_text(text, encoding="utf-8")
    if (file, text) in {("chain.json", "{}"), ("chain.json", '{"format": 1}')}:
        assert load_check(place).results.num_rows
        return
    with pytest.raises(BadInput) as caught:
        load_check(place)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [("day", "soon"), ("day", 5), ("city", []), ("city", {}), ("rows", 999), ("rows", None), ("format", 99)],
)
def test_a_check_whose_front_page_does_not_fit_is_refused(tmp_path, key, value):
    place = save_check(tmp_path, evaluate(small(), lift_state(), indicators=["no_lift"]))
    front = json.loads((place / "check.json").read_text(encoding="utf-8"))
    (place / "check.json").write_text(json.dumps(front | {key: value}), encoding="utf-8")
    with pytest.raises(BadInput):
        load_check(place)
