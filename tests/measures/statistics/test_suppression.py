"""Small cells: none can be worked out from what is shown. The oracle is a linear programme over all that is hidden."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from tulou.kernel.errors import BadUse
from tulou.measures.statistics.suppression import suppressed, suppressed_list

LEAST = 10


def with_sums(counts):
    whole = np.pad(np.asarray(counts), ((0, 1), (0, 1)))
    whole[:-1, -1], whole[-1, :-1] = whole[:-1, :-1].sum(1), whole[:-1, :-1].sum(0)
    whole[-1, -1] = whole[:-1, :-1].sum()
    return whole


def table_of(safe):
    return np.block([[safe.cells, safe.rows[:, None]], [safe.columns[None, :], np.array([[safe.total]])]])


def reach(shown, at):
    """What a reader can work out of one cell: its least and greatest count that agree with everything shown."""
    rows, columns = shown.shape
    laws = []
    for row in range(rows):
        law = np.zeros(shown.shape)
        law[row, :-1], law[row, -1] = 1, -1
        laws.append(law.ravel())
    for column in range(columns):
        law = np.zeros(shown.shape)
        law[:-1, column], law[-1, column] = 1, -1
        laws.append(law.ravel())
    bounds = [(None, None) if np.isnan(one) else (one, one) for one in shown.ravel()]
    bounds = [(0, None) if low is None else (low, high) for low, high in bounds]
    aim = np.zeros(shown.size)
    aim[np.ravel_multi_index(at, shown.shape)] = 1
    low = linprog(aim, A_eq=np.array(laws), b_eq=np.zeros(len(laws)), bounds=bounds)
    high = linprog(-aim, A_eq=np.array(laws), b_eq=np.zeros(len(laws)), bounds=bounds)
    assert low.status == 0
    return low.fun, np.inf if high.status == 3 else -high.fun


@settings(max_examples=40)
@given(
    arrays(
        np.int64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.sampled_from([0, 1, 4, 9, 10, 13, 60])
    )
)
def test_no_small_cell_can_be_narrowed_down(counts):
    whole, shown = with_sums(counts), table_of(suppressed(counts, least=LEAST))
    for at in np.argwhere(whole < LEAST):
        assert np.isnan(shown[tuple(at)])
        low, high = reach(shown, tuple(at))
        assert low <= 1e-6
        assert high >= LEAST - 1 - 1e-6


@settings(max_examples=40)
@given(arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(0, 40)))
def test_what_is_shown_is_the_count_itself(counts):
    whole, shown = with_sums(counts), table_of(suppressed(counts, least=LEAST))
    is_shown = ~np.isnan(shown)
    assert (shown[is_shown] == whole[is_shown]).all()
    assert not (whole[is_shown] < LEAST).any()


def test_a_table_without_small_cells_is_shown_whole():
    counts = np.arange(10, 22).reshape(3, 4)
    assert suppressed(counts, least=LEAST).hidden == 0


def test_one_small_cell_takes_three_more_with_it():
    counts = np.array([[20, 50, 10, 19], [4, 41, 20, 25], [15, 30, 22, 40]])
    safe = suppressed(counts, least=LEAST)
    hidden = np.isnan(safe.cells)
    assert hidden.sum() == 4
    assert hidden[1, 0]
    assert not np.isnan([*safe.rows, *safe.columns, safe.total]).any()
    assert set(hidden.sum(0)) == set(hidden.sum(1)) == {0, 2}


def test_the_cheapest_cells_are_hidden():
    assert np.isnan(suppressed_list([3, 500, 11, 80], least=LEAST).cells).tolist() == [True, False, True, False]


def test_a_neighbour_that_is_too_small_to_hide_behind_is_not_enough():
    safe = suppressed_list([1, 0, 500], least=LEAST)
    assert np.isnan(safe.cells).all()
    assert safe.total == 501


def test_a_sum_that_is_small_is_hidden_too():
    safe = suppressed_list([3, 4], least=LEAST)
    assert np.isnan(safe.cells).all()
    assert np.isnan(safe.total)
    assert np.isnan(suppressed([[3, 4], [0, 2]], least=LEAST).total)


def test_nothing_at_all():
    assert suppressed_list([], least=LEAST).total == 0
    assert suppressed(np.zeros((0, 3), int), least=LEAST).columns.shape == (3,)


def test_twice_gives_the_same():
    counts = np.random.default_rng(5).poisson(9, (20, 12))
    one, other = (table_of(suppressed(counts, least=LEAST)) for _ in range(2))
    assert np.array_equal(one, other, equal_nan=True)


@pytest.mark.parametrize("counts", [[1.5, 2], [-1, 20], [float("nan"), 3], ["a", "b"], [[1, 2]], [True, False]])
def test_what_is_not_counts_is_refused(counts):
    with pytest.raises(BadUse, match="suppression is for counts"):
        suppressed_list(counts, least=LEAST)


def test_a_least_count_of_nothing_is_refused():
    with pytest.raises(BadUse, match="least count"):
        suppressed_list([1], least=0)
