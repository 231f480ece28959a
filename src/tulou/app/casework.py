"""The cases of a city, opened: flows of its rulebooks, the store of events, and the findings of its checks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tulou.app.checking import newest
from tulou.app.wiring import RULEBOOKS, look_at
from tulou.indicators.evaluate.keeping import kept_checks, load_check, load_findings
from tulou.indicators.evaluate.run import Check
from tulou.indicators.rulebook.folders import chain
from tulou.kernel.calendar import WorkingCalendar, read_calendar
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, BadUse, Fault, NotEnoughData
from tulou.operations.cases.adapters.addresses import Address, address_of, kept_address
from tulou.operations.cases.adapters.reading import Flows, read_flows
from tulou.operations.cases.adapters.standings import NAME, load, standing_cases
from tulou.operations.cases.adapters.store import SqlStore
from tulou.operations.cases.domain.case import Case, replayed
from tulou.operations.cases.domain.deadlines import Standing, standing_of
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import LIMIT_UNITS, Clockwork, Limit, LimitUnit
from tulou.operations.cases.domain.moving import PASSES
from tulou.operations.cases.handlers import acting
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.migrating import Proof, migrate
from tulou.operations.cases.handlers.ports import Clock
from tulou.operations.cases.handlers.proving import faults_of
from tulou.operations.cases.handlers.recording import History, Step, do_many, open_many
from tulou.operations.tracker.adapters.files import keep, place_of, proof_of
from tulou.operations.tracker.handlers.evidence import Proof as Copy

FOLDER = "cases"
MARK = "accounts"
"""File of a city whose accounts are switched on."""
STORE = "TULOU_STORE"
"""Variable of the environment that holds the address of the record."""
FILES = "files"
CALENDAR = "calendar"
FEWEST_LETTERS = 8
"""Letters of a digest that are enough to find its event."""

DAY_LETTERS = len("2026-01-29")
FACTS = ("finding", "indicator", "level", "unit", "unit_name", "status", "count", "cause", "owner")
"""What a case keeps of the finding it is about."""


Permit = Callable[[str, Act, str], None]
"""Refuses an action (``case.open``, ``case.act``) of an act in an area, or returns."""


def anybody(_action: str, _act: Act, _area: str) -> None:
    """Lets everything pass: where a city has no accounts nobody checks who types."""


@dataclass(eq=False)
class Casework:
    """The cases of one city.

    Args:
        city: Folder of the city.
        names: Rulebooks that declare flows and calendar.
        flows: The flows.
        calendar: Working days.
        store: Where events are kept.
        clock: Tells the time.
        permit: Refuses an act that the account behind it may not do; lets everything pass where there are no accounts.
    """

    city: Path
    names: Sequence[str]
    flows: Flows
    calendar: WorkingCalendar
    store: SqlStore
    clock: Clock = now
    permit: Permit = anybody
    _clockworks: dict[str, Clockwork] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """Where copies of evidence are kept."""
        return self.city / FOLDER / FILES

    @property
    def standings_file(self) -> Path:
        """Where all cases as they stand are kept, for quick reading."""
        return self.city / FOLDER / NAME

    @cached_property
    def check(self) -> Check:
        """The newest check.

        Raises:
            NotEnoughData: When none was made.
        """
        folders = kept_checks(self.city)
        if not folders:
            allowed = (f"tulou check {self.city}",)
            raise NotEnoughData("no check of this city was made yet", where=str(self.city), allowed=allowed)
        return load_check(newest(folders))

    @cached_property
    def findings(self) -> dict[str, dict[str, Any]]:
        """Findings of the newest check by id."""
        made = self.check.id
        place = next(one for one in kept_checks(self.city) if one.name == made)
        found = load_findings(place)
        rows = [] if found is None else found.select(FACTS).to_pylist()
        return {row["finding"]: row for row in rows}

    def open_matter(self, flow: str, subject: Subject, act: Act, evidence: Path | None = None) -> Event:
        """Open a case about a matter somebody reports, by the version of the flow that holds.

        Args:
            flow: Id of the flow.
            subject: What it is about, with the fields its flow and class declare.
            act: Who opens it, when.
            evidence: A file, of which a copy is kept by its digest.

        Raises:
            BadUse: When there is no such flow, it is about findings, or the case may not be opened.
        """
        self.permit("case.open", act, subject.place)
        held = self._held(flow, act)
        if held.about != "matter":
            raise BadUse(
                "cases of this flow are opened from a finding",
                where="--flow",
                found=flow,
                allowed=("--finding FINDING",),
            )
        if evidence is None:
            return acting.open_case(self.store, held, subject, act, clock=self.clock)
        proof = proof_of(evidence, "", "")
        given = replace(act, facts={**act.facts, "evidence": _facts_of(proof)})
        keeping = lambda: keep(evidence, proof, self.files)  # noqa: E731
        return acting.open_case(self.store, held, subject, given, clock=self.clock, keep=keeping)

    def open_many(self, histories: Sequence[History]) -> tuple[Event, ...]:
        """Record many cases at once, each with what was done since it was opened; all of them or none.

        Raises:
            BadUse: With what is wrong, each with the place of its history in the list.
        """
        for one in histories:
            self.permit("case.open", one.opened, one.subject.place)
            for step in one.steps:
                self.permit("case.act", step.act, one.subject.place)
        return open_many(self.store, histories, clock=self.clock, verdict=self.verdict, held=self.flows.on)

    def do_many(self, steps: Iterable[Step]) -> tuple[Event, ...]:
        """Make many transitions of cases at once; all of them or none.

        Raises:
            BadUse: With what is wrong, each with the place of its step in the list.
        """
        listed = list(steps)
        for step in listed:
            self._permit_case(step.case, step.act)
        return do_many(self.store, listed, clock=self.clock, verdict=self.verdict, held=self.flows.on)

    def keep(self, evidence: Path) -> dict[str, Any]:
        """Keep a copy of evidence by its digest; gives what an act states of it as ``facts["evidence"]``.

        Raises:
            BadUse: When there is no such file.
        """
        proof = proof_of(evidence, "", "")
        keep(evidence, proof, self.files)
        return _facts_of(proof)

    def open_finding(self, flow: str, name: str, act: Act, title: str = "") -> Event:
        """Open a case about a finding of the newest check; the case keeps the finding with its chain.

        Args:
            flow: Id of the flow.
            name: Id of the finding.
            act: Who opens it, when.
            title: What it is about; the finding itself when empty.

        Raises:
            BadUse: When there is no such finding, or it has an open case.
        """
        self.permit("case.open", act, "")
        if name not in self.findings:
            allowed = tuple(self.findings)
            raise BadUse("the newest check has no such finding", where="--finding", found=name, allowed=allowed)
        held = self._held(flow, act)
        if held.about != "finding":
            flows = [one for one, versions in self.flows.versions.items() if versions[-1].about == "finding"]
            raise BadUse("cases of this flow are not about findings", where="--flow", found=flow, allowed=flows)
        row = self.findings[name]
        result = self._result(row) or {}
        finding = {**row, "check": self.check.id, "day": str(self.check.day)}
        finding |= {key: result.get(key) for key in ("value", "mark", "chain")}
        finding["chain_of"] = self.check.chains.get(str(result.get("chain")), {})
        place, body = row["unit"] or "", row["owner"] or ""
        subject = Subject(title or f"{name} ({row['unit_name'] or place})", "", place, finding, body)
        return acting.open_case(self.store, held, subject, act, clock=self.clock)

    def do(self, name: str, move: str, act: Act, evidence: Path | None = None) -> Event:
        """Make a transition of a case; a copy of the evidence is kept by its digest.

        Raises:
            BadUse: When it may not be made; says what may be done now, and by whom.
        """
        self._permit_case(name, act)
        if evidence is None:
            return acting.do(
                self.store, name, move, act, verdict=self.verdict, keep=lambda: None, clock=self.clock,
                held=self.flows.on,
            )  # fmt: skip
        proof = proof_of(evidence, "", "")
        given = replace(act, facts={**act.facts, "evidence": _facts_of(proof)})
        return acting.do(
            self.store, name, move, given, verdict=self.verdict, clock=self.clock, held=self.flows.on,
            keep=lambda: keep(evidence, proof, self.files),
        )  # fmt: skip

    def migrate(self, flow: str, version: str, act: Act, states: Mapping[str, str]) -> Proof:
        """Move every running case of a flow to a version of it, all or none."""
        self.permit("case.act", act, "")
        return migrate(self.store, self.flows.version(flow, version), act, states, clock=self.clock)

    def verdict(self, finding: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the newest check says of a finding: gone and its indicator passes, still there, or neither.

        A finding is gone when no later check holds it, proven or to be confirmed, and its unit passes; where the unit
        itself has no verdict, when the indicator was assessed for the city.
        """
        if finding.get("alarm"):
            from tulou.app.alarms import open_alarms  # an alarm is judged by its rule, not by a check

            return open_alarms(self.city, self.names, clock=self.clock).verdict(finding)
        if not finding or not kept_checks(self.city):
            return {"says": "unknown", "check": ""}
        check = self.check
        if finding["finding"] in self.findings:
            says = "fail"
        elif check.id == finding["check"] or str(check.day) < finding["day"]:
            says = "unknown"
        else:
            status = (self._result(finding) or {}).get("status")
            is_own = (self._result(finding) or {}).get("unit") == finding["unit"]
            says = PASSES if status == "pass" or (status == "fail" and not is_own) else "unknown"
        return {"says": says, "check": check.id}

    def cases(self, moment: datetime) -> dict[str, Case]:
        """All cases as they stood at a moment."""
        found = {}
        for name, case in standing_cases(self.store, self.standings_file).items():
            if case.latest <= moment:
                found[name] = case
            elif case.opened <= moment:
                found[name] = self._earlier(name, moment)
        return found

    def followed(self, number: int, cases: Mapping[str, Case]) -> dict[str, Case]:
        """Cases as they stood after an event, with every later event replayed on top.

        Args:
            number: Number of the event.
            cases: The cases after it; those that nothing moved since stay the same objects.
        """
        later = self.store.events(after=number)
        named = {one.facts["flow"] for one in later if "flow" in one.facts} | {one.digest for one in cases.values()}
        return replayed(later, {digest: self.store.flow(digest) for digest in named}, cases)

    def _earlier(self, name: str, moment: datetime) -> Case:
        """A case as it stood at a moment after which more was done."""
        events = [one for one in self.store.events(name) if one.happened <= moment]
        digests = {one.facts["flow"] for one in events if "flow" in one.facts}
        return replayed(events, {digest: self.store.flow(digest) for digest in digests})[name]

    def standings(self, moment: datetime) -> list[Standing]:
        """All cases at a moment, with what is due, in the order in which they were opened."""
        return [self._standing(case, moment) for case in self.cases(moment).values()]

    def standing(self, name: str, moment: datetime) -> tuple[Standing, Flow, tuple[Event, ...]]:
        """One case at a moment, with its flow and its events.

        Raises:
            BadUse: When there is none.
        """
        acting.case_of(self.store, name)
        events = tuple(one for one in self.store.events(name) if one.happened <= moment)
        if not events:
            raise BadUse("this case was opened later", where="--at", found=moment.isoformat(timespec="minutes"))
        digests = {one.facts["flow"] for one in events if "flow" in one.facts}
        case = replayed(events, {digest: self.store.flow(digest) for digest in digests})[name]
        return self._standing(case, moment), self.store.flow(case.digest), events

    def standing_of(self, case: Case, moment: datetime) -> Standing:
        """A case with what is due at a moment."""
        return self._standing(case, moment)

    def clockwork(self, digest: str) -> Clockwork:
        """What limits of a version of a flow are counted by."""
        if digest not in self._clockworks:
            self._clockworks[digest] = Clockwork(self.calendar, self.store.flow(digest).duty)
        return self._clockworks[digest]

    def verify(self, noted: str = "") -> tuple[int, int, str]:
        """Prove the record: chain, rules, replay, and copies of evidence.

        Args:
            noted: Digest of an event as noted elsewhere, or its first letters.

        Returns:
            Number of events, number of cases, digest of the newest event.

        Raises:
            BadInput: With everything that is wrong.
            BadUse: When the digest noted is too short to mean anything.
        """
        faults = faults_of(self.store) or self._file_faults() or self._standings_faults()
        if faults:
            raise BadInput.of(faults)
        if noted:
            self._must_hold(noted)
        return len(self.store.events()), self.store.cases(), self.store.digest()

    def moment(self, text: str | None, option: str) -> datetime:
        """A moment given as an option; now when it was not given. A day stands for its end in ``--at``.

        Raises:
            BadUse: When it is no moment.
        """
        if not text:
            return self.clock()
        zone = next(iter(self.flows.versions.values()))[-1].duty.local_time if self.flows.versions else UTC
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise BadUse("this is not a moment", where=option, found=text, allowed=_EXAMPLES) from None
        if len(text) <= DAY_LETTERS:
            if option != "--at":
                raise BadUse("this is not a moment", where=option, found=text, allowed=_EXAMPLES)
            found = datetime.combine(found.date(), time.min) + timedelta(days=1, microseconds=-1)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)

    def _permit_case(self, name: str, act: Act) -> None:
        """Ask whether an act on a case may be; the case is looked up only where somebody asks."""
        if self.permit is not anybody:
            self.permit("case.act", act, acting.case_of(self.store, name)[0].place)

    def _held(self, flow: str, act: Act) -> Flow:
        return self.flows.on(flow, act.happened.date())

    def _standing(self, case: Case, moment: datetime) -> Standing:
        return standing_of(case, self.store.flow(case.digest), self.clockwork(case.digest), moment)

    def _result(self, finding: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer of the newest check for the unit of a finding, else for the city."""
        key = (finding["indicator"], finding["level"], finding["unit"])
        return self._results.get(key) or self._results.get((finding["indicator"], "city", None))

    @cached_property
    def _results(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        columns = ["indicator", "variant", "level", "unit", "status", "value", "mark", "chain"]
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in self.check.results.select(columns).to_pylist():
            if not row["variant"]:
                found[row["indicator"], row["level"], row["unit"]] = row
                if row["level"] == "city":
                    found[row["indicator"], "city", None] = row
        return found

    def _file_faults(self) -> list[Fault]:
        found = []
        for event in self.store.events():
            given = event.facts.get("evidence")
            if given:
                place = place_of(self.files, given["digest"], given["name"])
                if not place.is_file():
                    found.append(
                        Fault("the copy of this evidence is gone", f"{event.case}: {event.number}", given["name"])
                    )
                elif proof_of(place, "", "").digest != given["digest"]:
                    what = "the copy of this evidence was changed after it was given"
                    found.append(Fault(what, f"{event.case}: {event.number}", given["name"]))
        return found

    def _standings_faults(self) -> list[Fault]:
        """A snapshot that is not what a replay gives, though it says so."""
        kept = load(self.standings_file)
        if kept is None or self.store.digest_of(kept.number) != kept.digest:
            return []
        events = [one for one in self.store.events() if one.number <= kept.number]
        digests = {one.facts["flow"] for one in events if "flow" in one.facts}
        whole = replayed(events, {digest: self.store.flow(digest) for digest in digests})
        wrong = [name for name in {*whole, *kept.cases} if whole.get(name) != kept.cases.get(name)]
        what = "the snapshot of the cases is not what their events say; it may be deleted"
        return [Fault(what, f"{FOLDER}/{NAME}", name) for name in sorted(wrong)]

    def _must_hold(self, noted: str) -> None:
        if len(noted) < FEWEST_LETTERS:
            allowed = (f"{FEWEST_LETTERS} or more",)
            raise BadUse("these are too few letters of a digest", where="--noted", found=noted, allowed=allowed)
        if not self.store.holds(noted.lower()):
            raise BadInput(
                "no entry has the digest that was noted: entries were cut off, or the whole journal was written anew",
                where=self.store.place,
                found=noted,
            )


_EXAMPLES = ("a moment like 2026-11-27T09:30",)


def open_casework(city: Path, names: Sequence[str] = RULEBOOKS, *, clock: Clock = now, store: str = "") -> Casework:
    """Open the cases of a city.

    Args:
        city: Its folder.
        names: Rulebooks that declare flows and calendar.
        clock: Tells the time.
        store: Address of the record; that of ``TULOU_STORE``, of the city's folder, or its own file when empty.

    Raises:
        BadInput: When there is no city, or a flow or the calendar cannot be read.
    """
    look_at(city)
    held = SqlStore(_address(city, store), clock)
    return Casework(
        city, list(names), read_flows(list(names)), _calendar(names), held, clock, permit_of(city, names, clock)
    )


def permit_of(city: Path, names: Sequence[str], clock: Clock) -> Permit:
    """Who may act on the cases of a city: the bodies of the account behind ``TULOU_TOKEN``, once accounts are on."""
    if not (city / MARK).exists():
        return anybody
    from tulou.app.accounts import Trust  # loads ciphers and the store of accounts

    trust = Trust(city, names)

    def asked(action: str, act: Act, area: str) -> None:
        trust.reader(action, act.by, area=area, moment=clock())

    return asked


def _address(city: Path, given: str) -> Address:
    folder = city / FOLDER
    if given:
        return address_of(given, city, folder)
    if os.environ.get(STORE):
        return address_of(os.environ[STORE], city, folder, STORE)
    return kept_address(city, folder)


def parse_limit(text: str) -> Limit:
    """A time limit given as an option, e.g. ``15 working_day``.

    Raises:
        BadUse: When it is none.
    """
    amount, _, unit = text.strip().partition(" ")
    if unit not in LIMIT_UNITS or not amount.replace(".", "", 1).isdigit():
        allowed = tuple(f"15 {one}" for one in LIMIT_UNITS)
        raise BadUse("this is not a time limit", where="--within", found=text, allowed=allowed)
    known: LimitUnit = next(one for one in LIMIT_UNITS if one == unit)
    try:
        return Limit(float(amount), known)
    except BadInput as error:
        raise BadUse.of(error.faults) from None


def _facts_of(copy: Copy) -> dict[str, Any]:
    return {"digest": copy.digest, "name": copy.name, "size": copy.size}


def _calendar(names: Sequence[str]) -> WorkingCalendar:
    folders = [folder / CALENDAR for folder, _ in chain(list(names)) if (folder / CALENDAR).is_dir()]
    calendars = [read_calendar(folder) for folder in folders]
    return WorkingCalendar(
        frozenset().union(*(one.years for one in calendars)),
        frozenset().union(*(one.off for one in calendars)),
        frozenset().union(*(one.made_up for one in calendars)),
    )
