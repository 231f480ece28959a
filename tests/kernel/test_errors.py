"""Errors are public API: four parts in a fixed order, a guess only when it is near."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import MOST_CHOICES, BadInput, BadUse, Fault, MissingExtra, TulouError, shorten


def test_a_message_says_where_what_found_allowed_and_the_guess():
    error = BadInput("no such use", where="land.csv:7", found="residental", allowed=("residential", "office"))
    assert str(error).splitlines() == [
        "land.csv:7: no such use",
        "  found:   residental",
        "  allowed: residential, office",
        "  did you mean: residential",
    ]


def test_parts_that_are_absent_leave_no_line():
    assert str(BadUse("nothing to do")) == "nothing to do"


def test_a_found_zero_is_shown():
    assert "found:   0" in str(Fault("too few", found=0))


@pytest.mark.parametrize("found", ["office", "xyzzy", None, 7])
def test_no_guess_when_it_is_right_or_far(found):
    assert Fault("x", found=found, allowed=("office", "residential")).guess is None


def test_many_choices_are_counted_not_listed():
    choices = tuple(f"choice_{n:02}" for n in range(MOST_CHOICES + 5))
    shown = str(Fault("x", allowed=choices))
    assert "and 5 more" in shown
    assert choices[MOST_CHOICES - 1] in shown
    assert choices[MOST_CHOICES] not in shown


def test_several_faults_are_told_together_and_keep_their_class():
    error = BadInput.of([Fault("one", "a:1"), Fault("two", "a:2")])
    assert isinstance(error, BadInput)
    assert str(error) == "a:1: one\na:2: two"
    assert [fault.where for fault in error.faults] == ["a:1", "a:2"]


def test_a_missing_extra_says_how_to_install_it():
    error = MissingExtra("rasterio", "raster")
    assert isinstance(error, TulouError)
    assert "pip install 'tulou[raster]'" in str(error)
    assert error.faults[0].where == "rasterio"


@given(st.text(max_size=400), st.integers(2, 200))
def test_shown_values_stay_short_and_on_one_line(text, length):
    shown = shorten(text, length)
    assert len(shown) <= length
    assert "\n" not in shown


def test_what_is_no_text_is_shown_as_python_writes_it():
    assert shorten({"a": 1}) == "{'a': 1}"
    assert shorten("a\nb") == "a\\nb"
