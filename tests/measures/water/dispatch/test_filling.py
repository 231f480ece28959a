"""Equal filling by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadUse
from tulou.measures.water.dispatch.filling import release_shares


def test_only_those_above_the_mean_release_without_a_band():
    # Fillings 0.6, 0.3, 0.3: mean 0.4, so the first alone is above it.
    assert release_shares([60, 30, 3], [100, 100, 10], band=0).tolist() == [1, 0, 0]
    # Fillings 0.8, 0.5, 0.2: mean 0.5.
    assert release_shares([8, 5, 2], [10, 10, 10], band=0).tolist() == [1, 0, 0]
    # A band of 0.1: excesses 0.4, 0.1, 0.
    assert release_shares([8, 5, 2], [10, 10, 10], band=0.1) == pytest.approx([0.8, 0.2, 0])


def test_alike_ones_release_alike_and_empty_ones_nothing():
    assert release_shares([5, 50], [10, 100]) == pytest.approx([0.5, 0.5])
    assert release_shares([0, 0], [10, 100]).tolist() == [0, 0]
    assert release_shares([0, 1e-6], [10, 100]).tolist() == [0, 1]
    with pytest.raises(BadUse, match="holds something"):
        release_shares([1, 1], [0, 1])


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_shares_sum_to_one_where_anything_is_stored(volumes):
    shares = release_shares(volumes, [100.0] * len(volumes))
    assert shares.min() >= 0
    assert shares.sum() == pytest.approx(1.0 if max(volumes) > 0 else 0.0)
    # The fuller of two never releases less.
    order = np.argsort(volumes)
    assert (np.diff(shares[order]) >= -1e-12).all()
