"""The data-quality sheet: known, estimated, old, claimed, refused; and corrections that follow failures."""

from datetime import date

import pyarrow as pa
import pytest

from indicators.small_rulebook import dictionary, small
from tulou.diagnosis.quality.corrections import corrections, revised_rows
from tulou.diagnosis.quality.digits import digits
from tulou.diagnosis.quality.look import attributes_read, judges_of, look
from tulou.diagnosis.quality.sheet import quality_sheet
from tulou.indicators.evaluate.run import evaluate
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import Extract, Facts
from tulou.kernel.provenance import Quality, Remark, Source
from tulou.model.state import Profile
from tulou.model.store.city import City

DAY = date(2024, 6, 30)


def homes(numbers, **columns):
    held = {"id": [f"b{number}" for number in numbers], **columns}
    return Facts("building", pa.table(held), complete=())


@pytest.fixture
def city(tmp_path):
    made = City.create(tmp_path / "made.city", profile=Profile("Made", "EPSG:4549"), dictionary=dictionary())
    first = Extract(
        Source("register.csv", connector="tables", datum="GCJ-02, repaired", licence="CC0"),
        [homes(range(10), storeys=[6.0] * 10, use=["residential"] * 8 + [None] * 2)],
        Quality(12, 10, [Remark("no_id", "refused", 2, "rows without an id", ("3", "9"))]),
        None,
    )
    made.commit(first, who="office", message="first", valid_from=date(2024, 1, 1))
    second = [
        homes(range(4), storeys=[7.0] * 4, use=["residential"] * 4, estimated=[True] * 4),
        Facts("green", pa.table({"id": ["g1"], "category": ["park"]}), complete=("*",)),
    ]
    made.commit(second, who="office", message="second", valid_from=date(2024, 6, 20))
    return made


def of(table, **keys):
    return [row for row in table.to_pylist() if all(row[name] == value for name, value in keys.items())]


def test_what_is_known_from_where_and_how_old(city):
    sheet = quality_sheet(city.state(valid=DAY))
    (use,) = of(sheet.attributes, entity="building", attribute="use")
    assert (use["rows"], use["known"], use["sources"]) == (10, 80.0, "1,2")
    assert use["estimated"] == pytest.approx(50.0)
    assert use["valid_age"] == pytest.approx((10 + 181) / 2)
    assert use["valid_oldest"] == 181
    assert use["record_age"] >= 0
    (storeys,) = of(sheet.attributes, entity="building", attribute="storeys")
    assert storeys["known"] == 100
    assert storeys["sources"] == "1,2"


def test_attributes_that_are_asked_for_and_nobody_spoke_of(city):
    sheet = quality_sheet(city.state(valid=DAY), asked=["building.lift", "green.area", "parcel.use", "nothing.here"])
    (lift,) = of(sheet.attributes, entity="building", attribute="lift")
    assert (lift["known"], lift["sources"], lift["valid_age"]) == (0.0, None, None)
    assert of(sheet.lists, entity="parcel")[0]["rows"] == 0
    assert not of(sheet.attributes, entity="nothing")


def test_lists_nobody_claims_complete(city):
    sheet = quality_sheet(city.state(valid=DAY))
    assert of(sheet.lists, entity="building")[0]["complete"] is None
    assert of(sheet.lists, entity="green")[0]["complete"] == "*"


def test_sources_with_what_was_refused_and_what_still_stands(city):
    sheet = quality_sheet(city.state(valid=DAY))
    first, second = sheet.sources.to_pylist()
    assert (first["read"], first["kept"], first["refused"], first["standing"]) == (12, 10, 2, 6)
    assert (first["source"], first["datum"], first["valid_from"]) == ("register.csv", "GCJ-02, repaired", "2024-01-01")
    assert (second["source"], second["standing"]) == ("second", 5)
    assert of(sheet.remarks, kind="no_id")[0]["examples"] == "3, 9"


def test_as_it_was_known_before(city):
    sheet = quality_sheet(city.state(valid=DAY, record=1))
    (use,) = of(sheet.attributes, entity="building", attribute="use")
    assert (use["sources"], use["estimated"]) == ("1", 0.0)
    assert len(sheet.sources) == 1


def test_only_some_entities(city):
    sheet = quality_sheet(city.state(valid=DAY), entities=["green"])
    assert set(sheet.attributes["entity"].to_pylist()) == {"green"}


def test_revised_rows_are_those_spoken_of_before(city):
    state = city.state(valid=DAY)
    assert revised_rows(state) == {2: 4}
    assert revised_rows(state, {"building": frozenset({"b1", "b3", "b9"})}) == {2: 2}
    assert revised_rows(state, {"green": frozenset({"g1"})}) == {}


def test_corrections_of_failing_objects_only(tmp_path):
    made = City.create(tmp_path / "made.city", profile=Profile("Made", "EPSG:4549"), dictionary=dictionary())
    count, failing = 60, frozenset(f"b{number}" for number in range(12))
    lifts = [number >= 12 for number in range(count)]
    plain = {"storeys": [7.0] * count, "use": ["residential"] * count}
    made.commit([homes(range(count), **plain, lift=lifts)], who="", message="", valid_from=date(2024, 1, 1))
    some = {"storeys": [7.0] * 8, "use": ["residential"] * 8}
    made.commit([homes(range(8), **some, lift=[True] * 8)], who="", message="", valid_from=date(2024, 1, 1))
    before, after = (made.state(valid=DAY, record=record) for record in (1, 2))
    (found,) = corrections(made.changes(before, after), before, {"building.lift": failing})
    assert found.seen == {"objects": 60, "failing": 12, "corrected": 8, "both": 8}
    assert found.chance < 1e-5
    assert set(found.objects) <= failing
    even = {"building.lift": frozenset(f"b{number}" for number in range(0, count, 2))}
    (unremarkable,) = corrections(made.changes(before, after), before, even)
    assert unremarkable.chance > 0.3
    assert list(corrections(made.changes(before, after), before, {})) == []


def test_attributes_an_indicator_reads():
    assert {"building.lift", "building.storeys", "building.use"} <= attributes_read(small(), "no_lift", DAY)
    assert attributes_read(small(), "nothing", DAY) == frozenset()


def test_a_city_without_patterns_raises_nothing(city):
    state = city.state(valid=DAY)
    check = evaluate(small(), state)
    assert judges_of(small(), check)["park_cover"] == "at_least"
    found = look(check, small(), state)
    assert found.raised == ()
    with pytest.raises(BadUse, match="a level is a probability"):
        look(check, small(), state, level=5.0)
    with pytest.raises(BadUse, match="above zero"):
        look(check, small(), state, days=0.0)


def test_digits_of_counts_that_were_made_up(tmp_path):
    import numpy as np

    draw = np.random.default_rng(4)
    even, odd = draw.integers(100, 9_999, 400), draw.integers(10, 9_999, 400) * 10 + draw.choice([0, 5], 400)
    for name, numbers, alarms in (("even", even, False), ("odd", odd, True)):
        made = City.create(tmp_path / f"{name}.city", profile=Profile(name, "EPSG:4549"), dictionary=dictionary())
        facts = Facts("population", pa.table({"id": [f"p{n}" for n in range(400)], "residents": numbers.astype(float)}))
        made.commit([facts], who="", message="", valid_from=date(2024, 1, 1))
        (found,) = (one for one in digits(made.state(valid=DAY)) if one.subject == "population.residents")
        assert (found.chance < 1e-9) is alarms
        assert found.seen["numbers"] == len(np.unique(numbers))
