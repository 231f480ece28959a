"""Certificates: what is due when, and that nobody stands in the register by name."""

from datetime import date

import pytest

from tulou.kernel.errors import BadInput
from tulou.operations.safety.adapters.training_rules import read_training_rules
from tulou.operations.safety.domain.training import Certificate, due_list, due_of, holder_of

RULES = read_training_rules(["china"])
DAY = date(2026, 6, 1)


def certificate(kind="special_operation", issued=date(2024, 1, 10), until=None, reviewed=None, name="c1"):
    return Certificate(name, "914403001922038216", "T-000123", kind, "emergency", issued, until, reviewed)


def state(one, day=DAY, soon=60):
    found = due_of(one, RULES.kinds, day, soon=soon)
    return found.state, found.day, found.reason


def test_special_operations_hold_six_years_and_are_reviewed_every_three():
    one = certificate()
    assert state(one) == ("valid", date(2027, 1, 10), "review")
    assert state(one, date(2026, 11, 11)) == ("due soon", date(2027, 1, 10), "review")
    assert state(one, date(2027, 1, 11)) == ("review due", date(2027, 1, 10), "review")
    reviewed = certificate(reviewed=date(2026, 12, 30))
    assert state(reviewed, date(2027, 1, 11)) == ("valid", date(2029, 12, 30), "review")
    twice = certificate(reviewed=date(2029, 12, 30))
    assert state(twice, date(2029, 12, 31)) == ("due soon", date(2030, 1, 9), "renewal")
    assert state(twice, date(2030, 1, 9))[0] == "due soon"
    assert state(twice, date(2030, 1, 10)) == ("expired", date(2030, 1, 9), "renewal")


def test_a_certificate_that_says_until_when():
    one = certificate("principal", until=date(2026, 6, 30))
    assert state(one) == ("due soon", date(2026, 6, 30), "renewal")
    assert state(one, soon=10)[0] == "valid"


def test_what_cannot_be_told_is_unknown_and_not_valid():
    assert state(certificate("principal")) == ("unknown", None, "")
    assert state(certificate(issued=None)) == ("unknown", None, "")
    assert state(certificate("juggling")) == ("unknown", None, "")


def test_what_presses_most_stands_first():
    found = due_list(
        [
            certificate(name="valid"),
            certificate("juggling", name="unknown"),
            certificate("principal", until=date(2026, 6, 9), name="soon"),
            certificate("principal", until=date(2026, 5, 9), name="over"),
            certificate(issued=date(2022, 5, 1), name="review"),
        ],
        RULES.kinds,
        DAY,
        soon=60,
    )
    assert [one.certificate.id for one in found] == ["over", "review", "soon", "unknown", "valid"]


@pytest.mark.parametrize("text", ["陈大文", "Chen Dawen", "350102198001010017", "35010219800101001X", "", "T", "T-1"])
def test_a_name_and_an_identity_number_are_refused_and_not_repeated(text):
    with pytest.raises(BadInput) as caught:
        holder_of(text, "row 7")
    assert len(text) < 4 or text not in str(caught.value)


def test_a_register_id_is_kept():
    assert holder_of(" T-000123 ") == "T-000123"
