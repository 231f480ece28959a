"""The tracker of a city, opened: what is tracked, the journal, and the figures of its checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from tulou.app.checking import newest
from tulou.app.wiring import RULEBOOKS, look_at, rulebook
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.adapters.reading import PAGE, read_agenda
from tulou.operations.tracker.domain.commitment import Agenda
from tulou.operations.tracker.domain.events import Event
from tulou.operations.tracker.domain.progress import Achieved, Progress, progress_of
from tulou.operations.tracker.domain.standing import Standing, replay

FOLDER = "tracker"
JOURNAL = "events.jsonl"
FILES = "files"


@dataclass(eq=False)
class Tracker:
    """The tracker of one city.

    Args:
        city: Folder of the city.
        name: Name of the city.
        synthetic: Whether the city was generated.
        agenda: What is tracked.
        journal: Its events.
        achieved: Splits a change by cause; None while nothing does.
    """

    city: Path
    name: str
    synthetic: bool
    agenda: Agenda
    journal: FileJournal
    achieved: Achieved | None = None
    _values: dict[str, Mapping[str, float | None]] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """Where copies of evidence are kept."""
        return self.city / FOLDER / FILES

    @cached_property
    def newest_check(self) -> str:
        """Id of the newest check; empty when there is none."""
        folders = kept_checks(self.city)
        return newest(folders).name if folders else ""

    def figure(self, indicator: str, _unit: str, check: str) -> float | None:
        """What a check says of an indicator for the whole city; a ``Figures`` of the tracker.

        Raises:
            BadUse: When there is no such check.
        """
        if check not in self._values:
            folders = {folder.name: folder for folder in kept_checks(self.city)}
            if check not in folders:
                raise BadUse("there is no such check", where="baseline", found=check, allowed=sorted(folders))
            self._values[check] = _city_values(folders[check])
        return self._values[check].get(indicator)

    def latest(self, indicator: str) -> float | None:
        """What the newest check says of an indicator for the whole city."""
        return self.figure(indicator, "", self.newest_check) if self.newest_check else None

    def standings(self, day: date | None = None, as_of: str | None = None) -> dict[str, Standing]:
        """Where every commitment stood on a day, by what was known at a record.

        Args:
            day: Day in the world; today by default.
            as_of: Number of an event, or a day or moment at which things were known; everything by default.
        """
        events, known = self._known(as_of)
        return replay(self.agenda, events, day=day or now().astimezone().date(), known=known)

    def progress(self) -> dict[str, Progress]:
        """How far every commitment is on its way, by the newest check."""
        return {
            name: progress_of(
                self.agenda, one, self.newest_check, unit="", figures=self.figure, achieved=self.achieved
            )
            for name, one in self.agenda.commitments.items()
        }

    def _known(self, as_of: str | None) -> tuple[tuple[Event, ...], datetime | None]:
        events = self.journal.events()
        if not as_of:
            return events, None
        if as_of.isdigit() and len(as_of) < len("20260129"):
            return events[: int(as_of)], None
        return events, _moment(as_of)


def open_tracker(city: Path, names: Sequence[str] = RULEBOOKS) -> Tracker:
    """Open the tracker of a city.

    Raises:
        BadInput: When there is no city, or what is tracked cannot be read.
    """
    opened = look_at(city)
    home = city / FOLDER
    agenda = read_agenda(list(names), rulebook(tuple(names)), home / PAGE)
    profile = opened.profile
    return Tracker(city, profile.name, profile.synthetic, agenda, FileJournal(home / JOURNAL))


def _moment(text: str) -> datetime:
    """A moment given as an option; a day stands for its end."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        allowed = ("a number of an event", "a day like 2026-01-29", "a moment like 2026-01-29T12:00")
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
