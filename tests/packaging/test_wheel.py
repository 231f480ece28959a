"""What a wheel carries: the package, its data and the rulebooks, so that an installed Tulou works from any folder."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tulou.indicators.rulebook.folders import FRONT, known_rulebooks

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "tulou"
DATA = ("*.yaml", "*.txt", "*.ttf", "*.css", "*.js", "*.typ", "*.py")

pytest.importorskip("hatchling", reason="hatchling is not installed")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(wheel):
    wanted = {f"tulou/{path.relative_to(SOURCES).as_posix()}" for kind in DATA for path in SOURCES.rglob(kind)}
    assert wanted <= names(wheel)


@pytest.mark.slow
def test_the_wheel_holds_every_rulebook(wheel):
    pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rulebooks").rglob("*.yaml")}
    assert {f"tulou/{page}" for page in pages} <= names(wheel)


@pytest.mark.slow
def test_the_wheel_holds_nothing_else(wheel):
    assert {name.split("/")[0].split("-")[0] for name in names(wheel)} == {"tulou"}
    assert not [name for name in names(wheel) if name.endswith((".pyc", ".nbi", ".nbc"))]


@pytest.mark.slow
def test_an_unpacked_wheel_finds_its_rulebooks_from_elsewhere(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = "from tulou.indicators.rulebook.folders import known_rulebooks as k; print(*sorted(map(str, k().values())))"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}); {code}"]
    said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.split()
    assert {Path(folder).name for folder in said} == set(known_rulebooks())
    assert all(folder.startswith(str(tmp_path)) for folder in said)
    assert all((Path(folder) / FRONT).is_file() for folder in said)
