"""``tulou export --format sdmx``: a real check of the synthetic city as a message."""

import json

import jsonschema

from app.line import fine
from publish.sdmx_shape import SHAPE
from tulou.app.checking import kept


def test_a_check_becomes_a_message(rongcheng, tmp_path):
    fine("export", rongcheng, "--format", "sdmx", "--to", tmp_path)
    page = json.loads((tmp_path / "check.sdmx.json").read_text("utf-8"))
    jsonschema.Draft7Validator(SHAPE, format_checker=jsonschema.FormatChecker()).validate(page)
    check = kept(rongcheng)
    assert len(page["data"]["dataSets"][0]["observations"]) == check.check.results.num_rows
    assert page["meta"]["prepared"] == max(one.time for one in check.state.commits).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert page["meta"]["test"] is True
