"""Land without sewers on a made city; infiltration of made flows by the night and by the triangle."""

import numpy as np
import pytest
import shapely

from processes.made_city import DICTIONARY, box, city
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.measures.environment.sewage import night_infiltration
from tulou.model.rows import rows_of
from tulou.processes.catalogue import processes
from tulou.processes.declaration import Run

PARCELS = {
    "id": ["near", "far", "field"],
    "geometry": [box(0, 20, 100, 120), box(0, 200, 100, 400), box(500, 0, 600, 100)],
    "built_up": [True, True, False],
}


def pipe(service="sewage"):
    line = shapely.LineString([box(-100, 0, -100, 0).centroid, box(900, 0, 900, 0).centroid])
    return {"id": ["p"], "geometry": [line], "service": [service]}


def covered(complete=("*",), service="sewage", *, people=True, **given):
    tables = {"parcel": PARCELS, "pipe": pipe(service)}
    if people:
        tables["population"] = {
            "id": ["a", "b", "c"],
            "geometry": [box(50, 50, 50, 50).centroid, box(50, 300, 50, 300).centroid, box(550, 50, 550, 50).centroid],
            "residents": [100.0, 30.0, 7.0],
        }
    state = city(**tables)
    state.tables["pipe"] = rows_of(DICTIONARY["pipe"], pipe(service), complete=frozenset(complete))
    process = processes()["sewer_cover"]
    return process.run(Run(process.values(given), state))


def figures(outcome):
    return {one.name: one for one in outcome.figures}


def flags(outcome):
    rows = outcome.facts[0].rows.to_pydict()
    return dict(zip(rows["id"], rows["sewer_served"], strict=True))


def test_land_near_a_sewer_is_served_and_far_land_is_blank():
    outcome = covered(distance=50)
    assert flags(outcome) == {"near": True, "far": False}
    assert "sewer_served" in DICTIONARY[outcome.facts[0].entity].attributes
    assert figures(outcome)["served"].value == pytest.approx(100 / 3)
    assert figures(outcome)["blank"].value == pytest.approx(200 / 3)
    assert figures(outcome)["blank_people"].value == 30
    assert [row[0] for row in outcome.tables[1].rows] == ["far"]
    assert outcome.tables[1].rows[0][1] == pytest.approx(200)
    assert sum(height for _, height in outcome.plots[0].bars) == pytest.approx(3.0)
    assert figures(covered(distance=200))["served"].value == pytest.approx(100)
    assert figures(covered(distance=19))["served"].value == 0


def test_land_far_from_known_sewers_is_unknown_when_not_all_are_known():
    outcome = covered(complete=(), distance=50)
    assert flags(outcome) == {"near": True, "far": None}
    assert figures(outcome)["blank"].value == 0
    assert (figures(outcome)["served"].low, figures(outcome)["served"].high) == pytest.approx((100 / 3, 100))
    assert any("cannot be called blank" in one.en for one in outcome.warnings)
    assert "nobody can tell" in outcome.answer[0].en
    claimed = covered(complete=("service=sewage", "service=combined"), distance=50)
    assert flags(claimed)["far"] is False


def test_storm_drains_take_no_sewage_and_people_may_be_unknown():
    with pytest.raises(NotEnoughData, match="no public sewer"):
        covered(service="rain")
    assert figures(covered(service="combined", distance=50))["served"].value > 0
    assert np.isnan(figures(covered(people=False))["blank_people"].value)
    process = processes()["sewer_cover"]
    with pytest.raises(NotEnoughData, match="built-up land"):
        process.run(Run(process.values({}), city(pipe=pipe())))


def flows(days=20, night=140.0, day=400.0, wet=(7,), step=1):
    """Hourly flows: a low night, a high day, 300 more on wet days; rain of 10 mm on these."""
    lines = ["time,flow,rain"]
    for number in range(days):
        for hour in range(0, 24, step):
            more = 300.0 if number in wet else 0.0
            flow = (night if 2 <= hour < 5 else day) + more
            rain = 10.0 if number in wet and hour == 0 else 0.0
            lines.append(f"2026-01-{number + 1:02d}T{hour:02d}:00,{flow},{rain}")
    return "\n".join(lines) + "\n"


def ran(folder, text, **given):
    path = folder / "flows.csv"
    path.write_text(text, "utf-8")
    process = processes()["infiltration"]
    return process.run(Run(process.values({"flows": path, "night_sewage": 40, **given})))


def test_infiltration_is_what_the_night_has_more_than_its_sewage(tmp_path):
    outcome = ran(tmp_path, flows())
    assert figures(outcome)["infiltration"].value == pytest.approx(100)
    mean = (3 * 140 + 21 * 400) / 24
    assert figures(outcome)["share"].value == pytest.approx(100 * 100 / mean)
    assert figures(outcome)["dry_nights"].value == 18  # the wet day and the one after it are left out
    by_people = ran(tmp_path, flows(), night_sewage="40 m3/hour")
    assert figures(by_people)["infiltration"].value == pytest.approx(100)


def test_sewage_of_the_night_may_follow_from_people(tmp_path):
    (tmp_path / "flows.csv").write_text(flows(), "utf-8")
    process = processes()["infiltration"]
    given = {"flows": tmp_path / "flows.csv", "people": 20_000, "night_use": 2}
    assert figures(process.run(Run(process.values(given))))["infiltration"].value == pytest.approx(100)
    with pytest.raises(BadUse, match="people and what each uses"):
        process.run(Run(process.values({"flows": tmp_path / "flows.csv", "people": 20_000})))


def test_the_triangle_stands_beside_and_closes(tmp_path):
    outcome = ran(tmp_path, flows(), sewage=6_000)
    whole = 20 * (3 * 140 + 21 * 400) + 24 * 300
    dry = 3 * 140 + 21 * 400 - 6_000
    assert figures(outcome)["triangle_infiltration"].value == pytest.approx(100 * (18 + 1) * dry / whole, rel=1e-6)
    assert outcome.balances[0].closes
    assert "By the triangle" in outcome.answer[1].en
    assert "triangle_inflow" not in figures(ran(tmp_path, flows()))


def test_days_of_unknown_rain_are_left_out_and_told(tmp_path):
    text = flows().replace("2026-01-03T00:00,400.0,0.0", "2026-01-03T00:00,400.0,")
    outcome = ran(tmp_path, text)
    assert figures(outcome)["dry_nights"].value == 16
    assert any("The rain of 2 days" in one.en for one in outcome.warnings)


def test_a_night_without_more_than_its_sewage_is_doubted(tmp_path):
    outcome = ran(tmp_path, flows(night=30.0))
    assert figures(outcome)["infiltration"].value == 0
    assert any("doubtful" in one.en for one in outcome.warnings)


@pytest.mark.parametrize(
    ("text", "given", "what"),
    [
        (flows(days=4), {}, "too few dry nights"),
        (flows(step=4), {}, "an hour or less"),
        (flows().replace("140.0,", "-140.0,", 1), {}, "from 0 on"),
        (flows().replace(",rain", ",snow"), {}, "needed column"),
        (flows(), {"night_first": 6, "night_last": 5}, "ends after"),
    ],
)
def test_what_tells_nothing_is_refused(tmp_path, text, given, what):
    with pytest.raises((BadInput, BadUse, NotEnoughData)) as caught:
        ran(tmp_path, text, **given)
    assert what in str(caught.value)


def test_night_infiltration_is_unknown_on_wet_days():
    found = night_infiltration(np.array([5.0, 5.0, np.nan, 1.0]), np.array([True, False, True, True]), 2.0)
    assert found.tolist() == pytest.approx([3.0, np.nan, np.nan, 0.0], nan_ok=True)
    with pytest.raises(BadUse, match="from 0 on"):
        night_infiltration(found, np.ones(4, bool), -1.0)
