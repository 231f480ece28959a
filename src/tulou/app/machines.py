"""The one way in which a program acts on the cases of a city by itself: as its machine, and no further.

Accounts or none, the same holds: what a machine may do stands in ``trust/roles.yaml``. A step that was not declared is
refused; where the city keeps an access log, the log says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tulou.app.accounts import Trust
from tulou.app.casework import Casework
from tulou.kernel.errors import BadUse, Fault
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.handlers import acting
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.ports import Clock, Store, Verdict
from tulou.operations.trust.domain.accesses import Note
from tulou.operations.trust.domain.machines import NO_MACHINE, NOT_DECLARED, OPENS, Machine
from tulou.operations.trust.domain.requesters import Reader, Reading

ACTIONS = {True: "case.open", False: "case.act"}
"""Action of a step, by whether it opens a case."""


@dataclass(frozen=True, eq=False)
class MachineDesk:
    """Cases, as a machine may touch them.

    Args:
        machine: The machine.
        store: Where events are kept.
        verdict: What is known of a finding.
        clock: Tells the time.
        refused: Told the step and the case or matter that were refused.
    """

    machine: Machine
    store: Store
    verdict: Verdict
    clock: Clock
    refused: Callable[[str, str], None]

    def open(self, flow: Flow, subject: Subject, act: Act) -> Event:
        """Open a case.

        Raises:
            BadUse: When the machine may not, or the flow does not allow it.
        """
        self._must(act.by, flow.id, OPENS, str(subject.finding.get("finding", subject.title)))
        return acting.open_case(self.store, flow, subject, act, clock=self.clock)

    def do(self, name: str, move: str, act: Act) -> Event:
        """Make a transition of a case.

        Raises:
            BadUse: When the machine may not, or the flow does not allow it now.
        """
        case, flow = acting.case_of(self.store, name)
        self._must(act.by, flow.id, move, case.id)
        return acting.do(self.store, name, move, act, verdict=self.verdict, keep=lambda: None, clock=self.clock)

    def _must(self, body: str, flow: str, step: str, matter: str) -> None:
        try:
            self.machine.check(body, flow, step)
        except BadUse:
            self.refused(step, matter)
            raise


def machine_desk(work: Casework, name: str) -> MachineDesk:
    """The desk of a machine.

    Args:
        work: Cases of the city.
        name: Word of the machine in ``trust/roles.yaml``.

    Raises:
        BadUse: When there is no such machine.
    """
    trust = Trust(work.city, work.names)
    if name not in trust.rules.machines:
        raise BadUse(NO_MACHINE, where="trust/roles.yaml", found=name, allowed=tuple(trust.rules.machines))

    def refused(step: str, matter: str) -> None:
        if trust.is_on:
            reading = Reading(Reader(name, "", name), "", work.clock())
            trust.log.add(Note(reading, ACTIONS[step == OPENS], matter, "refused", step))

    return MachineDesk(trust.rules.machines[name], work.store, work.verdict, work.clock, refused)


def without_hands(work: Casework) -> Casework:
    """Cases to read: whatever would be done to them by this way is refused."""

    def never(action: str, act: Act, _area: str) -> None:
        raise BadUse(NOT_DECLARED, where=act.by, found=action)

    return replace(work, permit=never)


def machine_events(work: Casework) -> tuple[int, list[Fault]]:
    """How many events are of machines, and which of them no machine was allowed."""
    machines = Trust(work.city, work.names).rules.machines
    flows: dict[str, str] = {}
    many, found = 0, []
    for event in work.store.events():
        if "flow" in event.facts:
            flows[event.case] = work.store.flow(event.facts["flow"]).id
        machine = machines.get(event.by)
        if machine is None:
            continue
        many += 1
        step = event.move or event.kind
        if not machine.may(event.by, flows.get(event.case, ""), step):
            found.append(Fault(NOT_DECLARED, f"{event.case}: {event.number}", step, machine.rights))
    return many, found
