"""Masking: numbers by which a person could be reached or known are taken out of what people wrote.

Patterns of the numbers themselves, not of words around them: mobile numbers (11 digits from 13 to 19), numbers of
fixed lines (an area code of 3 or 4 digits from 0, then 7 or 8; or 7 to 8 digits after a word that announces a
telephone), identity cards (18 digits, the last may be X; GB 11643) and addresses of mail. Names are not found this way;
where the record itself says who asked, that name, address and number are taken out of the text word by word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MASK = "［号码略］"
"""Stands in a text where a number was."""

NAMED = "［诉求人略］"
"""Stands in a text where the requester's own details were."""
TELLING = ("name", "phone", "address", "mail")
"""Details of a requester that are looked for in texts."""
SHORTEST = 2
"""Letters of a detail that is looked for: one letter stands in any text."""

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


def unnamed(text: str, details: Mapping[str, str]) -> tuple[str, int]:
    """A text without what is known of who asked, and how many times that was taken out.

    Args:
        text: The text.
        details: What is known of the requester: name, phone, address, mail.
    """
    known = {part for name in TELLING for part in _spellings(details.get(name, "")) if len(part) >= SHORTEST}
    if not known or not text:
        return text, 0
    ways = "|".join(map(_alone, sorted(known, key=lambda one: (-len(one), one))))
    return re.subn(ways, NAMED, text, flags=re.IGNORECASE)


def _spellings(detail: str) -> tuple[str, ...]:
    """A detail as it stands, and its digits alone where it is a number that is written in groups."""
    plain = detail.strip()
    digits = re.sub(r"[\s()（）+-]", "", plain)
    return (plain, digits) if digits.isdigit() else (plain,)


def _alone(detail: str) -> str:
    """A pattern of a detail that does not match within a longer word or number of Latin letters."""
    before = r"(?<![0-9A-Za-z])" if detail[0].isascii() and detail[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if detail[-1].isascii() and detail[-1].isalnum() else ""
    return f"{before}{re.escape(detail)}{after}"
