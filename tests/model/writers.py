"""Writers that run in processes of their own, some of which die on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from model.made import facts, put

from tulou.kernel.errors import Conflict
from tulou.model.store.city import City

ROWS = 400


def write_many(path: str, name: str, count: int, wins: Any) -> None:
    """Make commits until enough of them won."""
    city = City.open(path)
    done = 0
    while done < count:
        try:
            put(city, facts("building", id=[f"{name}{done}"], storeys=[1.0]))
        except Conflict:
            continue
        done += 1
    wins.put((name, done))


def import_once(path: str, mark: float) -> None:
    """One import into two entities, every row carrying the mark."""
    x = 120 + np.arange(ROWS) / 1e4
    ids = [f"b{place}" for place in range(ROWS)]
    put(
        City.open(path),
        facts("building", id=ids, storeys=np.full(ROWS, mark), geometry=shapely.box(x, 30, x + 1e-4, 30.0001)),
        facts("statistic", id=["mark"], amount=[mark]),
        day=date(2024, 1, 1),
    )


def die_at_event(path: str, mark: float, event: int) -> None:
    """Import, and be killed when the interpreter is about to touch the system for the nth time."""
    left = event

    def count(name: str, _: object) -> None:
        nonlocal left
        if name.startswith(("os.", "open", "shutil.")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    import_once(path, mark)
    os._exit(0)


def die_at_time(path: str, mark: float, seconds: float) -> None:
    """Import, and be killed after a while, wherever it stands."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))
    import_once(path, mark)
    os._exit(0)


def processes() -> Any:
    """Processes that start fast: forked from a server that has loaded the store."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["model.writers"])
    return context


def files_of(city: City) -> set[str]:
    """Data files that the log names."""
    return {part.file for commit in city.log() for part in commit.parts}


def files_in(path: Path) -> set[str]:
    """Data files there are."""
    return {str(file.relative_to(path)) for file in path.rglob("*.parquet")}
