"""Choosing a metric system, and moving facts into it and back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod, Transformer

from model.made import facts, new_city, put
from tulou.model.geography import choose_system, extent_of, to_geographic, to_metric

CHINESE = {
    "Kashgar": (75.99, 39.47, 4534),
    "Yining": (81.32, 43.92, 4536),
    "Lhasa": (91.13, 29.65, 4539),
    "Ruili": (97.85, 24.01, 4542),
    "Hekou": (103.96, 22.53, 4544),
    "Dongxing": (107.97, 21.54, 4545),
    "Sanya": (109.51, 18.25, 4546),
    "Hong Kong": (114.17, 22.32, 4547),
    "Beijing": (116.40, 39.90, 4548),
    "Xiamen": (118.09, 24.48, 4548),
    "Fuzhou": (119.30, 26.08, 4549),
    "Wuxi": (120.31, 31.57, 4549),
    "Shanghai": (121.44, 31.24, 4549),
    "Dandong": (124.39, 40.13, 4550),
    "Mohe": (122.54, 52.97, 4550),
    "Harbin": (126.64, 45.75, 4551),
    "Hunchun": (130.36, 42.86, 4552),
}
OTHER = {
    "Hanoi": (105.85, 21.03, 32648),
    "Ulaanbaatar": (106.92, 47.92, 32648),
    "Pyongyang": (125.75, 39.03, 32651),
    "Seoul": (126.98, 37.57, 32652),
    "Vladivostok": (131.89, 43.12, 32652),
    "Almaty": (76.95, 43.24, 32643),
    "Kathmandu": (85.32, 27.72, 32645),
    "Naha": (127.68, 26.21, 32652),
    "Manila": (120.98, 14.60, 32651),
    "Helsinki": (24.94, 60.17, 32635),
    "Geneva": (6.14, 46.20, 32632),
    "Porto Alegre": (-51.22, -30.03, 32722),
    "Longyearbyen": (15.63, 78.22, 32633),
    "Alert": (-62.35, 85.0, 32661),
    "McMurdo": (166.67, -81.0, 32761),
}


@pytest.mark.parametrize(("place", "wanted"), [(name, found) for name, found in {**CHINESE, **OTHER}.items()])
def test_system_of_known_cities(place: str, wanted: tuple[float, float, int]) -> None:
    x, y, code = wanted
    assert choose_system((x - 0.05, y - 0.05, x + 0.05, y + 0.05)) == f"EPSG:{code}", place


def test_systems_have_the_central_meridian_their_number_says() -> None:
    for code in range(4534, 4555):
        move = Transformer.from_crs("EPSG:4490", f"EPSG:{code}", always_xy=True)
        x, _ = move.transform(75.0 + 3 * (code - 4534), 30.0)
        assert x == pytest.approx(500_000, abs=1e-6)


def test_east_comes_first() -> None:
    [point] = to_metric(np.array([shapely.Point(120.5, 31.5)]), "EPSG:4549")
    assert 500_000 < point.x < 600_000
    assert 3_400_000 < point.y < 3_600_000


def test_there_and_back_with_and_without_heights() -> None:
    shapes = np.array(
        [
            shapely.Point(120.1, 31.2, 17.0),
            None,
            shapely.LineString([(120.0, 31.0), (120.1, 31.1)]),
            shapely.Polygon([(120, 31, 1), (120.1, 31, 2), (120.1, 31.1, 3)]),
            shapely.Point(),
        ],
        object,
    )
    back = to_geographic(to_metric(shapes, "EPSG:4549"), "EPSG:4549")
    assert list(shapely.has_z(back)) == [True, False, False, True, False]
    assert shapely.get_z(back[0]) == 17.0
    assert back[1] is None
    np.testing.assert_allclose(
        shapely.get_coordinates(back, include_z=True), shapely.get_coordinates(shapes, include_z=True), atol=1e-9
    )


def test_many_coordinates_in_threads_are_what_one_thread_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.asarray(shapely.points(120 + np.linspace(0, 1, 5000), 31 + np.linspace(0, 1, 5000)), object)
    whole = to_metric(points, "EPSG:4549")
    monkeypatch.setattr("tulou.model.geography.COORDINATES_A_PIECE", 700)
    assert (shapely.to_wkb(to_metric(points, "EPSG:4549")) == shapely.to_wkb(whole)).all()


def test_distances_are_those_on_the_ellipsoid() -> None:
    start, end = (119.29, 26.07), (119.31, 26.09)
    metric = to_metric(np.array([shapely.Point(start), shapely.Point(end)]), choose_system((*start, *end)))
    _, _, metres = Geod(ellps="WGS84").inv(*start, *end)
    assert shapely.distance(metric[0], metric[1]) == pytest.approx(metres, rel=1e-4)


@pytest.mark.parametrize("east", [180.02, -179.98])
def test_a_city_over_the_antimeridian_stays_in_one_piece(tmp_path: Path, east: float) -> None:
    city = new_city(tmp_path / "c", "")
    west = 179.98
    assert extent_of(np.array([shapely.Point(west, -16.8), shapely.Point(east, -16.8)])) == pytest.approx(
        (179.98, -16.8, 180.02, -16.8)
    )
    put(city, facts("facility", id=["w", "e"], geometry=[shapely.Point(west, -16.8), shapely.Point(east, -16.8)]))
    rows = city.state(valid=date(2025, 1, 1)).rows("facility")
    _, _, metres = Geod(ellps="WGS84").inv(west, -16.8, east, -16.8)
    assert city.profile.crs == "EPSG:32701"
    assert np.ptp(rows.places[:, 0]) == pytest.approx(metres, rel=2e-3)
    assert np.ptp(rows.places[:, 1]) < 100
