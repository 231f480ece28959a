import math
import os
import signal
import subprocess
import sys
import time as clock
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput, BadUse, Conflict
from tulou.operations.alarms.adapters.readings import Place, ReadingStore
from tulou.operations.alarms.domain.engine import Frame
from tulou.operations.alarms.domain.series import by_sensor, once, windows

START = 1_700_000_000_000
MINUTE = 60_000


def frame(store, rows, received=START):
    """A frame of (name, minute, value)."""
    return Frame(
        received,
        store.names.numbers([name for name, _, _ in rows]),
        np.array([START + minute * MINUTE for _, minute, _ in rows], np.int64),
        np.array([value for _, _, value in rows], np.float64),
    )


def filled(folder, frames=5, rows=7, seal_rows=10**9):
    store = ReadingStore(folder, seal_rows)
    store.begin()
    for one in range(frames):
        store.append(
            frame(store, [(f"s{row % 3}", one * 10 + row, one + row / 10) for row in range(rows)], START + one)
        )
    return store


def told(frames):
    return [
        (
            one.received,
            one.sensor.tolist(),
            one.time.tolist(),
            ["nan" if math.isnan(v) else v for v in one.value.tolist()],
        )
        for _, one in frames
    ]


rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(-50, 50), st.sampled_from([0.0, 1.5, -2.0, math.nan, math.inf])),
    max_size=20,
)


@settings(max_examples=40, deadline=None)
@given(batches=st.lists(rows, max_size=6), seal_rows=st.sampled_from([1, 7, 10**9]))
def test_what_was_added_comes_back_as_it_came_sealed_or_not(tmp_path_factory, batches, seal_rows):
    folder = tmp_path_factory.mktemp("readings")
    wanted = []
    with ReadingStore(folder, seal_rows) as store:
        for number, batch in enumerate(batches):
            one = frame(store, batch, START + number)
            wanted.append((Place(), one))
            store.append(one)
    assert told(ReadingStore(folder).frames()) == told(wanted)
    every = [row for batch in batches for row in batch]
    for name in {row[0] for row in every}:
        time, value = ReadingStore(folder).series(name, START - 10 * MINUTE, START + 20 * MINUTE)
        first = {}
        for who, minute, reading in every:
            if who == name and -10 <= minute < 20:
                first.setdefault(START + minute * MINUTE, reading)
        assert time.tolist() == sorted(first)
        assert np.array_equal(value, [first[one] for one in sorted(first)], equal_nan=True)


@pytest.mark.parametrize("cut", [1, 10, 30, 100, 140])
def test_a_torn_tail_is_dropped_and_nothing_else(tmp_path, cut):
    store = filled(tmp_path)
    store.close()
    path = next(tmp_path.glob("*.log"))
    whole = told(store.frames())
    os.truncate(path, path.stat().st_size - cut)
    again = ReadingStore(tmp_path)
    assert again.begin() > 0
    assert told(again.frames()) == whole[:4]
    again.append(frame(again, [("s0", 99, 1.0)]))
    again.close()
    assert len(told(ReadingStore(tmp_path).frames())) == 5


def test_a_tail_of_zeros_as_after_a_power_cut_is_dropped(tmp_path):
    store = filled(tmp_path)
    store.close()
    path = next(tmp_path.glob("*.log"))
    whole = told(store.frames())
    with path.open("ab") as file:
        file.write(bytes(4096))
    with ReadingStore(tmp_path) as again:
        assert told(again.frames()) == whole


def test_damage_before_the_tail_is_told_and_nothing_is_dropped(tmp_path):
    store = filled(tmp_path)
    store.close()
    path = next(tmp_path.glob("*.log"))
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadInput, match="damaged in the middle"):
        ReadingStore(tmp_path).begin()
    assert path.read_bytes() == bytes(data)


def test_damage_of_a_sealed_segment_is_told(tmp_path):
    store = filled(tmp_path, seal_rows=10)
    store.close()
    path = min(tmp_path.glob("*.parquet"))
    data = bytearray(path.read_bytes())
    data[40] ^= 255
    path.write_bytes(data)
    with pytest.raises(BadInput, match="sealed segment"):
        list(ReadingStore(tmp_path).frames())


def test_only_one_process_writes_and_readers_do_not_wait(tmp_path):
    store = filled(tmp_path)
    with pytest.raises(Conflict):
        ReadingStore(tmp_path).begin()
    assert len(told(ReadingStore(tmp_path).frames())) == 5
    store.close()
    with ReadingStore(tmp_path):
        pass


def test_frames_go_on_from_a_place(tmp_path):
    store = filled(tmp_path, seal_rows=20)
    places = [place for place, _ in store.frames()]
    store.settle()
    whole = told(store.frames())
    for skipped, place in enumerate(places, 1):
        assert told(store.frames(place)) == whole[skipped:]
    assert store.place >= places[-1]
    store.close()


def test_a_store_that_died_while_sealing_goes_on(tmp_path):
    """The sealed file was in place, the open one not yet gone; and: sealed had not begun."""
    store = filled(tmp_path, seal_rows=20)
    store.close()
    whole = told(store.frames())
    sealed = min(tmp_path.glob("*.parquet"))
    sealed.with_suffix(".log").write_bytes(b"left over")
    with ReadingStore(tmp_path) as again:
        assert told(again.frames()) == whole
    assert not sealed.with_suffix(".log").exists()


def test_an_unknown_sensor_is_told_with_those_that_are(tmp_path):
    store = filled(tmp_path)
    with pytest.raises(BadUse, match="no readings of this sensor") as error:
        store.series("s9", 0, START)
    assert error.value.faults[0].allowed == ("s0", "s1", "s2")
    with pytest.raises(BadUse, match="not a name"):
        store.names.numbers(["ok", "a\nb"])
    assert "ok" not in store.names.listed
    with pytest.raises(BadUse, match="number of a sensor"):
        store.append(Frame(START, np.array([9], np.int32), np.array([START]), np.array([1.0])))
    store.close()


def test_a_torn_name_is_dropped_and_its_number_given_again(tmp_path):
    store = filled(tmp_path)
    store.close()
    with (tmp_path / "sensors.names").open("ab") as file:
        file.write(b"0000 half")
    with ReadingStore(tmp_path) as again:
        assert again.names.listed == ("s0", "s1", "s2")
        assert again.names.numbers(["s3"]).tolist() == [3]
    assert ReadingStore(tmp_path).names.listed[-1] == "s3"


@settings(max_examples=60, deadline=None)
@given(
    readings=st.lists(st.tuples(st.integers(0, 200), st.sampled_from([1.0, 2.5, -3.0, math.nan, 1e9])), max_size=60),
    start=st.integers(-20, 100), length=st.integers(1, 150), width=st.integers(1, 50),
)  # fmt: skip
def test_windows_are_those_of_another_database(readings, start, length, width):
    time, value = once(np.array([one for one, _ in readings], np.int64), np.array([one for _, one in readings]))
    found = windows(time, value, start, start + length, width)
    database = duckdb.connect()
    database.execute("create table r(t bigint, v double)")
    if len(time):
        database.executemany("insert into r values (?, ?)", list(zip(time.tolist(), value.tolist(), strict=True)))
    asked = database.execute(
        "select (t - ?) // ? w, count(*), avg(v), min(v), max(v) from r "
        "where t >= ? and t < ? and not isnan(v) group by w order by w",
        [start, width, start, start + length],
    ).fetchall()
    known = np.flatnonzero(found.count)
    assert known.tolist() == [row[0] for row in asked]
    assert found.count[known].tolist() == [row[1] for row in asked]
    assert np.allclose(found.mean[known], [row[2] for row in asked])
    assert found.least[known].tolist() == [row[3] for row in asked]
    assert found.largest[known].tolist() == [row[4] for row in asked]
    empty = found.count == 0
    assert all(np.isnan(one[empty]).all() for one in (found.mean, found.least, found.largest))
    assert len(found.start) == -(-length // width)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=60))
def test_order_by_sensor_is_that_of_sorting(pairs):
    sensor = np.array([one for one, _ in pairs], np.int32)
    time = np.array([one for _, one in pairs], np.int64)
    assert by_sensor(sensor, time, 5).tolist() == np.lexsort((np.arange(len(pairs)), time, sensor)).tolist()


WRITER = """
import sys, numpy as np
from pathlib import Path
from tulou.operations.alarms.adapters.readings import ReadingStore
from tulou.operations.alarms.domain.engine import Frame
store = ReadingStore(Path(sys.argv[1]), 3000)
store.begin()
sensor = store.names.numbers(["a"] * 100)
done = max([int(one.received) for _, one in store.frames()], default=0)
for number in range(done + 1, 10**9):
    store.append(Frame(number, sensor, np.full(100, number), np.full(100, float(number))))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


@pytest.mark.slow
def test_a_writer_that_is_killed_loses_nothing_it_acknowledged(tmp_path):
    acknowledged = 0
    root = Path(__file__).parents[3] / "src"
    for attempt in range(12):
        log = tmp_path / f"said{attempt}"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", WRITER, str(tmp_path / "store")],
                stdout=out,
                env={**os.environ, "PYTHONPATH": str(root)},
            )
            deadline = clock.monotonic() + 60
            while not log.read_text() and clock.monotonic() < deadline:
                clock.sleep(0.02)
            clock.sleep(0.03 * attempt)
            process.send_signal(signal.SIGKILL)
            process.wait()
        said = log.read_text().splitlines()
        acknowledged = int((said if log.read_text().endswith("\n") else said[:-1])[-1])
        with ReadingStore(tmp_path / "store") as store:
            numbers = [one.received for _, one in store.frames()]
            assert numbers == list(range(1, len(numbers) + 1))
            assert len(numbers) >= acknowledged
            assert all((one.value == one.received).all() and len(one.value) == 100 for _, one in store.frames())
    assert acknowledged > 100
