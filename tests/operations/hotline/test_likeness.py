"""Duplicates and groups: against plain all-pairs, planted duplicates, and two real collections."""

import math
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from operations.hotline.mappings import BALTIMORE, TIPDM_2, TIPDM_3, TIPDM_4
from shared_data import shared
from tulou.operations.hotline.adapters.reading import read_rules
from tulou.operations.hotline.adapters.records import read_records
from tulou.operations.hotline.domain.likeness import duplicates, groups, kindred, same_branch
from tulou.operations.hotline.domain.request import Request
from tulou.operations.hotline.domain.themes import themes
from tulou.sources.mapping import parse_mapping

RULE = read_rules(["china"]).likeness_on(date(2026, 11, 1))
START = datetime(2026, 3, 2, tzinfo=UTC)
WORDS = [
    "路灯不亮", "井盖丢失", "垃圾成堆", "噪音扰民", "油烟异味", "停车占道", "积水内涝", "供暖不热", "水压不足",
    "树枝挡道", "公交太少", "电梯故障",
]  # fmt: skip
BRANCHES = (("市容", "垃圾"), ("市容", "噪音"), ("市容",), ("交通",), ())


def request(number, **more):
    usual = {"title": "", "text": "", "received": START + timedelta(hours=number)}
    return Request(id=f"r{number}", **{**usual, **more})


def grams(request, title):
    found = Counter()
    for part in [request.title] * title + [request.text]:
        found.update(part[i : i + 2] for i in range(len(part) - 1))
    return found


def plain_pairs(requests, rule, days, least):
    """All pairs, one by one, as the rule is written."""
    count, tables = len(requests), [grams(one, rule.title) for one in requests]
    frequency = Counter(gram for table in tables for gram in table)

    def vector(table):
        found = {g: (1 + math.log(n)) * (math.log((1 + count) / (1 + frequency[g])) + 1) for g, n in table.items()}
        length = math.sqrt(sum(value**2 for value in found.values())) or 1
        return {g: value / length for g, value in found.items()}

    vectors = [vector(table) for table in tables]

    def metres(a, b):
        la, lb = math.radians(a.lat), math.radians(b.lat)
        h = math.sin((lb - la) / 2) ** 2 + math.cos(la) * math.cos(lb) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
        return 2 * 6371008.8 * math.asin(math.sqrt(h))

    found = set()
    for i, a in enumerate(requests):
        for j in range(i + 1, count):
            b = requests[j]
            if any(x != y for x, y in zip(a.category, b.category, strict=False)):
                continue
            if abs((a.received - b.received).total_seconds()) > days * 86400:
                continue
            spoken = bool(a.text and b.text)
            cosine = sum(value * vectors[j].get(g, 0) for g, value in vectors[i].items())
            little = not spoken or cosine >= rule.near
            if a.is_placed and b.is_placed:
                good = metres(a, b) <= rule.metres and little
            else:
                same = bool(a.address) and a.address == b.address and a.place == b.place
                good = (spoken and cosine >= least) or (same and little)
            if good:
                found.add(frozenset((a.id, b.id)))
    return found


def messy(seed, count=60):
    chance = random.Random(seed)  # noqa: S311
    for number in range(count):
        text = "".join(chance.choices(WORDS, k=chance.choice([0, 2, 3])))
        placed = chance.random() < 0.6
        yield request(
            number,
            title=chance.choice(WORDS),
            text=text,
            category=chance.choice(BRANCHES),
            received=START + timedelta(days=chance.uniform(0, 60)),
            lon=119.3 + chance.uniform(0, 0.01) if placed else None,
            lat=26.05 + chance.uniform(0, 0.01) if placed else None,
            address=chance.choice(["", "", "八一七路1号", "八一七路2号"]),
        )


@pytest.mark.parametrize("seed", range(12))
def test_pairs_are_those_of_a_plain_search(seed):
    requests = list(messy(seed))
    found = {frozenset((requests[p.first].id, requests[p.second].id)) for p in duplicates(requests, RULE)}
    assert found == plain_pairs(requests, RULE, RULE.days, RULE.alone)
    found = {frozenset((requests[p.first].id, requests[p.second].id)) for p in kindred(requests, RULE)}
    assert found == plain_pairs(requests, RULE, RULE.theme_days, RULE.theme)
    assert found


def test_pairs_tell_why_and_the_earlier_comes_first():
    a = request(5, lon=119.3, lat=26.05, category=("市容",))
    b = request(1, lon=119.3, lat=26.052, category=("市容", "垃圾"))
    (pair,) = duplicates([a, b], RULE)
    assert (pair.first, pair.second) == (1, 0)
    assert pair.metres == pytest.approx(222.39, abs=0.01), "0.002 degrees of a meridian"
    assert pair.days == pytest.approx(4 / 24)
    assert pair.cosine is None
    assert not duplicates([a, replace(b, lat=26.0523)], RULE), "255.8 m"
    assert duplicates([a, replace(b, lat=26.0523)], RULE, RULE.metres_inspected)
    assert not duplicates([a, replace(b, category=("交通",))], RULE)
    assert not duplicates([a, replace(b, received=START + timedelta(days=31))], RULE)


def test_what_only_shares_a_category_is_not_one_matter():
    assert not duplicates([request(n, title="SW-Dirty Alley", category=("SW",)) for n in range(5)], RULE)
    assert duplicates([], RULE) == []
    assert groups([], 0) == []


def test_planted_duplicates_are_all_found_and_nothing_is_joined_across_categories():
    chance = random.Random(7)  # noqa: S311
    orders = [
        request(
            number,
            category=(WORDS[number % 12],),
            text="".join(chance.sample(WORDS, 4)) + str(chance.randrange(10**9)),
            lon=119.2 + chance.uniform(0, 0.3),
            lat=26.0 + chance.uniform(0, 0.3),
        )
        for number in range(195)
    ]
    planted = [
        replace(one, id=f"again-{one.id}", received=one.received + timedelta(hours=9), lat=one.lat + 0.0005)
        for one in orders[::39]
    ]
    requests = orders + planted
    pairs = duplicates(requests, RULE)
    assert len(requests) == 200
    found = {frozenset((requests[p.first].id, requests[p.second].id)) for p in pairs}
    assert {frozenset((one.id, f"again-{one.id}")) for one in orders[::39]} <= found, "recall 1.0"
    assert all(requests[p.first].category == requests[p.second].category for p in pairs)


def test_branches():
    assert same_branch(("a", "b"), ("a",))
    assert same_branch((), ("a",))
    assert not same_branch(("a", "b"), ("a", "c"))


def annexes():
    parts = ((3, TIPDM_3), (2, TIPDM_2), (4, TIPDM_4))
    return [
        read_records(shared(f"cn_hotline_tipdm2020/附件{number}.xlsx"), parse_mapping(mapping)).requests
        for number, mapping in parts
    ]


def oracle(requests):
    """Read by hand: what annex 3 says of two places."""
    return {
        "fumes": {one.id for one in requests if "魅力之城" in one.title},
        "internships": {one.id for one in requests if "经济学院" in one.title},
    }


def test_the_two_hot_matters_of_annex_3_are_found_whole_and_alone():
    hot = annexes()[0]
    wanted = oracle(hot)
    assert {name: len(ids) for name, ids in wanted.items()} == {"fumes": 10, "internships": 5}
    pairs = kindred(hot, RULE)
    found = groups(pairs, len(hot), RULE.fewest)
    assert [{hot[i].id for i in group} for group in found] == list(wanted.values())
    first = themes(hot, found, pairs, {"360107": False, "360101": True}, timezone(timedelta(hours=8)))[0]
    assert (first.size, first.months, first.span, first.asked, first.unsolved) == (10, 3, 3, 2, 0.5)
    assert "魅力之城" in first.title
    assert first.supporters == sum(one.supporters for one in hot if one.id in wanted["fumes"])


def test_they_are_found_whole_among_all_645_texts():
    hot, *others = annexes()
    requests = [replace(one, category=()) for part in (hot, *others) for one in part]
    requests = [replace(one, id=f"{number}-{one.id}") for number, one in enumerate(requests)]
    found = groups(kindred(requests, RULE), len(requests), RULE.fewest)
    for word, size in (("魅力之城", 10), ("经济学院", 5)):
        assert any(sum(word in requests[i].title for i in group) == size for group in found)


def test_ten_thousand_real_requests_are_joined_only_near_and_of_one_type():
    requests = read_records(shared("hotline_baltimore311/311_sample.csv"), parse_mapping(BALTIMORE)).requests
    pairs = duplicates(requests, RULE)
    assert 500 < len(pairs) < 2000
    for one in pairs:
        a, b = requests[one.first], requests[one.second]
        assert a.category == b.category
        assert one.days <= RULE.days
        assert (one.metres is not None and one.metres <= 250) or (one.metres is None and one.same_address)
