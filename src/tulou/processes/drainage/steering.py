"""Who sets gates and pumps while SWMM runs: by equal filling, or by a plan that looks ahead."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tulou.measures.water.dispatch.filling import release_shares
from tulou.measures.water.dispatch.gates import Gate, gate_flow, gate_setting
from tulou.measures.water.dispatch.reservoirs import Costs, Outlet, Outlook, Reservoirs, best_releases, chords
from tulou.processes.drainage.actuators import Actuator, Basin, Pump, Scale
from tulou.processes.drainage.child import index_of, reader

Array = NDArray[np.float64]
HALF = 0.5
"""Share of its flow from which on a pump is worth running for a target."""
FINEST = 3
"""Decimals of a setting; no gate is set more finely."""
CURVE = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
"""Shares of the capacity at which the curve of a gate is looked at."""


@dataclass(frozen=True)
class Orders:
    """What is asked of whoever steers.

    Args:
        level: ``equal`` filling or ``predictive``.
        every: Hours between two settings.
        basins: The storages.
        actuators: The gates and pumps.
        kinds: ``orifice`` or ``pump`` of each.
        outlets: Where what leaves is seen: (``node`` or ``link``, name).
        allowed: What may leave, m³/s.
        safe: Setting of each when measurements are lost.
        lost_from: Hours from which on they are lost; None for never.
        scale: Units of the model.
        ahead: What a plan needs besides; None for equal filling.
    """

    level: Literal["equal", "predictive"]
    every: float
    basins: tuple[Basin, ...]
    actuators: tuple[Actuator, ...]
    outlets: tuple[tuple[str, str], ...]
    allowed: float
    safe: tuple[float, ...]
    scale: Scale
    lost_from: float | None = None
    ahead: Ahead | None = None

    def as_data(self) -> dict[str, Any]:
        """The same for another process."""
        return asdict(self)


@dataclass(frozen=True)
class Ahead:
    """What a plan looks ahead with.

    Args:
        step: Length of a step, hours.
        steps: Steps ahead.
        inflow: Inflow of each storage that nobody controls, m³/s, shape (storages, steps of the run).
        other: Outflow that nobody controls, m³/s, shape (steps of the run).
        drain: What leaves each storage by itself, 1/s.
        delay: Steps until the water of each actuator arrives.
        energy: kWh for each m³ of each.
        costs: What is avoided.
        least_run: Steps a pump stays switched.
        seconds: Time for all plans together.
    """

    step: float
    steps: int
    inflow: tuple[tuple[float, ...], ...]
    other: tuple[float, ...]
    drain: tuple[float, ...]
    delay: tuple[int, ...]
    energy: tuple[float, ...]
    costs: Costs
    least_run: int
    seconds: float


def steering_of(control: Mapping[str, Any]) -> _Steering:
    """Whoever steers by these orders, which came from another process."""
    basins = tuple(Basin(**{**one, "depths": tuple(one["depths"])}) for one in control["basins"])
    actuators = tuple(
        Actuator(**{**one, "gate": _made(Gate, one["gate"]), "pump": _made(Pump, one["pump"])})
        for one in control["actuators"]
    )
    ahead = control["ahead"]
    made = {"basins": basins, "actuators": actuators, "scale": Scale(**control["scale"]), "ahead": None}
    if ahead is not None:
        made["ahead"] = Ahead(**{**ahead, "costs": Costs(**ahead["costs"])})
    return _Steering(Orders(**{**control, **made}))


def _made(kind: type[Any], given: Mapping[str, Any] | None) -> Any:  # noqa: ANN401  (a gate or a pump)
    return None if given is None else kind(**given)


@dataclass
class _Steering:
    """The state of whoever steers."""

    orders: Orders
    table: list[list[float]] = field(default_factory=list)
    best: int = 0
    unproved: int = 0
    fallen_back: int = 0

    def __post_init__(self) -> None:
        orders = self.orders
        self.every = orders.every
        self.links = [index_of("link", one.name) for one in orders.actuators]
        self.volume = [reader("node", one.name, "VOLUME") for one in orders.basins]
        self.above = [reader("node", orders.basins[one.basin].name, "HEAD") for one in orders.actuators]
        self.below = [reader("node", one.below, "HEAD") for one in orders.actuators]
        self.flow = [reader("link", one.name, "FLOW") for one in orders.actuators]
        self.leaving = [
            reader(kind, name, "TOTAL_INFLOW" if kind == "node" else "FLOW") for kind, name in orders.outlets
        ]
        self.targets = np.zeros(len(orders.actuators))
        self.released: list[Array] = []
        self.planned = 0.0
        self.left = orders.ahead.seconds if orders.ahead else 0.0

    def settings(self, hours: float) -> dict[int, float]:
        """Setting of each gate and pump now."""
        orders = self.orders
        if orders.lost_from is not None and hours >= orders.lost_from:
            found = list(orders.safe)
        else:
            if orders.ahead is None:
                self.targets = self._equal()
            elif hours >= self.planned:
                self.targets = self._plan(hours, orders.ahead)
                self.released.append(self.targets)
                self.planned += orders.ahead.step
            found = [round(self._setting(at), FINEST) for at in range(len(orders.actuators))]
        self.table.append([hours, *found])
        return dict(zip(self.links, found, strict=True))

    def notes(self) -> dict[str, Any]:
        """The table of settings, and how the plans came about."""
        return {"table": self.table, "best": self.best, "unproved": self.unproved, "fallen_back": self.fallen_back}

    def _volumes(self) -> Array:
        return np.array([read() for read in self.volume]) * self.orders.scale.length**3

    def _levels(self, at: int) -> tuple[float, float]:
        return self.above[at]() * self.orders.scale.length, self.below[at]() * self.orders.scale.length

    def _equal(self) -> Array:
        """Release of each by equal filling."""
        orders = self.orders
        flows = np.array([max(read(), 0.0) for read in self.flow]) * orders.scale.flow
        leaving = sum(read() for read in self.leaving) * orders.scale.flow
        outward = np.array([one.goal is None for one in orders.actuators])
        free = max(orders.allowed - max(leaving - float(flows[outward].sum()), 0.0), 0.0)
        shares = release_shares(self._volumes(), [one.capacity for one in orders.basins])
        of_basin = np.array([one.basin for one in orders.actuators])
        return np.asarray(free * shares[of_basin] / np.bincount(of_basin, minlength=len(shares))[of_basin])

    def _plan(self, hours: float, ahead: Ahead) -> Array:
        """First releases of a plan; those of equal filling when there is no time or no plan."""
        begun = time.monotonic()
        steps_left = max(len(ahead.other) - len(self.released), 1)
        plan = None
        if self.left > 0:
            plan = best_releases(
                self._reservoirs(ahead), ahead.costs, self._outlook(hours, ahead), seconds=self.left / steps_left
            )
        self.left -= time.monotonic() - begun
        if plan is None:
            self.fallen_back += 1
            return self._equal()
        self.best += plan.is_best
        self.unproved += not plan.is_best
        return plan.flow[:, 0]

    def _outlook(self, hours: float, ahead: Ahead) -> Outlook:
        now = round(hours / ahead.step)
        longest = max(ahead.delay) + 1
        before = [np.zeros(len(self.links))] * max(longest - len(self.released), 0) + self.released[-longest:]
        inflow, other = (_ahead(np.array(one), now, ahead.steps) for one in (ahead.inflow, ahead.other))
        return Outlook(self._volumes(), inflow, other, self.orders.allowed, np.array(before).T)

    def _reservoirs(self, ahead: Ahead) -> Reservoirs:
        outlets: list[Outlet] = []
        for at, one in enumerate(self.orders.actuators):
            slopes, offsets = self._chords(at, one.gate) if one.gate else ((), ())
            pump = one.pump.usual if one.pump else None
            outlets.append(Outlet(one.basin, one.goal, ahead.delay[at], slopes, offsets, pump, ahead.energy[at]))
        capacity = np.array([one.capacity for one in self.orders.basins])
        seconds = ahead.step * 3600
        return Reservoirs(capacity, np.array(ahead.drain), tuple(outlets), seconds, ahead.least_run)

    def _chords(self, at: int, gate: Gate) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Chords of the flow of an open gate by the volume before it, with the level behind it as it is now."""
        basin = self.orders.basins[self.orders.actuators[at].basin]
        volumes = basin.capacity * np.array(CURVE)
        _, below = self._levels(at)
        flows = [gate_flow(gate, 1.0, level, below) for level in basin.levels(volumes).tolist()]
        return chords(volumes, np.array(flows))

    def _setting(self, at: int) -> float:
        """The setting that releases the target at the levels of now; shut where the level behind is the higher one."""
        one, target = self.orders.actuators[at], float(self.targets[at])
        above, below = self._levels(at)
        if one.gate is not None:
            return gate_setting(one.gate, target, above, below)
        if one.pump is None:
            return 0.0
        basin = self.orders.basins[one.basin]
        volume = float(self._volumes()[one.basin])
        full = one.pump.flow(volume=volume, depth=above - basin.invert, head=below - above)
        return 1.0 if full > 0 and target >= HALF * full else 0.0


def _ahead(series: Array, now: int, steps: int) -> Array:
    """The steps ahead of a series along its last axis; what lies beyond its end stays as at its end."""
    places = np.minimum(np.arange(now, now + steps), series.shape[-1] - 1)
    return np.asarray(series[..., places])
