"""Killing an import at any point leaves the last commit whole, and the next import works."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from model.made import new_city, values
from model.writers import ROWS, Nursery, files_in, files_of, import_once
from tulou.model.store.city import City

MOST_EVENTS = 200
SECONDS = 0.12
"""About as long as one import takes here."""


def _kill(nursery: Nursery, city: City, how: str, mark: float, point: float) -> bool:
    """Kill one import; the log must be as it was or one longer, and all that it names must be whole."""
    before = len(city.log())
    lived = nursery.run(how, city.path, mark, point)
    fresh = City.open(city.path)
    assert len(fresh.log()) in ({before + 1} if lived else {before, before + 1})
    fresh.verify()
    storeys = values(fresh, "storeys")
    assert len(storeys) == ROWS
    assert len(set(storeys.values()) | set(values(fresh, "amount", entity_name="statistic").values())) == 1
    return lived


def _begin(path: Path) -> City:
    city = new_city(path)
    import_once(str(city.path), 0.0)
    return city


def _next_import_works(city: City) -> None:
    import_once(str(city.path), -1.0)
    assert set(values(city, "storeys").values()) == {-1.0}
    assert not any((city.path / "drafts").iterdir())
    assert files_in(city.path) == files_of(city)


def test_every_step_of_an_import_can_be_its_last(tmp_path: Path) -> None:
    sound = _begin(tmp_path / "sound").path
    deaths = 0
    with Nursery() as nursery:
        while deaths < MOST_EVENTS:
            city = City.open(shutil.copytree(sound, tmp_path / str(deaths)))
            if _kill(nursery, city, "event", 1.0, 1 + deaths):
                break
            _next_import_works(city)
            deaths += 1
    assert 15 < deaths < MOST_EVENTS


def _killed_at_random(path: Path, kills: int) -> int:
    city = _begin(path)
    with Nursery() as nursery:
        moments = np.random.default_rng(kills).uniform(0, SECONDS, kills)
        lives = [_kill(nursery, city, "time", 1.0 + kill, moment) for kill, moment in enumerate(moments)]
    _next_import_works(city)
    return lives.count(False)


def test_killed_imports_leave_the_last_commit_whole(tmp_path: Path) -> None:
    assert _killed_at_random(tmp_path / "c", 12) > 0


@pytest.mark.slow
def test_two_hundred_killed_imports_leave_the_last_commit_whole(tmp_path: Path) -> None:
    deaths = rounds = 0
    while deaths < 200:
        deaths += _killed_at_random(tmp_path / str(rounds), 20)
        rounds += 1
        assert rounds < 100
