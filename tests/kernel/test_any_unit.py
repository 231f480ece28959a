"""Measures that take numbers of any unit."""

from __future__ import annotations

from typing import Annotated

import pytest

from tulou.kernel.arrays import Floats, Parts
from tulou.kernel.declaration import Measure, measure
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words


@measure(title=Words("缺口", "Shortage"))
def lack(
    need: Annotated[Floats, "any"], supply: Annotated[Floats, "of need"], *, factor: Annotated[float, "1"] = 1.0
) -> Annotated[Parts, "of need", "m2"]:
    return Parts(need - supply * factor, need)


def declaration() -> Measure:
    found = lack.__measure__  # type: ignore[attr-defined]
    assert isinstance(found, Measure)
    return found


def test_the_unit_that_comes_in_is_the_unit_that_goes_out() -> None:
    wanted, result = declaration().settled({"need": "place", "supply": "place"})
    assert wanted == {"need": ("place",), "supply": ("place",), "factor": ("1",)}
    assert result == ("place", "m2")


def test_a_unit_of_an_argument_that_is_not_free_is_refused() -> None:
    def wrong(need: Annotated[Floats, "m"]) -> Annotated[Floats, "of need"]:
        return need

    with pytest.raises(BadUse, match="no argument of any unit"):
        measure(title=Words("错", "Wrong"))(wrong)


def test_an_unknown_argument_is_named() -> None:
    with pytest.raises(BadUse, match="no such argument"):
        declaration().argument("neeed")
