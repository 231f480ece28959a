"""Unified social credit codes (统一社会信用代码): whether one is whole, and what it stands for."""

from __future__ import annotations

from tulou.kernel.errors import BadInput

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Signs of a code in the order of their values; I, O, S, V and Z are none (GB 32100-2015, table 2)."""
LENGTH = 18
STEP = 3
"""Weight of each place over the one before it, modulo 31 (GB 32100-2015, appendix A)."""
ORGANISATION = slice(8, 17)
"""Where the code of the organisation (GB 11714) stands inside."""
ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_MODULUS = 11
TEN = "X"
"""How GB 11714 writes a check digit of ten."""
INDIVIDUAL = "92"
"""First signs of a household business (个体工商户), which the Civil Code (art. 54) counts among natural persons."""

WRONG_LENGTH = "a unified social credit code has 18 signs"
WRONG_SIGN = "a unified social credit code has no such sign"
WRONG_CHECK = "the check digit of this unified social credit code is wrong"
WRONG_INNER = "the organisation code inside this unified social credit code is wrong"


def check_sign(body: str) -> str:
    """What is the check digit of the first 17 signs of a code?

    ``C18 = 31 - Σ Ci · 3^(i-1) mod 31``, 31 counting as 0 (GB 32100-2015, appendix A).

    Args:
        body: 17 signs.

    Raises:
        BadInput: When a sign is none of a code.
    """
    total = sum(_value(sign, body) * pow(STEP, place, len(SIGNS)) for place, sign in enumerate(body))
    return SIGNS[-total % len(SIGNS)]


def organisation_check(body: str) -> str:
    """What is the check digit of the first eight signs of an organisation code?

    ``C9 = 11 - Σ Ci · Wi mod 11``; ten is written X, eleven 0 (GB 11714-1997).
    """
    values = (ORGANISATION_SIGNS.index(sign) for sign in body)
    total = sum(value * weight for value, weight in zip(values, ORGANISATION_WEIGHTS, strict=True))
    digit = -total % ORGANISATION_MODULUS
    return TEN if digit == ORGANISATION_MODULUS - 1 else str(digit)


def whole_code(text: str, where: str = "") -> str:
    """A code as it is kept: capital letters, no blanks.

    Args:
        text: What somebody wrote.
        where: How messages call the place.

    Raises:
        BadInput: When it is no unified social credit code, or its check digit (its own, or that of the organisation
            code inside) is wrong; says which would be right.
    """
    code = "".join(text.split()).upper()
    if len(code) != LENGTH:
        raise BadInput(WRONG_LENGTH, where=where, found=text, allowed=("e.g. 914403001922038216",))
    for sign in code:
        _value(sign, code, where)
    inner = code[ORGANISATION]
    if organisation_check(inner[:-1]) != inner[-1]:
        raise BadInput(WRONG_INNER, where=where, found=text, allowed=(f"{inner[:-1]}{organisation_check(inner[:-1])}",))
    if check_sign(code[:-1]) != code[-1]:
        raise BadInput(WRONG_CHECK, where=where, found=text, allowed=(code[:-1] + check_sign(code[:-1]),))
    return code


def is_natural_person(code: str) -> bool:
    """Whether a code stands for a household business, that is, for a natural person; such a one is never graded."""
    return code.startswith(INDIVIDUAL)


def _value(sign: str, found: str, where: str = "") -> int:
    place = SIGNS.find(sign)
    if place < 0:
        raise BadInput(WRONG_SIGN, where=where, found=found, allowed=(f"{SIGNS[:10]} and {SIGNS[10:]}",))
    return place
