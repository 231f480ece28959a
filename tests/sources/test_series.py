"""Series of times and numbers, and files that are none."""

import numpy as np
import pytest

from tulou.kernel.errors import BadInput
from tulou.sources.series import read_series

UNITS = {"flow": "m3/hour", "pressure": "m"}


def made(folder, text):
    path = folder / "series.csv"
    path.write_text(text, "utf-8")
    return path


def test_units_order_and_unknown_values(tmp_path):
    path = made(tmp_path, "time,flow (L/s),note\n2026-01-02T00:30,2,a\n2026-01-01T23:00,1,b\n2026-01-02T01:00,,c\n")
    found = read_series(path, UNITS)
    assert found.names == ("flow",)
    assert found.column("flow")[:2] == pytest.approx([3.6, 7.2])
    assert np.isnan(found.column("flow")[2])
    assert found.day.tolist() == [0, 1, 1]
    assert found.hour.tolist() == [23, 0.5, 1]
    assert found.column("pressure") is None


def test_other_columns_are_read_where_they_are_wanted(tmp_path):
    path = made(tmp_path, "time,N1,n2 (kPa)\n2026-01-01 00:00,1,98.0665\n2026-01-01 00:05,2,0\n")
    found = read_series(path, {}, "kPa")
    assert found.names == ("N1", "n2")
    assert found.values[:, 1] == pytest.approx([98.0665, 0])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("time,flow\n2026-01-01T00:00,1\n2026-01-01T00:00,2\n", "twice"),
        ("time,flow\n2026-01-01T00:00,1\n", "two known times"),
        ("time,flow\nnow,1\nthen,2\n", "no times"),
        ("day,flow\n2026-01-01T00:00,1\n", "no column of times"),
        ("time,other\n2026-01-01T00:00,1\n2026-01-01T00:05,1\n", "needed column"),
        ("time,flow\n2026-01-01T00:00,many\n2026-01-01T00:05,1\n", "no numbers"),
        ("time,flow (kg)\n2026-01-01T00:00,1\n2026-01-01T00:05,1\n", "different things"),
        ("time,flow\n2026-01-01T00:00,1,9\n", "no table"),
    ],
)
def test_files_that_are_none(tmp_path, text, what):
    with pytest.raises(BadInput) as caught:
        read_series(made(tmp_path, text), UNITS)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("time,flow,flow", "stands here twice"),
        ("time,time,flow", "stands here twice"),
        ("time,flow,flow (L/s)", "one attribute"),
        ("time,Flow,flow", "one attribute"),
    ],
)
def test_of_two_columns_of_one_name_none_wins_silently(tmp_path, head, what):
    with pytest.raises(BadInput, match=what):
        read_series(made(tmp_path, f"{head}\n2026-01-01T00:00,1,2\n2026-01-01T00:05,1,2\n"), UNITS)


def test_times_finer_than_a_second_are_read_to_the_second(tmp_path):
    found = read_series(made(tmp_path, "time,flow\n2026-01-01T00:00:00.5,1\n2026-01-01T00:00:01.25,2\n"), UNITS)
    assert [str(one) for one in found.times] == ["2026-01-01T00:00:00", "2026-01-01T00:00:01"]
