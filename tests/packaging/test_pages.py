"""Pages made from data are current, and every page stands in both languages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def test_the_pages_of_terms_are_current():
    places = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "tools/make_terms.py", "--check"]
    made = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": places}
    )
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize(("one", "other"), [("en", "zh"), ("zh", "en")])
def test_every_page_stands_in_both_languages(one, other):
    pages = {path.relative_to(DOCS / one).as_posix() for path in (DOCS / one).rglob("*.md")}
    assert not pages - {path.relative_to(DOCS / other).as_posix() for path in (DOCS / other).rglob("*.md")}


@pytest.mark.parametrize("name", ["rulebooks.md", "import.md"])
def test_both_languages_explain_the_same_keys(name):
    def keys(language):
        lines = (DOCS / language / name).read_text(encoding="utf-8").splitlines()
        return {line.split(":")[0].strip(" -") for line in lines if line.startswith("  ") and ":" in line}

    assert {key for key in keys("en") if key.isidentifier()} <= keys("zh")
