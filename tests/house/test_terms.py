"""One word per concept: names in the source use the words of terms.yaml."""

import ast
import re
from pathlib import Path

import pytest

from tulou.kernel.documents import read_document

ROOT = Path(__file__).parents[2]
TERMS = read_document(ROOT / "terms.yaml", "terms.yaml")["terms"]
SOURCES = sorted((ROOT / "src").rglob("*.py"))


def names_of(path):
    """Names a module defines: functions, classes, arguments."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def words_in(name):
    """A name in snake case, for CamelCase too."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


@pytest.mark.parametrize("term", sorted(TERMS))
def test_every_term_is_whole(term):
    entry = TERMS[term]
    assert entry["zh"]
    assert entry["en"]
    assert entry["means"]["zh"]
    assert entry["means"]["en"]


def test_no_name_uses_a_word_that_another_term_has_taken():
    taken = {word: term for term, entry in TERMS.items() for word in entry["not"]}
    wrong = []
    for path in SOURCES:
        for name, line in names_of(path):
            parts = words_in(name).split("_")
            for word, term in taken.items():
                pieces = word.split("_")
                if any(parts[n : n + len(pieces)] == pieces for n in range(len(parts))):
                    wrong.append(f"{path.relative_to(ROOT)}:{line}: '{name}' (say '{term}')")
    assert not wrong, "\n".join(wrong)


def test_no_module_is_called_by_an_empty_word():
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "core"}
    assert not [path for path in SOURCES if path.stem in empty]
