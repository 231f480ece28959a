"""Unified social credit codes: real ones hold, every single slip is found, natural persons are told apart."""

import numpy as np
import pytest

from tulou.kernel.errors import BadInput
from tulou.operations.safety.domain.credit_code import (
    SIGNS,
    WRONG_CHECK,
    WRONG_INNER,
    WRONG_LENGTH,
    WRONG_SIGN,
    check_sign,
    is_natural_person,
    organisation_check,
    whole_code,
)

REAL = ("914403001922038216", "91330100799655058B", "9144030071526726XG", "91110000802100433B")
"""Codes of companies as they print them themselves."""


@pytest.mark.parametrize("code", REAL)
def test_real_codes_are_whole(code):
    assert whole_code(f" {code.lower()} ") == code
    assert check_sign(code[:-1]) == code[-1]
    assert organisation_check(code[8:16]) == code[16]


def test_the_check_digit_against_weights_written_out():
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    random = np.random.default_rng(1)
    for _ in range(200):
        body = "".join(random.choice(list(SIGNS), 17))
        rest = sum(SIGNS.index(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 31
        assert check_sign(body) == SIGNS[(31 - rest) % 31]


def test_every_single_slip_and_every_swap_is_found():
    code = REAL[0]
    for at in range(18):
        for sign in SIGNS:
            if sign != code[at]:
                with pytest.raises(BadInput):
                    whole_code(code[:at] + sign + code[at + 1 :])
    for at in range(17):
        if code[at] != code[at + 1]:
            with pytest.raises(BadInput):
                whole_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("9144030019220382", WRONG_LENGTH),
        ("91440300192203821I", WRONG_SIGN),
        ("914403001922038217", WRONG_CHECK),
        ("914403001922038316", WRONG_INNER),
    ],
)
def test_what_is_refused_and_what_would_be_right(text, what):
    with pytest.raises(BadInput) as caught:
        whole_code(text, "row 3")
    fault = caught.value.faults[0]
    assert (fault.what, fault.where) == (what, "row 3")
    if what == WRONG_CHECK:
        assert fault.guess == REAL[0]


def test_a_household_business_is_a_natural_person():
    assert is_natural_person("92350100MA2XXXXX0A")
    assert not is_natural_person(REAL[0])
