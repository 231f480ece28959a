"""Volunteers: against the assignment algorithm and against all rotas there are; what nobody can do, and why."""

from datetime import datetime
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from tulou.kernel.errors import BadInput
from tulou.operations.communities.adapters.rota import read_offers, read_tasks, read_terms
from tulou.operations.communities.domain.volunteers import Offer, Rota, Task, Terms, matched

TERMS = Terms(1000.0, 2.0, 3)


def at(hour):
    return datetime.fromisoformat(f"2026-11-28 {hour:02d}:00")


def offer(name, skills=("shop",), start=8, end=18, lon=119.30, lat=26.08, reach=50.0, *, is_checked=False):
    return Offer(name, frozenset(skills), at(start), at(end), lon, lat, reach, is_checked)


def task(name, skill="shop", start=9, end=10, lon=119.31, lat=26.08, places=1, *, is_guarded=False):
    return Task(name, skill, at(start), at(end), lon, lat, places, is_guarded)


def kilometres(one, other):
    from pyproj import Geod

    return Geod(ellps="WGS84").inv(one.lon, one.lat, other.lon, other.lat)[2] / 1000


@pytest.mark.parametrize("seed", range(12))
def test_one_task_each_is_the_assignment(seed):
    draw = np.random.default_rng(seed)
    offers = [offer(str(n), lon=119.3 + draw.uniform(0, 0.1), lat=26 + draw.uniform(0, 0.1)) for n in range(6)]
    tasks = [task(f"t{n}", lon=119.3 + draw.uniform(0, 0.1), lat=26 + draw.uniform(0, 0.1)) for n in range(5)]
    ways = np.array([[kilometres(one, other) for other in tasks] for one in offers])
    rows, columns = linear_sum_assignment(ways)
    found = matched(offers, tasks, TERMS)
    assert sum(way for _, _, way in found.pairs) == pytest.approx(ways[rows, columns].sum(), abs=1e-6)
    assert found.cost == pytest.approx(ways[rows, columns].sum(), abs=1e-6)
    assert len(found.pairs) == 5


@pytest.mark.parametrize("seed", range(8))
def test_against_all_rotas(seed):
    draw = np.random.default_rng(seed)
    offers = [offer(str(n), lon=119.3 + draw.uniform(0, 0.1), start=8 + n, reach=8.0) for n in range(3)]
    tasks = [task(f"t{n}", lon=119.3 + draw.uniform(0, 0.1), start=int(h), end=int(h) + 2)
             for n, h in enumerate(draw.integers(8, 14, 4))]  # fmt: skip
    best = np.inf
    for who in product((None, *offers), repeat=4):
        done = [(one, other) for one, other in zip(who, tasks, strict=True) if one is not None]
        if any(t.start < o.start or t.end > o.end or kilometres(o, t) > o.reach for o, t in done):
            continue
        mine = {o.id: [t for one, t in done if one is o] for o in offers}
        if any(a.overlaps(b) for some in mine.values() for n, a in enumerate(some) for b in some[:n]):
            continue
        if any(len(some) > TERMS.most for some in mine.values()):
            continue
        again = sum(TERMS.again * sum(range(len(some))) for some in mine.values())
        best = min(best, sum(kilometres(o, t) for o, t in done) + again + TERMS.unfilled * (4 - len(done)))
    assert matched(offers, tasks, TERMS).cost == pytest.approx(best, abs=1e-6)


def test_tasks_are_shared_out():
    offers = [offer("near"), offer("farther", lon=119.295)]
    tasks = [task("a"), task("b", start=11, end=12)]
    assert {who for who, _, _ in matched(offers, tasks, TERMS).pairs} == {"near", "farther"}
    assert {who for who, _, _ in matched(offers, tasks, Terms(1000.0, 0.0, 3)).pairs} == {"near"}


@pytest.mark.parametrize(("one", "other", "why"), [
    (offer("o", skills=("drive",)), task("t"), "skill"),
    (offer("o", start=10), task("t"), "time"),
    (offer("o", reach=0.5), task("t"), "way"),
    (offer("o"), task("t", is_guarded=True), "check"),
])  # fmt: skip
def test_why_a_place_stays_empty(one, other, why):
    assert matched([one], [other], TERMS).empty == (("t", 1, why),)


def test_places_and_what_is_taken():
    found = matched([offer("o"), offer("p", is_checked=True)], [task("t", places=3), task("g", is_guarded=True)], TERMS)
    assert sum(places for _, places, _ in found.empty) == 2
    assert {why for _, _, why in found.empty} <= {"taken", "few"}
    assert matched([], [task("t")], TERMS).empty == (("t", 1, "few"),)
    assert matched([offer("o")], [], TERMS) == Rota((), (), 0.0)


def test_any_skill_will_do():
    assert matched([offer("o", skills=())], [task("t", skill="")], TERMS).pairs[0][:2] == ("o", "t")


def test_the_same_rota_twice_and_nothing_of_a_person_in_it():
    offers, tasks = [offer("o"), offer("p")], [task("t"), task("u")]
    assert matched(offers, tasks, TERMS) == matched(offers, tasks, TERMS)
    assert set(vars(matched(offers, tasks, TERMS))) == {"pairs", "empty", "cost"}


def test_reading(tmp_path):
    offers, tasks = tmp_path / "offers.csv", tmp_path / "tasks.csv"
    offers.write_text(
        "编号,技能,开始,结束,经度,纬度,最远公里,已核查\n"
        "甲,代购、陪护,2026-11-28 08:00,2026-11-28 12:00,119.3,26.08,3,是\n"
    )
    tasks.write_text("id,skill,start,end,lon,lat,places\nt,代购,2026-11-28T09:00,2026-11-28T10:00,119.31,26.08,\n")
    (one,), (other,) = read_offers(offers), read_tasks(tasks)
    assert (one.skills, one.is_checked, one.reach) == ({"代购", "陪护"}, True, 3.0)
    assert (other.places, other.is_guarded) == (1, False)
    assert matched([one], [other], read_terms(["china"], other.start.date())).pairs[0][:2] == ("甲", "t")


def test_all_faults_at_once(tmp_path):
    file = tmp_path / "tasks.csv"
    head = "id,start,end,lon,lat,places,guarded\n"
    good = "2026-11-28T09:00,2026-11-28T10:00"
    file.write_text(
        head + f"a,{good},119,26,1,\na,{good},119,26,1,\nb,soon,later,119,26,1,\nc,{good},999,26,1,\n"
        f"d,{good},119,26,0,\ne,{good},119,26,1,maybe\nf,2026-11-28T10:00,2026-11-28T10:00,1,1,1,\n"
    )
    with pytest.raises(BadInput) as told:
        read_tasks(file)
    assert [fault.where for fault in told.value.faults] == [f"tasks.csv:{n}" for n in range(3, 9)]
