"""Cells: what people write, and what comes of it."""

import json
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


@pytest.mark.parametrize("text", ["1234①", "12 ②", "12¹", "5²", "7₂", "5⒈", "31㉛"])
def test_a_number_with_the_mark_of_a_footnote_is_not_another_number(text):
    assert cells.number(text) is None


def test_a_unit_may_have_a_raised_digit():
    assert cells.number("12 m²", wanted="m2") == 12.0
    assert cells.number("3㎡", wanted="m2") == 3.0


@pytest.mark.parametrize("word", ["－", "N／A", "…", "——", " 无数据 ", "ＮＵＬＬ"])
def test_words_for_unknown_may_be_wide(word):
    assert cells.is_missing(word)


PLAIN = ["7", "-9999", "", "3"]


@pytest.mark.parametrize(
    "column",
    [
        pa.array(PLAIN),
        pa.array([*PLAIN[:3], "3 m"]),
        pa.array(PLAIN, pa.large_string()),
        pa.array(PLAIN).dictionary_encode(),
        pa.array([7.0, -9999.0, None, 3.0]),
        pa.array([7, -9999, None, 3], pa.int16()),
        pa.array([7.0, -9999.0, float("nan"), 3.0], pa.float32()),
    ],
    ids=["texts", "mixed texts", "long texts", "categories", "floats", "integers", "halves"],
)
def test_a_stated_word_for_unknown_holds_in_columns_of_every_type(column):
    """-9999 metres of height would otherwise be taken for a figure."""
    found, trouble = cells.numbers(
        cells.simple(pa.chunked_array([column])), wanted="m", factor=2.0, missing=("-9999", "x")
    )
    assert found.to_pylist()[:3] == [14.0, None, None]
    assert trouble.rows == []


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False).map(repr) | st.sampled_from(["", " 5", "1e3", "+2", "-0.0"])))
def test_a_column_read_at_once_is_the_same_as_cell_by_cell(texts):
    column = pa.chunked_array([pa.array(texts, pa.string())])
    fast, _ = cells.numbers(column, wanted="", factor=3.0, missing=())
    slow, _ = cells.each(column, lambda text: cells.number(text, factor=3.0), pa.float64(), ())
    assert fast.to_pylist() == slow.to_pylist()


@given(st.text(max_size=12))
def test_any_cell_is_read_or_unknown_and_never_an_error(text):
    value = cells.number(text, wanted="m")
    assert value is None or abs(value) < float("inf")
    assert cells.truth(text) in {True, False, None}
    cells.day(text)


@given(st.dates(), st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d 23:59:59"]))
def test_every_day_that_is_written_in_a_usual_way_is_read_back(day, pattern):
    text = day.strftime(pattern) if day.year >= 1000 else day.isoformat()
    assert cells.day(text) == day


@pytest.mark.parametrize("name", ["hex", "rot13", "base64", "utf-9", "a\0b", " "])
def test_what_is_no_encoding_of_text_is_refused(name):
    with pytest.raises(BadInput, match="no such encoding"):
        encodings.decode(b"abc", name, "f")


@given(st.text("福州 鼓楼区,\n1a€㐀𠀀é\ufeff", max_size=30))
def test_text_that_declares_its_encoding_comes_back_whole(text):
    assert encodings.decode(text.encode("gb18030"), "GBK", "f")[0] == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r'"\ud800"', "\ufffd"),
        (r'"\udc00x"', "\ufffdx"),
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\\ud800"', r"\ud800"),
        (r'"\ud800\n"', "\ufffd\n"),
    ],
)
def test_half_of_a_surrogate_pair_cannot_enter_by_an_escape(text, meant):
    found = json.loads(encodings.whole_escapes(text))
    assert found == meant
    found.encode()


@pytest.mark.parametrize("text", ["E5", "e0", "-E12", ".e3", "+", "-", ".", ",", "e", "3e", "--5", "1..2"])
def test_a_code_that_looks_like_half_a_number_is_none(text):
    assert cells.number(text) is None


@given(st.text("0123456789eE.,-+ ①²m/*(){}%万", max_size=10))
def test_letters_of_numbers_and_units_in_any_order_are_read_or_unknown(text):
    value = cells.number(text, wanted="m")
    assert value is None or abs(value) < float("inf")


@pytest.mark.parametrize("text", ["3 m**9**9**9**9", "3 {", "3 m/0", "3 (", "3 9^9^9^9", "3 " + "(" * 5000 + "m"])
def test_a_cell_cannot_have_its_unit_worked_out_for_ever(text):
    assert cells.number(text, wanted="m") is None
