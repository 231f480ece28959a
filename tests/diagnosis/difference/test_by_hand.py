"""A small city worked by hand, and random ones beside a plain oracle.

The example is the one of ``docs/*/why.md``. In community ``c1`` stand four homes, one of them with a lift. Between the
checks it turns out that ``b3`` had a lift all along (correction); ``b4`` is torn down and ``b5`` built with a lift
(city); homes over shops count as homes too, which lets ``b7`` in, with a lift (definition); and the border moves east
over ``b6``, without one (boundary). With 1 for each cause that is in, and 0 for each that is not, the share is

    (1 + correction + city + definition) / (4 + boundary + definition)
"""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

import numpy as np
import pytest
import shapely

from diagnosis.difference.histories import THEN, known_city
from indicators.made import state_of
from indicators.small_rulebook import small
from tulou.diagnosis.difference.behind import Reasons
from tulou.diagnosis.difference.coalitions import CAUSES, Side, evaluated, movement
from tulou.diagnosis.difference.dependence import Figure
from tulou.diagnosis.difference.figures import KEYS, differences
from tulou.indicators.evaluate.run import evaluate

HOMES = {
    "b1": (10, "residential", False),
    "b2": (20, "residential", True),
    "b3": (30, "residential", False),
    "b4": (40, "residential", False),
    "b6": (55, "residential", False),
    "b7": (15, "mixed", True),
}


def city(homes, border):
    tables = {
        "city": {"id": ["city"], "geometry": [shapely.box(0, 0, 100, 100)]},
        "community": {
            "id": ["c1", "c2"],
            "geometry": [shapely.box(0, 0, border, 100), shapely.box(border, 0, 100, 100)],
        },
        "building": {"id": [], "geometry": [], "use": [], "lift": []},
    }
    for name, (x, use, lift) in homes.items():
        row = {"id": name, "geometry": shapely.box(x, 50, x + 2, 52), "use": use, "lift": lift}
        for column, values in tables["building"].items():
            values.append(row[column])
    return tables


def over_shops(rulebook):
    """The same rulebook, in which homes over shops count as homes."""
    home = rulebook.selections["doubted_home"]
    wider = replace(home, where=(replace(home.where[0], words=("residential", "mixed")),))
    return replace(rulebook, selections={**rulebook.selections, "doubted_home": wider}, digest="over shops")


@pytest.fixture(scope="module")
def coalitions():
    between = {**HOMES, "b3": (30, "residential", True)}
    after = {name: home for name, home in between.items() if name != "b4"} | {"b5": (45, "residential", True)}
    first, second, last = (state_of(city(*one)) for one in ((HOMES, 50), (between, 50), (after, 60)))
    return evaluated(movement(Side(small(), first, THEN), Side(over_shops(small()), last, THEN), second))


def share(held):
    ins = {cause: int(cause in held) for cause in CAUSES}
    return Fraction(1 + ins["correction"] + ins["city"] + ins["definition"], 4 + ins["boundary"] + ins["definition"])


def by_hand():
    """Shapley's formula over subsets, in whole fractions."""
    parts = {}
    for cause in CAUSES:
        others = [other for other in CAUSES if other != cause]
        parts[cause] = sum(
            Fraction(factorial(size) * factorial(3 - size), factorial(4)) * (share({*held, cause}) - share(set(held)))
            for size in range(4)
            for held in combinations(others, size)
        )
    return parts


def row_of(coalitions, level, unit):
    rows = differences(coalitions).to_pylist()
    return next(one for one in rows if (one["indicator"], one["level"], one["unit"]) == ("lift_share", level, unit))


def test_every_coalition_is_the_city_thought_of(coalitions):
    for held, check in coalitions.checks.items():
        rows = check.results.to_pylist()
        value = next(row["value"] for row in rows if (row["indicator"], row["unit"]) == ("lift_share", "c1"))
        assert value == pytest.approx(100 * float(share(held)), rel=1e-12), held


def test_the_parts_are_those_worked_by_hand(coalitions):
    """25 % to 66.7 %: the page of the documentation shows these four numbers."""
    row = row_of(coalitions, "community", "c1")
    parts = by_hand()
    assert [row["before"], row["after"]] == pytest.approx([25.0, 400 / 6])
    assert [row[cause] for cause in CAUSES] == pytest.approx([100 * float(parts[cause]) for cause in CAUSES], rel=1e-12)
    assert [parts[cause] for cause in CAUSES] == [
        Fraction(37, 180), Fraction(37, 180), Fraction(37, 360), Fraction(-7, 72),
    ]  # fmt: skip
    assert row["correction"] == row["city"]  # Each makes one more lift; names of causes do not matter.


def test_the_border_inside_moves_nothing_in_the_whole_city(coalitions):
    row = row_of(coalitions, "city", "city")
    assert row["boundary"] == 0.0
    assert row["city"] + row["correction"] + row["definition"] == pytest.approx(row["after"] - row["before"], abs=1e-9)


def test_the_right_objects_stand_behind_each_part(coalitions):
    row = row_of(coalitions, "community", "c1")
    found = {one.cause: one for one in Reasons(coalitions).behind(Figure("community", "c1", "lift_share"))}
    told = {cause: [(one.id, one.touch.how) for one in behind.objects] for cause, behind in found.items()}
    assert told["correction"] == [("b3", "changed")]
    assert sorted(told["city"]) == [("b4", "vanished"), ("b5", "appeared")]
    (step,) = found["correction"].objects[0].touch.steps
    assert (step.attribute, step.before, step.after) == ("lift", False, True)
    for cause in ("correction", "city"):
        shares = sum(one.share for one in found[cause].objects)
        assert shares == pytest.approx(row[cause], rel=1e-9)
        assert found[cause].rest == 0.0
    (rule,) = found["definition"].rules
    assert (rule.kind, rule.name) == ("selection", "doubted_home")
    moved = {one.id for one in found["boundary"].objects}
    assert moved == {"c1", "c2"}  # Both borders moved; which of the two owns the part nobody can tell.
    assert found["boundary"].rest == pytest.approx(row["boundary"], rel=1e-9)
    assert found["boundary"].rows == 1


# Random cities beside an oracle: every coalition is built as a city of its own, and all orders are walked one by one.

APPLIED = ("correction", "boundary", "city")
"""Order in which causes come into a city: the world last (design §6)."""


class Edits:
    """What one cause does to plain tables, object by object."""

    def __init__(self, changed=(), gone=(), new=()):
        self.changed, self.gone, self.new = changed, gone, new

    def __call__(self, tables):
        for entity, name, column, value in self.changed:
            if name in tables[entity]["id"]:
                tables[entity][column][tables[entity]["id"].index(name)] = value
        for entity, name in self.gone:
            if name in tables[entity]["id"]:
                row = tables[entity]["id"].index(name)
                for values in tables[entity].values():
                    del values[row]
        for entity, row in self.new:
            for column, values in tables[entity].items():
                values.append(row[column])


def edits(seed, tables):
    draw = np.random.default_rng(seed)
    names = [f"b{number:03}" for number in draw.permutation(60)]
    lifts = dict(zip(tables["building"]["id"], tables["building"]["lift"], strict=True))
    lifts |= dict.fromkeys(names[:6], True)  # As the correction leaves them: what happens is told from there on.
    home = {"geometry": shapely.box(40, 40, 42, 42), "use": "residential", "storeys": 7.0, "floor_area": 400.0}
    home |= {"lift": True, "residents": 5.0}
    correction = Edits(
        [("building", name, "lift", True) for name in names[:6]]
        + [("building", name, "storeys", 8.0) for name in names[4:9]]
        + [("green", "g1", "area", 6000.0)],
        [("building", names[9])],
        [("building", {**home, "id": "found"})],
    )
    world = Edits(
        [("building", name, "lift", not lifts[name]) for name in names[3:15] if name != names[9]]
        + [("building", name, "floor_area", 900.0) for name in names[10:13]],
        [("building", name) for name in names[14:20]],
        [("building", {**home, "id": "built", "geometry": shapely.box(80, 10, 82, 12)})],
    )
    row = int(draw.integers(16))
    left, below = (row // 4) * 25.0, (row % 4) * 25.0
    halves = [(f"half{number}", shapely.box(left + number * 10, below, left + 10 + number * 15, below + 25))
              for number in range(2)]  # fmt: skip
    boundary = Edits(
        [("block", "block0", "geometry", shapely.box(0, 0, 50, 40))],
        [("community", f"community{row}")],
        [("community", {"id": name, "geometry": shape}) for name, shape in halves],
    )
    return {"correction": correction, "boundary": boundary, "city": world}


def built(tables, done, held):
    found = {entity: {name: list(values) for name, values in columns.items()} for entity, columns in tables.items()}
    for cause in APPLIED:
        if cause in held:
            done[cause](found)
    return state_of(found)


@pytest.mark.parametrize("seed", range(3))
def test_parts_are_the_plain_average_over_orders_of_cities_built_one_by_one(seed):
    tables = known_city(seed)
    done = edits(seed, tables)
    books = small(), over_shops(small())
    values = {}
    for size in range(5):
        for held in combinations(CAUSES, size):
            check = evaluate(books["definition" in held], built(tables, done, held), day=THEN)
            values[frozenset(held)] = {
                tuple(row[name] for name in KEYS): row["value"] for row in check.results.to_pylist()
            }
    states = [built(tables, done, held) for held in ((), ("correction",), APPLIED)]
    moved = movement(Side(books[0], states[0], THEN), Side(books[1], states[2], THEN), states[1])
    assert moved.causes == CAUSES
    divided = 0
    for row in differences(evaluated(moved)).to_pylist():
        key = tuple(row[name] for name in KEYS)
        orders = []
        for order in permutations(CAUSES):
            way = [values[frozenset(order[:place])].get(key) for place in range(5)]
            if None not in way:
                orders.append({cause: way[place + 1] - way[place] for place, cause in enumerate(order)})
        if row["kind"] != "divided":
            assert not orders
            continue
        divided += 1
        plain = [sum(one[cause] for one in orders) / len(orders) for cause in CAUSES]
        assert [row[cause] for cause in CAUSES] == pytest.approx(plain, rel=1e-9, abs=1e-9)
    assert divided > 30
