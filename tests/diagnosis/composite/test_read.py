"""Reading composites: what is read, and what is refused with file, line and the nearest guess."""

import textwrap
from pathlib import Path

import pytest

from diagnosis.composite.made import book
from tulou.app.wiring import rulebook
from tulou.diagnosis.composite.read import chosen_composite, read_composites
from tulou.diagnosis.composite.recipe import Gaps
from tulou.kernel.errors import BadInput, BadUse

GOOD = """
demo:
  title: {zh: 演示, en: Demo}
  level: community
  weights: given
  weights_from: {zh: 演示, en: a demonstration}
  evidence: memory
  scale: minmax
  outliers: {most: 2, skewness: 2, kurtosis: 3.5}
  missing: {policy: leave_out, at_least: 60}
  uncertainty:
    {draws: 50, seed: 1, quantiles: [5, 95], weights: 25, averages: [declared, geometric], averages_of: upper}
  sensitivity: {draws: 64}
  of:
    - group: homes
      title: {zh: 住房, en: Homes}
      weight: 2
      of:
        - {indicator: lift_share, weight: 1}
        - {indicator: places, weight: 3, better: lower}
    - {indicator: park_cover, weight: 1}
"""


def folder(tmp_path, text, name="book"):
    place = tmp_path / name
    place.mkdir()
    (place / "rulebook.yaml").write_text(f"id: {name}\ntitle: {{zh: 名, en: Book}}\nversion: '1'\n")
    (place / "composites.yaml").write_text(textwrap.dedent(text))
    return place


def read(tmp_path, text):
    return read_composites([folder(tmp_path, text)], book())


def test_a_composite_as_it_is_declared(tmp_path):
    found = read(tmp_path, GOOD)["demo"]
    assert found.rulebook == "book"
    assert found.gaps == Gaps("leave_out", 60.0)
    assert [part.name for part in found.top.parts] == ["homes", "park_cover"]
    homes = found.top.parts[0]
    assert (homes.weight, [one.weight for one in homes.parts]) == (2.0, [1.0, 3.0])
    assert [one.better for one in homes.parts] == ["higher", "lower"]
    assert found.uncertainty.averages_of == "upper"
    assert found.where == "book/composites.yaml:3"


def test_equal_and_flat_weights(tmp_path):
    text = GOOD.replace(", weight: 1", "").replace(", weight: 3", "").replace("      weight: 2\n", "")
    equal = read_composites([folder(tmp_path, text.replace("weights: given", "weights: equal"), "equal")], book())
    assert [part.weight for part in equal["demo"].top.parts] == [1, 1]
    flat = read_composites([folder(tmp_path, text.replace("weights: given", "weights: flat"), "flat")], book())
    assert [part.weight for part in flat["demo"].top.parts] == [2, 1]


@pytest.mark.parametrize(
    ("before", "after", "message", "guess"),
    [
        ("lift_share,", "lift_shar,", "there is no such indicator", "lift_share"),
        ("scale: minmax", "scale: minmx", "not a value of 'scale'", "minmax"),
        ("level: community", "level: person", "persons and what stands for them never", ""),
        ("level: community", "level: building", "persons and what stands for them never", ""),
        ("weight: 3, better: lower", "weight: 0", "a weight is above zero", ""),
        ("weight: 3, better: lower", "weight: -1", "a weight is above zero", ""),
        ("weights: given", "weights: equal", "so none is written", ""),
        ("policy: leave_out", "policy: zero", "not a value of 'policy'", ""),
        ("at_least: 60", "at_least: 0", "nothing is known is never scored", ""),
        ("draws: 64", "draws: 100", "power of two", ""),
        ("quantiles: [5, 95]", "quantiles: [95, 5]", "quantiles are written [low, high]", ""),
        ("averages_of: upper", "averages_of: uper", "not a value of 'averages_of'", "upper"),
        ("scale: minmax", "scale: target", "outliers are not treated beside them", ""),
        ("scale: minmax", "scale: percentile\n  lowest: 1", "this belongs to the scales minmax and rank", ""),
        ("evidence: memory", "evidence: sure", "not a value of 'evidence'", ""),
        ("  weights_from: {zh: 演示, en: a demonstration}\n", "", "weights_from", ""),
        ("park_cover, weight: 1", "lift_share, weight: 1", "two parts of a composite have one name", ""),
        ("park_cover, weight: 1", "park_cover, weigth: 1", "unknown key", "weight"),
        ("lift_share, weight: 1", "lift_share, weight: 1, variant: nowhere", "there is no such variant", ""),
        ("lift_share, weight: 1", "lift_share, weight: 1, ends: park.pass_mark", "ends belong to the scales", ""),
    ],
)
def test_what_is_refused(tmp_path, before, after, message, guess):
    assert before in GOOD
    with pytest.raises(BadInput) as caught:
        read(tmp_path, GOOD.replace(before, after, 1))
    assert message in str(caught.value)
    faults = [fault for fault in caught.value.faults if message in fault.what]
    assert faults[0].where.startswith("book/composites.yaml:")
    if guess:
        assert faults[0].guess == guess


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace("lift_share,", "lift_shar,").replace("indicator: places", "indicator: place")
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert len(caught.value.faults) == 2


def test_standard_scores_cannot_meet_a_geometric_mean(tmp_path):
    with pytest.raises(BadInput, match="standard scores can be negative"):
        read(tmp_path, GOOD.replace("scale: minmax", "scale: zscore"))


def test_a_level_on_which_an_indicator_has_no_figures(tmp_path):
    with pytest.raises(BadInput, match="has no figures on this level"):
        read(tmp_path, GOOD.replace("lift_share, weight: 1", "floor_ratio, weight: 1").replace("park_cover", "schools"))


def test_composites_are_off_unless_a_rulebook_asks_for_them():
    rules = rulebook(("international", "fujian"))
    assert read_composites(rules.folders, rules) == {}


def test_the_demonstration_says_that_it_is_one():
    rules = rulebook(("rongcheng",))
    found = read_composites(rules.folders, rules)
    assert set(found) == {"livable_blocks", "livable_communities"}
    for one in found.values():
        assert one.evidence == "memory"
        assert "demonstration" in one.title.en
        assert "no authority" in one.weights_from.en
        assert one.uncertainty is not None


def test_a_name_nobody_asks_for():
    with pytest.raises(BadUse) as caught:
        chosen_composite({"livable_blocks": None}, "livable_block")
    assert caught.value.faults[0].guess == "livable_blocks"


def test_the_folders_of_rulebooks_hold_composites_only_where_said():
    home = Path(__file__).parents[3] / "rulebooks"
    assert [path.parent.name for path in sorted(home.glob("*/composites.yaml"))] == ["rongcheng"]
