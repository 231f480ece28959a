"""Backup, damage and restoring, as the page for operations tells them: the lines of the page are what is run."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.line import fine, tulou
from tulou.app import exits

DOCS = Path(__file__).parents[2] / "docs"
HEADS = {"en": ("## Backup", "## Restoring, and proving it"), "zh": ("## 备份", "## 恢复，并证明恢复了")}


def lines(language, place):
    page = (DOCS / language / "operations.md").read_text("utf-8")
    part = page.split(HEADS[language][place] + "\n")[1].split("\n## ")[0]
    return [line.strip() for line in part.splitlines() if line.startswith("    ")]


def test_both_languages_tell_the_same_lines():
    for place in (0, 1):
        assert lines("en", place) == lines("zh", place)
    codes = [
        re.findall(r"```ini\n(.*?)```", (DOCS / one / "operations.md").read_text("utf-8"), re.DOTALL) for one in HEADS
    ]
    assert codes[0] == codes[1]


def run(line, here):
    """Run a line of the page: Tulou in this process, SQLite's own backup where its program is not installed."""
    if line.startswith("./tulou "):
        line, _, to = line.partition(" > ")
        said = fine(*shlex.split(line)[1:])
        if to:
            (here / to).write_text(said)
        return said
    if line.startswith("sqlite3 ") and shutil.which("sqlite3") is None:
        _, source, copied = shlex.split(line)
        code = "import sqlite3 as s, sys; s.connect(sys.argv[1]).backup(s.connect(sys.argv[2]))"
        line = shlex.join([sys.executable, "-c", code, source, copied.split()[1]])
    return subprocess.run(shlex.split(line), cwd=here, check=True, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_a_city_is_restored_after_damage(rongcheng, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TULOU_STORE", raising=False)
    city = tmp_path / "rongcheng.city"
    shutil.copytree(rongcheng, city)
    (tmp_path / "backup").mkdir()
    for name in ("one", "two", "three"):
        words = ("--class", "dirty_road", "--by", "supervision_centre", "--text", name, "--field", "channel=patrol")
        fine("case", "open", "rongcheng.city", *words)
    for line in lines("en", 0):
        run(line, tmp_path)
    shutil.rmtree(city / "facts" / "green")
    with (city / "cases" / "cases.sqlite").open("r+b") as record:
        record.truncate(1000)
    broken = tulou("audit", "verify", "rongcheng.city")
    assert broken.code == exits.BAD_INPUT
    assert "facts/green/" in broken.out + broken.err
    assert "the store of cases is damaged" in broken.out + broken.err
    shutil.rmtree(city)
    told = [run(line, tmp_path) for line in lines("en", 1)]
    assert "wrong" not in told[-1]
    assert "3 cases" in fine("case", "list", "rongcheng.city")
