"""Messages in Chinese: what is translated exists, and what a person meets is translated, gaps and all."""

import ast
import errno
import os
import re
from pathlib import Path

import pytest

from tulou.app.messages import sentences, spoken, text_of
from tulou.kernel.errors import BadInput, BadUse

SOURCES = Path(__file__).parents[2] / "src" / "tulou"
ERRORS = {"BadInput", "BadUse", "NotEnoughData", "Conflict", "Fault"}
MET_BY_ALL = (
    "app",
    "kernel",
    "sources",
    "model",
    "indicators",
    "measures",
    "diagnosis",
    "plan",
    "operations",
    "publish",
)
REMARKS = {"note", "remark", "refuse", "_refuse", "_report"}
"""Calls that add a remark to a quality report."""
BARE = re.compile(r"[\w.-]*")
"""A word alone (the name of a library) is the same in every language."""


def written(node):
    """A text as it stands in the source, with ``{}`` for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def trees(*folders):
    for path in (path for folder in folders for path in sorted((SOURCES / folder).rglob("*.py"))):
        yield ast.parse(path.read_text("utf-8"))


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""


def raised(*folders):
    """Sentences that errors are raised with, and constants of modules that hold such sentences."""
    found = set()
    for tree in trees(*folders):
        names = {
            node.targets[0].id: written(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and written(node.value)
        }
        for node in ast.walk(tree):
            if called(node) in ERRORS and node.args:
                first = node.args[0]
                found.add(written(first) or names.get(getattr(first, "id", ""), ""))
    return {one for one in found if not BARE.fullmatch(one)}


def remarked(*folders):
    """Sentences of quality reports."""
    return {
        text
        for tree in trees(*folders)
        for node in ast.walk(tree)
        if called(node) in REMARKS
        for text in map(written, node.args)
        if text and " " in text
    }


def every_text():
    return {text for tree in trees(".") for node in ast.walk(tree) if (text := written(node))}


def test_no_translation_is_left_over():
    said_by_the_machine = {os.strerror(one) for one in errno.errorcode}
    assert not set(sentences()) - every_text() - {"{}: {}"} - said_by_the_machine


@pytest.mark.parametrize("area", MET_BY_ALL)
def test_what_everyone_meets_is_translated(area):
    missing = {one for one in raised(area) - set(sentences()) if not one.startswith(("tulou ", "{}"))}
    assert not missing


def test_what_a_quality_report_says_is_translated():
    assert not remarked("sources", "model") - set(sentences()) - {"{} {}"}


def test_every_translation_is_chinese_and_has_the_same_gaps():
    for english, chinese in sentences().items():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese) or english == "{}: {}", english
        gaps = re.findall(r"\{\d*\}", chinese)
        assert len(gaps) == english.count("{}"), english


def test_what_is_filled_in_is_filled_into_the_translation():
    assert spoken("'unit' must be a number", "zh") == "“unit”须是数字"
    assert spoken("'unit' must be a number", "en") == "'unit' must be a number"
    assert spoken("not a whole zip archive: bad magic 3", "zh") == "不是完整的 zip 压缩包：bad magic 3"
    assert spoken("road: geometry without area, length or place", "zh") == "road：没有面积、长度或位置的几何"
    assert spoken("'height': a cell is not a day; left unknown; found: x, y", "zh") == (
        "“height”：单元格不是日期，记为未知；实为：x, y"
    )
    assert spoken("a sentence nobody knows", "zh") == "a sentence nobody knows"


def test_an_error_reads_in_either_language():
    error = BadUse("there is no such commit", where="record", found="9", allowed=("1 to 3",))
    assert text_of(error, "zh") == "tulou: 用法有误\nrecord: 没有这次提交\n  实为：9\n  可用：1 to 3"
    assert text_of(error, "en") == (
        "tulou: this cannot be asked\nrecord: there is no such commit\n  found:   9\n  allowed: 1 to 3"
    )


def test_an_error_with_gaps_reads_in_chinese():
    error = BadInput("'parcel' has no such attribute", where="map.yaml:3", found="usage", allowed=("use",))
    assert text_of(error, "zh").splitlines()[1] == "map.yaml:3: “parcel”没有这个属性"
