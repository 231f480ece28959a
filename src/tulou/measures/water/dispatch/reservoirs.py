"""Plans that look ahead: storages as reservoirs, releases by a mixed-integer programme.

Minimise ``Σ_k [ c_f Σ_s F[s,k] + c_q E[k] ] Δt + c_e Σ kWh + c_Δ Σ |q[a,k] − q[a,k−1]| + c_v Σ V[s,k]`` such that

- water is kept, and what finds no room floods (F), with ``V̄ = (V[s,k] + V[s,k+1]) / 2`` and ``0 ≤ V ≤ V_max``:
  ``V[s,k+1] = V[s,k] + Δt ( I[s,k] + Σ_{a into s} q[a,k−d_a] − Σ_{a from s} q[a,k] − λ_s V̄[s,k] − F[s,k] )``;
- a gate passes no more than the water level drives: ``q[a,k] ≤ α_j V̄[s,k] + β_j`` for each chord j of the concave hull
  of its flow by volume;
- a pump runs or stands: ``q[a,k] = Q_a z[a,k]`` with z 0 or 1, and for at least so many steps once it was switched;
- what passes the limit downstream is excess: ``w[k] + Σ_{a out} q[a,k−d_a] ≤ Q_allow + E[k]``.

Source: linear reservoirs and model-predictive control of drains, Lund et al. (2018), Water Resources Research 54.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
GAP = 1e-4
"""Relative gap at which a plan of pumps is good enough."""


@dataclass(frozen=True, eq=False)
class Outlet:
    """A gate or pump.

    Args:
        source: Storage it takes from.
        goal: Storage it feeds; None when it leaves for the limit downstream.
        delay: Steps until its water arrives.
        slopes: α of each chord, 1/s; empty for a pump.
        offsets: β of each chord, m³/s.
        pump: Flow of a pump that runs, m³/s; None for a gate.
        energy: kWh for each m³ pumped.
    """

    source: int
    goal: int | None
    delay: int
    slopes: tuple[float, ...] = ()
    offsets: tuple[float, ...] = ()
    pump: float | None = None
    energy: float = 0.0


@dataclass(frozen=True, eq=False)
class Reservoirs:
    """Storages with their outlets.

    Args:
        capacity: V_max of each storage, m³.
        drain: λ of each, 1/s: what leaves by itself as a share of what is held.
        outlets: Gates and pumps.
        step: Δt, s.
        least_run: Steps a pump stays switched.
    """

    capacity: Array
    drain: Array
    outlets: tuple[Outlet, ...]
    step: float
    least_run: int = 1


@dataclass(frozen=True)
class Costs:
    """What is avoided, and how dearly; only their ratios matter.

    Args:
        flood: Of a m³ that finds no room.
        excess: Of a m³ above the limit downstream.
        energy: Of a kWh.
        move: Of a change of release by 1 m³/s.
        held: Of a m³ held for a step, so that storages are emptied when they may.
    """

    flood: float
    excess: float
    energy: float
    move: float
    held: float


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is known and foreseen when a plan is made.

    Args:
        volume: V now, m³.
        inflow: I ahead, m³/s, shape (storages, steps).
        other: w ahead, m³/s, shape (steps,).
        allowed: Q_allow, m³/s.
        before: Releases of the steps before, the newest last, m³/s, shape (outlets, longest delay + 1 or more).
    """

    volume: Array
    inflow: Array
    other: Array
    allowed: float
    before: Array


@dataclass(frozen=True, eq=False)
class Releases:
    """A plan.

    Args:
        flow: q, m³/s, shape (outlets, steps).
        volume: V at the end of each step, m³, shape (storages, steps).
        flood: F, m³/s, shape (storages, steps).
        excess: E, m³/s, shape (steps,).
        is_best: Whether it is proved within the gap; otherwise time ran out.
    """

    flow: Array
    volume: Array
    flood: Array
    excess: Array
    is_best: bool


def best_releases(reservoirs: Reservoirs, costs: Costs, outlook: Outlook, *, seconds: float) -> Releases | None:
    """Which releases cost least over the steps ahead?

    Args:
        reservoirs: The storages.
        costs: What is avoided.
        outlook: What is foreseen.
        seconds: Time the solver may take.

    Returns:
        The plan; None when the solver found none in its time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # only a plan needs them
    from scipy.sparse import coo_array

    programme = _Programme(reservoirs, outlook)
    programme.keep_water()
    programme.limit_gates()
    programme.limit_outflow()
    programme.tell_moves()
    programme.hold_pumps()
    shape = (len(programme.low), programme.size)
    rows = coo_array((programme.values, (programme.rows, programme.columns)), shape=shape).tocsr()
    found = milp(
        programme.cost(costs),
        integrality=programme.integrality,
        bounds=Bounds(np.zeros(programme.size), programme.most),
        constraints=LinearConstraint(rows, np.array(programme.low), np.array(programme.high)),
        options={"time_limit": max(seconds, 0.01), "mip_rel_gap": GAP},
    )
    if found.x is None:
        return None
    parts = {name: found.x[start : start + rows * programme.steps] for name, (start, rows) in programme.places.items()}
    shaped = {name: part.reshape(-1, programme.steps) for name, part in parts.items()}
    return Releases(shaped["q"], shaped["v"], shaped["f"], shaped["e"][0], found.status == 0)


def chords(volume: Array, flow: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Slopes and offsets of the concave hull of points of a curve.

    Args:
        volume: Places along, ascending, m³.
        flow: Flow at each, m³/s.

    Returns:
        α in 1/s and β in m³/s of each chord, the steepest first.
    """
    hull: list[int] = []
    for at in range(len(volume)):
        while len(hull) > 1 and _turns_up(volume, flow, hull[-2], hull[-1], at):
            hull.pop()
        hull.append(at)
    slopes = np.diff(flow[hull]) / np.diff(volume[hull])
    offsets = flow[hull][:-1] - slopes * volume[hull][:-1]
    return tuple(slopes.tolist()), tuple(offsets.tolist())


def _turns_up(x: Array, y: Array, first: int, second: int, third: int) -> bool:
    """Whether the middle point lies on or below the line between its neighbours."""
    rise, run = y[third] - y[first], x[third] - x[first]
    return bool((y[second] - y[first]) * run <= rise * (x[second] - x[first]))


@dataclass
class _Programme:
    """Rows and columns of the programme; columns stand block by block, step by step within each row of a block."""

    reservoirs: Reservoirs
    outlook: Outlook
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.steps = self.outlook.inflow.shape[1]
        storages, outlets = len(self.reservoirs.capacity), len(self.reservoirs.outlets)
        self.pumps = [at for at, one in enumerate(self.reservoirs.outlets) if one.pump is not None]
        self.places: dict[str, tuple[int, int]] = {}
        start = 0
        blocks = (("q", outlets), ("v", storages), ("f", storages), ("e", 1), ("m", outlets), ("z", len(self.pumps)))
        for name, rows in blocks:
            self.places[name] = (start, rows)
            start += rows * self.steps
        self.size = start
        self.most = np.full(start, np.inf)
        self.most[self._all("v")] = np.repeat(self.reservoirs.capacity, self.steps)
        self.most[self._all("z")] = 1.0
        self.integrality = np.zeros(start)
        self.integrality[self._all("z")] = 1

    def _all(self, name: str) -> slice:
        start, rows = self.places[name]
        return slice(start, start + rows * self.steps)

    def _at(self, name: str, row: int, step: int) -> int:
        return self.places[name][0] + row * self.steps + step

    def _require(self, terms: Sequence[tuple[int, float]], *, low: float = -np.inf, high: float = np.inf) -> None:
        for column, value in terms:
            self.rows.append(len(self.low))
            self.columns.append(column)
            self.values.append(value)
        self.low.append(low)
        self.high.append(high)

    def _arriving(self, outlet: int, step: int) -> tuple[list[tuple[int, float]], float]:
        """Terms and known amount of what an outlet released so long ago that it arrives now."""
        left = step - self.reservoirs.outlets[outlet].delay
        if left >= 0:
            return [(self._at("q", outlet, left), 1.0)], 0.0
        before = self.outlook.before[outlet]
        return [], float(before[left]) if -left <= len(before) else 0.0

    def _mean_volume(self, storage: int, step: int, factor: float) -> tuple[list[tuple[int, float]], float]:
        """Terms and known amount of factor times the mean volume of a step."""
        terms = [(self._at("v", storage, step), factor / 2)]
        if step:
            return [*terms, (self._at("v", storage, step - 1), factor / 2)], 0.0
        return terms, factor / 2 * float(self.outlook.volume[storage])

    def keep_water(self) -> None:
        """Water of each storage in each step."""
        step_length = self.reservoirs.step
        for storage in range(len(self.reservoirs.capacity)):
            for step in range(self.steps):
                drained, known = self._mean_volume(storage, step, step_length * float(self.reservoirs.drain[storage]))
                terms = [(self._at("v", storage, step), 1.0), (self._at("f", storage, step), step_length), *drained]
                given = step_length * float(self.outlook.inflow[storage, step]) - known
                if step:
                    terms.append((self._at("v", storage, step - 1), -1.0))
                else:
                    given += float(self.outlook.volume[storage])
                for at, outlet in enumerate(self.reservoirs.outlets):
                    if outlet.source == storage:
                        terms.append((self._at("q", at, step), step_length))
                    if outlet.goal == storage:
                        arriving, released = self._arriving(at, step)
                        terms += [(column, -step_length * value) for column, value in arriving]
                        given += step_length * released
                self._require(_summed(terms), low=given, high=given)

    def limit_gates(self) -> None:
        """Gates below their chords, pumps at their flow or none."""
        for at, outlet in enumerate(self.reservoirs.outlets):
            for step in range(self.steps):
                flow = (self._at("q", at, step), 1.0)
                if outlet.pump is not None:
                    running = (self._at("z", self.pumps.index(at), step), -outlet.pump)
                    self._require([flow, running], low=0.0, high=0.0)
                for slope, offset in zip(outlet.slopes, outlet.offsets, strict=True):
                    volume, known = self._mean_volume(outlet.source, step, -slope)
                    self._require([flow, *volume], high=offset - known)

    def limit_outflow(self) -> None:
        """Excess above the limit downstream."""
        for step in range(self.steps):
            terms, known = [(self._at("e", 0, step), -1.0)], float(self.outlook.other[step])
            for at, outlet in enumerate(self.reservoirs.outlets):
                if outlet.goal is None:
                    arriving, released = self._arriving(at, step)
                    terms += arriving
                    known += released
            self._require(terms, high=self.outlook.allowed - known)

    def tell_moves(self) -> None:
        """How much each release changes from step to step."""
        for at in range(len(self.reservoirs.outlets)):
            for step in range(self.steps):
                move, flow = self._at("m", at, step), self._at("q", at, step)
                if step:
                    earlier, known = [(self._at("q", at, step - 1), -1.0)], 0.0
                else:
                    earlier, known = [], float(self.outlook.before[at][-1])
                self._require([(flow, 1.0), (move, -1.0), *earlier], high=known)
                self._require([(flow, -1.0), (move, -1.0), *[(column, 1.0) for column, _ in earlier]], high=-known)

    def hold_pumps(self) -> None:
        """A pump that was switched stays so for a while."""
        for place, at in enumerate(self.pumps):
            was = float(self.outlook.before[at][-1] > 0)
            for step in range(self.steps):
                now = self._at("z", place, step)
                before = [(self._at("z", place, step - 1), -1.0)] if step else []
                for later in range(step + 1, min(step + self.reservoirs.least_run, self.steps)):
                    then = (self._at("z", place, later), -1.0)
                    # On at this step and off before: on later. Off at this step and on before: off later.
                    self._require(_summed([(now, 1.0), *before, then]), high=0.0 if step else was)
                    self._require(
                        _summed([(now, -1.0), *[(column, 1.0) for column, _ in before], (then[0], 1.0)]),
                        high=1.0 if step else 1.0 - was,
                    )

    def cost(self, costs: Costs) -> Array:
        """Cost of each column."""
        found = np.zeros(self.size)
        step = self.reservoirs.step
        found[self._all("f")] = costs.flood * step
        found[self._all("e")] = costs.excess * step
        found[self._all("v")] = costs.held
        found[self._all("m")] = costs.move
        energy = np.array([one.energy for one in self.reservoirs.outlets])
        found[self._all("q")] = np.repeat(costs.energy * energy * step, self.steps)
        return found


def _summed(terms: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Terms with each column once."""
    found: dict[int, float] = {}
    for column, value in terms:
        found[column] = found.get(column, 0.0) + value
    return list(found.items())
