"""Encodings of text from Chinese offices: UTF-8, GB18030 (with GBK and GB2312 within it), Big5, and how to tell."""

from __future__ import annotations

import codecs
import io
import re

from tulou.kernel.errors import BadInput

UTF8 = "utf-8"
GB18030 = "gb18030"
BIG5 = "big5"
SAMPLE = 4 * 1024 * 1024
"""Bytes checked at a time; every encoding is checked to the last byte."""
CONTEXT = 8
FAMILIAR_SAMPLE = 256 * 1024
"""Bytes whose characters are counted to tell GB18030 from Big5."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GB_NAMES = {"gbk", "gb2312", "cp936", "936", "ansi 936", "chinese"}
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?P<half>u[dD][89a-fA-F][\da-fA-F]{2})|.)", re.DOTALL
)
_FREQUENT = frozenset(
    "的一是在不了有和人中大为上个国市区县省路街道号楼名称地址编号面积年月日小学校医院公园社区住宅建筑用"
)
"""Characters that any Chinese register uses, to tell a right decoding from a lucky one."""


def decode(data: bytes, declared: str, where: str) -> tuple[str, str]:
    """Decode text, by the declared encoding or by the one that fits.

    Args:
        data: The bytes.
        declared: Encoding somebody stated; empty or ``auto`` to find out.
        where: How messages call the file.

    Returns:
        The text without a byte-order mark, and the name of the encoding.

    Raises:
        BadInput: When the declared encoding does not fit (naming the byte and the encoding that does), or none fits.
    """
    if declared and declared.lower() != "auto":
        return _decode_declared(data, declared, where)
    name = detect(data)
    if name is None:
        raise BadInput(
            "the text is in no encoding that is known here; state it in the mapping",
            where=where,
            allowed=(UTF8, GB18030, BIG5, "shift_jis", "latin-1"),
        )
    return data.decode(name).removeprefix("\ufeff"), name


def detect(data: bytes) -> str | None:
    """The encoding that fits bytes: by mark, else UTF-8, else GB18030 or Big5 by the characters that come out."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name if _fits(data, name) else None
    if b"\0" in data[:SAMPLE]:
        return None
    if _fits(data, UTF8):
        return UTF8
    found = [name for name in (GB18030, BIG5) if _fits(data, name)]
    if not found:
        return None
    return max(found, key=lambda name: _familiar(data, name))


def normal_name(declared: str, where: str) -> str:
    """The codec for a declared encoding; GBK and GB2312 are read as their superset GB18030.

    Raises:
        BadInput: When there is no such encoding.
    """
    if declared.lower().strip() in _GB_NAMES:
        return GB18030
    try:
        name = codecs.lookup(declared.strip()).name
        io.TextIOWrapper(io.BytesIO(), name).close()
    except (LookupError, ValueError):
        raise BadInput(
            "there is no such encoding", where=where, found=declared, allowed=("auto", UTF8, GB18030, "gbk", BIG5)
        ) from None
    return name


def _decode_declared(data: bytes, declared: str, where: str) -> tuple[str, str]:
    name = normal_name(declared, where)
    try:
        return data.decode(name).removeprefix("\ufeff"), name
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise BadInput(
            f"the text is not {declared}: byte {start} does not fit",
            where=f"{where}: byte {start}",
            found=data[start : start + CONTEXT].hex(" "),
            allowed=tuple(filter(None, (_other(data),))),
        ) from None


def whole_escapes(text: str) -> str:
    r"""JSON text in which every escape is a character: half of a surrogate pair, ``\ud800``, becomes U+FFFD."""
    return _ESCAPE.sub(lambda match: "\\ufffd" if match["half"] else match[0], text)


def _other(data: bytes) -> str:
    """A phrase naming the encoding that would have fitted."""
    name = detect(data)
    return f"{'GB18030' if name == GB18030 else name} fits (encoding: {name})" if name else ""


def _fits(data: bytes, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for start in range(0, len(data), SAMPLE):
            decoder.decode(data[start : start + SAMPLE], final=start + SAMPLE >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _familiar(data: bytes, name: str) -> int:
    text = data[:FAMILIAR_SAMPLE].decode(name, "ignore")
    return sum(character in _FREQUENT for character in text)
