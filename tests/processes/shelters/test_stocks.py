"""Forward stocks along a made street, and new shelters beside it."""

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from processes.shelters.made import figures, ran, street, table
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData

# 20 km/h by class, at 100 %: 600 s reach 3,333 m.
PEOPLE = {"at": [0.0, 2_000.0, 5_900.0], "residents": [100.0, 100.0, 100.0]}


def depots(*at, category="government"):
    return {"at": list(at), "category": [category] * len(at)}


def stocked(state, **given):
    return ran("forward_stocks", state, **{"share": 100, "speed": 100, "time": 600, "gap": 0, **given})


def test_the_fewest_places_that_supply_everybody_in_time():
    found = stocked(street(population=PEOPLE, facility=depots(100.0, 1_000.0, 3_000.0, 5_500.0)))
    # One in the middle would do if it had room for all: 3,000 m reach both ends.
    assert figures(found)["places"] == 1
    assert figures(found)["left"] == 0
    few = stocked(street(population=PEOPLE, facility=depots(100.0, 1_000.0, 3_000.0, 5_500.0)), holds=150)
    assert figures(few)["places"] == 2
    assert figures(few)["amount"] == 900
    assert few.balances[0].closes


def test_a_number_of_places_supplies_as_many_as_it_can():
    found = stocked(street(population=PEOPLE, facility=depots(100.0, 5_500.0)), count=1, holds=150)
    assert figures(found)["share"] == pytest.approx(50)
    assert sum(row[2] for row in table(found, "units").rows) == pytest.approx(150)
    far = stocked(street(population=PEOPLE, facility=depots(100.0)), time=60)
    assert figures(far)["left"] == 200
    assert "200 are too far" in far.answer[0].en


def test_places_of_a_table_keep_what_stands(tmp_path):
    back = Transformer.from_crs("EPSG:4549", "EPSG:4326", always_xy=True)
    rows = [
        (name, *back.transform(x, 0.0), stands) for name, x, stands in (("Old", 100.0, "yes"), ("New", 3_000.0, ""))
    ]
    lines = "".join(f"{name},{lon:.7f},{lat:.7f},{stands}\n" for name, lon, lat, stands in rows)
    path = tmp_path / "places.csv"
    path.write_text("name,lon,lat,stands\n" + lines, "utf-8")
    stores = table(stocked(street(population=PEOPLE), places=path), "stores").rows
    assert {row[0]: row[1].en for row in stores} == {"Old": "stands", "New": "new"}
    path.write_text("name,lon,lat\nOld,300,95\n", "utf-8")
    with pytest.raises(BadInput, match="longitude and latitude"):
        stocked(street(population=PEOPLE), places=path)


def test_without_any_place_it_says_what_to_give():
    with pytest.raises(NotEnoughData, match="no place for stocks"):
        stocked(street(population=PEOPLE))


def grounds(*boxes):
    return {"geometry": [shapely.box(*one) for one in boxes], "category": ["square"] * len(boxes)}


def test_the_ground_that_helps_most_is_opened():
    state = street(
        population={"at": [200.0, 3_000.0, 3_100.0], "residents": [1_000.0, 2_000.0, 2_500.0]},
        shelter={"at": [200.0], "category": ["emergency"], "effective_area": [500.0]},
        green=grounds((1_500, 10, 1_600, 60), (2_900, 10, 3_000, 60), (3_050, 10, 3_100, 70)),
    )
    one = ran("shelter_sites", state, new=1, least_area=10, gap=0)
    assert [row[0] for row in table(one, "chosen").rows] == ["green-1"]
    assert figures(one)["gained"] == pytest.approx(4_500)
    tight = ran("shelter_sites", state, new=1, least_area=10, gap=0, area=2)
    # 5,000 m² times 0.6 hold 1,500 people at 2 m²: the larger ground is the better one, most stay without.
    assert figures(tight)["gained"] == pytest.approx(1_500)
    assert figures(tight)["left"] == pytest.approx(5_500 - 250 - 1_500)
    assert one.balances[0].closes
    assert tight.balances[0].closes


def test_more_sites_never_shelter_fewer_and_too_many_are_refused():
    draw = np.random.default_rng(4)
    at = np.sort(draw.uniform(0, 6_000, 12))
    state = street(
        population={"at": at.tolist(), "residents": draw.integers(10, 400, 12).astype(float).tolist()},
        shelter={"at": [0.0], "category": ["emergency"], "effective_area": [10.0]},
        green=grounds(*((x, 10, x + 30, 40) for x in (500.0, 2_000, 3_500, 5_000))),
    )
    left = [figures(ran("shelter_sites", state, new=new, least_area=10))["left"] for new in (1, 2, 3, 4)]
    assert left == sorted(left, reverse=True)
    with pytest.raises(BadUse, match="number of sites"):
        ran("shelter_sites", state, new=5, least_area=10)
    with pytest.raises(NotEnoughData, match="no ground"):
        ran("shelter_sites", state, new=1, least_area=1e5)
