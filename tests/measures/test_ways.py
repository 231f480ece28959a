"""What measures declare of open lists holds: every binding of the rulebooks, with objects taken out."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
import shapely

from tulou.indicators.rulebook.content import Binding
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.arrays import Kind, Parts
from tulou.measures.access.network import walking_network
from tulou.measures.catalogue import all_measures

SIDE = 1000.0
SEEDS = range(6)
ROWS = 24
SIZES = {"m": 200.0, "s": 60.0, "m/s": 5.0, "m2": 40_000.0, "year": 20.0, "percent": 50.0}
WORDS = {
    "grade": ("class_1", "class_2", "small", "special"),
    "group": ("school", "shop", "park"),
    "use": ("residential", "office", "shop"),
    "known": ("school", "shop", "park"),
    "road_class": ("expressway", "arterial", "secondary", "branch", "internal"),
}
LINES = {"roads", "streets", "flows", "barriers"}
NAMED: dict[str, Any] = {
    "required": "school, shop 300 m, park",
    "among": "residential, office",
    "kinds": 3.0,
    "highest": 5.0,
}
EASED = {"groups_reached"}
"""Measures that are certain of a lower bound only: what they give without some kinds may be taken back."""


class Case(NamedTuple):
    measure: str
    of: str
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    """Arguments by the list they are taken from."""
    words: tuple[tuple[str, str], ...]


@cache
def cases() -> list[Case]:
    """Each way in which an indicator or a divisor is worked out, by the lists it reads."""
    book = read_rulebook(["international", "fujian"], all_measures())
    found: set[Case] = set()

    def note(of: str, binding: Binding) -> None:
        lists: dict[str, list[str]] = {}
        for argument, reference in binding.inputs.items():
            lists.setdefault("" if reference.is_network else reference.selection, []).append(argument)
        order = {name: f"list{number}" for number, name in enumerate(lists) if name}
        told = tuple((order.get(name, ""), tuple(arguments)) for name, arguments in lists.items())
        words = tuple((name, rule.word) for name, rule in binding.rules.items() if rule.word)
        found.add(Case(binding.measure, order.get(of, ""), told, words))

    for indicator in book.indicators.values():
        for formula in (formula for variant in indicator.variants for formula in variant.formulas):
            if formula.binding.measure:
                note(formula.of, formula.binding)
            if formula.per is not None and formula.per.binding is not None and formula.per.binding.measure:
                note(formula.per.of, formula.per.binding)
    return sorted(found)


@cache
def network():
    steps = np.arange(0.0, SIDE + 1, 100.0)
    across = [shapely.LineString([(x, y) for x in steps]) for y in steps[::2]]
    return walking_network(
        np.array([*across, *(shapely.LineString([(x, y) for y in steps]) for x in steps[::2])], object)
    )


def column(argument, size, draw):
    """Objects that lie near enough to one another to matter."""
    spots = draw.uniform(0, SIDE, (size, 2))
    if argument.kind is Kind.PLACES:
        return spots
    if argument.kind is Kind.SHAPES and argument.name in LINES:
        # On a grid, so that streets meet at their ends.
        first = draw.integers(0, 6, (size, 2)) * 200.0
        return np.array([shapely.LineString([a, a + draw.choice([[200, 0], [0, 200]])]) for a in first], object)
    if argument.kind is Kind.SHAPES:
        edges = draw.uniform(5, 120, (size, 2))
        return np.asarray(shapely.box(*spots.T, *(spots + edges).T), object)
    if argument.kind is Kind.TEXTS:
        return draw.choice(np.array(WORDS.get(argument.name, ("residential", "office")), object), size)
    if argument.kind is Kind.FLAGS:
        return draw.integers(0, 2, size).astype(float)
    return draw.uniform(1, 100, size).round(1)


def rule(argument, words):
    if argument.name in words:
        return words[argument.name]
    if argument.name in NAMED:
        return NAMED[argument.name]
    if argument.kind is Kind.CHOICE:
        return argument.choices[0]
    size = SIZES.get(argument.units[-1], 1.0)
    return ((0.0, size),) if argument.kind is Kind.BRACKETS else size


def worked(case, columns):
    declared = all_measures()[case.measure]
    data = [columns.get(argument.name) for argument in declared.data]
    words = dict(case.words)
    rules = {
        argument.name: rule(argument, words)
        for argument in declared.rules
        if argument.name in words or not argument.optional
    }
    given = declared.function(*data, **rules)
    return given if isinstance(given, Parts) else Parts(np.asarray(given, float), np.ones(len(given)))


def world(case, seed) -> dict[str, Any]:
    """A column for each argument."""
    draw = np.random.default_rng(seed)
    declared = {argument.name: argument for argument in all_measures()[case.measure].data}
    return {
        each: column(declared[each], ROWS, draw) if name else network()
        for name, arguments in case.lists
        for each in arguments
    }


def ways(case, name) -> set[str]:
    """What the measure declares that more of a list does to the rows there are; both where it declares nothing."""
    declared = all_measures()[case.measure]
    arguments = dict(case.lists)[name]
    found = {"up"} if set(arguments) & set(declared.raised_by) else set()
    found |= {"down"} if set(arguments) & set(declared.lowered_by) else set()
    if set(arguments) & set(declared.mixed_by) or (not found and name != case.of):
        return {"up", "down"}
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.measure}-{len(case.lists)}")
def test_more_of_a_list_moves_rows_only_as_declared(case):
    declared = all_measures()[case.measure]
    for name, arguments in case.lists:
        for seed in SEEDS if name else ():
            whole = world(case, seed)
            kept = np.sort(np.random.default_rng(seed + 99).choice(ROWS, ROWS // 2, replace=False))
            less = whole | {argument: whole[argument][kept] for argument in arguments}
            more, before = worked(case, whole), worked(case, less)
            at = kept if name == case.of else np.arange(len(before.part))
            allowed = ways(case, name)
            assert "up" in allowed or not (more.part[at] > before.part + 1e-6).any()
            if declared.name not in EASED:
                assert "down" in allowed or not (more.part[at] < before.part - 1e-6).any()
            elif before.low is not None:
                assert not (more.part[at] < before.low - 1e-6).any()
            if allowed == {"up", "down"}:
                continue
            if not set(arguments) & set(declared.weighed_by):
                np.testing.assert_allclose(more.whole[at], before.whole)
            assert (np.isnan(more.part[at]) == np.isnan(before.part)).all(), "what was unknown is told by more objects"


def test_the_trial_would_see_a_wrong_declaration():
    """Most declarations matter: without them the trial fails."""
    tried = {case.measure for case in cases()}
    assert {"land_within", "reached_walking", "lacks_near", "catchment_shortage", "cluster_area"} <= tried
    assert sum(bool(each.raised_by or each.lowered_by or each.mixed_by) for each in all_measures().values()) >= 20
