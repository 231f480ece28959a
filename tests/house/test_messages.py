"""Messages in Chinese: what is translated exists, and what a person meets at the command line is translated."""

import ast
from pathlib import Path

from tulou.app.messages import sentences, text_of
from tulou.kernel.errors import BadUse

SOURCES = Path(__file__).parents[2] / "src" / "tulou"
ERRORS = {"BadInput", "BadUse", "NotEnoughData", "Conflict", "Fault"}
MET_BY_ALL = ("app", "model/store")


def raised(*folders):
    """Sentences that errors are raised with, constants of modules included."""
    found = set()
    for path in (path for folder in folders for path in (SOURCES / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS and node.args:
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                found.add(node.value.value)
    return found


def test_no_translation_is_left_over():
    assert not set(sentences()) - raised(".")


def test_what_everyone_meets_is_translated():
    constants = {one for one in raised(*MET_BY_ALL) if " " in one and one[0].islower()}
    missing = {one for one in constants - set(sentences()) if not one.startswith("tulou ")}
    assert not missing


def test_every_translation_is_chinese():
    for english, chinese in sentences().items():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), english


def test_an_error_reads_in_either_language():
    error = BadUse("there is no such commit", where="record", found="9", allowed=("1 to 3",))
    assert text_of(error, "zh") == "tulou: 用法有误\nrecord: 没有这次提交\n  实为：9\n  可用：1 to 3"
    assert text_of(error, "en") == (
        "tulou: this cannot be asked\nrecord: there is no such commit\n  found:   9\n  allowed: 1 to 3"
    )
