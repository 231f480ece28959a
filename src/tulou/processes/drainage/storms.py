"""Storms put on a SWMM model: its own rain, a design storm of the city's formula, or a record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.identity import digest_file
from tulou.measures.water.storm.formula import StormFormula
from tulou.measures.water.storm.hyetograph import chicago
from tulou.processes.drainage.network import IMPERIAL
from tulou.processes.drainage.sections import Model
from tulou.sources import limits
from tulou.sources.rain import read_rain

Array = NDArray[np.float64]
SERIES = "TULOU_STORM"
HYETOGRAPH = "hyetograph"
"""Name of the table in which ``design_storm`` tells its storm."""
FORMULA = ("a1", "c", "b", "n", "peak")
INCH = 25.4
"""mm."""
REPORT_STEP = timedelta(minutes=1)
"""How finely water on the ground is counted under a storm of ours."""
EPOCH = "01/01/2000"
"""First day of a run whose model states none."""


@dataclass(frozen=True, eq=False)
class Storm:
    """Rain in equal steps.

    Args:
        name: What it is called.
        step: min.
        depth: Depth of each step, mm.
        period: Return period, years; None where it has none.
    """

    name: str
    step: float
    depth: Array
    period: float | None = None


def formula_of(values: Mapping[str, Any]) -> StormFormula | None:
    """The storm formula that was given; None when none was.

    Raises:
        BadUse: When only some of its numbers were.
    """
    given = [name for name in FORMULA if values[name] is not None]
    if not given:
        return None
    if len(given) < len(FORMULA):
        raise BadUse(
            "a design storm needs all five numbers", where="a1, c, b, n, peak", found=", ".join(given), allowed=FORMULA
        )
    return StormFormula(values["a1"], values["c"], values["b"], values["n"])


def design_storms(values: Mapping[str, Any], formula: StormFormula, periods: tuple[float, ...]) -> list[Storm]:
    """Chicago storms of several return periods."""
    shape = {"duration": values["duration"], "step": values["step"], "peak": values["peak"]}
    return [
        Storm(f"P={period:g}", values["step"], chicago(formula, period=period, **shape), period) for period in periods
    ]


def recorded_storm(values: Mapping[str, Any]) -> tuple[Storm, str]:
    """The storm of a rain record or of an outcome of ``design_storm``, and the SHA-256 of its file.

    Raises:
        BadInput: When the record has unknown steps, since a gap is no dry time, or the outcome holds no hyetograph.
    """
    path = values["rain"]
    if path.suffix.lower() == ".json":
        return _kept_storm(path), digest_file(path)
    record = read_rain(path)
    unknown = int(np.isnan(record.depth).sum())
    if unknown:
        raise BadInput(
            "a storm has no unknown steps", where=path.name, found=unknown, allowed=("a record without gaps",)
        )
    return Storm(path.name, float(record.step), record.depth), record.digest


def _kept_storm(path: Path) -> Storm:
    """The storm of a ``design_storm.json`` that a run left."""
    limits.size_of(path, limits.MOST_TEXT_BYTES)
    data = path.read_bytes()
    limits.check_depth(data, path.name)
    try:
        tables = {one["name"]: one for one in json.loads(data)["tables"]}
        columns = [one["name"] for one in tables[HYETOGRAPH]["columns"]]
        rows = [dict(zip(columns, row, strict=True)) for row in tables[HYETOGRAPH]["rows"]]
        begins, depths = (np.array([row[name] for row in rows], np.float64) for name in ("begin", "depth"))
    except (ValueError, KeyError, TypeError):
        raise BadInput(
            "this is no outcome of design_storm", where=path.name, allowed=("tulou run design_storm ... --to FOLDER",)
        ) from None
    steps = np.diff(begins)
    if not len(steps) or not np.allclose(steps, steps[0]) or steps[0] <= 0 or not (depths >= 0).all():
        raise BadInput("a storm has equal steps and depths from 0 on", where=path.name)
    return Storm(path.name, float(steps[0]), depths)


def under_storm(model: Model, storm: Storm, *, after: float) -> Model:
    """A model with its rain replaced by a storm that falls on all subcatchments alike.

    Args:
        model: The model; what else flows into it stays.
        storm: The storm; it begins when the model does.
        after: Time simulated after the rain, min.

    Raises:
        BadInput: When the model has no rain gauge, or its first day is no date.
    """
    gauges = model.rows("RAINGAGES")
    if not gauges:
        raise BadInput("the model has no rain gauge to put a storm on", where=model.name)
    start = model_start(model)
    end = start + timedelta(minutes=storm.step * len(storm.depth) + after)
    inch = INCH if model.option("FLOW_UNITS", "CFS") in IMPERIAL else 1.0
    rain = [
        f"{SERIES} {_clock(timedelta(minutes=storm.step * place))} {depth / inch:.9g}"
        for place, depth in enumerate([*storm.depth.tolist(), 0.0])
    ]
    names = list(dict.fromkeys(row.words[0] for row in gauges))
    step = _clock(timedelta(minutes=storm.step))
    added = {
        "RAINGAGES": [f"{name} VOLUME {step} 1.0 TIMESERIES {SERIES}" for name in names],
        "TIMESERIES": rain,
    }
    options = {f"{name}START_DATE": f"{start:%m/%d/%Y}" for name in ("", "REPORT_")}
    options |= {f"{name}START_TIME": f"{start:%H:%M:%S}" for name in ("", "REPORT_")}
    options |= {"END_DATE": f"{end:%m/%d/%Y}", "END_TIME": f"{end:%H:%M:%S}", "IGNORE_RAINFALL": "NO"}
    options |= {"REPORT_STEP": _clock(max(REPORT_STEP, _routing_step(model)))}
    return model.edited({row.number for row in gauges}, added).with_options(options)


def model_start(model: Model) -> datetime:
    """First moment of a model.

    Raises:
        BadInput: When it is no date.
    """
    text = f"{model.option('START_DATE', EPOCH)} {model.option('START_TIME', '00:00:00')}"
    for form in ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m-%d-%Y %H:%M:%S"):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  (a model knows no zone)
        except ValueError:
            continue
    raise BadInput("the first day of the model is no date", where=model.name, found=text, allowed=("05/30/2026 00:00",))


def _routing_step(model: Model) -> timedelta:
    """Longest step of routing; SWMM reports no more often than it routes."""
    text = model.option("ROUTING_STEP", "20")
    parts = text.split(":")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise BadInput(
            "the routing step of the model is no time", where=model.name, found=text, allowed=("0:00:20", "20")
        ) from None
    if len(numbers) == 1:
        return timedelta(seconds=numbers[0])
    return timedelta(**dict(zip(("hours", "minutes", "seconds"), numbers, strict=False)))


def _clock(time: timedelta) -> str:
    """Hours, minutes and seconds as SWMM writes them."""
    seconds = round(time.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
