"""City management from the command line: the grid, and what a user may get wrong."""

import json

import pytest
import shapely

from app.line import contents, fine, refused
from shared_data import shared
from tulou.app import exits
from tulou.app.city_management_grid import grid_of_city, propose_grid
from tulou.app.demonstration import helsinki_file
from tulou.app.intake import city_of_file
from tulou.app.wiring import last_day, look_at
from tulou.model.geography import to_geographic

COUNTIES = ("--county", "359901", "--county", "district-2=359902")


def kept(city):
    fine("manage", "grid", "propose", city, *COUNTIES, "--keep")
    return grid_of_city(city)


def test_a_grid_is_proposed_kept_and_found_sound(own):
    said = fine("manage", "grid", "propose", own, *COUNTIES, "--keep", language="en")
    assert "unit cells" in said
    assert "Nothing wrong" in said
    grid = grid_of_city(own)
    assert grid.faults() == []
    assert len(set(grid.cells.codes)) == len(grid.cells.codes) > 100
    assert {code[:6] for code in grid.cells.codes} <= {"359901", "359902"}
    assert shapely.coverage_is_valid(grid.cells.shapes)
    assert set(grid.communities) <= set(grid_communities(own))
    assert "没有查出问题" in fine("manage", "grid", "check", own, language="zh")


def grid_communities(city):
    opened = look_at(city)
    return opened.state(valid=last_day(opened)).rows("community").ids.tolist()


def test_proposing_again_gives_the_same_and_keeps_no_cell_twice(own):
    first, again = kept(own), kept(own)
    assert sorted(first.cells.codes) == sorted(again.cells.codes)
    fine("manage", "grid", "propose", own, "--county", "359903", "--keep")
    moved = grid_of_city(own)
    assert {code[:6] for code in moved.cells.codes} == {"359903"}
    assert len(moved.cells.codes) == len(first.cells.codes)


def test_a_layer_is_checked_against_the_city(own, tmp_path):
    grid = kept(own)
    place = tmp_path / "cells.geojson"
    shapes = to_geographic(grid.cells.shapes, grid.crs)
    rows = [
        {"type": "Feature", "properties": {"BGID": code}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in zip(grid.cells.codes, shapes, strict=True)
    ]
    rows[3]["properties"]["BGID"] = rows[4]["properties"]["BGID"]
    outline = shapely.boundary(shapely.union_all(grid.cells.shapes))
    inner = max(place for place, shape in enumerate(grid.cells.shapes) if place > 4 and not shape.intersects(outline))
    del rows[inner]
    place.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    said = fine("manage", "grid", "check", place, "--city", own, "--to", tmp_path / "out", language="en")
    assert "Code given twice  2" in said
    assert "Gap  1" in said
    page = (tmp_path / "out" / "unit-grid.en.html").read_text()
    assert rows[4]["properties"]["BGID"] in page
    assert (tmp_path / "out" / "unit-grid.zh.html").exists()
    alone = fine("manage", "grid", "check", place, language="en")
    assert "Gap  1" in alone


def test_a_code_is_read():
    assert "street 003, community 005, cell 012" in fine("manage", "grid", "code", "350102003005012", language="en")
    assert "类别 0101" in fine("manage", "grid", "code", "3205080101000001", language="zh")


BAD = (
    (exits.BAD_USE, ("grid", "propose", "{city}"), "must be given"),
    (exits.BAD_USE, ("grid", "propose", "{city}", "--county", "35"), "six digits"),
    (exits.NO_VERDICT, ("grid", "check", "{city}"), "no unit grid"),
    (exits.BAD_INPUT, ("grid", "code", "1"), "not the code"),
    (exits.BAD_INPUT, ("grid", "code", "000000003005012"), "all zeros"),
    (exits.BAD_USE, ("grid", "hceck", "{city}"), "no such command"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_mistakes_end_in_a_message_and_change_nothing(own, language):
    before = contents(own)
    for code, words, says in BAD:
        said = refused(code, "manage", *(own if word == "{city}" else word for word in words), language=language)
        assert language == "zh" or says in said, said
        assert language == "en" or any("\u4e00" <= letter <= "\u9fff" for letter in said.splitlines()[1]), said
    assert contents(own) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["helsinki", "geneva"])
def test_real_cities_are_cut_along_their_streets(tmp_path, name):
    """Communities are derived there; the proposal covers them, and the check agrees but for what it notes."""
    file = helsinki_file() if name == "helsinki" else shared("city_noise_lorient/geneva.osm.pbf")
    grid = propose_grid(city_of_file(file, tmp_path / "c.city", name=name), {"": "999901"})
    areas = shapely.area(grid.cells.shapes)
    assert shapely.coverage_is_valid(grid.cells.shapes)
    assert areas.sum() == pytest.approx(shapely.area(shapely.union_all(grid.around.communities)), rel=1e-4)
    assert 5_000 < sorted(areas)[len(areas) // 2] < 15_000
    kinds = [fault.kind for fault in grid.faults()]
    assert set(kinds) <= {"large", "across_street"}
    assert kinds.count("across_street") <= 3
