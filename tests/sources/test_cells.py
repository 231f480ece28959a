"""Cells: what people write, and what comes of it."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput
from tulou.sources import cells, encodings


@pytest.mark.parametrize(
    ("text", "wanted", "value"),
    [
        ("2 104.4", "", 2104.4),
        ("1,234,567.5", "", 1_234_567.5),
        ("１２．５", "", 12.5),
        ("-3", "", -3.0),
        ("−3", "", -3.0),
        ("+7", "", 7.0),
        (".5", "", 0.5),
        ("1e3", "", 1000.0),
        ("45038元/㎡", "yuan/m2", 45_038.0),
        ("1.46%↑", "percent", 1.46),
        ("1.46%↓", "percent", -1.46),
        ("35%", "1", 0.35),
        ("429万人", "person", 4_290_000.0),
        ("3万", "person", None),
        ("2亩", "m2", 20_000 / 15),
        ("1.2公顷", "m2", 12_000.0),
        ("300厘米", "m", 3.0),
        ("12 人/公顷", "person/hectare", 12.0),
        ("62-68", "", None),
        ("1,5", "", None),
        ("12 3", "", None),
        ("约100", "", None),
        ("abc", "", None),
        ("", "", None),
        ("3米", "m2", None),
        ("inf", "", None),
        ("1e999", "", None),
    ],
)
def test_numbers(text, wanted, value):
    found = cells.number(text, wanted=wanted)
    assert found is None if value is None else found == pytest.approx(value)


def test_decimal_comma():
    assert cells.number("1.234,5", decimal=",") == 1234.5


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_every_number_python_prints_is_read_back(value):
    assert cells.number(repr(value)) == value


@pytest.mark.parametrize(
    ("words", "unit", "factor"),
    [
        ("亩", "m2", 10_000 / 15),
        ("万平方米", "m2", 10_000.0),
        ("公顷", "m2", 1e4),
        ("km2", "m2", 1e6),
        ("万元", "yuan", 1e4),
    ],
)
def test_units(words, unit, factor):
    assert cells.conversion(words, unit) == pytest.approx(factor)


@pytest.mark.parametrize("words", ["斗", "米"])
def test_units_that_do_not_fit(words):
    with pytest.raises(BadInput) as raised:
        cells.conversion(words, "m2", "m.yaml:4")
    assert "m.yaml:4" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-29", date(2026, 1, 29)),
        ("2026/1/9", date(2026, 1, 9)),
        ("2026年1月29日", date(2026, 1, 29)),
        ("20260129", date(2026, 1, 29)),
        ("2026-01", date(2026, 1, 1)),
        ("2026年", date(2026, 1, 1)),
        ("2026", date(2026, 1, 1)),
        ("2026-01-29 10:30:00", date(2026, 1, 29)),
        ("2026-13-01", None),
        ("29.1.2026", None),
    ],
)
def test_days(text, value):
    assert cells.day(text) == value


def test_a_day_by_its_own_format():
    assert cells.day("29.01.2026", "%d.%m.%Y") == date(2026, 1, 29)


@pytest.mark.parametrize(("text", "value"), [("是", True), ("无", False), ("YES", True), ("0", False), ("也许", None)])
def test_truth(text, value):
    assert cells.truth(text) is value


def test_unknown_is_not_zero_in_columns():
    column = pa.chunked_array([pa.array(["1", "", "--", "N/A", "x", "2 104.4", None])])
    found, trouble = cells.numbers(column, wanted="", factor=2.0, missing=())
    assert found.to_pylist() == [2.0, None, None, None, None, 4208.8, None]
    assert trouble.rows == [4]
    assert trouble.texts == ["x"]


def test_not_finite_numbers_become_unknown():
    column = pa.chunked_array([pa.array([1.0, float("nan"), float("inf")])])
    found, trouble = cells.numbers(column, wanted="", factor=1.0, missing=())
    assert found.to_pylist() == [1.0, None, None]
    assert trouble.rows == [2]
    texts, _ = cells.numbers(pa.chunked_array([pa.array(["1", "NaN", "inf"])]), wanted="", factor=1.0, missing=())
    assert texts.to_pylist() == [1.0, None, None]


@pytest.mark.parametrize("name", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_encodings_are_found(name):
    text = "编号,名称,面积\n1,鼓楼区东街口,12.5\n"
    assert encodings.decode(text.encode(name), "", "f")[0] == text


def test_big5_is_told_from_gb18030():
    text = "編號,名稱\n1,高雄市區的公園和小學\n2,大安區的地方\n"
    assert encodings.decode(text.encode("big5"), "", "f") == (text, "big5")


def test_a_wrong_declaration_names_byte_and_remedy():
    with pytest.raises(BadInput, match="byte 4") as raised:
        encodings.decode("abc,福州".encode("gbk"), "UTF-8", "f.csv")
    assert "GB18030" in str(raised.value)


def test_unknown_encodings_are_refused():
    with pytest.raises(BadInput):
        encodings.decode(b"a", "utf-9", "f")
    with pytest.raises(BadInput):
        encodings.decode(b"\x00\x01\xff\xfe\xff", "", "f")
