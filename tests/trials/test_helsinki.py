"""Central Helsinki with the population grid of the region: people by grid cell instead of an estimate."""

from datetime import date

import pyogrio
import pytest
import shapely

from shared_data import shared
from trials.chain import assessed, checked, city_of, figures, mapped
from tulou.app.intake import Intake

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    imports = [
        (shared("city_helsinki/Helsinki.osm.pbf"), Intake(valid_from=date(2024, 6, 30))),
        (shared("city_helsinki/helsinki_population_grid_2020.gpkg"), mapped("helsinki_population")),
    ]
    city, told = city_of(tmp_path_factory.mktemp("helsinki") / "city", "Helsinki", imports)
    assert told[0][0] == told[0][1] + told[0][3]
    assert told[1] == (92, 92, 0, 0)
    return checked(city)


def test_people_are_those_of_the_grid(kept):
    path = shared("city_helsinki/helsinki_population_grid_2020.gpkg")
    _, table = pyogrio.raw.read_arrow(path, read_geometry=False)
    rows = kept.state.rows("population")
    assert rows.numbers("residents").sum() == sum(table["population"].to_pylist()) == 71_724
    assert not (rows.numbers("estimated") == 1).any()


def test_counted_people_have_no_interval(kept):
    found = figures(kept)
    assert not found["charging_reach", ""]["estimate"]
    assert found["charging_reach", ""]["low"] is None
    assert found["convenience_5", ""]["denominator"] == 7_801


def inside(kept):
    """Cells whose middle lies in the outline of the city, which was derived from the extract."""
    (outline,) = kept.state.rows("city").shapes
    return shapely.covers(outline, shapely.centroid(kept.state.rows("population").shapes))


def test_cells_beyond_the_extract_are_not_counted(kept):
    """The grid is of the whole region; what lies in the rest of it nobody mapped here, so it may drag nothing down."""
    people = kept.state.rows("population").numbers("residents")
    chosen = inside(kept)
    assert people[chosen].sum() == figures(kept)["convenience_5", ""]["denominator"] == 7_801
    assert figures(kept)["convenience_5", ""]["value"] > 20.0


def test_dense_land_by_hand(kept):
    """Cells of 250 m with more than 15,000 people to the km2."""
    rows = kept.state.rows("population")
    area = shapely.area(rows.shapes) / 1e6
    dense = (rows.numbers("residents") / area > 15_000) & inside(kept)
    assert figures(kept)["dense_land", ""]["value"] == pytest.approx(area[dense].sum(), rel=1e-6)


def test_enough_is_assessed(kept):
    assert assessed(kept) >= 30
