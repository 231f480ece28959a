"""Work in threads: the same results in the same order, whatever the machine."""

import os
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.threads import by_rows, in_threads, spans, thread_count


@given(st.integers(0, 500), st.integers(1, 40))
def test_spans_cover_every_row_once(size, pieces):
    found = spans(size, pieces)
    assert [row for span in found for row in range(size)[span]] == list(range(size))
    lengths = [span.stop - span.start for span in found]
    assert len(found) <= pieces
    assert not lengths or (min(lengths) >= 1 and max(lengths) - min(lengths) <= 1)


@pytest.mark.parametrize("count", ["1", "2", "7"])
def test_the_number_of_threads_changes_nothing(monkeypatch, count):
    monkeypatch.setenv("NUMBA_NUM_THREADS", count)
    rows = np.arange(1000.0)
    assert thread_count() == int(count)
    assert by_rows(lambda one, other: one * 2 + other, rows, rows).tolist() == (rows * 3).tolist()
    assert in_threads(str, range(20)) == [str(number) for number in range(20)]


def test_nonsense_in_the_environment_is_not_a_number_of_threads(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "many")
    assert 1 <= thread_count() <= (os.cpu_count() or 1)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "0")
    assert thread_count() == 1


def test_one_piece_is_done_where_one_stands():
    assert in_threads(lambda _: threading.current_thread(), [0]) == [threading.current_thread()]
    assert in_threads(str, []) == []


def test_no_rows_give_no_rows():
    assert by_rows(lambda column: column + 1, np.empty(0)).tolist() == []


def test_a_fault_of_one_piece_reaches_the_caller(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "3")
    with pytest.raises(ZeroDivisionError):
        in_threads(lambda number: 1 // number, [1, 0, 2])
