"""Shape and intensity on momepy's Bubenec sample, as momepy's own tests state them."""

import importlib.util
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from tulou.measures.form.intensity import covered_ground, floor_space
from tulou.measures.form.shape import (
    circular_compactness,
    convexity,
    courtyard_area,
    courtyard_index,
    elongation,
    equivalent_rectangular_index,
    facade_ratio,
    form_factor,
    fractal_dimension,
    rectangularity,
    shape_index,
    square_compactness,
)

STOREY = 3  # m, momepy's default
CELLS = 5e-4  # momepy joins buildings to cells by number, we by the ground they share; cells cut a few corners


def layer(name: str):
    found = importlib.util.find_spec("momepy")
    if found is None or found.origin is None:
        pytest.skip("momepy is not installed; it carries the Bubenec sample")
    fields, _, geometry, columns = pyogrio.raw.read(Path(found.origin).parent / "datasets/bubenec.gpkg", layer=name)
    return shapely.from_wkb(geometry), dict(zip(fields["fields"], columns, strict=True))


@pytest.fixture(scope="module")
def buildings():
    return layer("buildings")


@pytest.mark.parametrize(
    ("measure", "mean", "whole", "least", "most", "within"),
    [
        (fractal_dimension, 1.0284229071113, 148.09289862402, 0.9961153485808, 1.1823500218800869, 1e-6),
        (facade_ratio, 5.576164283846954, 802.9676568739615, 1.693082337025171, 11.314007604595293, 1e-6),
        (circular_compactness, 0.5690762180557374, 81.94697540002619, 0.2790908141757502, 0.7467862040050506, 1e-6),
        (square_compactness, 0.8486134470818577, 122.20033637978752, 0.18260442238858857, 1.0179729958596555, 1e-6),
        (convexity, 0.941622590878818, 135.5936530865498, 0.5940675324809443, 1, 1e-6),
        (courtyard_index, 0.0011531885929613557, 0.16605915738643523, 0, 0.16605915738643523, 1e-6),
        (rectangularity, 0.8867686143851342, 127.69468047145932, 0.4354516872480972, 0.9994000284783504, 1e-3),
        (shape_index, 0.7517554336770522, 108.25278244949553, 0.5282904638319247, 0.8641679258136411, 1e-6),
        (
            equivalent_rectangular_index,
            0.93075911660317,
            134.02931279085632,
            0.4431370785578147,
            1.0090920542155701,
            1e-3,
        ),
        (elongation, 0.8046747233732038, 115.87316016574134, 0.2608278715025736, 0.9975111632520667, 1e-3),
    ],
)
def test_shape(buildings, measure, mean, whole, least, most, within):
    found = measure(buildings[0])
    assert len(found) == 144
    assert found.mean() == pytest.approx(mean, rel=within)
    assert found.sum() == pytest.approx(whole, rel=within)
    assert found.min() == pytest.approx(least, rel=within)
    assert found.max() == pytest.approx(most, rel=within)


def test_form_factor(buildings):
    found = form_factor(buildings[0], np.linspace(10.0, 30.0, 144))
    assert found.mean() == pytest.approx(5.4486362624193)
    assert found.sum() == pytest.approx(784.60362178837)
    assert found.max() == pytest.approx(9.0604207122634)


def test_courtyards_are_what_the_outline_holds_more(buildings):
    shapes = buildings[0]
    expected = [shapely.Polygon(shape.exterior).area - shape.area for shape in shapes]
    np.testing.assert_allclose(courtyard_area(shapes), expected, atol=1e-9)


def test_coverage_and_floor_area_ratio_of_tessellation_cells(buildings):
    shapes, columns = buildings
    cells, cell_columns = layer("tessellation")
    floor = shapely.area(shapes) * (np.linspace(10.0, 30.0, 144) // STOREY)
    assert set(columns["uID"]) == set(cell_columns["uID"])
    covered, built = covered_ground(cells, shapes), floor_space(cells, shapes, floor)
    coverage = covered.part / covered.whole
    ratio = built.part / built.whole
    assert coverage.mean() == pytest.approx(0.3206556897709747, rel=CELLS)
    assert coverage.max() == pytest.approx(0.8754071653707558, rel=CELLS)
    assert coverage.min() == pytest.approx(0.029097983413141276, rel=CELLS)
    assert ratio.mean() == pytest.approx(1.910949846262234, rel=CELLS)
    assert ratio.max() == pytest.approx(7.003257322966046, rel=CELLS)
    assert ratio.min() == pytest.approx(0.26188185071827147, rel=CELLS)
