"""SDMX-JSON: the shape of the format, and every row of a check read back from it."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest

from diagnosis.composite.made import DAY, results_of
from indicators.small_rulebook import small
from publish.sdmx_shape import SHAPE
from tulou.indicators.evaluate.results import SCHEMA
from tulou.indicators.evaluate.run import Check
from tulou.model.state import Profile
from tulou.publish.sdmx import CODED, COLUMNS, DIMENSIONS, PLAIN, Told, code, message, write_sdmx

NAN = float("nan")
AS_OF = datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
UNITS = ("way/1", "第2小区", "c3")


def check(**changes):
    table = results_of(
        {"lift_share": (12.25, NAN, 80.0), "places": (3.0, 0.0, 7.0)}, UNITS,
        low={"lift_share": (10.0, NAN, 70.0)}, high={"lift_share": (15.0, NAN, 90.0)}, estimate=("places",),
        marks={"lift_share": (50.0, "sourced")},
    )  # fmt: skip
    rows = table.to_pylist()
    rows[1] |= {"reason": "too_little_known", "reason_zh": "已知太少", "reason_en": "too little is known"}
    rows.append(rows[0] | {"variant": "walking", "value": 5.0})
    plain = {
        "id": "2024-06-30.1.abc", "day": DAY, "record": 7, "profile": Profile("Made", "EPSG:4549", synthetic=True),
        "rulebook": {"id": "small", "version": "1", "digest": "d1"}, "results": type(table).from_pylist(rows, SCHEMA),
        "chains": {},
    }  # fmt: skip
    return Check(**(plain | changes))


def made(*checks, as_of=AS_OF):
    return message([Told(one, small(), as_of) for one in checks or (check(),)])


def read(page, number=0):
    """Observations as a client reads them: keys and codes looked up in the structure."""
    structure, data = page["data"]["structures"][0], page["data"]["dataSets"][number]
    dimensions = sorted(structure["dimensions"]["observation"], key=lambda one: one["keyPosition"])
    attributes = structure["attributes"]["observation"]
    found = {}
    for key, cells in data["observations"].items():
        at = [one["values"][int(place)]["id"] for one, place in zip(dimensions, key.split(":"), strict=True)]
        told = {"OBS_VALUE": cells[0]}
        for attribute, cell in zip(attributes, cells[1:], strict=False):
            told[attribute["id"]] = (
                attribute["values"][cell]["id"] if cell is not None and "values" in attribute else cell
            )
        found[tuple(at)] = told
    return found


def test_the_shape_of_the_published_schema():
    page = json.loads(json.dumps(made(), allow_nan=False))
    jsonschema.Draft7Validator(SHAPE, format_checker=jsonschema.FormatChecker()).validate(page)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: page["meta"].pop("sender"),
        lambda page: page["meta"].update(id="a b"),
        lambda page: page["data"]["dataSets"][0].pop("links"),
        lambda page: page["data"]["dataSets"][0]["observations"].update({"0:a": [1]}),
        lambda page: page["data"]["structures"][0]["dimensions"]["observation"][0].pop("keyPosition"),
        lambda page: page["data"]["structures"][0]["attributes"]["observation"][0].pop("relationship"),
        lambda page: page["data"]["structures"][0]["dimensions"]["observation"][0]["values"].append({"id": "x"}),
    ],
)
def test_the_shape_refuses_what_is_not_one(spoil):
    page = json.loads(json.dumps(made()))
    spoil(page)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(SHAPE).validate(page)


def test_every_row_is_read_back():
    one = check()
    found = read(made(one))
    assert len(found) == len(one.results)
    for row in one.results.to_pylist():
        told = found[code(row["indicator"]), row["variant"] or "OFFICIAL", code(row["unit"]), "2024-06-30"]
        assert told["OBS_VALUE"] == row["value"]
        assert told["OBS_STATUS"] == ("O" if row["value"] is None else "E" if row["estimate"] else "A")
        assert told["ASSESSMENT"] == row["status"].replace(" ", "_")
        for name, column in COLUMNS.items():
            known = row[column] is not None and math.isfinite(row[column])
            assert told.get(name) == (row[column] if known else None), name


def test_unknown_is_missing_with_its_reason_and_never_zero():
    page = made()
    found = read(page)
    unknown = found["lift_share", "OFFICIAL", code("第2小区"), "2024-06-30"]
    assert (unknown["OBS_VALUE"], unknown["OBS_STATUS"]) == (None, "O")
    assert unknown["REASON"].startswith("too_little_known")
    assert found["places", "OFFICIAL", code("第2小区"), "2024-06-30"]["OBS_VALUE"] == 0.0


def test_the_record_moment_tells_two_messages_about_one_day_apart():
    page = message([Told(check(), small(), AS_OF), Told(check(record=9), small(), AS_OF.replace(year=2026))])
    structure = page["data"]["structures"][0]
    told = []
    for data in page["data"]["dataSets"]:
        named = zip(structure["attributes"]["dataSet"], data["attributes"], strict=True)
        told.append({one["id"]: one["values"][place]["value"] for one, place in named})
    assert [one["AS_OF"] for one in told] == ["2025-01-02T03:04:05Z", "2026-01-02T03:04:05Z"]
    assert [one["RECORD"] for one in told] == ["7", "9"]
    assert page["meta"]["prepared"] == "2026-01-02T03:04:05Z"
    assert structure["dataSets"] == [0, 1]
    assert read(page, 0).keys() == read(page, 1).keys()
    jsonschema.Draft7Validator(SHAPE).validate(page)


def test_units_decimals_and_levels_hang_on_one_dimension():
    page = made()
    structure, data = page["data"]["structures"][0], page["data"]["dataSets"][0]
    groups = data["dimensionGroupAttributes"]
    names = {one["id"]: one["values"] for one in structure["attributes"]["dimensionGroup"]}
    indicators = [one["id"] for one in structure["dimensions"]["observation"][0]["values"]]
    place = indicators.index("lift_share")
    unit, decimals, level = groups[f"{place}:::"]
    assert names["UNIT_MEASURE"][unit]["id"] == "percent"
    assert names["DECIMALS"][decimals]["id"] == "1"
    assert level is None
    assert names["AREA_LEVEL"][groups["::0:"][2]]["id"] == "community"


def test_synthetic_data_says_so():
    page = made()
    assert page["meta"]["test"] is True
    assert "Synthetic" in page["data"]["structures"][0]["annotations"][0]["text"]
    real = made(check(profile=replace(check().profile, synthetic=False)))
    assert real["meta"]["test"] is False
    assert real["data"]["dataSets"][0]["annotations"] == []


def test_two_messages_of_one_check_are_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_sdmx([Told(check(), small(), AS_OF)], tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("text", ["way/1", "第2小区", "a:b", "A-1_@", "$24", "", "a b", "😀"])
def test_codes_hold_allowed_signs_only_and_differ(text):
    assert jsonschema.Draft7Validator({"pattern": "^[A-Za-z0-9_@$-]+$"}).is_valid(code(text))
    others = {"way/1", "way$2F1", "第2小区", "a:b", "$24", "$", "a b"} - {text}
    assert code(text) not in {code(other) for other in others}


def test_the_order_of_components_is_the_documented_one():
    structure = made()["data"]["structures"][0]
    assert tuple(one["id"] for one in structure["dimensions"]["observation"]) == DIMENSIONS
    assert tuple(one["id"] for one in structure["attributes"]["observation"]) == (*CODED, *PLAIN)
