"""Writers that run in processes of their own, some of which die on the way."""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any, Self

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


def die_at_event(path: str, mark: float, event: float) -> None:
    """Import, and be killed when the interpreter is about to touch the city's folder for the nth time."""
    left = event

    def count(name: str, about: tuple[object, ...]) -> None:
        nonlocal left
        if name.startswith(("os.", "open", "shutil.")) and any(path in str(one) for one in about):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    import_once(path, mark)


def die_at_time(path: str, mark: float, seconds: float) -> None:
    """Import, and be killed after a while, wherever it stands."""
    killer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    killer.start()
    import_once(path, mark)
    killer.cancel()


class Nursery:
    """Starts writers fast: a process that has loaded the store forks one for each line it reads."""

    def __init__(self) -> None:
        surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "model.writers"]
        self._process = subprocess.Popen(
            command, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, how: str, path: Path, mark: float, point: float) -> bool:
        """Whether one writer lived to the end of its import."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([how, str(path), mark, point]) + "\n")
        self._process.stdin.flush()
        return bool(json.loads(self._process.stdout.readline()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def serve() -> None:
    """Fork a writer for each line; answer whether it lived."""
    for slow in ("pandas", "pyproj"):  # pyarrow loads pandas where it is installed
        importlib.import_module(slow)
    deaths = {"event": die_at_event, "time": die_at_time}
    for line in sys.stdin:
        how, path, mark, point = json.loads(line)
        child = os.fork()
        if not child:
            deaths[how](path, mark, point)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(json.dumps(status == 0) + "\n")
        sys.stdout.flush()


def processes() -> Any:
    """Processes that share nothing with this one."""
    return multiprocessing.get_context("spawn")


def files_of(city: City) -> set[str]:
    """Data files that the log names."""
    return {part.file for commit in city.log() for part in commit.parts}


def files_in(path: Path) -> set[str]:
    """Data files there are."""
    return {str(file.relative_to(path)) for file in path.rglob("*.parquet")}


if __name__ == "__main__":
    serve()
