"""Reserves: when to order and up to how much, where stocks should stand, and where they go when they are needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.stats import norm

from tulou.kernel.errors import BadUse, NotEnoughData

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Levels:
    """When to order, and up to how much.

    Args:
        order_at: s: a stock at or below this is ordered for.
        order_up_to: S.
        safety: Part of s that is held against chance.
        is_short_lived: Whether shelf life holds S below what the cycle asks for.
    """

    order_at: float
    order_up_to: float
    safety: float
    is_short_lived: bool


def stock_levels(
    mean: float, deviation: float, lead: float, cycle: float, service: float, shelf_life: float = np.inf
) -> Levels:
    """When should an item be ordered, and up to how much?

    ``s = μ L + z σ √L``, ``S = s + μ T``, and never more than is used within the shelf life, ``μ · life``.

    Args:
        mean: μ, use a day.
        deviation: σ of a day's use.
        lead: L, days from order to delivery.
        cycle: T, days for which is ordered at a time.
        service: Chance that the stock lasts until the delivery, 0 to 1.
        shelf_life: Days.

    Raises:
        BadUse: When a number is negative or the chance not between 0 and 1.

    Source: Silver, Pyke & Thomas (2017), (s, S) with normal use in the lead time.
    """
    if min(mean, deviation, lead, cycle) < 0 or not 0 < service < 1 or not shelf_life > 0:
        raise BadUse("use, times and chance of a stock are known", where="service", found=service)
    safety = max(float(norm.ppf(service)) * deviation * np.sqrt(lead), 0.0)
    order_at = mean * lead + safety
    wanted, most = order_at + mean * cycle, mean * shelf_life
    return Levels(min(order_at, most), min(wanted, most), safety, most < wanted)


@dataclass(frozen=True, eq=False)
class Roads:
    """Ways on which stocks go, each in one direction.

    Args:
        start: Node each begins at, (e,).
        end: Node it ends at.
        hours: How long it takes.
        capacity: Most units of all items together; infinite for none.
        closed: Whether it is closed, (scenarios, e).
    """

    start: Ints
    end: Ints
    hours: Array
    capacity: Array
    closed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Task:
    """What stands where, what is needed where, and what it costs.

    Args:
        nodes: How many nodes there are.
        roads: Ways between them.
        chance: Probability of each scenario, (s,).
        need: Units needed, (scenarios, nodes, items).
        stock: Units that stand at each node, (nodes, items); where stocks are chosen, what already stands.
        room: Units that may be put at each node besides, all items together, (nodes,); 0 for none.
        price: Cost of a unit put there, (items,).
        penalty: Cost of a unit that lacks, (items,).
        hour: Cost of a unit under way for an hour.
    """

    nodes: int
    roads: Roads
    chance: Array
    need: Array
    stock: Array
    room: Array
    price: Array
    penalty: Array
    hour: float


@dataclass(frozen=True, eq=False)
class Plan:
    """The cheapest plan.

    Args:
        added: Units put at each node before anything happens, (nodes, items).
        flow: Units on each way, (scenarios, e, items).
        short: Units that lack, (scenarios, nodes, items).
        used: Units taken from stocks, (scenarios, nodes, items).
        cost: Its cost: what is put, and the mean of what happens.
    """

    added: Array
    flow: Array
    short: Array
    used: Array
    cost: float


def cheapest_plan(task: Task) -> Plan:
    """Where should stocks stand, and on which ways do they go in each scenario, at the least mean cost?

    ``min Σ c y + Σ_s p_s (Σ h t x + Σ π u)`` subject to, at each node, scenario and item, *what leaves − what comes =
    what is taken − need + what lacks*, taken ≤ stock + y, all items on a way ≤ its capacity, nothing on a closed way.

    Args:
        task: The task.

    Raises:
        BadUse: When chances do not sum to 1 or a number is negative or unknown.
        NotEnoughData: When the solver finds no plan.
    """
    _check(task)
    shape = _Shape(task)
    found = linprog(
        shape.costs(),
        A_ub=shape.limits()[0],
        b_ub=shape.limits()[1],
        A_eq=shape.balances()[0],
        b_eq=shape.balances()[1],
        bounds=shape.bounds(),
        method="highs",
    )
    if found.status != 0:
        raise NotEnoughData("no plan of stocks was found", where="dispatch", found=found.message)
    added, flow, short, used = shape.parted(np.asarray(found.x))
    return Plan(added, flow, short, used, float(found.fun))


def _check(task: Task) -> None:
    numbers = (task.need, task.stock, task.room, task.price, task.penalty, task.roads.hours)
    if any(np.isnan(part).any() or (part < 0).any() for part in numbers) or not task.hour >= 0:
        raise BadUse("needs, stocks, costs and times are known and not below 0", where="stocks", found="NaN or below 0")
    if abs(float(task.chance.sum()) - 1) > 1e-6:  # noqa: PLR2004  (rounding of what was stated)
        raise BadUse("chances of scenarios sum to 1", where="chance", found=float(task.chance.sum()))


class _Shape:
    """Columns of the program: added (n, i), then for each scenario flow (e, i), short (n, i), used (n, i)."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.scenarios, self.nodes, self.items = task.need.shape
        self.ways = len(task.roads.start)
        self.first = self.nodes * self.items
        self.each = (self.ways + 2 * self.nodes) * self.items
        self.size = self.first + self.scenarios * self.each

    def at(self, scenario: int) -> tuple[Ints, Ints, Ints]:
        """Columns of flow (e, i), short (n, i) and used (n, i) of a scenario."""
        start = self.first + scenario * self.each
        columns = start + np.arange(self.each).reshape(self.ways + 2 * self.nodes, self.items)
        return columns[: self.ways], columns[self.ways : self.ways + self.nodes], columns[self.ways + self.nodes :]

    def costs(self) -> Array:
        """Cost of each column."""
        task, found = self.task, np.zeros(self.size)
        found[: self.first] = np.tile(task.price, self.nodes)
        for s in range(self.scenarios):
            flow, short, _ = self.at(s)
            found[flow] = (task.chance[s] * task.hour * task.roads.hours)[:, None]
            found[short] = task.chance[s] * task.penalty
        return found

    def bounds(self) -> Array:
        """Least and most of each column."""
        task, most = self.task, np.full(self.size, np.inf)
        most[: self.first] = np.repeat(np.where(task.room > 0, np.inf, 0.0), self.items)
        for s in range(self.scenarios):
            flow, short, _ = self.at(s)
            most[flow[task.roads.closed[s]]] = 0.0
            most[short] = task.need[s]
        return np.column_stack([np.zeros(self.size), most])

    def balances(self) -> tuple[csr_array, Array]:
        """At each node: what leaves − what comes − what is taken − what lacks = −need."""
        task = self.task
        rows: list[Ints] = []
        columns: list[Ints] = []
        signs: list[Array] = []
        count = self.nodes * self.items
        for s in range(self.scenarios):
            flow, short, used = self.at(s)
            row = s * count + np.arange(count).reshape(self.nodes, self.items)
            for places, held, sign in (
                (row[task.roads.start], flow, 1.0),
                (row[task.roads.end], flow, -1.0),
                (row, short, -1.0),
                (row, used, -1.0),
            ):
                rows.append(places.ravel())
                columns.append(held.ravel())
                signs.append(np.full(held.size, sign))
        matrix = _matrix(rows, columns, signs, (self.scenarios * count, self.size))
        return matrix, -task.need.reshape(-1)

    def limits(self) -> tuple[csr_array, Array]:
        """Taken − added ≤ stock; all items on a way ≤ its capacity; all items put at a node ≤ its room."""
        task = self.task
        count, narrow = self.nodes * self.items, np.flatnonzero(np.isfinite(task.roads.capacity))
        roomy = np.flatnonzero(task.room > 0)
        rows: list[Ints] = []
        columns: list[Ints] = []
        signs: list[Array] = []
        most: list[Array] = []
        start = 0
        for s in range(self.scenarios):
            flow, _, used = self.at(s)
            row = start + np.arange(count)
            rows += [row, row]
            columns += [used.ravel(), np.arange(count)]
            signs += [np.ones(count), -np.ones(count)]
            rows.append(np.repeat(start + count + np.arange(len(narrow)), self.items))
            columns.append(flow[narrow].ravel())
            signs.append(np.ones(len(narrow) * self.items))
            most += [task.stock.reshape(-1), task.roads.capacity[narrow]]
            start += count + len(narrow)
        rows.append(np.repeat(start + np.arange(len(roomy)), self.items))
        columns.append(np.arange(count).reshape(self.nodes, self.items)[roomy].ravel())
        signs.append(np.ones(len(roomy) * self.items))
        most.append(task.room[roomy])
        return _matrix(rows, columns, signs, (start + len(roomy), self.size)), np.concatenate(most)

    def parted(self, solution: Array) -> tuple[Array, Array, Array, Array]:
        """The columns of a solution by what they mean."""
        parts = [[solution[columns] for columns in self.at(s)] for s in range(self.scenarios)]
        flow, short, used = (np.stack([one[k] for one in parts]) for k in range(3))
        return solution[: self.first].reshape(self.nodes, self.items), flow, short, used


def _matrix(rows: list[Ints], columns: list[Ints], signs: list[Array], shape: tuple[int, int]) -> csr_array:
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_array((np.concatenate(signs), where), shape=shape)
