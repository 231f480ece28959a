"""Coupled dangers beside three loops."""

import numpy as np
import pytest
import shapely

from tulou.kernel.errors import BadUse
from tulou.measures.lifelines.nearness import coupled_dangers


def made(seed):
    chance = np.random.default_rng(seed)
    at = chance.random((12, 4)) * 100
    lines = shapely.linestrings(at.reshape(12, 2, 2))
    spaces = shapely.points(chance.random((15, 2)) * 100)
    crowds = shapely.buffer(shapely.points(chance.random((8, 2)) * 100), 3)
    return lines, spaces, crowds


@pytest.mark.parametrize("seed", range(5))
def test_triples_are_those_of_three_loops(seed):
    lines, spaces, crowds = made(seed)
    found = coupled_dangers(lines, spaces, crowds, 6, 20)
    looped = [
        (a, b, c)
        for a in range(len(lines))
        for b in range(len(spaces))
        for c in range(len(crowds))
        if lines[a].distance(spaces[b]) <= 6 and spaces[b].distance(crowds[c]) <= 20
    ]
    assert list(zip(found.line.tolist(), found.space.tolist(), found.crowd.tolist(), strict=True)) == looped
    assert looped
    for place, (a, b, c) in enumerate(looped):
        assert found.to_space[place] == pytest.approx(lines[a].distance(spaces[b]))
        assert found.to_crowd[place] == pytest.approx(spaces[b].distance(crowds[c]))


def test_what_has_no_shape_is_near_nothing():
    lines, spaces, crowds = made(1)
    bare = np.array([None] * 3, object)
    assert len(coupled_dangers(bare, spaces, crowds, 6, 20)) == 0
    assert len(coupled_dangers(lines, bare, crowds, 6, 20)) == 0
    assert len(coupled_dangers(lines, spaces, np.empty(0, object), 6, 20)) == 0
    with pytest.raises(BadUse, match="from 0 on"):
        coupled_dangers(lines, spaces, crowds, -1, 20)
