"""GTFS: the real feeds of Porto Alegre, and small feeds with every kind of fault."""

import hashlib
import math
import zipfile
from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_data import shared
from sources.dictionary import dictionary
from tulou.kernel.errors import BadInput
from tulou.measures.transit.headways import mean_wait
from tulou.sources.catalogue import recognise
from tulou.sources.gtfs.connector import read_gtfs
from tulou.sources.gtfs.feed import UNREADABLE, Table, time_of
from tulou.sources.gtfs.service import read_calendar

SMALL = {
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,甲,26.0,119.3\nB,乙,26.0,119.31\nC,丙,26.0,119.33\n",
    "routes.txt": "route_id,route_short_name,route_type\nR,1路,3\n",
    "trips.txt": "route_id,service_id,trip_id\nR,W,T1\nR,W,T2\nR,S,T3\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T1,07:00:00,07:00:00,A,1\nT1,,,B,2\nT1,07:15:00,07:15:00,C,3\n"
    "T2,24:50:00,24:50:00,A,1\nT2,25:00:00,25:00:00,B,2\nT2,25:10:00,25:10:00,A,3\nT2,25:20:00,25:20:00,C,4\n"
    "T3,08:00:00,08:00:00,A,1\nT3,08:10:00,08:10:00,C,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "W,1,1,1,1,1,0,0,20260105,20260130\nS,0,0,0,0,0,1,0,20260105,20260130\n",
}


def feed(tmp_path, *, as_zip=True, **changes):
    files = {**SMALL, **{name.replace("__", "."): text for name, text in changes.items()}}
    files = {name: text for name, text in files.items() if text is not None}
    if not as_zip:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name, text)
    return path


def stops(extract):
    return {row["id"].split(":")[1]: row for row in extract.facts[0].rows.to_pylist()}


def test_porto_alegre():
    extract = read_gtfs(shared("city_porto_alegre/poa_eptc.zip"), day=date(2019, 5, 15))
    stop, route = (facts.rows for facts in extract.facts)
    assert (stop.num_rows, route.num_rows) == (3986, 115)
    assert sum(route["trips_day"].to_pylist()) == 2374
    assert sum(stop["departures_day"].to_pylist()) == 130_019 - 2374
    assert [remark.kind for remark in extract.quality.remarks] == ["time_filled_in"]
    west, south, east, north = extract.extent
    assert -51.3 < west < east < -51.0
    assert -30.3 < south < north < -29.9
    lines = shapely.from_wkb(route["geometry"].to_pylist())
    assert (shapely.get_dimensions(lines) == 1).all()


def test_trensurb_and_its_waits():
    extract = read_gtfs(shared("city_porto_alegre/poa_trensurb.zip"), day=date(2019, 5, 15), expected=dictionary())
    stop = extract.facts[0].rows
    assert stop.num_rows == 24
    assert set(stop.column_names) - {"id", "geometry", "valid_from"} <= set(dictionary()["stop"].attributes)
    raw = read_gtfs(shared("city_porto_alegre/poa_trensurb.zip"), day=date(2019, 5, 15)).facts[0].rows
    lists = raw["departures"].to_pylist()
    times = np.concatenate([np.array(one, dtype=np.float64) for one in lists])
    owner = np.repeat(np.arange(len(lists)), [len(one) for one in lists])
    waits = mean_wait(times, owner, np.zeros(len(lists)), begin=6 * 3600.0, end=22 * 3600.0)
    assert np.nanmax(waits) < 15


def test_no_day_takes_the_first_busiest_working_day():
    extract = read_gtfs(shared("city_porto_alegre/poa_eptc.zip"))
    assert extract.source.datum.endswith("departures of 2019-04-15")


def test_a_stale_calendar_names_its_days_and_the_nearest():
    with pytest.raises(BadInput, match="from 2019-04-15 to 2019-07-15") as raised:
        read_gtfs(shared("city_porto_alegre/poa_eptc.zip"), day=date(2026, 1, 1))
    assert "2019-07-15" in raised.value.faults[0].allowed[0]


@pytest.mark.parametrize("as_zip", [True, False])
def test_departures_by_hand(tmp_path, as_zip):
    extract = recognise(feed(tmp_path, as_zip=as_zip)).read(feed(tmp_path, as_zip=as_zip), day=date(2026, 1, 6))
    found = stops(extract)
    assert found["A"]["departures"] == [25_200, 89_400, 90_600]
    assert found["B"]["departures"] == [25_500, 90_000]
    assert found["C"]["departures"] == []
    assert found["C"]["departures_day"] == 0.0
    assert found["A"]["departures_peak"] == 1.0
    assert found["A"]["mode"] == "bus"
    assert extract.facts[1].rows["trips_day"].to_pylist() == [2.0]
    assert extract.facts[1].rows["last_departure"].to_pylist() == [89_400.0]


def test_exceptions_of_the_calendar(tmp_path):
    path = feed(tmp_path, calendar_dates__txt="service_id,date,exception_type\nW,20260106,2\nS,20260106,1\n")
    assert stops(read_gtfs(path, day=date(2026, 1, 6)))["A"]["departures"] == [28_800]
    only = feed(tmp_path, calendar__txt=None, calendar_dates__txt="service_id,date,exception_type\nS,20260107,1\n")
    assert stops(read_gtfs(only))["A"]["departures"] == [28_800]


def test_a_feed_of_frequencies(tmp_path):
    path = feed(
        tmp_path,
        frequencies__txt="trip_id,start_time,end_time,headway_secs\nT1,06:00:00,07:00:00,600\nT1,07:00:00,07:30:00,900\n",
    )
    found = stops(read_gtfs(path, day=date(2026, 1, 6)))
    assert found["A"]["departures"][:8] == [21_600, 22_200, 22_800, 23_400, 24_000, 24_600, 25_200, 26_100]
    assert found["B"]["departures"][0] == 21_900
    assert found["A"]["departures"][8:] == [89_400, 90_600]


def test_byte_order_mark_blanks_and_folder_within_the_archive(tmp_path):
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as book:
        for name, text in SMALL.items():
            book.writestr(f"export/{name}", "\ufeff" + text.replace(",", " , ") if name == "routes.txt" else text)
    assert len(read_gtfs(path, day=date(2026, 1, 6)).facts[1].rows) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stops__txt": None}, "no stops.txt"),
        ({"calendar__txt": None}, "neither calendar.txt"),
        ({"stops__txt": ""}, "empty"),
        ({"trips__txt": "route_id,trip_id\nR,T1\n"}, "service_id"),
        ({"trips__txt": 'route_id,service_id,trip_id\n"R,W,T1\nR,W,T2\n'}, "feed.zip"),
        ({"calendar__txt": SMALL["calendar.txt"].replace("20260105", "2026-99-05")}, "not a day"),
        ({"calendar__txt": SMALL["calendar.txt"].replace(",1", ",0")}, "no service runs"),
        ({"stop_times__txt": SMALL["stop_times.txt"].replace("T1,", "X,").replace("T2,", "Y,")}, "no departure"),
        ({"frequencies__txt": "trip_id,start_time,end_time,headway_secs\nT1,00:00:00,70:00:00,0.0001\n"}, "absurd"),
    ],
)
def test_faults(tmp_path, changes, words):
    with pytest.raises(BadInput) as raised:
        read_gtfs(feed(tmp_path, **changes), day=date(2026, 1, 6))
    assert words in str(raised.value)


def test_rows_that_cannot_be_used_are_counted(tmp_path):
    bad = SMALL["stop_times.txt"] + "T9,1:00:00,1:00:00,A,1\nT1,7:99:00,7:99:00,A,9\nT1,07:20:00,07:20:00,Z,5\n"
    extract = read_gtfs(feed(tmp_path, stop_times__txt=bad), day=date(2026, 1, 6))
    found = {remark.kind: remark.rows for remark in extract.quality.remarks}
    assert (found["unknown_trip"], found["unreadable_time"], found["unknown_stop"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("07:00:00", 25_200), ("7:00:00", 25_200), ("25:10:05", 90_605), ("7:60:00", UNREADABLE), ("x", UNREADABLE)],
)
def test_times(text, seconds):
    assert time_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["1²:00:00", "9" * 5000 + ":00:00", "07:00:00:00", "-1:00:00", "٠٧:00:00", "73:00:00", "7"]
)
def test_what_is_no_time(text):
    assert time_of(text) == UNREADABLE


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("3", "bus"),
        ("0", "tram"),
        ("109", "rail"),
        ("402", "metro"),
        ("²", "other"),
        ("9" * 5000, "other"),
        ("", "other"),
    ],
)
def test_modes(tmp_path, kind, mode):
    path = feed(tmp_path, routes__txt=SMALL["routes.txt"].replace(",3\n", f",{kind}\n"))
    assert read_gtfs(path, day=date(2026, 1, 6)).facts[1].rows["mode"].to_pylist() == [mode]


def test_an_exception_of_no_kind_does_not_cancel_a_day(tmp_path):
    path = feed(tmp_path, calendar_dates__txt="service_id,date,exception_type\nW,20260106,\n")
    with pytest.raises(BadInput, match="adds a day"):
        read_gtfs(path, day=date(2026, 1, 6))


@pytest.mark.parametrize(
    ("headway", "what"), [("1e-300", "absurd"), ("inf", None), ("0", None), ("-600", None), ("", None)]
)
def test_a_headway_that_is_none_leaves_the_trip_as_it_stands(tmp_path, headway, what):
    text = f"trip_id,start_time,end_time,headway_secs\nT1,06:00:00,07:00:00,{headway}\n"
    path = feed(tmp_path, frequencies__txt=text)
    if what:
        with pytest.raises(BadInput, match=what):
            read_gtfs(path, day=date(2026, 1, 6))
        return
    extract = read_gtfs(path, day=date(2026, 1, 6))
    assert stops(extract)["A"]["departures"] == [25_200, 89_400, 90_600]
    assert {remark.kind: remark.rows for remark in extract.quality.remarks}["bad_frequency"] == 1


CALL = st.tuples(st.sampled_from("ABC"), st.none() | st.integers(1, 20), st.booleans())
"""Stop, minutes since the timed call before (none: not timed), whether one may board."""
PLACES = {"A": (119.3, 26.0), "B": (119.31, 26.0), "C": (119.33, 26.0)}


def calls_of(trip):
    """The calls of a trip with a time or None, and whether passengers may board."""
    now, calls = 8 * 3600, []
    for stop, minutes, boards in trip:
        now += (minutes or 0) * 60
        calls.append((stop, None if minutes is None else now, boards))
    return calls


def written(time):
    return "" if time is None else f"{time // 3600}:{time // 60 % 60:02}:00"


def filled_by_hand(calls):
    """Times between timed calls in proportion to the way, one trip and one call at a time."""
    along, way = [], 0.0
    for number, (stop, _, _) in enumerate(calls):
        if number:
            (x, y), (before_x, before_y) = PLACES[stop], PLACES[calls[number - 1][0]]
            way += math.hypot((x - before_x) * math.cos(math.radians(y)), y - before_y) + 1e-9
        along.append(way)
    timed = [number for number, call in enumerate(calls) if call[1] is not None]
    found = []
    for number, (stop, _, boards) in enumerate(calls):
        before = [one for one in timed if one <= number]
        after = [one for one in timed if one >= number]
        if before and after:
            low, high = before[-1], after[0]
            share = 0.0 if low == high else (along[number] - along[low]) / (along[high] - along[low])
            found.append((stop, calls[low][1] + share * (calls[high][1] - calls[low][1]), boards))
    return found


@settings(max_examples=60)
@given(st.lists(st.lists(CALL, min_size=1, max_size=6), min_size=1, max_size=4))
def test_departures_are_those_of_a_slow_reckoning_trip_by_trip(tmp_path_factory, trips):
    """Rows shuffled; calls without a time between timed ones, at the ends, and without boarding."""
    every = [calls_of(trip) for trip in trips]
    rows = [
        f"T{trip},{written(time)},{stop},{number},{0 if boards else 1}"
        for trip, calls in enumerate(every)
        for number, (stop, time, boards) in enumerate(calls)
    ]
    expected = {stop: [] for stop in PLACES}
    for calls in every:
        for stop, time, boards in filled_by_hand(calls)[:-1]:
            if boards:
                expected[stop].append(time)
    path = feed(
        tmp_path_factory.mktemp("feed"),
        trips__txt="route_id,service_id,trip_id\n" + "".join(f"R,W,T{trip}\n" for trip in range(len(trips))),
        stop_times__txt="trip_id,departure_time,stop_id,stop_sequence,pickup_type\n"
        + "\n".join(sorted(rows, key=hash_of)),
    )
    if not any(expected.values()):
        with pytest.raises(BadInput, match="no departure"):
            read_gtfs(path, day=date(2026, 1, 6))
        return
    found = {stop: row["departures"] for stop, row in stops(read_gtfs(path, day=date(2026, 1, 6))).items()}
    for stop, times in expected.items():
        assert found[stop] == pytest.approx(sorted(times), abs=0.51)


def hash_of(row):
    """An order that has nothing to do with that of travel."""
    return hashlib.sha256(row.encode()).digest()


@given(st.integers(0, 72), st.integers(0, 59), st.integers(0, 59))
def test_every_time_of_a_feed_is_read_back(hours, minutes, seconds):
    assert time_of(f"{hours}:{minutes:02}:{seconds:02}") == hours * 3600 + minutes * 60 + seconds
    assert time_of(f" {hours:02}:{minutes:02}") == hours * 3600 + minutes * 60


DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 28))


@given(
    st.lists(st.tuples(st.sampled_from("WS"), DAYS, DAYS, st.lists(st.booleans(), min_size=7, max_size=7)), max_size=3),
    st.lists(st.tuples(st.sampled_from("WS"), DAYS, st.sampled_from("12")), max_size=4),
    DAYS,
)
def test_services_of_a_day_by_going_through_the_calendar(periods, exceptions, day):
    """An exception goes before the weekdays; on a day both added and removed the service runs."""
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    regular = [(service, first, last, *("1" if on else "0" for on in days)) for service, first, last, days in periods]
    tables = {
        "calendar.txt": table_of(("service_id", "start_date", "end_date", *week), regular),
        "calendar_dates.txt": table_of(("service_id", "date", "exception_type"), exceptions),
    }
    expected = set()
    for service in "WS":
        runs = any(
            one == service and first <= day <= last and days[day.weekday()] for one, first, last, days in periods
        )
        said = {kind for one, when, kind in exceptions if (one, when) == (service, day)}
        if "1" in said or (runs and "2" not in said):
            expected.add(service)
    calendar = read_calendar(tables)
    assert calendar.on(day) == expected
    assert (day in calendar.days()) == bool(expected)


def table_of(heads, rows):
    """A table of a feed; days as feeds write them."""
    texts = [[one.strftime("%Y%m%d") if isinstance(one, date) else one for one in row] for row in rows]
    return Table("calendar", {head: [row[place] for row in texts] for place, head in enumerate(heads)}, len(rows))


def test_places_beyond_all_bounds_are_refused_and_times_filled_in_nevertheless(tmp_path):
    path = feed(tmp_path, stops__txt=SMALL["stops.txt"].replace("119.31", "1e400"))
    extract = read_gtfs(path, day=date(2026, 1, 6))
    assert set(stops(extract)) == {"A", "C"}
    assert {remark.kind: remark.rows for remark in extract.quality.remarks}["not_finite"] == 1


def test_a_feed_none_of_whose_stops_has_a_place_is_refused(tmp_path):
    path = feed(tmp_path, stops__txt="stop_id,stop_lat,stop_lon\nA,,\nB,x,y\nC,0,0\n")
    with pytest.raises(BadInput, match="no row can be kept") as raised:
        read_gtfs(path, day=date(2026, 1, 6))
    assert "no_place" in raised.value.faults[0].found
