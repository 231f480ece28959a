"""Masking: numbers by which a person could be reached or known are taken out of what people wrote.

Patterns of the numbers themselves, not of words around them: mobile numbers (11 digits from 13 to 19), numbers of
fixed lines (an area code of 3 or 4 digits from 0, then 7 or 8; or 7 to 8 digits after a word that announces a
telephone), identity cards (18 digits, the last may be X; GB 11643) and addresses of mail. Names are not found this way.
"""

from __future__ import annotations

import re

MASK = "［号码略］"
"""Stands in a text where a number was."""

_PATTERNS = (
    r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)",
    r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",
    r"(?<!\d)[（(]?0\d{2,3}[）)]?[-—－ ]?[02-9]\d{6,7}(?:[-转]\d{1,6})?(?!\d)",
    r"(?<=电话)[^\d\n]{0,6}[2-9]\d{6,7}(?!\d)",
    r"(?<=致电)[^\d\n]{0,3}[2-9]\d{6,7}(?!\d)",
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
)
_ALL = re.compile("|".join(f"(?:{one})" for one in _PATTERNS))


def masked(text: str) -> tuple[str, int]:
    """A text without such numbers, and how many were taken out."""
    return _ALL.subn(MASK, text)
