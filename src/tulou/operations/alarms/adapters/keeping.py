"""What a watch remembers, kept in one file, with the place in the store up to which it has read."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np

from tulou.kernel.atomic import write_bytes
from tulou.operations.alarms.adapters.readings import Place
from tulou.operations.alarms.domain.grading import alarm_of, plain
from tulou.operations.alarms.domain.watch import Watch

ALARMS = "alarms"
PLACE = "place"
DIGEST = "digest"


def keep_watch(watch: Watch, place: Place, path: Path) -> None:
    """Put away what a watch remembers, in one step."""
    told = json.dumps([plain(one) for one in watch.alarms.values()], ensure_ascii=False)
    buffer = io.BytesIO()
    own = {
        ALARMS: np.frombuffer(told.encode(), np.uint8),
        PLACE: np.array([place.segment, place.frames]),
        DIGEST: np.array([watch.engine.digest]),
    }
    np.savez(buffer, **watch.engine.state(), **own)  # type: ignore[arg-type]  # arrays by their names
    write_bytes(path, buffer.getvalue())


def take_up(watch: Watch, path: Path) -> Place:
    """Go on from what was put away; from the beginning when nothing was, or rules or sensors are others now.

    Returns:
        The place in the store from which to read on.
    """
    if not path.is_file():
        return Place()
    try:
        with np.load(path) as kept:
            state = {name: kept[name] for name in kept.files}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return Place()  # Nothing is lost: all of it follows from the readings.
    if str(state[DIGEST][0]) != watch.engine.digest or not watch.engine.fits(state):
        return Place()
    watch.engine.restore(state)
    rows = json.loads(state[ALARMS].tobytes().decode())
    watch.grader = type(watch.grader)(watch.rules, watch.engine.every, [alarm_of(row) for row in rows])
    segment, frames = state[PLACE].tolist()
    return Place(segment, frames)
