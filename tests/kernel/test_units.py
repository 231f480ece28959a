"""Units: our small registry against Pint's full one, and counting units that never mix."""

from contextlib import suppress

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel import units
from tulou.kernel.errors import BadInput

FULL = pint.UnitRegistry()
SHARED = (
    ("hectare", "m**2"), ("km/hour", "m/s"), ("km", "m"), ("tonne", "kg"), ("year", "day"), ("month", "day"),
    ("liter", "m**3"), ("kWh", "MJ"), ("bar", "Pa"), ("degree", "radian"), ("mm/minute", "m/hour"),
    ("knot", "m/s"), ("percent", ""), ("ug/m**3", "kg/m**3"), ("MW", "kW"), ("mile", "km"), ("week", "hour"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "wanted"), SHARED)
def test_equals_the_full_registry(found, wanted):
    theirs = float((1 * FULL.parse_units(found)).to(FULL.parse_units(wanted)).magnitude)
    assert units.factor(found, wanted or "1") == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize(
    ("found", "wanted", "factor"),
    [
        ("1", "percent", 100.0),
        ("mu_area", "m2", 10_000 / 15),
        ("wan*person/km2", "person/hectare", 100.0),
        ("facility/(hundred_thousand*person)", "facility/(wan*person)", 0.1),
        ("m2/hectohousehold", "m2/household", 0.01),
        ("km/km2", "1/m", 0.001),
        ("wan*m3/hour", "m3/hour", 10_000.0),
    ],
)
def test_by_hand(found, wanted, factor):
    assert units.factor(found, wanted) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize("pair", [("person", "bed"), ("m", "m2"), ("percent", "person"), ("place", "vehicle")])
def test_different_things_never_mix(pair):
    with pytest.raises(BadInput, match="different things"):
        units.factor(*pair)


@pytest.mark.parametrize("text", ["smoot", "m**", "blargs per km", "3 m"])
def test_nonsense_is_refused(text):
    with pytest.raises(BadInput, match="not a unit"):
        units.parse(text)


@pytest.mark.parametrize(("left", "right", "wanted"), [("km", "m", True), ("percent", "1", True), ("m", "m2", False)])
def test_same_kind(left, right, wanted):
    assert units.same_kind(left, right) is wanted


@pytest.mark.parametrize(
    "text",
    ["m**9**9**9**9", "9**9**9", "((9**9)**9)**9", "m**(9**9)", "9⁹⁹⁹⁹⁹⁹⁹", "m^9^9^9", "{", "(", "m/0", "m/0s", "m**",
     "[m]", "(" * 3000, "m*" * 3000 + "m", "-" * 3000 + "m", "m**9*" * 7 + "m"],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_no_text_is_worked_out_for_ever_or_ends_in_anything_but_a_refusal(text):
    """A cell of a table from outside may hold it after a number."""
    with pytest.raises(BadInput, match="not a unit"):
        units.parse(text)


@given(st.text("m2k/*^-()0.9s{}[]%⁹ ", max_size=12))
def test_any_text_is_a_unit_or_refused(text):
    with suppress(BadInput):
        assert units.factor(text, text) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "same"), [("m**-1", "1/m"), ("m^2", "m2"), ("m²", "m2"), ("W/(m2*K)", "W/m2/K"), ("m**0.5", "m**0.50")]
)
def test_small_powers_are_read(text, same):
    assert units.factor(text, same) == 1.0
