"""Proving the record: the chain holds, every step was allowed when it was made, and a replay gives what is shown."""

from __future__ import annotations

from collections.abc import Iterator

from tulou.kernel.errors import BadUse, Fault, TulouError
from tulou.operations.cases.domain.case import Case, stepped
from tulou.operations.cases.domain.events import Draft, Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.moving import check_move, check_open
from tulou.operations.cases.handlers.ports import Store


def faults_of(store: Store) -> list[Fault]:
    """Everything that is wrong with a store: its chain, then each event against the rules that held for its case."""
    found = store.audit()
    return found or list(_step_faults(store))


def _step_faults(store: Store) -> Iterator[Fault]:
    cases: dict[str, Case] = {}
    flows: dict[str, Flow] = {}
    for event in store.events():
        try:
            if "flow" in event.facts:
                flows[event.facts["flow"]] = store.flow(event.facts["flow"])
            case = cases.get(event.case)
            _check(event, case, flows)
            cases[event.case] = stepped(case, event, flows)
        except TulouError as error:
            yield from (Fault(one.what, f"{event.number}: {one.where}", one.found, one.allowed) for one in error.faults)


def _check(event: Event, case: Case | None, flows: dict[str, Flow]) -> None:
    if event.kind == "open":
        check_open(flows[event.facts["flow"]], event)
    elif event.kind == "call" and case is not None:
        if event.facts["key"] in case.called:
            raise BadUse("this call was made already", where=event.case, found=event.facts["key"])
    elif event.kind == "move" and case is not None:
        draft = Draft(
            event.case, "move", event.move, event.by, event.role, event.happened, event.who, event.facts
        )  # fmt: skip
        check_move(flows[case.digest], case, draft)
