"""Flags of registers: every combination of true, false and unknown, against the definition."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tulou.kernel.arrays import Flags
from tulou.kernel.declaration import declared
from tulou.kernel.errors import BadUse
from tulou.measures.records import amounts, estimates, flags, homes, sites, streets
from tulou.measures.records.truth import both, either

NAN = np.nan
TRUTHS = (0.0, 1.0, NAN)


def col(*values: float) -> Flags:
    return np.array(values, np.float64)


@pytest.mark.parametrize("row", list(product(TRUTHS, repeat=3)))
def test_a_condition_is_decided_exactly_when_every_way_to_fill_the_unknown_agrees(row: tuple[float, ...]) -> None:
    filled = list(product(*[(0.0, 1.0) if np.isnan(value) else (value,) for value in row]))
    columns = [col(value) for value in row]
    for joined, plain in ((either, any), (both, all)):
        possible = {float(plain(values)) for values in filled}
        found = joined(*columns)[0]
        assert np.isnan(found) if len(possible) > 1 else found == possible.pop()


def test_flagged_and_lacking_mirror_each_other_and_keep_the_unknown() -> None:
    flag = col(1, 0, NAN)
    np.testing.assert_array_equal(flags.flagged(flag).part, [1, 0, NAN])
    found = flags.lacking(flag)
    np.testing.assert_array_equal(found.part, [0, 1, NAN])
    np.testing.assert_array_equal(found.whole, [1, 1, 1])
    assert found.cause is not None
    assert found.cause.tolist() == [None, "lacking", None]


def test_one_known_fault_decides_any_flag_and_one_known_lack_decides_lacks_any() -> None:
    np.testing.assert_array_equal(flags.any_flag(col(1, 0, 0), col(NAN, NAN, 0)).part, [1, NAN, 0])
    np.testing.assert_array_equal(flags.all_flags(col(0, 1, 1), col(NAN, NAN, 1)).part, [0, NAN, 1])
    np.testing.assert_array_equal(flags.lacks_any(col(0, 1, 1), col(NAN, NAN, 1), col(1, 1, 1)).part, [1, NAN, 0])


def test_age_counts_from_the_limit_on_and_a_sound_pipe_needs_no_age() -> None:
    found = flags.aged_and_flagged(col(20, 19.9, NAN, NAN, 30), col(1, 1, 0, 1, NAN), limit=20.0)
    np.testing.assert_array_equal(found.part, [1, 0, 0, NAN, NAN])


def test_words_among_those_named_count_and_no_word_is_unknown() -> None:
    grades = np.array(["A", "D", "E", None], object)
    np.testing.assert_array_equal(flags.stated_as(grades, among="D, E").part, [0, 1, 1, NAN])
    with pytest.raises(BadUse, match="no word"):
        flags.stated_as(grades, among=" , ")


def test_amounts_reached_at_the_limit() -> None:
    np.testing.assert_array_equal(flags.amount_reached(col(6, 5.9, NAN), least=6.0).part, [1, 0, NAN])
    np.testing.assert_array_equal(flags.has_some(col(0, 2, NAN)).part, [0, 1, NAN])
    assert flags.occurrences(np.array(["fire", None], object)).part.sum() == 2


def test_every_measure_of_the_subject_is_declared_under_its_name() -> None:
    found = [item for module in (amounts, estimates, flags, homes, sites, streets) for item in declared(module)]
    assert {item.subject for item in found} == {"records"}
    assert len({item.name for item in found}) == len(found) >= 25
