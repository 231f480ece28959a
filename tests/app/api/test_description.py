"""The interface describes itself: each operation with what it does, its parameters, a real example, its problems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tulou.app.api.application import application
from tulou.app.api.described import MEANINGS, examples, meanings, operations
from tulou.app.api.shapes import SHOWN_ITEMS, schema_of, shortened
from tulou.kernel.documents import read_document

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def document(folder):
    return application({"small": folder}).openapi()


def test_every_operation_says_what_it_does_and_what_its_parameters_mean(document):
    for path, one in operations(document):
        assert one["summary"], path
        for parameter in one["parameters"]:
            assert parameter["description"], (path, parameter["name"])
        named = {parameter["name"] for parameter in one["parameters"] if parameter["in"] == "path"}
        assert all(f"{{{name}}}" in path for name in named), path
        assert len(named) == path.count("{"), path


def test_operations_have_ids_of_their_own_and_no_meaning_lies_idle(document):
    ids = [one["operationId"] for _, one in operations(document)]
    assert len(set(ids)) == len(ids)
    used = {parameter["name"] for _, one in operations(document) for parameter in one["parameters"]}
    assert meanings().keys() <= used
    places = {place for one in meanings().values() for place in one.get("in") or ()}
    assert places <= set(ids)


def test_problems_are_described_as_they_are_answered(document, client):
    problem = Draft202012Validator(document["components"]["schemas"]["Problem"])
    for path in (
        "/nothing",
        "/cities/none",
        "/cities/small/checks",
        "/cities/small/collections/building/items?limit=x",
    ):
        answer = client.get(path)
        if answer.status_code >= 400:
            problem.validate(answer.json())
    assert all("422" not in one["responses"] and "default" in one["responses"] for _, one in operations(document))


def test_every_operation_has_a_real_example_that_fits_its_schema(document):
    ids = {one["operationId"] for _, one in operations(document)}
    assert read_document(MEANINGS)["asked"].keys() == examples().keys() == ids
    for _, one in operations(document):
        example = examples()[one["operationId"]]
        (content,) = one["responses"][str(example["status"])]["content"].values()
        if example["answer"] is not None:
            Draft202012Validator(content["schema"]).validate(content["example"])


@given(JSON)
def test_the_schema_of_an_answer_fits_it_whole_and_cut_short(answer):
    schema = Draft202012Validator(schema_of(answer))
    schema.validate(answer)
    schema.validate(shortened(answer))


def test_answers_are_cut_where_they_grow_long():
    cut = shortened({"rows": list(range(9)), "text": "字" * 300, "inner": {"rows": [[1, 2, 3]]}})
    assert cut["rows"] == [0, 1][:SHOWN_ITEMS]
    assert cut["text"].endswith("…")
    assert cut["inner"]["rows"] == [[1, 2]]


def test_a_table_by_name_has_one_shape_for_all_its_values():
    found = schema_of({f"unit-{at}": {"value": at} for at in range(100)})
    assert found["additionalProperties"]["properties"]["value"] == {"type": ["null", "number"]}
    assert "properties" not in found


def test_values_of_several_kinds_are_told_as_such():
    rows = schema_of([{"a": 1}, {"a": "x", "b": None}])
    assert rows["items"]["properties"]["a"]["type"] == ["null", "number", "string"]
    assert rows["items"]["properties"]["b"] == {}
