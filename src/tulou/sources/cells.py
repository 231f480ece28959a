"""Cells: from what people write in tables to numbers, truths, days and allowed words.

A cell that cannot be read is never guessed at: it becomes *unknown* and is counted, with examples.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tulou.kernel import units
from tulou.kernel.errors import BadInput

MISSING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "na", "n/a", "nan", "null", "none", "无数据", "不详", "未知", "…"}
)
"""What stands for *unknown* in tables, in lower case; a mapping adds to it."""
TRUE = frozenset({"true", "t", "yes", "y", "1", "是", "有", "√", "✓", "对", "已", "真"})
FALSE = frozenset({"false", "f", "no", "n", "0", "否", "无", "没有", "×", "✗", "错", "未", "假"})

_UNIT_WORDS = {
    "米": "m", "m": "m", "公里": "km", "千米": "km", "厘米": "cm", "毫米": "mm", "km": "km", "cm": "cm", "mm": "mm",
    "平方米": "m2", "平米": "m2", "米2": "m2", "m2": "m2", "㎡": "m2", "公顷": "hectare", "ha": "hectare",
    "亩": "mu_area", "平方公里": "km2", "平方千米": "km2", "km2": "km2", "立方米": "m3", "米3": "m3", "m3": "m3",
    "人": "person", "人次": "trip", "户": "household", "套": "dwelling", "栋": "building", "幢": "building",
    "辆": "vehicle", "台": "vehicle", "元": "yuan", "床": "bed", "张": "bed", "座": "place", "位": "place",
    "泊位": "place", "车位": "place", "个泊位": "place", "桩": "charger", "处": "facility", "所": "facility",
    "家": "facility", "株": "tree", "件": "complaint", "年": "year", "天": "day", "日": "day", "小时": "hour",
    "分钟": "minute", "秒": "second", "吨": "tonne", "公斤": "kg", "千克": "kg", "千瓦时": "kWh", "度": "kWh",
    "层": "1", "个": "1", "条": "1", "%": "percent", "百分比": "percent", "‰": "permille", "分贝": "decibel_a",
}  # fmt: skip
_SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_PERMILLE = 1e-3
_NUMBER = re.compile(r"^([+-]?)((?:(?:\d{1,3}(?:[ ,]\d{3})+|\d+)(?:[.]\d*)?|[.]\d+)(?:[eE][+-]?\d+)?)\s*(.*)$")
_MINUS = str.maketrans({"−": "-", "﹣": "-", "–": "-", "\u00a0": " ", "\u3000": " ", "，": ",", "。": "."})
_DAY = re.compile(r"^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?(?:[ T]\d{1,2}:.*)?$")
_FOOTNOTE = re.compile(r"\d\s*[²³¹⁰-⁹₀-₉\u2460-\u249b\u24ea\u24f5-\u24fe\u3251-\u325f\u32b1-\u32bf]")
"""A number with the mark of a footnote, ``12①``, whose plain text would be another number, ``121``."""
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
HALF = 0.5
EXAMPLES = 5

T = TypeVar("T")


@dataclass
class Trouble:
    """Cells that could not be read.

    Args:
        rows: Positions of the rows.
        texts: What stood there, a few of them.
    """

    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """A cell's text with full-width digits made plain and blanks trimmed."""
    return unicodedata.normalize("NFKC", text.translate(_MINUS)).translate(_MINUS).strip()


def is_missing(text: str | None, more: Iterable[str] = ()) -> bool:
    """Whether a cell says *unknown*."""
    if text is None:
        return True
    bare = text.strip()
    return bare.lower() in MISSING or plain(bare).lower() in MISSING or bare in set(more)


@cache
def unit_of(words: str) -> tuple[str, float] | None:
    """The unit that Chinese or Latin words name, and the number its prefix multiplies by.

    Args:
        words: E.g. ``亩``, ``万人``, ``元/㎡``, ``m2``, ``km/hour``.

    Returns:
        ``("person", 10000.0)`` for ``万人``; None when the words name no unit.
    """
    text = plain(words).replace(" ", "")
    if not text:
        return None
    upper, *lower = [_simple_unit(part) for part in text.split("/")]
    if upper is None or len(lower) > 1 or (lower and lower[0] is None):
        return _kernel_unit(text)
    name, scale = upper
    if lower and lower[0] is not None:
        return f"{name}/({lower[0][0]})", scale / lower[0][1]
    return name, scale


def _simple_unit(text: str) -> tuple[str, float] | None:
    if text in _UNIT_WORDS:
        name = _UNIT_WORDS[text]
        return ("1", _PERMILLE) if name == "permille" else (name, 1.0)
    for prefix in sorted(_SCALES, key=len, reverse=True):
        rest = text.removeprefix(prefix)
        if rest != text and (not rest or rest in _UNIT_WORDS):
            return (_UNIT_WORDS.get(rest, "1"), _SCALES[prefix])
    return None


def _kernel_unit(text: str) -> tuple[str, float] | None:
    try:
        units.parse(text)
    except BadInput:
        return None
    return text, 1.0


def conversion(unit: str, wanted: str, where: str = "") -> float:
    """What a number in one unit is multiplied by to be in another.

    Args:
        unit: Unit in words of either language.
        wanted: Unit of the data dictionary.
        where: Place of the unit, for messages.

    Raises:
        BadInput: When the words name no unit, or one that measures something else.
    """
    found = unit_of(unit)
    if found is None:
        raise BadInput("this is not a unit", where=where, found=unit, allowed=tuple(_UNIT_WORDS))
    try:
        return found[1] * units.factor(found[0], wanted)
    except BadInput as error:
        fault = error.faults[0]
        raise BadInput(fault.what, where=where, found=unit, allowed=fault.allowed) from None


def number(text: str, *, wanted: str = "", factor: float = 1.0, decimal: str = ".") -> float | None:
    """Read one number as people write it: ``2 104.4``, ``１２``, ``1,234``, ``45038元/㎡``, ``1.46%↑``.

    Args:
        text: The cell.
        wanted: Unit of the attribute; a unit written in the cell is converted to it.
        factor: What a number without a unit in the cell is multiplied by.
        decimal: The decimal mark, ``.`` or ``,``.

    Returns:
        The number in the wanted unit; None when the cell is not one number, or has the mark of a footnote.
    """
    if _FOOTNOTE.search(text):
        return None
    cleaned = plain(text)
    if decimal == ",":
        cleaned = cleaned.replace(".", " ").replace(",", ".")
    match = _NUMBER.match(cleaned)
    if not match:
        return None
    value = float(match[2].replace(" ", "").replace(",", "")) * (-1.0 if match[1] == "-" else 1.0)
    suffix, sign = _arrow(match[3])
    if not math.isfinite(value):
        return None
    if not suffix:
        return value * sign * factor
    scale = _suffix_scale(suffix, wanted)
    return None if scale is None else value * sign * scale


def _arrow(suffix: str) -> tuple[str, float]:
    if suffix.endswith("↓"):
        return suffix[:-1].strip(), -1.0
    return suffix.removesuffix("↑").strip(), 1.0


@cache
def _suffix_scale(suffix: str, wanted: str) -> float | None:
    """What the number before a unit is multiplied by; None when the suffix is no fitting unit."""
    try:
        return conversion(suffix, wanted or "1") if wanted or unit_of(suffix) is None else _bare(suffix)
    except BadInput:
        return None


def _bare(suffix: str) -> float:
    found = unit_of(suffix)
    return 1.0 if found is None else found[1]


def truth(text: str) -> bool | None:
    """Read yes or no in either language; None when it is neither."""
    word = plain(text).lower()
    return True if word in TRUE else False if word in FALSE else None


def day(text: str, pattern: str = "") -> date | None:
    """Read a day: ``2026-01-29``, ``2026/1/29``, ``20260129``, ``2026年1月29日``, ``2026-01`` or ``2026``.

    Args:
        text: The cell.
        pattern: Format to read it by, when it is an unusual one.

    Returns:
        The day, the first of a month or year; None when the cell is none.
    """
    cleaned = plain(text)
    try:
        if pattern:
            return datetime.strptime(cleaned, pattern).date()  # noqa: DTZ007  (a day has no time zone)
        match = _DAY.match(cleaned) or _COMPACT_DAY.match(cleaned)
        if not match:
            return None
        year, month, number_of_day = match.groups()
        return date(int(year), int(month or 1), int(number_of_day or 1))
    except ValueError:
        return None


def numbers(
    column: pa.ChunkedArray, *, wanted: str, factor: float, missing: Iterable[str], decimal: str = "."
) -> tuple[pa.Array, Trouble]:
    """A column of numbers in the wanted unit; unknown where a cell is missing or cannot be read."""
    if not pa.types.is_string(column.type):
        return _typed_numbers(column, factor, missing)
    fast = _fast_numbers(column, factor, decimal, missing)
    if fast is not None:
        return fast, Trouble()
    return each(column, lambda text: number(text, wanted=wanted, factor=factor, decimal=decimal), pa.float64(), missing)


def _fast_numbers(column: pa.ChunkedArray, factor: float, decimal: str, missing: Iterable[str]) -> pa.Array | None:
    """All at once where every cell is a plain number or empty."""
    if decimal != ".":
        return None
    blank = pc.is_in(pc.utf8_trim_whitespace(column), pa.array(["", *missing], pa.string()))
    try:
        found = pc.cast(pc.if_else(blank, pa.scalar(None, pa.string()), column), pa.float64())
    except pa.ArrowInvalid:
        return None
    if not pc.all(pc.is_finite(found)).as_py() and pc.any(pc.invert(pc.is_finite(found))).as_py():
        return None
    return pc.multiply(found, factor).combine_chunks()


def _typed_numbers(column: pa.ChunkedArray, factor: float, missing: Iterable[str]) -> tuple[pa.Array, Trouble]:
    try:
        found = pc.cast(column, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        texts = pc.cast(column, pa.string()) if not pa.types.is_nested(column.type) else None
        if texts is None:
            return pa.nulls(len(column), pa.float64()), Trouble(list(range(len(column))), [str(column.type)])
        return numbers(texts, wanted="", factor=factor, missing=missing)
    gone = [value for word in missing if (value := number(word)) is not None]
    found = pc.if_else(pc.is_in(found, pa.array(gone, pa.float64())), pa.scalar(None, pa.float64()), found)
    infinite = np.flatnonzero(pc.fill_null(pc.is_inf(found), fill_value=False).to_numpy())
    known = pc.and_(pc.is_valid(found), pc.is_finite(found))
    kept = pc.if_else(known, pc.multiply(found, factor), pa.scalar(None, pa.float64()))
    return _one(kept), Trouble(infinite.tolist(), ["inf"] if infinite.size else [])


def each(
    column: pa.ChunkedArray, read: Callable[[str], T | None], kind: pa.DataType, missing: Iterable[str]
) -> tuple[pa.Array, Trouble]:
    """Read each different text of a column once.

    Args:
        column: Texts.
        read: Reads one; None says that it cannot.
        kind: Arrow type of what it reads.
        missing: Words that mean unknown, besides the usual ones.
    """
    encoded = _one(pc.dictionary_encode(column))
    more = set(missing)
    texts = encoded.dictionary.to_pylist()
    gone = [is_missing(text, more) for text in texts]
    values: list[Any] = [None if lost else read(text) for text, lost in zip(texts, gone, strict=True)]
    bad = np.array([value is None and not lost for value, lost in zip(values, gone, strict=True)], dtype=bool)
    trouble = _trouble(encoded, bad, texts)
    return pa.array(values, kind).take(encoded.indices), trouble


def _trouble(encoded: pa.DictionaryArray, bad: np.ndarray[Any, np.dtype[np.bool_]], texts: list[str]) -> Trouble:
    if not bad.any():
        return Trouble()
    known = encoded.indices.is_valid().to_numpy(zero_copy_only=False)
    indices = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(bad[indices] & known)
    return Trouble(rows.tolist(), [texts[i] for i in np.flatnonzero(bad)[:EXAMPLES]])


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    if column.num_chunks == 0:
        return pa.array([], column.type)
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.unify_dictionaries().chunks)


def simple(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column whose values stand there themselves: categories as their words, long texts as texts."""
    if pa.types.is_dictionary(column.type):
        return simple(pc.cast(column, column.type.value_type))
    if pa.types.is_large_string(column.type):
        return pc.cast(column, pa.string())
    return column


def texts(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray:
    """Any column as texts: whole numbers without a point, days as ISO dates, lists as they print."""
    kind = column.type
    chunked = column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    if pa.types.is_string(kind):
        return chunked
    if pa.types.is_floating(kind):
        return pa.chunked_array([pa.array([key_of(value) for value in chunked.to_pylist()], pa.string())])
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        shown = [None if value is None else str(value) for value in chunked.to_pylist()]
        return pa.chunked_array([pa.array(shown, pa.string())])
    return pc.cast(chunked, pa.string())


def key_of(value: object) -> str | None:
    """One value as the text of a key: ``1.0`` and ``1`` are the same object."""
    if value is None:
        return None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip() or None


def translator(values: Mapping[str, object]) -> Callable[[str], str | None]:
    """Reads a word by a table of translations; ``*`` stands for all others."""
    table = {plain(key): value for key, value in values.items()}
    rest = table.pop("*", None)

    def read(text: str) -> str | None:
        found = table.get(plain(text), rest)
        return None if found is None else str(found)

    return read
