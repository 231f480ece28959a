"""The real files of the workplace through the general connectors and a mapping file, with what must come out."""

from datetime import date
from pathlib import Path

import pytest
import shapely

from shared_data import shared
from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.kernel.facts import Extract
from tulou.sources.catalogue import recognise
from tulou.sources.mapping import parse_mapping, read_mapping

MAPPINGS = Path(__file__).parent / "mappings"


def read(name: str, mapping: str) -> Extract:
    path = shared(name)
    rule = read_mapping(MAPPINGS / f"{mapping}.yaml", None if mapping == "fujian_house_prices" else dictionary())
    expected = None if mapping == "fujian_house_prices" else dictionary()
    return recognise(path).read(path, mapping=rule, expected=expected)


def remarks(extract: Extract) -> dict[str, int]:
    return {remark.kind: remark.rows for remark in extract.quality.remarks}


@pytest.mark.parametrize(
    ("name", "mapping", "read_rows", "kept", "expected_remarks"),
    [
        ("cn_wuxi_xinwu/xinwu_land_use.gpkg", "xinwu_land_use", 2033, 2033, {}),
        ("cn_wuxi_xinwu/xinwu_bus_network.gpkg", "xinwu_bus_stops", 1733, 1733, {"numbered_id": 15}),
        ("cn_wuxi_xinwu/xinwu_subway_stations.gpkg", "xinwu_metro", 13, 13, {}),
        ("cn_wuxi_xinwu/xinwu_road_centerlines.gpkg", "xinwu_roads", 5835, 5835, {}),
        ("cn_wuxi_xinwu/xinwu_water_osm.gpkg", "xinwu_water", 87, 87, {}),
        ("fj_fuzhou/boundary_county/fuzhou.shp", "fuzhou_counties", 13, 13, {}),
        ("fj_fuzhou/boundary_county/datav_350100_full.json", "datav_counties", 13, 13, {"invalid_polygon": 4}),
        ("fj_fuzhou/boundary_county/datav_fuzhou-full_2026.geojson", "datav_counties", 13, 13, {"invalid_polygon": 4}),
        ("fj_xiamen/boundary_county/datav_350200_full.json", "datav_counties", 6, 6, {}),
        ("fj_xiamen/poi/xiamen_poi_wgs84.geojson", "xiamen_poi", 1602, 1601, {"repeated_id": 1}),
        ("fj_province/admin_codes_villages_communities.csv", "fujian_villages", 17_498, 17_498, {}),
        ("fj_province/air_quality_daily/三明.csv", "fujian_air", 763, 763, {}),
        ("fj_fuzhou/air_quality_daily_2013_2017.csv", "fujian_air", 1152, 1152, {}),
        ("fj_xiamen/air_quality_daily_2013_2017.csv", "fujian_air", 1157, 1157, {}),
        ("cn_shenzhen_urbanev/inf.csv", "shenzhen_chargers", 1362, 1362, {}),
        ("city_noise_lorient/buildings.shp", "lorient_buildings", 1701, 1701, {}),
        ("city_helsinki/helsinki_population_grid_2020.gpkg", "helsinki_population", 92, 92, {}),
        ("cn_shanghai_lujiazui/lujiazui_osm_tiles.geojson", "tiles_buildings", 1981, 1517, {"cut_at_tile_edge": 464}),
        (
            "cn_shanghai_lujiazui/wuhan_guanggu_osm_tiles.geojson",
            "tiles_buildings",
            355,
            239,
            {"cut_at_tile_edge": 116},
        ),
        ("hotline_baltimore311/311_sample.csv", "baltimore_places", 10_000, 10_000, {"no_place": 590}),
    ],
)
def test_counts(name, mapping, read_rows, kept, expected_remarks):
    extract = read(name, mapping)
    assert (extract.quality.read, extract.quality.kept) == (read_rows, kept)
    assert sum(facts.rows.num_rows for facts in extract.facts) == kept
    found = remarks(extract)
    for kind, rows in expected_remarks.items():
        assert found[kind] == rows
    assert len(extract.source.digest) == 64
    assert extract.source.mapping


def test_the_same_file_gives_the_same_rows_twice():
    first = read("cn_shanghai_lujiazui/lujiazui_osm_tiles.geojson", "tiles_buildings")
    second = read("cn_shanghai_lujiazui/lujiazui_osm_tiles.geojson", "tiles_buildings")
    assert first.facts[0].rows.equals(second.facts[0].rows)


def test_a_layer_hidden_in_a_file_must_be_named():
    path = shared("cn_wuxi_xinwu/xinwu_built_env_250m.gpkg")
    rule = read_mapping(MAPPINGS / "xinwu_metro.yaml", dictionary())
    with pytest.raises(BadInput) as raised:
        recognise(path).read(path, mapping=rule, expected=dictionary())
    assert set(raised.value.faults[0].allowed) == {"built_env_250m", "built_env_500m"}
    assert read("cn_wuxi_xinwu/xinwu_built_env_250m.gpkg", "xinwu_form").quality.kept == 1056


def test_projected_layer_comes_out_in_degrees_and_says_so():
    extract = read("cn_wuxi_xinwu/xinwu_land_use.gpkg", "xinwu_land_use")
    west, south, east, north = extract.extent
    assert 120.2 < west < east < 120.6
    assert 31.4 < south < north < 31.7
    assert extract.source.datum == "EPSG:32650 (stated), transformed to WGS 84"
    facts = extract.facts[0]
    assert facts.complete == ("*",)
    assert set(facts.rows["valid_from"].to_pylist()) == {date(2020, 1, 1)}
    assert facts.rows["id"][0].as_py() == "xinwu:1"
    assert shapely.is_valid(shapely.from_wkb(facts.rows["geometry"].to_pylist())).all()


def test_shifted_datum_is_repaired_and_recorded():
    extract = read("fj_xiamen/boundary_county/datav_350200_full.json", "datav_counties")
    assert extract.source.datum == "GCJ-02 (stated), repaired to WGS 84"


def test_the_gbk_table_declared_utf8_names_the_byte_and_what_fits():
    path = shared("fj_fuzhou/buildings_floor_index/fujian_intersection_stats_gbk.csv")
    text = (MAPPINGS / "fuzhou_floors_gbk.yaml").read_text("utf-8")
    wrong = parse_mapping(text.replace("encoding: gbk", "encoding: utf-8"), "m.yaml", dictionary())
    with pytest.raises(BadInput, match="byte 1292") as raised:
        recognise(path).read(path, mapping=wrong, expected=dictionary())
    assert "gb18030" in str(raised.value)
    right = recognise(path).read(path, mapping=parse_mapping(text, "m.yaml", dictionary()), expected=dictionary())
    assert "鼓楼区" in right.facts[0].rows["name"].to_pylist()


def test_statistics_with_years_across():
    extract = read("fj_xiamen/statistics/厦门GDP和人口.xlsx", "xiamen_population")
    rows = {row["id"]: row for row in extract.facts[0].rows.to_pylist()}
    assert rows["xiamen:2000"]["residents"] == pytest.approx(2_050_000)
    assert rows["xiamen:2000"]["valid_from"] == date(2000, 1, 1)
    assert rows["xiamen:2001"]["households"] == 404_839
    assert extract.source.licence.startswith("Xiamen")


def test_numbers_with_inner_blanks():
    extract = read("fj_xiamen/statistics/水路客货运量及周转量.xlsx", "xiamen_freight")
    jobs = dict(zip(extract.facts[0].rows["id"].to_pylist(), extract.facts[0].rows["jobs"].to_pylist(), strict=True))
    assert jobs["2007"] == 2104.4
    assert jobs["2008"] == 2573.71


def test_units_and_arrows_within_cells():
    extract = read("fj_province/house_price_monthly_anjuke_2013_2019.csv", "fujian_house_prices")
    rows = extract.facts[0].rows.to_pylist()
    assert len(rows) == 326
    assert rows[0]["price"] == 45_038
    assert rows[0]["change"] == pytest.approx(1.46)
    falls = [row["change"] for row in rows if row["change"] is not None and row["change"] < 0]
    assert falls
    assert any(row["change"] is None for row in rows)


def test_gbk_shapefile_of_japan_is_read_by_its_code_page():
    path = shared("jp_plateau_devpermission/SampleData/landmark/landmark.shp")
    rule = parse_mapping("{entity: facility, id: row, columns: {name: name}, ignore: '*'}", "m", dictionary())
    extract = recognise(path).read(path, mapping=rule, expected=dictionary())
    assert extract.quality.kept == 45
    assert extract.facts[0].rows["name"][0].as_py() == "蓼科郵便局"
