"""Killing an import at any point leaves the last commit whole, and the next import works."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from model.made import facts, new_city, put, values
from model.writers import ROWS, die_at_event, die_at_time, files_in, files_of, import_once, processes

from tulou.model.store.city import City

EVENTS = 400
"""More than the number of system calls that the interpreter tells of in one import here."""
SECONDS = 0.2
"""Longer than one import takes here."""


def _kill_and_look(city: City, kills: int) -> tuple[int, int]:
    """Kill imports; after each the log must be as it was or one longer, and all that it names must be whole."""
    context = processes()
    dead = survived = 0
    for kill in range(kills):
        before = len(city.log())
        mark = float(kill + 1)
        target, point = (
            (die_at_event, random.randrange(1, EVENTS)) if kill % 2 else (die_at_time, random.uniform(0, SECONDS))
        )
        child = context.Process(target=target, args=(str(city.path), mark, point))
        child.start()
        child.join()
        dead += child.exitcode != 0
        survived += child.exitcode == 0
        log = City.open(city.path).log()
        assert len(log) in {before, before + 1}
        assert child.exitcode != 0 or len(log) == before + 1
        _whole(city)
    return dead, survived


def _whole(city: City) -> None:
    fresh = City.open(city.path)
    fresh.verify()
    storeys = values(fresh, "storeys")
    assert len(storeys) == (ROWS if fresh.log() else 0)
    marks = set(storeys.values()) | set(values(fresh, "amount", entity_name="statistic").values())
    assert len(marks) <= 1


def _killed(tmp_path: Path, kills: int) -> tuple[int, int]:
    city = new_city(tmp_path / "c")
    import_once(str(city.path), 0.0)
    counted = _kill_and_look(city, kills)
    import_once(str(city.path), -1.0)
    assert set(values(city, "storeys").values()) == {-1.0}
    assert not any((city.path / "drafts").iterdir())
    assert files_in(city.path) == files_of(city)
    return counted


def test_killed_imports_leave_the_last_commit_whole(tmp_path: Path) -> None:
    dead, _ = _killed(tmp_path, 26)
    assert dead >= 8


@pytest.mark.slow
def test_two_hundred_killed_imports_leave_the_last_commit_whole(tmp_path: Path) -> None:
    dead = 0
    for round_ in range(40):
        dead += _killed(tmp_path / str(round_), 20)[0]
        if dead >= 200:
            break
    assert dead >= 200


def test_every_step_of_an_import_can_be_its_last(tmp_path: Path) -> None:
    city = new_city(tmp_path / "c")
    put(city, facts("building", id=["a"], storeys=[0.0]), day=date(2024, 1, 1))
    child = processes().Process(target=die_at_event, args=(str(city.path), 1.0, 10**9))
    child.start()
    child.join()
    assert child.exitcode == 0
    assert len(city.log()) == 2
