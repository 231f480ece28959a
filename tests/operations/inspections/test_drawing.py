"""Draws: recomputed by one who has only SHA-256; what does not fit is found; nobody is drawn against a conflict."""

import hashlib
import json
import shutil
import subprocess
from collections import Counter
from dataclasses import asdict, replace

import pytest

from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.inspections.domain.drawing import (
    Inspector,
    Order,
    Stratum,
    certificate_of,
    draw,
    faults_of,
    ordered,
    seed_digest,
    shares,
)

SEED = hashlib.sha256(b"a seed for tests").hexdigest()
PUBLIC = "2026320: 03 05 07 09 11"
CODES = [f"E{at:03}" for at in range(60)]


def order(public="lottery 2026320", seed=SEED, each=2, most=4):
    return ordered(
        Order(
            "2026-1", "justice", "2026-11-20",
            (Stratum("a", 3, tuple(CODES[:40])), Stratum("d", 10, tuple(CODES[40:]))),
            {code: ("gas" if at % 5 == 0 else "catering") for at, code in enumerate(CODES)},
            tuple(
                Inspector(f"I{at:02}", ("gas", "catering") if at % 2 else ("catering",), (CODES[40 + at],))
                for at in range(12)
            ),
            each, most, seed_digest(seed), public, "rules 2025-08-07",
        )
    )  # fmt: skip


def recomputed(plain):
    """The draw again, by somebody who reads the published file and knows SHA-256, and nothing of ours."""

    def sha(text):
        return hashlib.sha256(text.encode("utf-8")).hexdigest()

    published = plain["order"]
    assert sha(plain["seed"]) == published["seed_digest"]
    text = json.dumps(published, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = sha(plain["seed"] + "|" + plain["public"] + "|" + sha(text))
    load, lines = Counter(), []
    for stratum in published["strata"]:
        tickets = sorted((sha(f"{key}|enterprise|{stratum['id']}|{code}"), code) for code in stratum["members"])
        for ticket, code in tickets[: stratum["count"]]:
            trade = published["trades"][code]
            people = sorted(
                (sha(f"{key}|inspector|{code}|{one['id']}"), one["id"])
                for one in published["inspectors"]
                if trade in one["trades"] and code not in one["conflicts"] and load[one["id"]] < published["most"]
            )
            names = [name for _, name in people[: published["each"]]]
            load.update(names)
            lines.append({"enterprise": code, "stratum": stratum["id"], "ticket": ticket, "inspectors": names})
    return lines


def as_published(certificate):
    return json.loads(json.dumps(asdict(certificate)))


def test_anybody_can_make_the_draw_again():
    found = as_published(draw(order(), SEED, PUBLIC))
    assert recomputed(found) == found["drawn"]
    assert [one["stratum"] for one in found["drawn"]] == ["a"] * 3 + ["d"] * 10
    assert certificate_of(found, "x") == draw(order(), SEED, PUBLIC)


def test_one_ticket_by_the_tool_of_the_operating_system():
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not on this machine")
    found = draw(order(), SEED, PUBLIC)
    key = hashlib.sha256(f"{SEED}|{PUBLIC}|{found.order.digest}".encode()).hexdigest()
    first = found.drawn[0]
    text = f"{key}|enterprise|{first.stratum}|{first.enterprise}"
    done = subprocess.run([tool], input=text.encode(), capture_output=True, check=True)
    assert done.stdout.split()[0].decode() == first.ticket


def test_conflicts_trades_and_loads_are_kept():
    found = draw(order(), SEED, PUBLIC)
    people = {one.id: one for one in found.order.inspectors}
    load = Counter(name for one in found.drawn for name in one.inspectors)
    for one in found.drawn:
        assert len(set(one.inspectors)) == 2
        for name in one.inspectors:
            assert one.enterprise not in people[name].conflicts
            assert found.order.trades[one.enterprise] in people[name].trades
    assert max(load.values()) <= 4


def test_too_few_inspectors_leave_places_open_and_nobody_is_overloaded():
    found = draw(order(most=1), SEED, PUBLIC)
    assert any(len(one.inspectors) < 2 for one in found.drawn)
    assert max(Counter(name for one in found.drawn for name in one.inspectors).values()) == 1


def test_the_order_of_a_list_is_nothing():
    plain = order()
    turned = replace(
        plain,
        strata=tuple(replace(one, members=tuple(reversed(one.members))) for one in plain.strata),
        inspectors=tuple(reversed(plain.inspectors)),
    )
    assert ordered(turned) == plain
    assert ordered(turned).digest == plain.digest


def test_everything_that_could_be_changed_afterwards_is_found():
    whole = draw(order(), SEED, PUBLIC)
    noted = whole.order.digest
    assert faults_of(whole, noted) == []
    assert faults_of(whole, noted[:12]) == []
    fewer = replace(whole.order, strata=(replace(whole.order.strata[0], members=whole.order.strata[0].members[1:]),))
    again = draw(fewer, SEED, PUBLIC)
    assert faults_of(again) == []
    assert "published before" in faults_of(again, noted)[0].what
    swapped = replace(whole, drawn=(whole.drawn[1], whole.drawn[0], *whole.drawn[2:]))
    short = replace(whole, drawn=whole.drawn[:-1])
    friend = replace(whole, drawn=(replace(whole.drawn[0], inspectors=("I00", "I01")), *whole.drawn[1:]))
    for changed in (swapped, short, friend):
        assert "does not make this draw" in faults_of(changed, noted)[0].what
    other = replace(whole, public="2026320: 03 05 07 09 12")
    assert faults_of(other, noted) != []
    unsorted = replace(whole.order, inspectors=tuple(reversed(whole.order.inspectors)))
    assert "one form" in faults_of(replace(whole, order=unsorted))[0].what


def test_a_seed_that_was_not_promised_is_refused():
    with pytest.raises(BadUse, match="not the one whose digest"):
        draw(order(), hashlib.sha256(b"a better one").hexdigest(), PUBLIC)
    with pytest.raises(BadUse, match="64 hexadecimal"):
        draw(order(), "secret", PUBLIC)
    with pytest.raises(BadUse, match="names a public value"):
        draw(order(), SEED)
    with pytest.raises(BadUse, match="names a public value"):
        draw(order(public=""), SEED, PUBLIC)


def test_an_order_that_cannot_be_drawn():
    with pytest.raises(BadInput, match="than there are"):
        ordered(replace(order(), strata=(Stratum("a", 9, ("x",)),)))
    with pytest.raises(BadInput, match="twice"):
        ordered(replace(order(), strata=(Stratum("a", 1, ("x", "y")), Stratum("b", 1, ("x",)))))
    with pytest.raises(BadInput, match="no order"):
        certificate_of({"order": {}, "seed": "", "public": "", "drawn": []}, "file")
    with pytest.raises(BadInput, match="no certificate"):
        certificate_of({}, "file")


def test_each_member_is_drawn_about_as_often_as_the_next():
    """4,000 seeds: counts lie about their mean as those of a fair draw do (chi-square, 39 degrees of freedom)."""
    counts = Counter()
    plain = replace(order(each=0), strata=(Stratum("a", 4, tuple(CODES[:40])),), inspectors=())
    for at in range(4000):
        seed = hashlib.sha256(f"{at}".encode()).hexdigest()
        counts.update(one.enterprise for one in draw(replace(plain, seed_digest=seed_digest(seed)), seed, PUBLIC).drawn)
    mean = 4000 * 4 / 40
    statistic = sum((counts[code] - mean) ** 2 / mean for code in CODES[:40])
    assert 15 < statistic < 75


def test_how_many_of_each_stratum():
    rates = {"a": 0.05, "d": 0.5, "x": 0.0}
    sizes = [("a", 41), ("d", 9), ("x", 5)]
    assert shares(sizes, rates, 100) == {"a": 3, "d": 5, "x": 0}
    less = shares(sizes, rates, 4)
    assert sum(less.values()) == 4
    assert less == {"a": 2, "d": 2, "x": 0}
    assert shares(sizes, rates, 0) == {"a": 0, "d": 0, "x": 0}
    assert shares([("a", 0)], {"a": 1.0}, 5) == {"a": 0}
