"""Declarations read from signatures: kinds, units, rules, choices, and what is refused."""

import sys
from types import ModuleType
from typing import Annotated, Literal

import numpy as np
import pytest

from tulou.kernel.arrays import Brackets, Flags, Floats, Kind, Parts, Places, Shapes, Texts
from tulou.kernel.declaration import declared, measure, read
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.network import Network
from tulou.kernel.words import Words

TITLE = Words("面积", "Area")


@measure(title=TITLE, source="GB 50180-2018", version="2", verified="two ways")
def covered(
    land: Annotated[Shapes, "m"],
    places: Annotated[Places, "m"],
    use: Texts,
    open_now: Flags,
    walk: Network,
    weight: Annotated[Floats, "person"] | None = None,
    *,
    radius: Annotated[float, "m"],
    steps: Annotated[Brackets, "m2", "1"] = ((0.0, 1.0),),
    way: Literal["walk", "line"] = "walk",
    marked: Annotated[Literal["a", "b"], "kind"] = "a",
) -> Annotated[Parts, "m2", "m2"]:
    """Every kind of argument at once."""
    return Parts(np.ones(len(land)), np.ones(len(land)))


@measure(title=TITLE)
def total(amount: Annotated[Floats, "yuan"]) -> Annotated[float, "yuan"]:
    """One number for all rows."""
    return float(np.nansum(amount))


@measure(title=TITLE)
def is_small(amount: Annotated[Floats, "any"]) -> Flags:
    """Flags need no unit."""
    return (amount < 1).astype(float)


COVERED = covered.__measure__


def test_the_function_itself_stays_as_it_was():
    assert covered.__name__ == "covered"
    assert total(np.array([1.0, np.nan, 2.0])) == 3.0
    assert COVERED.function is covered


def test_the_declaration_holds_what_was_said():
    assert (COVERED.name, COVERED.title, COVERED.gives, COVERED.units) == ("covered", TITLE, "parts", ("m2", "m2"))
    assert (COVERED.source, COVERED.version, COVERED.verified) == ("GB 50180-2018", "2", "two ways")


def test_arguments_by_position_are_data_and_by_keyword_rules():
    assert [argument.name for argument in COVERED.data] == ["land", "places", "use", "open_now", "walk", "weight"]
    assert [argument.name for argument in COVERED.rules] == ["radius", "steps", "way", "marked"]


@pytest.mark.parametrize(
    ("name", "kind", "units", "optional"),
    [
        ("land", Kind.SHAPES, ("m",), False),
        ("places", Kind.PLACES, ("m",), False),
        ("use", Kind.TEXTS, (), False),
        ("open_now", Kind.FLAGS, (), False),
        ("walk", Kind.NETWORK, (), False),
        ("weight", Kind.NUMBERS, ("person",), True),
        ("radius", Kind.NUMBER, ("m",), False),
        ("steps", Kind.BRACKETS, ("m2", "1"), True),
        ("way", Kind.CHOICE, (), True),
    ],
)
def test_kind_and_unit_of_each_argument(name, kind, units, optional):
    found = next(argument for argument in COVERED.arguments if argument.name == name)
    assert (found.kind, found.units, found.optional) == (kind, units, optional)


def test_choices_are_the_words_of_the_annotation():
    assert [argument.choices for argument in COVERED.rules] == [(), (), ("walk", "line"), ("a", "b")]


def test_what_a_measure_gives_follows_from_its_result():
    assert total.__measure__.gives == "summary"
    assert is_small.__measure__.gives == "numbers"
    assert is_small.__measure__.units == ()


def test_the_subject_is_the_folder_below_measures():
    def area(land: Annotated[Shapes, "m"]) -> Annotated[Floats, "m2"]:
        return land

    area.__module__ = "tulou.measures.form.shape"
    assert read(area, title=TITLE, source="", version="1", verified=None).subject == "form"


def no_unit(amount: Floats) -> Annotated[Floats, "m"]:
    return amount


def two_units(amount: Annotated[Floats, "m", "m2"]) -> Annotated[Floats, "m"]:
    return amount


def one_bracket_unit(*, steps: Annotated[Brackets, "m2"]) -> Annotated[Floats, "m"]:
    return np.array(steps)


def half_parts(amount: Annotated[Floats, "m"]) -> Annotated[Parts, "m"]:
    return Parts(amount, amount)


def bare_result(amount: Annotated[Floats, "m"]) -> Floats:
    return amount


def strange(table: Annotated[dict, "m"]) -> Annotated[Floats, "m"]:
    return table


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (no_unit, r"'amount' needs 1 unit"),
        (two_units, r"'amount' needs 1 unit"),
        (one_bracket_unit, r"'steps' needs 2 unit"),
        (half_parts, "the result needs its units"),
        (bare_result, "the result needs its units"),
        (strange, "a type that a measure cannot take"),
    ],
)
def test_a_number_without_its_unit_is_refused(function, what):
    with pytest.raises(BadUse, match=what) as caught:
        measure(title=TITLE)(function)
    assert caught.value.faults[0].where == function.__name__


def test_a_unit_that_does_not_exist_is_refused():
    def wrong(amount: Annotated[Floats, "smoots"]) -> Annotated[Floats, "m"]:
        return amount

    with pytest.raises(BadInput, match="smoots"):
        measure(title=TITLE)(wrong)


def test_a_module_declares_only_its_own_measures():
    here = sys.modules[__name__]
    assert {found.name for found in declared(here)} == {"covered", "total", "is_small"}
    other = ModuleType("other")
    other.covered = covered
    assert declared(other) == []
