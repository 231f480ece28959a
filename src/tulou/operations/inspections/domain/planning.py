"""The yearly plan: who visits whom how often, where the risk is, within days and caps, in as few visits as can be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import Fault, NotEnoughData
from tulou.operations.inspections.domain.caps import Caps, room
from tulou.operations.inspections.domain.joint import visits_of
from tulou.plan.programme import Programme, Solved

Rows = NDArray[np.int64]
NODES = 20_000
"""Nodes of the search after which the best plan so far is taken, with its gap."""

TOO_MANY_NEEDED = "more visits are required here than the caps allow"
TOO_FEW_DAYS = "this body has fewer days than the visits that are required of it take"


@dataclass(frozen=True)
class PlanBody:
    """A body that inspects.

    Args:
        id: Its id.
        level: Its level of government, e.g. ``county``.
        days: Inspector-days it has for planned visits in the year.
        per_visit: Inspector-days of one visit.
        is_alone: Whether its visits cannot be joined.
    """

    id: str
    level: str
    days: float
    per_visit: float
    is_alone: bool = False


@dataclass(frozen=True)
class Firm:
    """An enterprise as the plan sees it.

    Args:
        code: Its credit code.
        value: What there is to find, in units of the weights.
        rate: How much of it one visit finds: the first finds ``1 - exp(-rate)``.
        required: Visits that law or the random draw requires, by body.
        bodies: Bodies that may visit it.
        before: Visits of this year that count already, by level, the total under the empty name.
    """

    code: str
    value: float
    rate: float
    required: Mapping[str, int] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    before: Mapping[str, int] = field(default_factory=dict)

    def gain(self, visit: int) -> float:
        """What the n-th visit of a body finds more than the one before it: ``v (e^(-λ(n-1)) - e^(-λn))``."""
        return self.value * (math.exp(-self.rate * (visit - 1)) - math.exp(-self.rate * visit))


@dataclass(frozen=True)
class PlannedFirm:
    """The visits to one enterprise.

    Args:
        code: Its credit code.
        counts: Visits of each body.
        visits: Bodies of each visit.
    """

    code: str
    counts: Mapping[str, int]
    visits: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class YearPlan:
    """A plan with its proof.

    Args:
        firms: Enterprises that are visited, in the order given.
        found: What the plan is expected to find, in units of the weights.
        value: What was maximised: found, less the burden of visits.
        bound: No plan can be above this.
        gap: Relative distance between the two; 0 when no plan is better.
        days: Days that each body uses.
        separate: Visits when each body came by itself.
        joint: Visits as planned.
    """

    firms: tuple[PlannedFirm, ...]
    found: float
    value: float
    bound: float
    gap: float
    days: Mapping[str, float]
    separate: int
    joint: int


def yearly_plan(
    firms: Sequence[Firm], bodies: Mapping[str, PlanBody], caps: Caps | None, *, burden: float, gap: float = 0.0
) -> YearPlan:
    """Which visits find most, within days and caps, and burden enterprises least?

    Maximise ``Σ v_i (1 - exp(-λ_i n_ib)) - burden · Σ Y_i`` over whole ``n_ib`` (visits of body b to enterprise i),
    with ``n_ib ≥ required``, ``Σ_i days_b n_ib ≤ D_b``, ``Y_i ≥ n_ib`` for bodies that join and ``Y_i ≥ Σ`` of those
    that come alone beside them, visits of a level within its cap and ``Y_i`` within the total. The exponential is
    linear between whole numbers and concave, so increments fill up in order. Solved by HiGHS.

    Args:
        firms: The enterprises.
        bodies: The bodies by id.
        caps: The caps; None for none.
        burden: What one more visit costs, in units of the weights.
        gap: Relative gap that is good enough.

    Raises:
        NotEnoughData: When what is required does not fit days or caps; names who and where.
    """
    _must_fit(firms, bodies, caps)
    programme = Programme()
    counts = {
        (at, body): _visits(programme, firm, bodies[body], caps)
        for at, firm in enumerate(firms)
        for body in firm.bodies
    }
    totals = programme.add(len(firms), cost=burden, high=[_total(one, caps) for one in firms])
    for at, firm in enumerate(firms):
        _join(programme, [(bodies[body], counts[at, body]) for body in firm.bodies], int(totals[at]), firm, caps)
    _keep_days(programme, counts, bodies)
    solved = programme.minimise(gap=gap, nodes=NODES)
    if solved is None:
        raise NotEnoughData("no plan fits days and caps", where="inspection plan")
    return _told(firms, bodies, counts, solved, burden)


def _must_fit(firms: Sequence[Firm], bodies: Mapping[str, PlanBody], caps: Caps | None) -> None:
    faults = []
    needed = dict.fromkeys(bodies, 0.0)
    for firm in firms:
        for body, count in firm.required.items():
            needed[body] += count * bodies[body].per_visit
            if caps is not None and count > room(firm.before, bodies[body].level, caps):
                left = room(firm.before, bodies[body].level, caps)
                faults.append(
                    Fault(TOO_MANY_NEEDED, f"{firm.code}: {body}", count, (f"at most {left} more this year",))
                )
    faults += [
        Fault(TOO_FEW_DAYS, body, f"{days:g} days", (f"{bodies[body].days:g} days",))
        for body, days in needed.items()
        if days > bodies[body].days
    ]
    if faults:
        raise NotEnoughData.of(faults)


def _most(firm: Firm, body: PlanBody, caps: Caps | None) -> int:
    required = firm.required.get(body.id, 0)
    return max(required, 1) if caps is None else room(firm.before, body.level, caps)


def _total(firm: Firm, caps: Caps | None) -> float:
    return math.inf if caps is None else max(caps.total - firm.before.get("", 0), 0)


def _visits(programme: Programme, firm: Firm, body: PlanBody, caps: Caps | None) -> Rows:
    """One yes or no for each visit a body may make; the first ``required`` are set."""
    most, required = _most(firm, body, caps), firm.required.get(body.id, 0)
    cost = [-firm.gain(visit + 1) for visit in range(most)]
    return programme.add(most, cost=cost, low=[float(visit < required) for visit in range(most)])


def _join(
    programme: Programme, counts: Sequence[tuple[PlanBody, Rows]], total: int, firm: Firm, caps: Caps | None
) -> None:
    """Visits in all are those of the body that comes most often, and those that come alone; the same for each level."""
    apart = np.concatenate([rows for body, rows in counts if body.is_alone] or [np.empty(0, np.int64)])
    for body, rows in counts:
        mine = apart if body.is_alone else np.concatenate([rows, apart])
        _at_least(programme, total, mine)
        if caps is not None and body.level in caps.levels:
            same = [more for one, more in counts if one.is_alone and one.level == body.level and one is not body]
            whole = np.concatenate([rows, *same])
            most = max(caps.levels[body.level] - firm.before.get(body.level, 0), 0)
            if len(whole):
                programme.require(whole, np.ones(len(whole)), most=float(most))


def _at_least(programme: Programme, total: int, rows: Rows) -> None:
    if len(rows):
        programme.require(np.append(rows, total), np.append(-np.ones(len(rows)), 1.0), least=0.0)


def _keep_days(programme: Programme, counts: Mapping[tuple[int, str], Rows], bodies: Mapping[str, PlanBody]) -> None:
    for name, body in bodies.items():
        mine = [rows for (_, one), rows in counts.items() if one == name]
        rows = np.concatenate(mine) if mine else np.empty(0, np.int64)
        if len(rows):
            programme.require(rows, np.full(len(rows), body.per_visit), most=body.days)


def _told(
    firms: Sequence[Firm],
    bodies: Mapping[str, PlanBody],
    counts: Mapping[tuple[int, str], Rows],
    solved: Solved,
    burden: float,
) -> YearPlan:
    planned, days, found = [], dict.fromkeys(bodies, 0.0), 0.0
    alone = frozenset(name for name, body in bodies.items() if body.is_alone)
    for at, firm in enumerate(firms):
        mine = {body: round(float(solved.values[counts[at, body]].sum())) for body in firm.bodies}
        mine = {body: count for body, count in mine.items() if count}
        found += sum(firm.gain(visit + 1) for count in mine.values() for visit in range(count))
        for body, count in mine.items():
            days[body] += count * bodies[body].per_visit
        if mine:
            planned.append(PlannedFirm(firm.code, mine, visits_of(mine, alone)))
    separate = sum(sum(one.counts.values()) for one in planned)
    joint = sum(len(one.visits) for one in planned)
    bound = max(-solved.bound, found - burden * joint)
    return YearPlan(tuple(planned), found, found - burden * joint, bound, solved.gap, days, separate, joint)
