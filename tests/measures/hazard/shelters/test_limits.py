"""Limits of central shelters, one broken at a time."""

import numpy as np

from tulou.measures.hazard.shelters.limits import shelter_limits_kept


def test_each_limit():
    parts = shelter_limits_kept(
        np.array([5e7, 5e7 + 1, 1, 1, 1, np.nan, np.nan]),
        np.array([5e5, 1, 5e5 + 1, 1, 1, 1, 1]),
        np.array([30.0, 30, 30, 29.9, 30, 30, 10]),
        np.array([4.0, 4, 4, 4, 3, 4, 4]),
        most_land=5e7,
        most_people=5e5,
        least_distance=30,
        fewest_exits=4,
    )
    np.testing.assert_allclose(parts.part, [1, 0, 0, 0, 0, np.nan, 0])
    assert parts.cause is not None
    assert list(parts.cause) == [
        None, "land_too_large", "people_too_many", "fire_too_near", "exits_too_few", None, "fire_too_near",
    ]  # fmt: skip
