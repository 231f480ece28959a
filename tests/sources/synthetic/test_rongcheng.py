"""The generated city: the same from the same seed, whole, and of the size asked for."""

import numpy as np
import pyarrow as pa
import pytest
import shapely

from tulou.kernel.documents import parse_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.sources.synthetic.connector import rongcheng
from tulou.sources.synthetic.layout import Layout
from tulou.sources.synthetic.registers import fill


@pytest.fixture(scope="module")
def city():
    return {facts.entity: facts.rows for facts in rongcheng(2000).facts}


def test_the_same_seed_gives_the_same_city(city):
    again = {facts.entity: facts.rows for facts in rongcheng(2000).facts}
    assert city.keys() == again.keys()
    assert all(city[entity].equals(again[entity]) for entity in city)


def test_another_seed_gives_another_city(city):
    other = {facts.entity: facts.rows for facts in rongcheng(2000, seed=8).facts}
    assert not city["building"].equals(other["building"])


def test_communities_and_buildings_count_the_same_people(city):
    in_communities = pa.compute.sum(city["community"]["residents"]).as_py()
    in_buildings = pa.compute.sum(city["building"]["residents"]).as_py()
    assert in_communities == in_buildings > 10_000


def test_ids_are_unique(city):
    for rows in city.values():
        assert len(set(rows["id"].to_pylist())) == rows.num_rows


def test_streets_meet_in_the_very_same_vertices(city):
    lines = shapely.from_wkb(city["road"]["geometry"].to_numpy(zero_copy_only=False))
    ends, meetings = np.unique(
        shapely.get_coordinates(shapely.extract_unique_points(lines)), axis=0, return_counts=True
    )
    assert len(ends) < meetings.sum()
    assert (meetings >= 3).sum() > len(lines) / 2


def test_buildings_keep_apart(city):
    shapes = shapely.from_wkb(city["building"]["geometry"].to_numpy(zero_copy_only=False))
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    assert (left == right).all()


def test_a_larger_wish_gives_a_larger_plan():
    assert Layout.for_buildings(100_000, 1).communities * 48 >= 100_000


def test_no_city_of_no_buildings():
    with pytest.raises(BadUse, match="1 to 4000000"):
        Layout.for_buildings(0, 1)


def test_a_rule_on_a_missing_attribute_names_its_line():
    rules = parse_document("a:\n  of: nothing\n  times: [1, 2]\n", "rules.yaml")
    with pytest.raises(BadInput, match=r"rules\.yaml:2"):
        fill({"id": ["x"]}, rules, seed=1, name="t")


def test_adding_a_rule_changes_no_other_column():
    few, more = {"id": ["x", "y"]}, {"id": ["x", "y"]}
    fill(few, parse_document("a: {rate: 0.5}", "r"), seed=1, name="t")
    fill(more, parse_document("b: {rate: 0.1}\na: {rate: 0.5}", "r"), seed=1, name="t")
    assert (few["a"] == more["a"]).all()
