"""Shallow water on a grid by the local inertial equations, driven by rain, inflows, levels and outlets.

Bates, Horritt & Fewtrell (2010), with the weighted flows of de Almeida et al. (2012), https://doi.org/10.1029/2011WR011570.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.kernel.threads import PIECES, spans, thread_count
from tulou.measures.water.flood.cells import put_depths
from tulou.measures.water.flood.rain_field import RainField, fall_on
from tulou.measures.water.flood.sweep import Bed, Numbers, Water, meeting, sweep

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
P = TypeVar("P")
T = TypeVar("T")
GRAVITY = 9.81
"""m/s²."""
WALL = 1e6
"""Level of the ground where no water may be, m: above all water, and exact in single numbers."""
SHUT = -1.0
"""Square of Manning's n at a face that is shut."""
MANY = 40_000
"""Cells from which on the work is divided among threads."""
DRY = 1e-9
"""Depth taken for the speed of waves where all is dry, m."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The ground that water flows over.

    Args:
        level: Level of each cell, m, shape (rows, columns), the northern row first; NaN where no water may be: outside
            the area, or a building.
        cell: Side of a cell, m.
        roughness: Manning's n, s/m^(1/3), of each cell, or one for all.
        catch: How many times its own area a cell catches rain from; 1 by default.
        shut_across: Whether the western face of each cell is shut by a wall.
        shut_down: Whether its northern face is.

    Raises:
        BadUse: When shapes differ, no cell has a level, or a roughness or side is not above 0.
    """

    level: Array
    cell: float
    roughness: Array | float
    catch: Array | None = None
    shut_across: Flags | None = None
    shut_down: Flags | None = None

    def __post_init__(self) -> None:
        if self.level.ndim != 2 or not self.is_open.any():  # noqa: PLR2004  (rows and columns)
            raise BadUse("no cell of the ground has a level", where="level", found=str(self.level.shape))
        if not self.cell > 0 or not np.all(np.asarray(self.roughness)[self._rough_where] > 0):
            raise BadUse("the side of a cell and Manning's n are above 0", where="roughness", found=self.cell)
        for one in (self.catch, self.shut_across, self.shut_down):
            if one is not None and one.shape != self.level.shape:
                raise BadUse("arrays of one ground have one shape", where="ground", found=str(one.shape))

    @property
    def is_open(self) -> Flags:
        """Where water may be."""
        return np.asarray(np.isfinite(self.level))

    @property
    def _rough_where(self) -> Flags | tuple[()]:
        return self.is_open if np.ndim(self.roughness) else ()

    def bed(self, kind: type[np.floating]) -> Bed:
        """The ground as the compiled steps need it, in single or double numbers."""
        is_open = self.is_open
        n = np.where(is_open, np.broadcast_to(np.asarray(self.roughness, np.float64), self.level.shape), 1.0)
        n, holds = rimmed(n, 1.0), rimmed(is_open, fill=False)
        rough = []
        for axis, shut in ((1, self.shut_across), (0, self.shut_down)):
            square = ((n + np.roll(n, 1, axis)) / 2) ** 2
            is_shut = ~(holds & np.roll(holds, 1, axis))
            if shut is not None:
                is_shut |= rimmed(shut, fill=False)
            rough.append(np.where(is_shut, SHUT, square).astype(kind))
        catch = np.where(is_open, 1.0 if self.catch is None else self.catch, 0.0)
        level = rimmed(np.where(is_open, self.level, WALL), WALL)
        return Bed(level.astype(kind), rough[0], rough[1], rimmed(catch, 0.0).astype(kind))


@dataclass(frozen=True)
class Scheme:
    """How the equations are solved.

    Args:
        theta: θ, weight of a face's own flow against those of its neighbours; 1 is the scheme of 2010.
        courant: Step as a share of the time that a wave takes through a cell. Thin, steep flow carries its own waves,
            5/3 as fast as the water: above 0.6 these are too fast for the step.
        longest: Longest step, s: it holds while nearly all is dry, when waves allow any.
        froude: Largest Froude number.
        least: Depth at a face below which nothing flows, m.
    """

    theta: float = 0.8
    courant: float = 0.4
    longest: float = 5.0
    froude: float = 1.0
    least: float = 1e-6


@dataclass(frozen=True, eq=False)
class Rain:
    """Rain that is even over the ground, by steps.

    Args:
        edges: Times at which steps begin, and the last ends, s.
        depths: Depth of each step, m.
    """

    edges: Array
    depths: Array

    def until(self, time: float) -> float:
        """Depth that has fallen until a time, m."""
        return float(np.interp(time, self.edges, np.concatenate(([0.0], np.cumsum(self.depths)))))


NO_RAIN = Rain(np.zeros(2), np.zeros(1))


@dataclass(frozen=True, eq=False)
class Inflow:
    """Water that enters cells from outside, evenly.

    Args:
        rows: Row of each cell.
        columns: Column of each cell.
        times: Times, s, ascending.
        rates: Flow of all cells together at each time, m³/s; straight in between, and none before or after.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    times: Array
    rates: Array

    def rate(self, time: float) -> float:
        """Flow at a time, m³/s."""
        return float(np.interp(time, self.times, self.rates, left=0.0, right=0.0))


@dataclass(frozen=True, eq=False)
class Stage:
    """Cells whose water level is given: a sea, a river.

    Args:
        rows: Row of each cell.
        columns: Column of each cell.
        times: Times, s, ascending.
        levels: Level at each time, m; straight in between.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    times: Array
    levels: Array

    def level(self, time: float) -> float:
        """Level at a time, m."""
        return float(np.interp(time, self.times, self.levels))


@dataclass(frozen=True, eq=False)
class Outlets:
    """Cells that water leaves over the edge at normal depth: q = h^(5/3) S^(1/2) / n.

    Args:
        rows: Row of each cell.
        columns: Column of each cell.
        slope: Slope of the ground outwards.
        width: Width of the edge, m.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    slope: Array
    width: Array


class Loss(Protocol):
    """What takes water from cells: soil, drains."""

    @property
    def name(self) -> str:
        """What accounts call it."""
        ...

    def take(self, depth: NDArray[np.floating], length: float, band: slice) -> float:
        """Take water from the cells of some rows in one step.

        Args:
            depth: Depth of each cell, changed in place, m.
            length: Length of the step, s.
            band: The rows.

        Returns:
            Depth taken from these cells together, m.
        """
        ...


@dataclass
class Account:
    """Volumes that came in and went out, m³.

    Args:
        came: By name.
        went: By name.
    """

    came: dict[str, float] = field(default_factory=dict)
    went: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, volume: float) -> None:
        """Note a volume that came in."""
        self.came[name] = self.came.get(name, 0.0) + volume

    def take(self, name: str, volume: float) -> None:
        """Note a volume that went out."""
        self.went[name] = self.went.get(name, 0.0) + volume


@dataclass(frozen=True, eq=False)
class Drive:
    """What drives the water.

    Args:
        rain: Rain.
        inflows: Water from outside.
        stages: Cells of given level.
        outlets: Cells over whose edge water leaves.
        losses: What takes water from cells.
        field: Rain that differs from place to place, beside ``rain``.
    """

    rain: Rain = NO_RAIN
    inflows: Sequence[Inflow] = ()
    stages: Sequence[Stage] = ()
    outlets: Outlets | None = None
    losses: Sequence[Loss] = ()
    field: RainField | None = None


class Flood:
    """Water on the ground, moved on in time.

    Args:
        ground: The ground.
        drive: What drives the water.
        scheme: How the equations are solved.
        depth: Depth at the beginning, m; dry by default.
        kind: ``np.float64``, whose balance closes, or ``np.float32``, which is faster.
    """

    def __init__(
        self,
        ground: Ground,
        drive: Drive | None = None,
        scheme: Scheme | None = None,
        *,
        depth: Array | None = None,
        kind: type[np.floating] = np.float64,
    ) -> None:
        self.ground, self.drive, self.scheme = ground, drive or Drive(), scheme or Scheme()
        self.time = 0.0
        self.steps = 0
        self.account = Account()
        self.bed = ground.bed(kind)
        self._kind = kind
        shape = self.bed.level.shape
        start = np.zeros(ground.level.shape) if depth is None else np.where(ground.is_open, depth, 0.0)
        self.water = Water(rimmed(start, 0.0).astype(kind), np.zeros(shape, kind), np.zeros(shape, kind))
        self._caught = float(self.bed.catch.sum(dtype=np.float64))
        self._deepest = float(self.water.depth.max())
        is_large = ground.level.size >= MANY
        self._bands = spans(shape[0] - 2, thread_count() if is_large else 1)
        self._pieces = spans(shape[0] - 2, PIECES if is_large else 1)
        self._pool = ThreadPoolExecutor(len(self._bands)) if len(self._bands) > 1 else None
        self.stored_first = self.stored
        if self.drive.field is not None and self.drive.field.gauge.shape != ground.level.shape:
            raise BadUse("arrays of one ground have one shape", where="rain", found=str(self.drive.field.gauge.shape))
        self._set_stages()

    @property
    def depth(self) -> NDArray[np.floating]:
        """Depth of each cell, m; a view."""
        return self.water.depth[1:-1, 1:-1]

    @property
    def stored(self) -> float:
        """Volume on the ground, m³."""
        return float(self.water.depth.sum(dtype=np.float64)) * self.ground.cell**2

    @property
    def residual(self) -> float:
        """What is missing in the balance, as a share of all that moved."""
        came, went = sum(self.account.came.values()), sum(self.account.went.values())
        missing = self.stored_first + came - went - self.stored
        return missing / max(self.stored_first + came, np.finfo(float).tiny)

    def advance(self, until: float) -> None:
        """Move the water on to a time, s."""
        while until - self.time > np.spacing(until):
            length = self.length(until - self.time)
            self.step(length)
            if until - self.time <= np.spacing(until):
                self.time = until

    def length(self, most: float) -> float:
        """Length of the next step, s: as waves allow at the depth that the step may bring, and no remnant after it."""
        length = self._stable(min(self.scheme.longest, most), self._deepest)
        deepest = max(self._deepest + length * self._fastest_rise(), *self._stage_depths(self.time + length), 0.0)
        length = self._stable(length, deepest)
        return most if length >= most else min(length, most / 2)

    def step(self, length: float) -> None:
        """Move the water on by one step of a given length, s."""
        rain = self.drive.rain.until(self.time + length) - self.drive.rain.until(self.time)
        leaving = self._leaving(length)
        numbers = self._numbers(length, rain)
        self._deepest = self._move(numbers)
        self.account.add("rain", float(numbers.rain) * self._caught * self.ground.cell**2)
        self._fall(length)
        self._leave(leaving)
        self._enter(length)
        for loss in self.drive.losses:
            self.account.take(
                loss.name, sum(self.by_pieces(partial(loss.take, self.depth, length))) * self.ground.cell**2
            )
        self.time += length
        self.steps += 1
        self._set_stages()

    def _move(self, numbers: Numbers) -> float:
        """Move the water in bands of rows; gives the largest depth."""
        ends = [1, *(band.stop + 1 for band in self._bands)]
        met = [meeting(row, self.water, self.bed, numbers) for row in ends]

        def move(band: int) -> float:
            return float(sweep(ends[band], ends[band + 1], self.water, self.bed, numbers, met[band], met[band + 1]))

        deepest = max(self._walk(move, range(len(self._bands))))
        for row, (_, flows) in zip(ends, met, strict=True):
            self.water.down[row] = flows
        return deepest

    def by_pieces(self, work: Callable[[slice], T]) -> list[T]:
        """Do work on pieces of the rows, in threads; the pieces do not depend on how many threads there are."""
        return list(self._walk(work, self._pieces))

    def _walk(self, work: Callable[[P], T], parts: Iterable[P]) -> Iterable[T]:
        return map(work, parts) if self._pool is None else self._pool.map(work, parts)

    def put(self, rows: NDArray[np.int64], columns: NDArray[np.int64], volumes: Array) -> Array:
        """Put water into cells, or take it where a volume is negative and as far as there is any.

        Returns:
            The volumes that were put or taken, m³.
        """
        area = self.ground.cell**2
        moved = np.empty(len(volumes))
        self._deepest = max(self._deepest, put_depths(self.depth, rows, columns, volumes / area, moved))
        return moved * area

    def _numbers(self, length: float, rain: float) -> Numbers:
        kind, cell, scheme = self._kind, self.ground.cell, self.scheme
        whole = scheme.courant * cell / np.sqrt(GRAVITY * max(self._deepest, DRY))
        # The mean of flows spreads them at every step: a step shorter than waves need spreads as much less.
        spread = (1 - scheme.theta) / 2 * min(length / whole, 1.0)
        over = length / cell
        fastest = scheme.froude * float(np.sqrt(GRAVITY))
        found = (over, cell / length, GRAVITY * over, GRAVITY * length, spread, scheme.least, fastest)
        tiny = float(np.finfo(kind).tiny) * cell
        return Numbers(*(kind(one) for one in (*found, rain, 0.25, 1.0, tiny)))

    def _stable(self, length: float, deepest: float) -> float:
        return min(length, self.scheme.courant * self.ground.cell / float(np.sqrt(GRAVITY * max(deepest, DRY))))

    def _fastest_rise(self) -> float:
        """Fastest rise of a cell by rain and inflows, m/s."""
        soon = self.time + self.scheme.longest
        rain = (self.drive.rain.until(soon) - self.drive.rain.until(self.time)) / self.scheme.longest
        if self.drive.field is not None:
            rain += float(self.drive.field.between(self.time, soon).max()) / self.scheme.longest
        area = self.ground.cell**2
        inflows = (max(one.rate(self.time), one.rate(soon)) / len(one.rows) / area for one in self.drive.inflows)
        return rain + sum(inflows)

    def _stage_depths(self, time: float) -> tuple[float, ...]:
        level = self.ground.level
        return tuple(one.level(time) - float(level[one.rows, one.columns].min()) for one in self.drive.stages)

    def _set_stages(self) -> None:
        for stage in self.drive.stages:
            depth = np.maximum(stage.level(self.time) - self.ground.level[stage.rows, stage.columns], 0.0)
            before = self.depth[stage.rows, stage.columns].astype(np.float64)
            self.depth[stage.rows, stage.columns] = depth
            after = self.depth[stage.rows, stage.columns].astype(np.float64)
            self._deepest = max(self._deepest, float(after.max()))
            change = float((after - before).sum()) * self.ground.cell**2
            (self.account.add if change >= 0 else self.account.take)("stage", abs(change))

    def _leaving(self, length: float) -> Array | None:
        """Depth that would leave each outlet in a step, m."""
        outlets = self.drive.outlets
        if outlets is None:
            return None
        depth = self.depth[outlets.rows, outlets.columns].astype(np.float64)
        rough = np.broadcast_to(np.asarray(self.ground.roughness), self.ground.level.shape)
        flow = depth ** (5 / 3) * np.sqrt(outlets.slope) / rough[outlets.rows, outlets.columns]
        return flow * outlets.width * length / self.ground.cell**2

    def _leave(self, leaving: Array | None) -> None:
        outlets = self.drive.outlets
        if leaving is None or outlets is None:
            return
        moved = self.put(outlets.rows, outlets.columns, -leaving * self.ground.cell**2)
        self.account.take("edge", -float(moved.sum()))

    def _fall(self, length: float) -> None:
        """Put the rain of places on the ground."""
        field = self.drive.field
        if field is None:
            return
        amounts = field.between(self.time, self.time + length)
        if not amounts.any():
            return
        catch = self.bed.catch[1:-1, 1:-1]
        put = self.by_pieces(lambda band: fall_on(self.depth, catch, field.gauge, amounts, band.start, band.stop))
        self._deepest = max(self._deepest, *(deepest for _, deepest in put))
        self.account.add("rain", sum(whole for whole, _ in put) * self.ground.cell**2)

    def _enter(self, length: float) -> None:
        for one in self.drive.inflows:
            volume = (one.rate(self.time) + one.rate(self.time + length)) / 2 * length
            moved = self.put(one.rows, one.columns, np.full(len(one.rows), volume / len(one.rows)))
            self.account.add("inflow", float(moved.sum()))


def rimmed(values: NDArray[Any], fill: float) -> NDArray[Any]:
    """An array with one more row or column on every side."""
    return np.pad(values, 1, constant_values=fill)
