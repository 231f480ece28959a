"""The JSON Schemas of editors accept what the reader accepts, and refuse what it refuses."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from indicators.small_rulebook import HERE, small
from tulou.indicators.rulebook.schema import json_schema

SECTIONS = ("indicators", "parameters", "selections", "quantities")


def documents(section: str) -> list[Any]:
    paths = sorted((HERE / "small" / section).rglob("*.yaml"))
    return [json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str)) for path in paths]


@pytest.mark.parametrize("section", SECTIONS)
def test_sound_files_are_valid(section):
    schema = json_schema(small(), section)
    jsonschema.Draft202012Validator.check_schema(schema)
    found = documents(section)
    assert found
    for page in found:
        jsonschema.validate(page, schema)


@pytest.mark.parametrize(
    ("key", "value"),
    [("measure", "land_withn"), ("of", "nobody"), ("better", "up"), ("inputs", {"sise": "park.area"}), ("checks", [])],
)
def test_faulty_files_are_not(key, value):
    page = next(page for page in documents("indicators") if page["id"] == "park_cover")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**page, key: value}, json_schema(small(), "indicators"))
