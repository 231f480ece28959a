"""References that are made: nothing left out, in words of both languages, equal to what the server and Python say."""

import ast
import importlib
import inspect
import json
import re

import pytest

pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
pytest.importorskip("fastapi", reason="fastapi is not installed")


@pytest.fixture(scope="module")
def reference(docs):
    from docs_site.http_reference import Reference

    return Reference(docs.DOCS)


def test_the_description_that_is_kept_is_what_the_server_says(docs):
    from tulou.app.api.application import application
    from tulou.app.api.described import without_examples

    kept = json.loads((docs.DOCS / "openapi.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(without_examples(application({})))), "run: python tools/make_openapi.py"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_operation_and_parameter_stands_in_the_reference(reference, language):
    text = "\n".join(reference.pages(language).values())
    for path, methods in reference.said["paths"].items():
        for method, operation in methods.items():
            assert f"## `{method.upper()} {path}`" in text
            for parameter in operation.get("parameters", ()):
                assert f"| `{parameter['name']}` |" in text
    for name, schema in reference.said["components"]["schemas"].items():
        if "Error" not in name and name != "Problem":
            for field in schema.get("properties", {}):
                assert f"`{field}`" in text, (name, field)


def test_everything_is_told_in_both_languages(reference):
    for language in ("zh", "en"):
        reference.pages(language)
    assert reference.untold == set(), "add these to docs/http.toml"


def test_examples_are_asked_with_real_values(reference):
    text = "\n".join(reference.pages("en").values())
    calls = re.findall(r"curl '([^']+)'", text)
    assert all("{" not in call for call in calls)


def test_an_answer_is_cut_short():
    from docs_site.http_reference import short

    answer = short({"list": [1, 2, 3], "text": "x" * 500, "deep": {"a": {"b": {"c": {"d": 1}}}}, "none": None})
    assert answer["list"] == [1, 2, "…"]
    assert len(answer["text"]) == 161
    assert answer["deep"]["a"]["b"]["c"] == "…"
    assert answer["none"] is None


@pytest.fixture(scope="module")
def python_pages(docs):
    from docs_site import python_reference

    return python_reference.pages(docs.PACKAGE, "en")


def test_every_public_name_stands_in_the_reference(docs, python_pages):
    from docs_site.python_reference import ROOMS

    text = "\n".join(python_pages.values())
    seen = 0
    for room in ROOMS:
        for path in (docs.PACKAGE / room).rglob("*.py"):
            if any(part.startswith("_") and part != "__init__.py" for part in path.relative_to(docs.PACKAGE).parts):
                continue
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                    assert f"### `{node.name}`" in text, path
                    seen += 1
    assert seen > 2000


MODULES = ["tulou.measures.access.cover", "tulou.diagnosis.diagnose", "tulou.kernel.errors", "tulou.model.store.city"]


@pytest.mark.parametrize("module", MODULES)
def test_signatures_are_those_of_python(python_pages, module):
    """The second way: what Python itself says after importing."""
    text = next(page for page in python_pages.values() if f"## `{module}`" in page)
    part = text.split(f"## `{module}`\n")[1].split("\n## ")[0]
    found = importlib.import_module(module)
    functions = [one for _, one in inspect.getmembers(found, inspect.isfunction) if one.__module__ == module]
    for one in functions:
        if not one.__name__.startswith("_"):
            shown = part.split(f"### `{one.__name__}`\n")[1].split("\n### ")[0]
            for name in inspect.signature(one).parameters:
                assert re.search(rf"\b{name}\b", shown), (module, one.__name__, name)
    assert functions or inspect.getmembers(found, inspect.isclass)


def test_a_docstring_becomes_lists_and_marks_nothing(docs):
    from docs_site.python_reference import _docstring

    said = "What is a*b*c?\n\n``x_1 = 2``, y_1.\n\nArgs:\n    one: The first,\n        on two lines.\n    two: Second."
    assert _docstring(said) == [
        "What is a\\*b\\*c?", "", "`x_1 = 2`, y\\_1.", "", "", "*Args*", "",
        "- `one`: The first,", "  on two lines.", "- `two`: Second.",
    ]  # fmt: skip
