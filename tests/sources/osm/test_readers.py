"""Numbers as people write them into tags."""

import math

import pytest

from tulou.sources.osm.readers import read_length, read_number, read_speed, read_year


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("12", 12), ("12 m", 12), ("12m", 12), ("3,5", 3.5), ("3.5 m", 3.5), ("~20", 20), ("40'", 12.192),
        ("40 ft", 12.192), ("6'2\"", 1.8796), ("350 cm", 3.5), ("0.2 km", 200), ("12 米", 12), ("0", 0),
    ],
)  # fmt: skip
def test_lengths(text, metres):
    assert read_length(text) == pytest.approx(metres)


@pytest.mark.parametrize(
    "text", ["", "tall", "-3", "12 bananas", "3-4", "3;4", "nan", "inf", "1e400", "9" * 400, "12 m m"]
)
def test_what_is_no_length(text):
    assert math.isnan(read_length(text))


@pytest.mark.parametrize(("text", "speed"), [("50", 50), ("30 mph", 48.28032), ("10 knots", 18.52), ("50 km/h", 50)])
def test_speeds(text, speed):
    assert read_speed(text) == pytest.approx(speed)


@pytest.mark.parametrize("text", ["walk", "CH:urban", "signals", "none", "50;30"])
def test_what_is_no_speed(text):
    assert math.isnan(read_speed(text))


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1987", 1987),
        ("1987-05", 1987),
        ("1987-05-01", 1987),
        ("~1900", 1900),
        ("1923-1924", 1924),
        ("1923..1925", 1925),
    ],
)
def test_years(text, year):
    assert read_year(text) == year


@pytest.mark.parametrize("text", ["C19", "1960s", "before 1955", "0200", "9999", "87", "soon"])
def test_what_is_no_year(text):
    assert math.isnan(read_year(text))


def test_a_number_has_no_unit():
    assert read_number("4.5") == 4.5
    assert math.isnan(read_number("4 m"))
