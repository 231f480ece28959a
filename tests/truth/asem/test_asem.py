"""The index of COINr's example, from its raw data to ranks; see SOURCE.md."""

import csv
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from diagnosis.composite.made import book, results_of
from shared_data import shared
from tulou.diagnosis.composite.averages import weights_in_the_whole
from tulou.diagnosis.composite.outliers import OutlierRule
from tulou.diagnosis.composite.recipe import Component, Composite, Gaps, Group, Sensitivity, Uncertainty
from tulou.diagnosis.composite.score import composite_scores, score
from tulou.kernel.words import Words

PUBLISHED = {
    "CHE": (68.38, 62.79, 73.98, 63.41, 32.87, 74.78, 85.94, 56.93, 77.21, 87.85, 56.88),
    "NLD": (64.82, 61.94, 67.70, 64.87, 46.62, 84.55, 71.74, 41.92, 58.73, 86.58, 57.78),
    "DNK": (64.80, 57.10, 72.51, 50.52, 30.43, 78.13, 75.35, 51.04, 69.83, 86.40, 61.29),
    "NOR": (64.47, 57.44, 71.50, 58.18, 25.70, 80.03, 89.46, 33.80, 70.90, 87.00, 56.59),
    "BEL": (63.54, 63.99, 63.09, 71.97, 48.22, 80.84, 75.60, 43.32, 53.01, 86.17, 50.09),
    "SWE": (63.00, 53.87, 72.12, 51.51, 23.87, 80.98, 74.51, 38.50, 66.37, 87.74, 62.27),
    "IND": (39.79, 28.60, 50.99, 18.78, 6.38, 51.90, 59.84, 6.07, 75.34, 22.74, 54.88),
}
GROUPS = (
    "Index",
    "Conn",
    "Sust",
    "Physical",
    "ConEcFin",
    "Political",
    "Instit",
    "P2P",
    "Environ",
    "Social",
    "SusEcFin",
)
RANKS_OF_INDIA = (45, 44, 43, 48, 49, 33, 37, 47, 6, 51, 36)
DRAWN_IN = {
    "Flights": 1, "Bord": 3, "Gas": 3, "Services": 4, "FDI": 2, "ForPort": 3, "CostImpEx": 1, "Tariff": 3, "StMob": 2,
    "CultServ": 3, "Forest": 2, "Poverty": 3, "NGOs": 3, "FemLab": 1, "PubDebt": 1,
}  # fmt: skip
RULE = OutlierRule(most=5, skewness=2.0, kurtosis=3.5)


def rows(name):
    with shared(f"truth/composite_asem/{name}").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    return float(text) if text not in {"", "NA"} else np.nan


@cache
def given():
    """Figures divided by their denominators, as results of units, and the region of each country."""
    data, meta = rows("ASEM_iData.csv"), rows("ASEM_iMeta.csv")
    figures = {}
    for one in meta:
        if one["Type"] == "Indicator":
            values = np.array([number(row[one["iCode"]]) for row in data])
            if one["Denominator"]:
                values /= np.array([number(row[one["Denominator"]]) for row in data])
            figures[one["iCode"]] = values
    units = [row["uCode"] for row in data]
    return results_of(figures, units, level="city"), {row["uCode"]: row["EurAsia_group"] for row in data}, meta


def tree(meta, name, weight=1.0):
    parts = []
    for one in meta:
        if one["Parent"] == name:
            title = Words(one["iName"], one["iName"])
            better = "higher" if number(one["Direction"]) > 0 else "lower"
            is_leaf = one["Type"] == "Indicator"
            leaf = Component(one["iCode"], title, number(one["Weight"]), one["iCode"], better=better)
            parts.append(leaf if is_leaf else tree(meta, one["iCode"], number(one["Weight"])))
    return Group(name, Words(name, name), weight, "arithmetic", tuple(parts))


def asem(**changes):
    _, _, meta = given()
    plain = {
        "name": "asem", "title": Words("互联互通", "Connectivity"), "level": "city", "top": tree(meta, "Index"),
        "scale": "minmax", "lowest": 0.0, "outliers": RULE, "gaps": Gaps("peers", 50.0), "uncertainty": None,
        "sensitivity": None, "weights_from": Words("等权", "equal"), "evidence": "sourced",
    }  # fmt: skip
    return Composite(**(plain | changes))


@pytest.fixture(scope="module")
def scored():
    table, regions, _ = given()
    return score(table, asem(), book(), above=regions)


def test_every_published_score(scored):
    table = scored.groups.to_pydict()
    found = dict(zip(zip(table["unit"], table["group"], strict=True), table["score"], strict=True))
    for country, expected in PUBLISHED.items():
        assert [round(found[country, group], 2) for group in GROUPS] == pytest.approx(expected, abs=0.0051), country


def test_the_published_order(scored):
    order = scored.table["unit"].to_pylist()
    assert len(order) == 51
    assert order[:6] == ["CHE", "NLD", "DNK", "NOR", "BEL", "SWE"]
    assert scored.table["rank"].to_pylist()[order.index("IND")] == 45


def test_every_published_rank_of_india(scored):
    table = scored.groups.to_pydict()
    found = {
        group: rank
        for unit, group, rank in zip(table["unit"], table["group"], table["rank"], strict=True)
        if unit == "IND"
    }
    assert tuple(found[group] for group in GROUPS) == RANKS_OF_INDIA


def test_the_same_indicators_are_treated_by_as_many_values():
    table, regions, _ = given()
    full = score(fill(table, regions), asem(gaps=Gaps()), book())
    told = full.components.to_pydict()
    drawn = {name: count for name, count in zip(told["component"], told["drawn_in"], strict=True) if count}
    assert drawn == DRAWN_IN
    assert not any(told["logged"])


def fill(table, regions):
    """The same table with gaps filled beforehand, by a plain loop."""
    found = table.to_pydict()
    held = {}
    for unit, name, value in zip(found["unit"], found["indicator"], found["value"], strict=True):
        if value is not None:
            held.setdefault((regions[unit], name), []).append(value)
    for place, value in enumerate(found["value"]):
        if value is None:
            known = held[regions[found["unit"][place]], found["indicator"][place]]
            found["value"][place], found["status"][place] = float(np.mean(known)), "reference"
    return pa.table(found, schema=table.schema)


def test_weights_in_the_whole_are_products(scored):
    weights = dict(zip((one for one in scored.components["component"].to_pylist()),
                       weights_in_the_whole(asem().top), strict=True))  # fmt: skip
    assert weights["Goods"] == pytest.approx(0.02)
    assert sum(weights.values()) == pytest.approx(1.0)


def test_dropping_a_pillar_shifts_ranks_as_published(scored):
    told = dict(zip(scored.left_out["part"].to_pylist(), scored.left_out["mean_shift"].to_pylist(), strict=True))
    pillars = {name: told[name] for name in GROUPS[3:]}
    assert min(pillars, key=pillars.get) == "Instit"
    assert max(pillars, key=pillars.get) == "Social"
    assert pillars["Instit"] == pytest.approx(1.2, abs=0.05)
    assert pillars["Social"] == pytest.approx(4.0, abs=0.05)


def widths(told):
    return np.array(told.table["rank_high"].to_pylist()) - np.array(told.table["rank_low"].to_pylist())


def test_ranks_move_as_far_as_noted():
    """The geometric mean above the pillars: the one reading of the note that gives all three of its figures."""
    table, regions, _ = given()
    varied = asem(
        lowest=1.0,
        uncertainty=Uncertainty(
            500, 0, (5.0, 95.0), weights=25.0, averages=("declared", "geometric"), averages_of="upper"
        ),
        sensitivity=Sensitivity(256),
    )
    told = score(table, varied, book(), above=regions)
    width = widths(told)
    assert told.shift.mean() == pytest.approx(1.74, abs=0.15)
    assert np.median(width) == pytest.approx(5, abs=1)
    assert width.max() == pytest.approx(10, abs=2)
    shares = {row["choice"]: row["total"] for row in told.sensitivity.to_pylist()}
    assert shares["averages"] > shares["weights"] > 0
    assert told.table.equals(composite_scores(table, varied, book(), above=regions))


def test_a_geometric_mean_of_the_components_themselves_moves_ranks_further():
    """A worst place counts 1 of 100 there: the country with the most of them moves furthest."""
    table, regions, _ = given()
    span = {"weights": 25.0, "averages": ("declared", "geometric")}
    of_all = asem(lowest=1.0, uncertainty=Uncertainty(200, 0, (5.0, 95.0), **span))
    of_upper = asem(lowest=1.0, uncertainty=Uncertainty(200, 0, (5.0, 95.0), averages_of="upper", **span))
    everywhere, above = (score(table, one, book(), above=regions) for one in (of_all, of_upper))
    assert widths(everywhere).max() > 1.5 * widths(above).max()
    assert everywhere.shift.mean() > above.shift.mean()
