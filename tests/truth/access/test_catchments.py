"""The worked example of SOURCE.md, by table and by streets laid out so that they have just these distances."""

import numpy as np
import pytest
import shapely

from tulou.measures.access.catchment import catchment_from_table, floating_catchment
from tulou.measures.access.network import walking_network

PEOPLE, BEDS = np.array([1000.0, 2000, 3000]), np.array([50.0, 30])
MINUTES = np.array([[5.0, 25], [15, 12], [28, 8]])
DECAY = ((0.0, 1.0), (10.0, 0.68), (20.0, 0.22))
PUBLISHED = {
    "2sfca": [13.333333, 13.333333, 13.333333],
    "e2sfca": [17.997339, 15.712427, 10.192602],
    "3sfca": [25.693439, 13.711200, 8.961387],
}
A_THOUSAND = 1000


@pytest.mark.parametrize("method", PUBLISHED)
def test_by_table(method):
    place, target = np.indices(MINUTES.shape).reshape(2, -1)
    found = catchment_from_table(
        (place, target, MINUTES.ravel()), PEOPLE, BEDS, radius=30.0, method=method, decay=DECAY
    )
    np.testing.assert_allclose(found * A_THOUSAND, PUBLISHED[method], atol=5e-7)
    assert found @ PEOPLE == pytest.approx(80)


@pytest.mark.parametrize("method", PUBLISHED)
def test_along_ways(method):
    places, targets = np.array([[0.0, 0], [10, 0], [20, 0]]), np.array([[0.0, 9], [20, 9]])
    ends = [shapely.LineString([places[i], targets[j]]) for i in range(3) for j in range(2)]
    drawn = shapely.length(np.array(ends, object))
    network = walking_network(np.array(ends, object), factor=MINUTES.ravel() / drawn)
    found = floating_catchment(places, PEOPLE, targets, BEDS, network, radius=30.0, method=method, decay=DECAY)
    np.testing.assert_allclose(found.part / found.whole * A_THOUSAND, PUBLISHED[method], atol=5e-7)
