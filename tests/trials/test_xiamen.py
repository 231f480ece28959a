"""Xiamen: districts, points of interest and bus lines; too little for a verdict, and said so."""

import pytest

from shared_data import shared
from trials.chain import assessed, checked, city_of, mapped

pytestmark = pytest.mark.slow
LAND = 1_700.0
"""Land of Xiamen in km2, rounded; the drawn districts reach over some water."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    imports = [
        (shared("fj_xiamen/boundary_county/datav_350200_full.json"), mapped("datav_counties")),
        (shared("fj_xiamen/bus/xiamen_bus_lines_wgs84.geojson"), mapped("bus_lines")),
        (shared("fj_xiamen/poi/xiamen_poi_wgs84.geojson"), mapped("xiamen_poi")),
    ]
    city, told = city_of(tmp_path_factory.mktemp("xiamen") / "city", "厦门", imports)
    assert told == [(6, 6, 0, 0), (383, 383, 0, 0), (1602, 1601, 0, 1)]
    return checked(city)


def test_districts_have_their_area(kept):
    area = sum(shape.area for shape in kept.state.rows("district").shapes) / 1e6
    assert area == pytest.approx(LAND, rel=0.15)


def test_points_of_interest_keep_their_kind(kept):
    kinds = kept.state.rows("facility").texts("category").tolist()
    assert [kinds.count(name) for name in ("hospital", "mall", "university")] == [9, 68, 13]


def test_nothing_is_assessed_and_nothing_passes(kept):
    assert assessed(kept) == 0
    assert not {"pass", "fail"} & set(kept.check.results["status"].to_pylist())
    assert kept.diagnosis.findings.num_rows == 0
