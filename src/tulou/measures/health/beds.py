"""Beds under load: how often all are taken, and what happens when more patients come than leave.

With arrivals λ a day and a mean stay τ the offered load is ``a = λ τ`` beds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]


def erlang_b(load: float, beds: int) -> float:
    """How often are all beds taken, when whoever finds none goes elsewhere?

    ``B(0) = 1``, ``B(c) = a B(c − 1) / (c + a B(c − 1))``.

    Args:
        load: Offered load a, beds.
        beds: Beds c.

    Raises:
        BadUse: When load or beds are negative.

    Source: Erlang (1917).
    """
    if not load >= 0 or beds < 0:
        raise BadUse("load and beds are from 0 on", where="load", found=load)
    lost = 1.0
    for bed in range(1, beds + 1):
        lost = load * lost / (bed + load * lost)
    return lost


def erlang_c(load: float, beds: int) -> float:
    """How often does a patient wait, when whoever finds no bed stays until one is free?

    ``C = B / (1 − (a / c)(1 − B))``; 1 when the load is as large as the beds.

    Args:
        load: Offered load a, beds.
        beds: Beds c.

    Raises:
        BadUse: When load or beds are negative.

    Source: Erlang (1917).
    """
    if load >= beds:
        return 1.0
    lost = erlang_b(load, beds)
    return lost / (1 - load / beds * (1 - lost))


def mean_wait(load: float, beds: int, stay: float) -> float:
    """How long does a patient wait in the mean, in the unit of the stay? ``C τ / (c − a)``; endless at a ≥ c."""
    return erlang_c(load, beds) * stay / (beds - load) if load < beds else float("inf")


@dataclass(frozen=True, eq=False)
class Course:
    """Beds and patients over time, one number at the end of each step, the first at the beginning.

    Args:
        hours: When, hours.
        taken: Beds taken.
        waiting: Patients without a bed.
        came: Patients who came so far.
        left: Patients who left a bed so far.
        wanted: Beds that would be taken if there were always one, the mean of a Poisson number.
    """

    hours: Array
    taken: Array
    waiting: Array
    came: Array
    left: Array
    wanted: Array

    def full_from(self) -> float:
        """Hours until beds lack for the first time; infinite when they never do."""
        short = np.flatnonzero(self.waiting > 0)
        return float(self.hours[short[0]]) if len(short) else float("inf")

    def lacking(self, beds: int) -> Array:
        """Chance that more beds than these are wanted, at each time."""
        return np.asarray(poisson.sf(beds, self.wanted), np.float64)


def course(arrivals: Array, step: float, stay: float, beds: float, taken: float) -> Course:
    """What happens to beds when patients come at given rates?

    Whoever has a bed leaves it at the rate ``1/τ``; whoever finds none waits and takes the next. Between the changes
    of the rates the equations are solved exactly: ``N' = λ − N/τ`` while beds are free, and while all are taken the
    waiting grow by ``λ − c/τ``.

    Args:
        arrivals: Patients an hour who need a bed, in each step.
        step: Length of a step, hours.
        stay: Mean stay τ, hours.
        beds: Beds c.
        taken: Beds taken at the beginning.

    Raises:
        BadUse: When a rate or number is negative or the step or stay not above 0.
    """
    if not (arrivals >= 0).all() or not step > 0 or not stay > 0 or not 0 <= taken <= beds:
        raise BadUse("arrivals, beds and stays are known and not below 0", where="arrivals", found=stay)
    states: Array = np.zeros((len(arrivals) + 1, 5))
    states[0] = taken, 0.0, 0.0, 0.0, taken
    for k, rate in enumerate(arrivals.tolist()):
        now = states[k].copy()
        remaining = step
        while remaining > 0:
            spent = _until_change(now, rate, stay, beds, remaining)
            remaining -= spent
        now[4] = rate * stay + (states[k, 4] - rate * stay) * np.exp(-step / stay)
        states[k + 1] = now
    hours = np.arange(len(states), dtype=np.float64) * step
    return Course(hours, *states.T)


def _until_change(now: Array, rate: float, stay: float, beds: float, most: float) -> float:
    """Move a state (taken, waiting, came, left, ·) on until beds become all taken or the last waiting has one."""
    taken, waiting = now[0], now[1]
    goal = rate * stay
    is_full = taken >= beds and (waiting > 0 or goal > beds)
    if is_full:
        growth = rate - beds / stay
        spent = most if growth >= 0 else min(most, waiting / -growth)
        now[1] = max(waiting + growth * spent, 0.0)
        now[0] = beds
        now[3] += beds / stay * spent
    else:
        spent = most
        if goal > beds > taken:
            spent = min(most, stay * float(np.log((goal - taken) / (goal - beds))))
        after = goal + (taken - goal) * float(np.exp(-spent / stay))
        now[3] += rate * spent - (after - taken)
        now[0] = beds if spent < most else min(after, beds)
    now[2] += rate * spent
    return max(spent, np.finfo(float).tiny)
