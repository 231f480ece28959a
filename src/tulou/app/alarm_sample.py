"""A made morning of five sensors, to try alarms with: gas gathers in a manhole, biogas in another, a sewer fills."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tulou.kernel.atomic import write_text
from tulou.operations.alarms.adapters.sensorthings import Placed, write_things
from tulou.operations.alarms.domain.rules import Sensor

LOCAL_TIME = timezone(timedelta(hours=8))
BEGINS = datetime(2026, 11, 27, 8, tzinfo=LOCAL_TIME)
MORNING, NOON = 180, 300
"""Minutes from the beginning to the end of each file."""
LEAK, MENDED = 60, 200
"""Minutes at which gas begins to flow in, and at which the pipe is shut."""
LIMIT, FLOW, VOLUME, CHANGES = 0.05, 0.2, 2.0, 1.0
"""Lower explosive limit, inflow m³/h, volume m³, changes of air an hour (methods §6.2, the worked example)."""
ETHANE = 0.05
"""Share of ethane in pipeline gas."""
PPM = 1e6
QUIET = 90
"""Minute at which a sensor falls silent."""

SENSORS = (
    Placed(Sensor("gas-01", "gas", "methane", "percent_lel", "manhole/m7", "risk-7", 0.0, 400.0), (119.2965, 26.0745)),
    Placed(Sensor("gas-02", "gas", "ethane", "ppm", "manhole/m7", "risk-7", 0.0), (119.2965, 26.0745)),
    Placed(Sensor("gas-03", "gas", "methane", "percent_lel", "manhole/m9", "", 0.0, 400.0), (119.301, 26.08)),
    Placed(Sensor("gas-04", "gas", "ethane", "ppm", "manhole/m9", "", 0.0), (119.301, 26.08)),
    Placed(Sensor("sewer-03", "drainage", "fill_ratio", "1", "pipe/s12", "", 0.0, 3.0), (119.305, 26.07)),
    Placed(Sensor("water-05", "water", "pressure", "m", "pipe/w3", "", 0.0, 120.0), (119.31, 26.075)),
)


def gas_share(minute: int) -> float:
    """Share of gas in the manhole: ``C = q/(λV) (1 − exp(−λ t))`` while it flows in, aired out afterwards."""
    since = max(min(minute, MENDED) - LEAK, 0) / 60
    full = FLOW / (CHANGES * VOLUME) * (1 - math.exp(-CHANGES * since))
    return full * math.exp(-6 * CHANGES * max(minute - MENDED, 0) / 60)


def _biogas(minute: int) -> float:
    return 15 + 15 * math.sin(math.pi * minute / NOON)


COURSES: dict[str, Callable[[int], float]] = {
    "gas-01": lambda minute: 100 * gas_share(minute) / LIMIT,
    "gas-02": lambda minute: PPM * ETHANE * gas_share(minute),
    "gas-03": _biogas,
    "gas-04": lambda _: 0.0,
    "sewer-03": lambda minute: 0.4 + 0.5 * math.exp(-(((minute - 120) / 40) ** 2)),
    "water-05": lambda _: 38.0,
}


def write_sample(folder: Path) -> list[Path]:
    """Write sensors and two files of readings, one a minute; the same bytes each time."""
    files = {"sensors.json": write_things(SENSORS), "morning.csv": _rows(0, MORNING), "noon.csv": _rows(MORNING, NOON)}
    for name, text in files.items():
        write_text(folder / name, text)
    return [folder / name for name in files]


def _rows(first: int, last: int) -> str:
    lines = ["sensor,time,value"]
    for minute in range(first, last):
        moment = (BEGINS + timedelta(minutes=minute)).isoformat()
        for name, course in COURSES.items():
            if name != "water-05" or minute < QUIET or minute >= MORNING:
                lines.append(f"{name},{moment},{course(minute):.4g}")
    return "\n".join(lines) + "\n"
