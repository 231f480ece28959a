"""The command line answers at once: nothing heavy is loaded before it is needed. Times are in no test."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tulou.app.demonstration import SINCE
from tulou.app.wiring import new_city
from tulou.kernel.facts import Facts

ROOT = Path(__file__).parents[2]
HEAVY = (
    "numba",
    "pandas",
    "geopandas",
    "matplotlib",
    "rasterio",
    "pint",
    "scipy",
    "shapely",
    "duckdb",
    "docx",
    "openpyxl",
)
HEAVY_FOR_A_LOOK = ("numba", "pandas", "geopandas", "matplotlib", "rasterio", "pint", "scipy", "docx", "openpyxl")


def loaded(code, *words):
    """Heavy libraries that a piece of Python loaded."""
    told = f"{code}\nimport sys\nprint('LOADED', *sorted(set(sys.modules) & set({HEAVY!r})))"
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "TULOU_LANGUAGE": "en"}
    command = [sys.executable, "-c", told, *words]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return set(ran.stdout.rsplit("LOADED", 1)[1].split())


CALL = """
import sys
from tulou.app.cli import main
try:
    main(sys.argv[1:])
except SystemExit as left:
    assert not left.code
"""


def test_importing_the_command_line_loads_nothing_heavy():
    assert loaded("import tulou.app.cli") == set()


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["show", "--help"], ["log", "--help"], ["tag", "--help"]])
def test_help_loads_nothing_heavy(words):
    assert loaded(CALL, *words) == set()


@pytest.mark.parametrize("words", [["log"], ["show"], ["show", "community"], ["tag", "one"]])
def test_a_look_at_a_city_loads_nothing_heavy(tmp_path, words):
    import pyarrow as pa

    city = new_city(tmp_path / "city", "试城")
    rows = pa.table({"id": ["a", "b"], "name": ["甲", "乙"]})
    city.commit([Facts("community", rows)], who="test", message="test", valid_from=SINCE)
    name, *rest = words
    assert loaded(CALL, name, str(tmp_path / "city"), *rest) & set(HEAVY_FOR_A_LOOK) == set()
