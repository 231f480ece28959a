"""Limits on files from outside: what is larger, wider or deeper is refused before it is read.

They are far above anything a city sends, and far below what would fill the memory of an ordinary machine.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput

MOST_FILE_BYTES = 4 * 1024**3
"""Largest layer, raster or archive."""

MOST_TEXT_BYTES = 1024**3
"""Largest CSV or JSON file, which is read whole."""

MOST_BOOK_BYTES = 256 * 1024**2
"""Largest Excel file as it lies on the disk."""

MOST_UNPACKED_BYTES = 4 * 1024**3
"""Most bytes an archive may unpack to."""

MOST_MEMBER_BYTES = 2 * 1024**3
"""Most bytes one member of an archive may unpack to."""

MOST_BLOW_UP = 200.0
"""Most bytes that one byte of an archive may unpack to; plain text in tables reaches about 30."""

MOST_MEMBERS = 10_000
"""Most files in an archive."""

MOST_COLUMNS = 4_096
"""Most columns of a table; Excel itself ends at 16,384."""

MOST_CELLS = 200_000_000
"""Most cells of one CSV table."""

MOST_SHEET_CELLS = 50_000_000
"""Most cells in the rectangle that an Excel sheet spans, empty ones included, since all of them take memory."""

MOST_SHEET_BYTES = 1024**3
"""Most bytes of XML in one sheet of an Excel file."""

_PIECE_BYTES = 1 << 24
"""Bytes looked at together."""

MOST_LINE_BYTES = 1024**2
"""Longest header line of a CSV file."""

MOST_JSON_DEPTH = 64
"""Deepest nesting of brackets in a JSON file; CityJSON needs about 12."""

MOST_ROWS = 50_000_000
"""Most rows of one layer."""

MOST_PIXELS = 1_000_000_000
"""Most pixels a raster may declare."""

MOST_CELLS_MADE = 20_000_000
"""Most cells (pixels with people) made out of one population raster."""


def size_of(path: Path, most: int) -> int:
    """The size of a file in bytes, when it is there, not empty and not too large.

    Args:
        path: The file.
        most: Most bytes allowed.

    Raises:
        BadInput: When it is absent, not a file, empty or too large.
    """
    if not path.exists():
        near = sorted(item.name for item in path.parent.iterdir()) if path.parent.is_dir() else []
        raise BadInput("there is no such file", where=path.name, found=path.name, allowed=near)
    if not path.is_file():
        raise BadInput("this is not a file", where=path.name)
    size = path.stat().st_size
    if size == 0:
        raise BadInput("the file is empty", where=path.name)
    if size > most:
        raise BadInput("the file is too large", where=path.name, found=f"{size} bytes", allowed=(f"at most {most}",))
    return size


def check_depth(data: bytes, name: str, most: int = MOST_JSON_DEPTH) -> None:
    """Refuse JSON that nests deeper than any honest file, before a parser descends into it.

    Brackets within texts are not counted.

    Args:
        data: The bytes of the file.
        name: How messages call it.
        most: Deepest nesting allowed.

    Raises:
        BadInput: When it is deeper.
    """
    depth = 0
    quoted = False
    for start in range(0, len(data), _PIECE_BYTES):
        piece = np.frombuffer(data[start : start + _PIECE_BYTES], np.uint8)
        quotes = _unescaped_quotes(data, piece, start)
        inside = (np.cumsum(quotes) + quoted) % 2 == 1
        opens = ((piece == ord("[")) | (piece == ord("{"))) & ~inside
        closes = ((piece == ord("]")) | (piece == ord("}"))) & ~inside
        depths = depth + np.cumsum(opens.astype(np.int64) - closes.astype(np.int64))
        if depths.size and depths.max() > most:
            at = start + int(np.argmax(depths > most))
            raise BadInput("nested too deep", where=f"{name}: byte {at}", allowed=(f"at most {most} levels",))
        depth = int(depths[-1]) if depths.size else depth
        quoted = bool((int(quotes.sum()) + quoted) % 2)


def _unescaped_quotes(data: bytes, piece: NDArray[np.uint8], start: int) -> NDArray[np.bool_]:
    """Where quotation marks stand that no odd run of backslashes takes away."""
    quotes = piece == ord('"')
    slashes = np.flatnonzero(quotes)
    slashes = slashes[(slashes + start > 0)]
    before = np.frombuffer(data, np.uint8)[slashes + start - 1] == ord("\\")
    for position in slashes[before]:
        run, at = 0, int(position) + start - 1
        while at >= 0 and data[at] == ord("\\"):
            run, at = run + 1, at - 1
        if run % 2:
            quotes[position] = False
    return quotes
