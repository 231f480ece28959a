"""The tracker of a city, opened: what is tracked, the journal, and the figures of its checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from tulou.app.checking import newest
from tulou.app.comparing import achieved
from tulou.app.wiring import RULEBOOKS, look_at, rulebook
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.clock import now
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.operations.tracker.adapters.files import file_faults
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.adapters.reading import PAGE, read_agenda
from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.domain.moves import Move, moves
from tulou.operations.tracker.domain.progress import Achieved, Progress, fallen_back, progress_of
from tulou.operations.tracker.domain.standing import Standing, replay
from tulou.operations.tracker.handlers.ports import Clock

FOLDER = "tracker"
JOURNAL = "events.jsonl"
FILES = "files"
LONGEST_NUMBER = len("20260129") - 1
"""Digits a number of an entry may have; one more may be a day written without strokes."""

FEWEST_LETTERS = 8
"""Letters of a digest that are enough to find its entry."""


@dataclass(frozen=True)
class Seen:
    """The tracker as seen from one place on both clocks.

    Args:
        day: The day in the world.
        as_of: The record, as it was asked for; empty for all that is known.
        agenda: What is tracked, by the page that held on that day as known then.
        events: The entries that count, in order.
        standings: Where every commitment stands.
    """

    day: date
    as_of: str
    agenda: Agenda
    events: tuple[Event, ...]
    standings: Mapping[str, Standing]


@dataclass(eq=False)
class Tracker:
    """The tracker of one city.

    Args:
        city: Folder of the city.
        name: Name of the city.
        synthetic: Whether the city was generated.
        names: Rulebooks that say what is tracked.
        rules: The same, read as one.
        journal: Its events.
        clock: Tells the time.
        achieved: Splits a change by cause; without it no share of a target is given.
    """

    city: Path
    name: str
    synthetic: bool
    names: Sequence[str]
    rules: Rulebook
    journal: FileJournal
    clock: Clock = now
    achieved: Achieved | None = None
    _values: dict[str, Mapping[str, float | None]] = field(default_factory=dict)
    _agendas: dict[str, Agenda] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """Where copies of evidence are kept."""
        return self.city / FOLDER / FILES

    @property
    def page(self) -> str:
        """The newest page of settings as text; empty when nobody set one."""
        return _page(self.journal.events())

    @property
    def agenda(self) -> Agenda:
        """What is tracked by all that is known."""
        return self.agenda_of(self.page)

    def agenda_of(self, page: str, name: str = "") -> Agenda:
        """What is tracked with a page of settings.

        Args:
            page: The page as text.
            name: How messages call it.

        Raises:
            BadInput: With every fault of the page.
        """
        if page not in self._agendas:
            self._agendas[page] = read_agenda(self.names, self.rules, page, name or f"{FOLDER}/{PAGE}")
        return self._agendas[page]

    def agenda_before(self) -> Agenda:
        """What is tracked until now; without the newest page where that no longer loads, so that it can be mended."""
        try:
            return self.agenda
        except BadInput:
            return self.agenda_of("")

    def check_baselines(self, agenda: Agenda, name: str) -> None:
        """Refuse an agenda that counts progress from a check that is not there.

        Args:
            agenda: What is tracked.
            name: How messages call the page it was read from.

        Raises:
            BadInput: Names the first baseline that is wrong.
        """
        for baseline in {agenda.baseline, *(one.baseline for one in agenda.commitments.values())} - {""}:
            try:
                self.check_named(baseline)
            except BadInput as error:
                raise BadInput.of(replace(fault, where=f"{name}: baseline") for fault in error.faults) from None

    @cached_property
    def titles(self) -> dict[str, Words]:
        """Titles of the indicators by id."""
        return {name: one.title for name, one in self.rules.indicators.items()}

    @cached_property
    def checks(self) -> dict[str, Path]:
        """Folders of the checks of the city by id."""
        return {folder.name: folder for folder in kept_checks(self.city)}

    @cached_property
    def newest_check(self) -> str:
        """Id of the newest check; empty when there is none."""
        return newest(list(self.checks.values())).name if self.checks else ""

    def check_named(self, name: str) -> str:
        """Id of the check that a baseline names, in full or by its beginning.

        Raises:
            BadInput: When there is none.
        """
        found = [one for one in self.checks if one.startswith(name)]
        if not found:
            raise BadInput("there is no such check", where="baseline", found=name, allowed=sorted(self.checks))
        return found[-1]

    def figure(self, indicator: str, unit: str, check: str) -> float | None:  # noqa: ARG002  (the tracker asks about the city)
        """What a check says of an indicator for the whole city; a ``Figures`` of the tracker.

        Raises:
            BadInput: When there is no such check.
        """
        name = self.check_named(check)
        if name not in self._values:
            self._values[name] = _city_values(self.checks[name])
        return self._values[name].get(indicator)

    def latest(self, indicator: str, day: date = date.max) -> float | None:
        """What the newest check says of an indicator for the whole city.

        Args:
            indicator: Id of the indicator.
            day: Checks of later days do not count.
        """
        if day == date.max:
            return self.figure(indicator, "", self.newest_check) if self.newest_check else None
        days = {name: load_check(folder).day for name, folder in self.checks.items()}
        known = [(days[name], folder.stat().st_mtime_ns, name) for name, folder in self.checks.items()]
        upto = [one for one in known if one[0] <= day]
        return self.figure(indicator, "", max(upto)[-1]) if upto else None

    def fallen_back(self, standings: Mapping[str, Standing]) -> frozenset[str]:
        """Commitments that are done or verified, and whose target the newest check no longer reaches."""
        return fallen_back(standings, self.latest)

    def seen(self, day: date | None = None, as_of: str = "") -> Seen:
        """The tracker as it stood on a day, by what was known at a record.

        Args:
            day: Day in the world; today when None.
            as_of: Number of an entry, or a day or moment at which things were known; everything when empty.

        Raises:
            BadUse: When this is no record.
        """
        on = day or self.clock().astimezone().date()
        events, known = self._known(as_of)
        counted = tuple(one for one in events if one.happened <= on and (known is None or one.known <= known))
        agenda = self.agenda_of(_page(counted))
        return Seen(on, as_of, agenda, counted, replay(agenda, counted, day=on))

    def progress(self, agenda: Agenda) -> dict[str, Progress]:
        """How far every commitment is on its way, by the newest check."""
        return {name: self.progress_of(agenda, one) for name, one in agenda.commitments.items()}

    def progress_of(self, agenda: Agenda, one: Commitment) -> Progress:
        """How far one commitment is on its way, by the newest check.

        Raises:
            BadInput: When its baseline is no check of this city.
        """
        baseline = one.baseline or agenda.baseline
        named = replace(one, baseline=self.check_named(baseline)) if baseline and one.target else one
        return progress_of(agenda, named, self.newest_check, unit="", figures=self.figure, achieved=self.achieved)

    def moved(self, events: Sequence[Event]) -> list[tuple[Event, Move]]:
        """What each page of settings moved, with the entry that did it, in the order of the journal.

        A page that no longer loads, as after a change of the rulebook, moves nothing.
        """
        found: list[tuple[Event, Move]] = []
        before = self.agenda_of("")
        for event in events:
            if event.kind != "setting":
                continue
            try:
                after = self.agenda_of(str(event.facts["page"]))
            except BadInput:
                continue
            found += [(event, move) for move in moves(before, after)]
            before = after
        return found

    def audit(self, noted: str = "") -> tuple[Event, ...]:
        """Prove the journal and the copies of evidence.

        Args:
            noted: Digest of an entry as noted elsewhere, or its first letters; shows that nothing was cut off or
                written anew since.

        Raises:
            BadInput: With everything that is wrong, each with its place.
            BadUse: When the digest noted is too short to mean anything.
        """
        events, faults = self.journal.audit()
        items = [
            item for name, one in replay(self.agenda_of(""), events, day=date.max).items() for item in one.evidence
        ]
        faults += file_faults(items, self.files)
        if faults:
            raise BadInput.of(faults)
        if noted:
            _must_hold(events, noted, self.journal.place)
        return events

    def _known(self, as_of: str) -> tuple[tuple[Event, ...], datetime | None]:
        events = self.journal.events()
        if not as_of:
            return events, None
        if as_of.isdigit() and len(as_of) <= LONGEST_NUMBER:
            number = int(as_of)
            if number > len(events):
                allowed = (f"0 to {len(events)}", "a day like 2026-01-29")
                raise BadUse("this is no record of the tracker", where="--as-of", found=as_of, allowed=allowed)
            return events[:number], None
        return events, _moment(as_of)


def open_tracker(city: Path, names: Sequence[str] = RULEBOOKS, *, clock: Clock = now) -> Tracker:
    """Open the tracker of a city.

    Raises:
        BadInput: When there is no city, or what is tracked cannot be read.
    """
    profile = look_at(city).profile
    journal = FileJournal(city / FOLDER / JOURNAL, clock)
    rules = rulebook(tuple(names))
    return Tracker(city, profile.name, profile.synthetic, list(names), rules, journal, clock, achieved(city))


def _page(events: Sequence[Event]) -> str:
    pages = [str(event.facts["page"]) for event in events if event.kind == "setting"]
    return pages[-1] if pages else ""


def _must_hold(events: Sequence[Event], noted: str, place: str) -> None:
    if len(noted) < FEWEST_LETTERS:
        raise BadUse(
            "these are too few letters of a digest",
            where="--noted",
            found=noted,
            allowed=(f"{FEWEST_LETTERS} or more",),
        )
    if not any(event.digest.startswith(noted.lower()) for event in events):
        raise BadInput(
            "no entry has the digest that was noted: entries were cut off, or the whole journal was written anew",
            where=place,
            found=noted,
        )


def _moment(text: str) -> datetime:
    """A moment given as an option; a day stands for its end."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        allowed = ("a number of an entry", "a day like 2026-01-29", "a moment like 2026-01-29T12:00")
        raise BadUse("this is no record of the tracker", where="--as-of", found=text, allowed=allowed) from None
    if len(text) <= len("2026-01-29"):
        found = datetime.combine(found.date() + timedelta(days=1), time.min) - timedelta(microseconds=1)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _city_values(folder: Path) -> dict[str, float | None]:
    columns = ["indicator", "variant", "level", "value", "status"]
    rows = load_check(folder).results.select(columns).to_pylist()
    return {
        row["indicator"]: row["value"]
        for row in rows
        if row["level"] == "city" and not row["variant"] and row["status"] != "not assessed"
    }
