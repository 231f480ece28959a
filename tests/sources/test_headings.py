"""Headings that say by themselves what a table holds."""

import pytest

from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.sources.headings import PLACE_COLUMNS, heading, mapping_by_headings


def read(*headings, names=("building",)):
    return mapping_by_headings(headings, dictionary(), names, "t.csv")


@pytest.mark.parametrize("entity", ["building", "stop", "yearly_statistics", "population"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_attribute_is_known_by_its_title_with_and_without_its_unit(entity, language):
    """What the templates write is what the reader understands."""
    attributes = dictionary()[entity].attributes
    titles = [getattr(one.title, language) for one in attributes.values()]
    with_units = [heading(getattr(one.title, language), one.unit) for one in attributes.values()]
    for headings in (titles, with_units, list(attributes)):
        found = read(PLACE_COLUMNS["id"].zh, *headings, names=(dictionary()[entity].title.zh,))
        assert [column.attribute for column in found.columns] == list(attributes)
        assert [column.source for column in found.columns] == headings
        assert found.entity == entity


@pytest.mark.parametrize(
    "names", [("", "building.csv"), ("Sheet1", "Building"), ("BUILDING",), ("建筑.xlsx",), ("x", "", " building ")]
)
def test_the_entity_is_the_first_name_that_is_one(names):
    assert read("id", names=names).entity == "building"


@pytest.mark.parametrize("names", [(), ("",), ("bulding",), ("Sheet1", "tables.xlsx")])
def test_rows_of_no_entity_are_refused(names):
    with pytest.raises(BadInput, match="which entity the rows are"):
        read("id", names=names)


def test_a_unit_in_brackets_of_either_width_is_that_of_the_numbers():
    found = read("编号", "高度（厘米）", "FLOOR_AREA [hectare]")
    assert [(one.attribute, one.unit) for one in found.columns] == [("height", "厘米"), ("floor_area", "hectare")]


def test_places_and_days():
    found = read("Id", "经度", "latitude", "valid from", "有效截止日期")
    assert found.coordinates == {"lon": "经度", "lat": "latitude"}
    assert (found.valid_from.source, found.valid_to.source) == ("valid from", "有效截止日期")
    assert read("id", "lon", "lat", "wkt").coordinates == {"wkt": "wkt"}
    assert read("id").coordinates == {}


@pytest.mark.parametrize(
    ("headings", "what", "guess"),
    [
        (("id", "hieght"), "unknown column", "height"),
        (("id", "height", "高度"), "one attribute", None),
        (("id", "height", "HEIGHT (km)"), "one attribute", None),
        (("height",), "no column 'id'", None),
        (("id", "lat"), "longitude and latitude", None),
    ],
)
def test_what_headings_may_not_be(headings, what, guess):
    with pytest.raises(BadInput, match=what) as raised:
        read(*headings)
    assert guess is None or raised.value.faults[0].guess == guess


def test_all_faults_are_told_at_once():
    with pytest.raises(BadInput) as raised:
        read("id", "hieght", "storys", "height", "高度")
    assert len(raised.value.faults) == 3
