"""The fewest sites beside plain search and beside the whole programme; bounds that hold; searches that are needed."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tulou.plan.programme import Programme
from tulou.plan.siting import exchanging, fewest
from tulou.plan.siting.exchanging import good_cover
from tulou.plan.siting.fewest import fewest_sites

MOST = 10_000


def plain(reaches):
    sites = range(reaches.shape[1])
    numbers = range(len(sites) + 1)
    return next(n for n in numbers if any(reaches[:, list(some)].any(axis=1).all() for some in combinations(sites, n)))


def whole(reaches):
    """The number that HiGHS finds for the programme as it stands."""
    programme = Programme()
    opens = programme.add(reaches.shape[1], cost=1.0)
    for row in reaches:
        programme.require(opens[np.flatnonzero(row)], 1.0, least=1.0)
    return programme.minimise().value


@st.composite
def masks(draw):
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(1, 14)), draw(st.integers(1, 9))
    reaches = random.random(shape) < draw(st.sampled_from([0.1, 0.3, 0.6]))
    reaches[np.arange(shape[0]), random.integers(0, shape[1], shape[0])] = True
    return reaches


@settings(max_examples=80, deadline=None)
@given(masks())
def test_none_are_fewer_and_all_is_reached(reaches):
    found = fewest_sites(reaches, most=MOST)
    assert len(found.open) == found.bound == plain(reaches)
    assert reaches[:, found.open].any(axis=1).all()
    rough = good_cover(reaches, 0, steps=50)
    assert reaches[:, rough].any(axis=1).all()
    assert len(rough) >= found.bound


@settings(max_examples=60, deadline=None)
@given(masks())
def test_bounds_hold_without_a_search(reaches):
    found = fewest_sites(reaches, most=0)
    best = plain(reaches)
    assert found.bound <= best <= len(found.open)
    assert found.is_searched == (found.bound == len(found.open))
    assert fewest._relaxed(reaches) <= best


def test_exchanges_keep_the_gains_true():
    random = np.random.default_rng(4)
    reaches = random.random((30, 20)) < 0.2
    reaches[~reaches.any(axis=1), 0] = True
    table = exchanging.Table.of(reaches)
    weight = random.integers(1, 9, 30)
    state = exchanging.State(
        np.zeros(20, bool),
        reaches.T @ weight,
        np.zeros(20, np.int64),
        np.ones(20, bool),
        np.zeros(30, np.int64),
        weight,
    )
    for step, site in enumerate(random.integers(0, 20, 200)):
        exchanging._flip(site, step, table, state)
        served = reaches[:, state.is_open].sum(axis=1)
        assert (state.served == served).all()
        opening = reaches.T @ (weight * (served == 0))
        closing = -(reaches.T @ (weight * (served == 1)))
        assert (state.gain == np.where(state.is_open, closing, opening)).all()


@pytest.mark.parametrize("seed", range(4))
def test_places_on_a_plane_have_the_number_of_the_whole_programme(seed):
    random = np.random.default_rng(seed)
    places, sites = random.random((250, 2)), random.random((60, 2))
    reaches = np.hypot(*(places[:, None] - sites[None]).transpose(2, 0, 1)) <= 0.2
    reaches = reaches[reaches.any(axis=1)]
    found = fewest_sites(reaches, most=MOST)
    assert len(found.open) == found.bound == whole(reaches)
    again = fewest_sites(reaches, most=MOST)
    assert again.open.tolist() == found.open.tolist()


def test_a_bound_that_exchanges_cannot_reach_is_searched(monkeypatch):
    """Three demands, each reached by two of three sites: half of each site would do, but none is halved."""
    reaches = np.array([[1, 1, 0, 0, 1, 0, 1], [0, 1, 1, 0, 0, 1, 1], [1, 0, 1, 1, 0, 0, 1], [0, 0, 1, 1, 1, 0, 0],
                        [0, 1, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 1, 0], [1, 0, 0, 1, 0, 1, 0]], bool)  # fmt: skip
    asked = []
    searched = fewest._searched
    monkeypatch.setattr(fewest, "_searched", lambda *given: asked.append(given) or searched(*given))
    monkeypatch.setattr(fewest, "_relaxed", lambda _: 1)
    found = fewest_sites(reaches, most=MOST)
    assert asked
    assert len(found.open) == found.bound == plain(reaches)
    nothing = fewest_sites(np.zeros((0, 3), bool), most=MOST)
    assert (len(nothing.open), nothing.bound) == (0, 0)


def test_a_gap_that_is_allowed_spares_the_search(monkeypatch):
    monkeypatch.setattr(fewest, "_searched", lambda *_: pytest.fail("nobody asked for a proof"))
    monkeypatch.setattr(fewest, "_relaxed", lambda _: 1)
    found = fewest_sites(np.eye(4, dtype=bool) | (np.arange(4) == 0)[:, None], gap=0.9, most=MOST)
    assert found.bound == 1
    assert found.is_searched
