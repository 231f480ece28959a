"""Exports: what was written is what is read again, by other libraries."""

import json
import math
from dataclasses import replace

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pyogrio
import pytest
import shapely
from pyproj import Transformer

from publish.sample import HOSTILE, sample
from tulou.kernel.errors import BadUse
from tulou.publish.export import findings_table, units_table, write_geojson, write_geopackage, write_table

CRS = "EPSG:4549"


def test_a_geopackage_holds_units_by_level_and_findings(tmp_path):
    path = tmp_path / "check.gpkg"
    write_geopackage(sample(), CRS, path)
    assert {name for name, _ in pyogrio.list_layers(path)} == {"city", "block", "findings"}
    _, table = pyogrio.read_arrow(path, layer="block")
    rows = {row["id"]: row for row in table.to_pylist()}
    expected = {one.unit: one for one in sample().results if one.indicator == "park_cover" and not one.variant}
    assert rows["b3"]["park_cover"] == expected["b3"].value
    assert rows["b11"]["park_cover"] is None
    assert rows["b11"]["park_cover_status"] == "not_assessed"
    info = pyogrio.read_info(path, layer="findings")
    assert (info["features"], info["crs"]) == (len(sample().findings), CRS)


def test_the_same_check_gives_the_same_geopackage(tmp_path):
    pages = []
    for name in ("one", "two"):
        write_geopackage(sample(objects=20), CRS, tmp_path / f"{name}.gpkg")
        pages.append((tmp_path / f"{name}.gpkg").read_bytes())
    assert pages[0] == pages[1]


def test_geojson_is_in_longitude_and_latitude(tmp_path):
    material = sample(objects=30)
    write_geojson(material, CRS, tmp_path / "findings.geojson")
    page = json.loads((tmp_path / "findings.geojson").read_text("utf-8"))
    assert page["credit"] == ["© OpenStreetMap contributors (ODbL)"]
    turn = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    for one, feature in zip(material.findings, page["features"], strict=True):
        assert feature["geometry"]["coordinates"] == pytest.approx(turn.transform(*one.place), abs=1e-6)
        assert feature["properties"]["people"] == (None if math.isnan(one.people) else one.people)


def test_geojson_rings_turn_the_right_way(tmp_path):
    write_geojson(sample(), CRS, tmp_path / "blocks.geojson", what="block")
    page = json.loads((tmp_path / "blocks.geojson").read_text("utf-8"))
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in page["features"]]
    assert len(shapes) == 12
    assert all(shape.exterior.is_ccw for shape in shapes)


def test_geojson_of_something_else_is_refused(tmp_path):
    with pytest.raises(BadUse, match="findings"):
        write_geojson(sample(), CRS, tmp_path / "x.geojson", what="finding")
    assert list(tmp_path.iterdir()) == []


def test_tables_come_back_whole(tmp_path):
    table = findings_table(sample(objects=30))
    write_table(table, tmp_path / "findings.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "findings.parquet").equals(table)
    write_table(units_table(sample(), "block"), tmp_path / "blocks.csv")
    data = (tmp_path / "blocks.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    back = pyarrow.csv.read_csv(tmp_path / "blocks.csv")
    assert back["name"].to_pylist()[0] == "第1街区"


def test_a_formula_in_a_csv_is_disarmed(tmp_path):
    material = sample(objects=0)
    evil = replace(material.findings[0], unit="=1+1", objects=(HOSTILE,))
    write_table(findings_table(replace(material, findings=(evil,))), tmp_path / "x.csv")
    assert "'=1+1" in (tmp_path / "x.csv").read_text("utf-8-sig")
    words = pa.table({"word": pa.array(["@x", "plain", "-"]).dictionary_encode()})
    write_table(words, tmp_path / "y.csv")
    assert pyarrow.csv.read_csv(tmp_path / "y.csv")["word"].to_pylist() == ["'@x", "plain", "'-"]


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(BadUse, match=r"\.parquet"):
        write_table(pa.table({"a": [1]}), tmp_path / "x.xls")
