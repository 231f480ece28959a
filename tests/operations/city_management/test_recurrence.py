from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.operations.city_management.adapters.tables import read_recurrence
from tulou.operations.city_management.domain.recurrence import ALONE, RecurrenceRule, Spot, clusters, labels

DAY = datetime(2026, 1, 1, tzinfo=UTC)
RULE = RecurrenceRule(window=90, distance=50, least=3, public_least=10)


def spot(number, x, day, *, kind="dirty_road", closed=None, y=0.0):
    end = None if closed is None else DAY + timedelta(days=closed)
    return Spot(f"C{number:03d}", kind, (float(x), float(y)), DAY + timedelta(days=day), end)


def test_the_shipped_rule_is_that_of_the_reference():
    rule = read_recurrence(["china"])
    assert (rule.window, rule.public_least) == (90, 10)


def test_three_of_a_class_at_one_place_within_the_window_recur():
    found = clusters([spot(1, 0, 0, closed=5), spot(2, 30, 40, closed=50), spot(3, 10, 80)], RULE)
    assert [(one.cases, one.came_back, one.first, one.last) for one in found] == [
        (("C001", "C002", "C003"), 2, DAY, DAY + timedelta(days=80))
    ]
    assert found[0].place in {(0.0, 0.0), (10.0, 0.0), (30.0, 0.0)}


@pytest.mark.parametrize(
    "last",
    [spot(3, 51, 20), spot(3, 0, 91), spot(3, 0, 20, kind="graffiti"), Spot("C003", "dirty_road", None, DAY)],
)
def test_too_far_too_late_of_another_class_or_nowhere_does_not_recur(last):
    assert clusters([spot(1, 0, 0), spot(2, 0, 0), last], RULE) == []


def test_reports_while_the_first_is_open_are_no_return():
    (found,) = clusters([spot(1, 0, 0, closed=20), spot(2, 0, 1), spot(3, 0, 2), spot(4, 0, 30)], RULE)
    assert (len(found.cases), found.came_back) == (4, 1)


def test_clusters_stand_with_most_cases_first():
    many = [spot(n, 0, n) for n in range(5)]
    few = [spot(10 + n, 500, n) for n in range(3)]
    assert [len(one.cases) for one in clusters([*few, *many], RULE)] == [5, 3]
    assert clusters([], RULE) == []


def linked(one, other):
    near = np.hypot(*(np.array(one.place) - other.place)) <= RULE.distance
    return near and abs((one.opened - other.opened).total_seconds()) <= RULE.window * 86400


def slow(spots):
    """Pair by pair: cores, their components, and edges to the first core they reach."""
    places = range(len(spots))
    links = {one: {other for other in places if linked(spots[one], spots[other])} for one in places}
    cores = {place for place in places if len(links[place]) >= RULE.least}
    group = {one: one for one in cores}
    for _ in places:
        group = {one: min(group[other] for other in links[one] & cores) for one in cores}
    for one in set(places) - cores:
        if links[one] & cores:
            group[one] = group[min(links[one] & cores)]
    return [group.get(one) for one in places]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200), st.integers(0, 300)), max_size=30))
def test_clusters_agree_with_a_slow_way(rows):
    spots = [spot(n, x, day, y=y) for n, (x, y, day) in enumerate(sorted(rows, key=lambda row: row[2]))]
    found = [None if one == ALONE else int(one) for one in labels(spots, RULE)]
    expected = slow(spots)
    renumber = {group: place for place, group in enumerate(dict.fromkeys(one for one in expected if one is not None))}
    assert found == [None if one is None else renumber[one] for one in expected]


def test_clusters_agree_with_dbscan_of_scikit_learn():
    cluster = pytest.importorskip("sklearn.cluster", reason="scikit-learn (extra text) is not installed")
    random = np.random.default_rng(3)
    places = np.concatenate([random.normal(centre, 40, (60, 2)) for centre in (0, 300, 2000)])
    days = random.uniform(0, 400, len(places))
    order = np.argsort(days)
    spots = [spot(n, places[one][0], days[one], y=places[one][1]) for n, one in enumerate(order)]
    far = np.hypot(*(places[order][:, None] - places[order][None]).transpose(2, 0, 1)) / RULE.distance
    late = np.abs(days[order][:, None] - days[order][None]) / RULE.window
    model = cluster.DBSCAN(eps=1, min_samples=RULE.least, metric="precomputed").fit(np.maximum(far, late))
    mine, theirs = labels(spots, RULE), model.labels_
    assert ((mine == ALONE) == (theirs == -1)).all()
    cores = model.core_sample_indices_
    assert len(set(zip(mine[cores].tolist(), theirs[cores].tolist(), strict=True))) == len(set(theirs[cores].tolist()))
    assert len(set(theirs.tolist())) > 2
