"""A leak by the pressures of sensors: when it began, and how likely it is at each junction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from tulou.kernel.errors import BadInput, BadUse, Fault, MissingExtra, NotEnoughData
from tulou.kernel.progress import Progress
from tulou.measures.statistics.control import first_above
from tulou.measures.statistics.pairs import PairDrift, covariance, pair_drift, weekly_residual
from tulou.measures.water.supply.leakage import HOURS_A_DAY
from tulou.measures.water.supply.localisation import likelihood, updated_belief
from tulou.processes.water_supply.hydraulics import SECONDS_AN_HOUR, Network, run_model
from tulou.processes.water_supply.moment import at_moment, engine
from tulou.processes.water_supply.rules import rule
from tulou.sources.series import Series, read_series

try:
    from wntr.network import WaterNetworkModel
except ModuleNotFoundError as error:
    raise MissingExtra(error.name or "wntr", "water") from None

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
FEWEST_SENSORS = 3
WEEK = np.timedelta64(7 * 24 * 3600, "s")
MONDAY = np.datetime64("2018-01-01T00:00:00")
"""A Monday, from which weeks are counted."""
MOST_UPDATES = 28
"""Updates of the belief; a week of windows of 6 hours."""
FULL_PRESSURE = 1.0
"""Pressure from which on all demand is met while leaks are tried, m: taps hide nothing."""
TRIED = 0.02
"""Leak tried at each junction, as a share of the mean inflow."""
MOST_FAULTS = 20


@dataclass(frozen=True, eq=False)
class Pressures:
    """What the sensors said.

    Args:
        series: The measurements.
        sensors: Junction of each column, by position.
        is_training: Which times are normal.
        residual: How far each pressure is from that of other weeks, m.
        drift: How far pairs of sensors have parted.
        per_day: Steps of a day.
    """

    series: Series
    sensors: Indices
    is_training: NDArray[np.bool_]
    residual: Array
    drift: PairDrift
    per_day: float

    @property
    def alarm(self) -> int | None:
        """Position of the time at which a leak was sure; None when there is none."""
        first = int(self.is_training.sum())
        found = first_above(self.drift.largest[first:], 1.0)
        return None if found is None else first + found


@dataclass(frozen=True, eq=False)
class Leak:
    """Where a leak is likely.

    Args:
        began: Position of the time at which it began.
        alarm: Position of the time at which it was sure.
        ends: Position of the end of each window of the update.
        best: Most likely junction after each window.
        belief: How likely each junction is in the end.
        distance: Length of pipe from the most likely junction to each, m.
    """

    began: int
    alarm: int
    ends: tuple[int, ...]
    best: tuple[int, ...]
    belief: Array
    distance: Array


def sensitivities(model: WaterNetworkModel, network: Network, sensors: Indices, progress: Progress) -> Array:
    """By how much does pressure fall at each sensor for one m³/h that leaks at each junction?

    The moment of the model's run whose demand is nearest its mean is held, and a small leak is tried at each junction.

    Args:
        model: The model.
        network: Its parts.
        sensors: Junctions with a sensor, by position.
        progress: Told how far it is.

    Returns:
        m per m³/h, shape (junctions, sensors); 0 where a leak has no solution.
    """
    where = str(model.name)
    found = run_model(model, FULL_PRESSURE, where)
    whole = found.asked.sum(axis=1)
    step = int(np.abs(whole - whole.mean()).argmin())
    taken = max(TRIED * float(whole.mean()) * SECONDS_AN_HOUR, np.finfo(float).eps)
    fall = np.zeros((network.junctions, len(sensors)))
    with engine(at_moment(model, network, found, step), where) as moment:
        before = moment.pressures()
        if before is None:
            raise BadInput("this model does not run", where=where)
        for place in range(network.junctions):
            progress("leaks tried", place, network.junctions)
            after = moment.pressures(place, taken)
            if after is not None:
                fall[place] = (before[sensors] - after[sensors]) / taken
    return fall


def read_pressures(values: Mapping[str, Any], network: Network) -> Pressures:
    """Read what the sensors said, and how far it is from what was normal.

    Args:
        values: Values of the inputs of ``leak_localisation.PROCESS``.
        network: The network.

    Raises:
        BadInput: When a column is no junction of the network, or steps do not part a week.
        BadUse: When nothing was measured after the normal time.
        NotEnoughData: When there are too few sensors or weeks.
    """
    path: Path = values["pressures"]
    series = read_series(path, {}, "m")
    junctions = {name: place for place, name in enumerate(network.nodes[: network.junctions])}
    faults = [
        Fault("the network has no such junction", path.name, name, tuple(junctions))
        for name in series.names
        if name not in junctions
    ]
    if faults:
        raise BadInput.of(faults[:MOST_FAULTS])
    if len(series.names) < FEWEST_SENSORS:
        raise NotEnoughData("at least three sensors are needed", where=path.name, found=len(series.names))
    step = np.diff(series.times).min()
    if WEEK % step != np.timedelta64(0, "s"):
        raise BadInput("steps must part a week evenly", where=path.name, found=str(step))
    is_training = series.times < np.datetime64(values["normal_until"])
    if is_training.all():
        raise BadUse("nothing was measured after the normal time", where="normal_until", found=values["normal_until"])
    since = series.times - MONDAY
    slot, week = ((since % WEEK) // step).astype(np.int64), (since // WEEK).astype(np.int64)
    residual = weekly_residual(series.values, slot, week, is_training)
    per_day = float(np.timedelta64(1, "D") / step)
    drift = pair_drift(residual, is_training, rule("slack"), values["between"] * per_day, rule("margin"))
    sensors = np.array([junctions[name] for name in series.names], np.int64)
    return Pressures(series, sensors, is_training, residual, drift, per_day)


def find_leak(told: Pressures, network: Network, sensitivity: Array, window: float) -> Leak | None:
    """Where is the leak? None when there is none, or too little was measured since.

    Args:
        told: What the sensors said.
        network: The network.
        sensitivity: Fall of pressure by a leak at each junction, see ``sensitivities``.
        window: Hours after which the belief is updated.
    """
    alarm = told.alarm
    if alarm is None:
        return None
    first = int(told.is_training.sum())
    began = max(int(told.drift.began[alarm]), first)
    width = max(round(window * told.per_day / HOURS_A_DAY), 1)
    spread = covariance(told.residual[told.is_training])
    belief = np.full(network.junctions, 1.0 / network.junctions)
    ends: list[int] = []
    best: list[int] = []
    for start in range(began, min(len(told.residual), began + MOST_UPDATES * width), width):
        part = told.residual[start : start + width]
        known = np.isfinite(part).any(axis=0)
        if part.shape[0] < width or not known.any():
            continue
        drop = np.full(part.shape[1], np.nan)
        drop[known] = -np.nanmean(part[:, known], axis=0)
        belief = updated_belief(belief, likelihood(drop, sensitivity, spread)[0])
        ends.append(start + width - 1)
        best.append(int(belief.argmax()))
    if not ends:
        return None
    distance = distances(network, best[-1])
    return Leak(began, alarm, tuple(ends), tuple(best), belief, distance)


def distances(network: Network, junction: int) -> Array:
    """Length of pipe from one junction to each, m; infinite where no pipe leads.

    Args:
        network: The network.
        junction: Where from, by position.
    """
    count = len(network.nodes)
    # Parallel pipes: the shorter one counts, which summing in the matrix would hide.
    order = np.argsort(-network.length, kind="stable")
    lengths = {}
    for one in order.tolist():
        ends = (int(network.start[one]), int(network.end[one]))
        lengths[min(ends), max(ends)] = max(float(network.length[one]), np.finfo(float).tiny)
    places = np.array(list(lengths), np.int64).reshape(-1, 2)
    joined = coo_array((np.array(list(lengths.values())), (places[:, 0], places[:, 1])), shape=(count, count)).tocsr()
    return np.asarray(dijkstra(joined, directed=False, indices=junction)[: network.junctions], np.float64)
