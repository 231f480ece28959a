"""Drawings: exact coverage, paths that keep the shape, legends that fit the values."""

import base64
import re
import struct
import xml.etree.ElementTree as ET
import zlib

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from publish.sample import sample
from tulou.publish import typeface
from tulou.publish.drawing import maps, raster, svg
from tulou.publish.drawing.charts import spread
from tulou.publish.drawing.frame import WIDTH, Frame
from tulou.publish.report.assemble import assemble

FRAME = Frame.around((0.0, 0.0, 1000.0, 800.0))


def array(*shapes):
    made = np.empty(len(shapes), object)
    made[:] = shapes
    return made


@given(st.lists(st.tuples(st.floats(20, 980), st.floats(20, 780)), min_size=3, max_size=9))
def test_coverage_is_the_area_of_any_simple_polygon(points):
    shape = shapely.convex_hull(shapely.multipoints(points))
    if shape.geom_type != "Polygon":
        return
    found = raster.coverage(array(shape), FRAME)
    square = 1 / (raster.DENSITY * FRAME.scale) ** 2
    assert found.sum() * square == pytest.approx(shape.area, abs=1e-6 * 1000 * 800)


def test_coverage_of_holes_parts_and_shapes_over_the_edge():
    ring = shapely.Polygon(
        [(100, 100), (500, 100), (500, 500), (100, 500)], [[(200, 200), (300, 200), (300, 300), (200, 300)]]
    )
    two = shapely.MultiPolygon([ring, shapely.box(600, 600, 700, 700)])
    square = 1 / (raster.DENSITY * FRAME.scale) ** 2
    assert raster.coverage(array(two, None), FRAME).sum() * square == pytest.approx(two.area)
    over = shapely.box(-5000, 300, 5000, 400)
    shown = over.intersection(FRAME.box()).area
    assert raster.coverage(array(over), FRAME).sum() * square == pytest.approx(shown, rel=0.01)


def test_overlapping_buildings_do_not_cover_more_than_everything():
    pile = array(*[shapely.box(100, 100, 300, 300)] * 5)
    assert raster.coverage(pile, FRAME).max() == 1.0


def test_the_image_is_a_png_with_the_steps_of_the_coverage():
    cover = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.25]])
    data = base64.b64decode(raster.image(cover, "#102030").split(",")[1])
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (3, 2)
    at = data.index(b"IDAT")
    length = struct.unpack(">I", data[at - 4 : at])[0]
    assert zlib.decompress(data[at + 4 : at + 4 + length]) == bytes([0, 0x0F, 0x80, 0, 0xF0, 0x40])


def test_paths_keep_the_shape():
    shape = shapely.Polygon([(100, 100), (400, 150), (300, 500)])
    text = FRAME.path(array(shape, None, shapely.Point(1, 1)), tolerance=0.0)
    numbers = [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", text)]
    steps = np.array(numbers).reshape(-1, 2)
    drawn = shapely.Polygon(np.cumsum(steps, axis=0))
    assert drawn.area == pytest.approx(shape.area * FRAME.scale**2, rel=0.005)
    assert text.endswith("z")


def test_a_frame_keeps_proportions_and_holds_everything():
    for bounds in ((0, 0, 10, 5000), (0, 0, 5000, 10), (7, 7, 7, 7)):
        frame = Frame.around(bounds)
        corners = frame.place(np.array([bounds[:2], bounds[2:]], float))
        assert (corners[:, 0] >= 0).all()
        assert (corners[:, 0] <= WIDTH).all()
        assert (corners[:, 1] >= -0.5).all()
        assert (corners[:, 1] <= frame.height + 0.5).all()


def test_classes_are_round_and_within_the_values():
    values = np.array([1.234, 2.3, 3.1, 4.9, 7.77, 9.1, 30.2])
    breaks = maps.class_breaks(values)
    assert breaks == sorted(breaks)
    assert all(values.min() < value <= values.max() for value in breaks)
    assert maps.class_breaks(np.array([2.0, 2.0])) == []
    assert maps.class_breaks(np.array([np.nan])) == []


def test_maps_and_charts_are_sound_xml_that_refers_to_what_is_there():
    model = assemble(sample(), "zh")
    pictures = [picture for block in model.blocks for picture in (block.map, block.chart) if picture]
    pictures += model.pictures.values()
    assert len(pictures) >= 8
    for picture in pictures:
        text = picture.standalone(model.base, model.definitions + model.outlines)
        root = ET.fromstring(text)  # noqa: S314  (our own drawing)
        ids = {node.get("id") for node in root.iter() if node.get("id")}
        wanted = {node.get("href")[1:] for node in root.iter() if (node.get("href") or "").startswith("#")}
        assert wanted <= ids


def test_a_map_names_its_unknown_units_scale_north_and_credit():
    model = assemble(sample(), "en")
    body = next(block for block in model.blocks if block.id == "park_cover").map.body
    for words in ("not assessed", "unit that fails", "500 m", ">N<", "OpenStreetMap contributors", "not for measuring"):
        assert words in body
    assert 'fill="url(#hatch)"' in body


def test_dots_beyond_the_most_are_left_out_and_said_so():
    model = assemble(sample(objects=maps.MOST_DOTS + 500), "en")
    body = model.pictures["map"].body
    assert body.count("h0") <= 2 * maps.MOST_DOTS
    assert "3,000 of 3,5" in body


def test_bars_beyond_the_mark_are_drawn_as_failing():
    values = np.array([10.0, 20.0, 30.0, 80.0, 90.0])
    drawn = spread("x", values, title="t", language="en", show=str, mark=(50.0, np.inf), city=46.0)
    assert drawn.body.count('class="f-fail"') == 3
    assert drawn.body.count('class="f-pass"') == 2
    assert spread("x", values[:2], title="t", language="en", show=str) is None
    assert spread("x", np.full(4, 7.0), title="t", language="en", show=str) is not None


def test_the_width_of_a_text_is_that_of_the_font_or_a_little_more():
    fonts = pytest.importorskip("fontTools.ttLib", reason="the extra [report] is not installed")
    font = fonts.TTFont(typeface.FOLDER / "TulouSans-Regular.ttf")
    signs, metrics, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    words = [
        "Community",
        "Sustainable development",
        "WWW mmm",
        "42.5 km²",
        "小区（社区） ▲ 12",
        "ill-lit",
        "○ Not assessed",
    ]
    for text in words:
        real = sum(metrics[signs[ord(sign)]][0] for sign in text) / em * 14.0
        assert real <= svg.width_of(text, 14.0) <= 1.12 * real
