"""The same numbers, building by building, worked out by momepy and by us in one run."""

import importlib.util
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from tulou.measures.form import shape
from tulou.measures.form.intensity import covered_ground
from tulou.measures.form.streets import junctions
from tulou.measures.statistics.diversity import shannon_diversity, simpson_diversity

pytestmark = pytest.mark.filterwarnings("ignore")
SAME = (
    "circular_compactness",
    "square_compactness",
    "convexity",
    "courtyard_index",
    "rectangularity",
    "shape_index",
    "equivalent_rectangular_index",
    "fractal_dimension",
    "facade_ratio",
)


@pytest.fixture(scope="module")
def momepy():
    return pytest.importorskip("momepy", reason="momepy is not installed; it is the peer")


@pytest.fixture(scope="module")
def frames():
    geopandas = pytest.importorskip("geopandas", reason="geopandas is not installed; momepy needs it")
    found = importlib.util.find_spec("momepy")
    assert found is not None
    assert found.origin is not None
    path = Path(found.origin).parent / "datasets/bubenec.gpkg"

    def read(name):
        fields, _, geometry, columns = pyogrio.raw.read(path, layer=name)
        named = dict(zip(fields["fields"], columns, strict=True))
        return geopandas.GeoDataFrame(named, geometry=shapely.from_wkb(geometry))

    return {name: read(name) for name in ("buildings", "streets", "tessellation")}


@pytest.mark.parametrize("name", SAME)
def test_shape(momepy, frames, name):
    buildings = frames["buildings"]
    ours = getattr(shape, name)(np.asarray(buildings.geometry.values))
    np.testing.assert_allclose(ours, getattr(momepy, name)(buildings).to_numpy(), rtol=1e-9, atol=1e-12)


def test_elongation(momepy, frames):
    ours = shape.elongation(np.asarray(frames["buildings"].geometry.values))
    # momepy solves for the sides from area and outline of a box that rounding leaves slightly askew, we measure them
    np.testing.assert_allclose(ours, momepy.elongation(frames["buildings"]).to_numpy(), rtol=5e-4)


def test_courtyard_area_and_form_factor(momepy, frames):
    buildings = frames["buildings"]
    shapes, height = np.asarray(buildings.geometry.values), np.linspace(10.0, 30.0, 144)
    np.testing.assert_allclose(shape.courtyard_area(shapes), momepy.courtyard_area(buildings), atol=1e-9)
    np.testing.assert_allclose(shape.form_factor(shapes, height), momepy.form_factor(buildings, height))


def test_junctions_are_the_nodes_of_degree_three_and_more(momepy, frames):
    graph = momepy.gdf_to_nx(frames["streets"], approach="primal")
    expected = sum(degree >= 3 for _, degree in graph.degree())
    assert junctions(np.asarray(frames["streets"].geometry.values)).sum() == pytest.approx(expected)


def test_diversity_of_kinds_around_each_cell(momepy, frames):
    graphs = pytest.importorskip("libpysal.graph", reason="libpysal is not installed; momepy needs it")
    cells = frames["tessellation"]
    near = graphs.Graph.build_contiguity(cells).higher_order(k=3, lower_order=True).assign_self_weight()
    cells = cells.assign(kind=list(range(8)) * 18)
    shannon = momepy.shannon(cells["kind"], near, categorical=True)
    simpson = momepy.simpson(cells["kind"], near, categorical=True)
    assert shannon.mean() == pytest.approx(2.0493812749063793)  # as momepy's own test states it
    assert simpson.mean() == pytest.approx(0.13227361237314683)
    kind = cells["kind"].to_numpy()
    counts = [np.bincount(kind[near[cell].index], minlength=8).astype(float) for cell in cells.index]
    np.testing.assert_allclose([shannon_diversity(row) for row in counts], shannon.to_numpy(), rtol=1e-9)
    np.testing.assert_allclose([1 - simpson_diversity(row) for row in counts], simpson.to_numpy(), rtol=1e-9)


def test_coverage_of_cells(momepy, frames):
    buildings, cells = frames["buildings"], frames["tessellation"]
    area = momepy.describe_agg(buildings.area, buildings["uID"])["sum"]
    theirs = (area / cells.set_index("uID").area).loc[cells["uID"]].to_numpy()
    parts = covered_ground(np.asarray(cells.geometry.values), np.asarray(buildings.geometry.values))
    # momepy joins by number, we by the ground: cells cut a thousandth off corners
    np.testing.assert_allclose(parts.part / parts.whole, theirs, atol=1e-3)
