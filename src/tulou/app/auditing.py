"""Auditing a city: every chain and kept digest it has, proved in one go, and held against what was noted before.

Each part tells what it holds, a digest that stands for all of it, and what is wrong, entry by entry. A digest that was
noted elsewhere must still be found: nothing that stood then was cut off or written anew since.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from pathlib import Path

from tulou.app.accounts import Trust
from tulou.app.casework import FEWEST_LETTERS, FOLDER, STORE, open_casework
from tulou.app.machines import machine_events
from tulou.app.tracking import FOLDER as TRACKER
from tulou.app.tracking import JOURNAL, open_tracker
from tulou.app.wiring import RULEBOOKS, look_at, measures
from tulou.indicators.evaluate.keeping import kept_checks, load_check, load_findings
from tulou.indicators.rulebook.kept import FOLDER as KEPT
from tulou.indicators.rulebook.kept import ORDER, kept_rulebook
from tulou.kernel.errors import BadInput, BadUse, Fault, NotEnoughData, TulouError
from tulou.kernel.identity import digest_file, digest_text
from tulou.kernel.words import Words
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.cases.handlers.proving import faults_of

TITLES = {
    "facts": Words("城市事实：提交与数据文件", "Facts: commits and data files"),
    "rulebooks": Words("留存的规则集", "Kept rulebooks"),
    "checks": Words("留存的体检", "Kept checks"),
    "tracker": Words("承诺跟踪记录与证据", "Journal of commitments, with evidence"),
    "cases": Words("案件记录与证据", "Events of cases, with evidence"),
    "machines": Words("程序自行所为", "What programs did by themselves"),
    "alarms": Words("报警：由读数重放", "Alarms: a replay of the readings"),
    "accesses": Words("访问记录", "Access log"),
    "requesters": Words("诉求人记录（不显示内容）", "Records of requesters (nothing is shown)"),
}
NOT_FOUND = "no entry has the digest that was noted: entries were cut off, or the whole record was written anew"
CHANGED = "this was changed since it was noted"
GONE = "this stood there when it was noted, and is gone"
TOO_SHORT = "these are too few letters of a digest"
NO_NOTE = "this is not an answer of audit verify --json"
NO_KEYS = "the key file is not on this machine: whether the records open was not tried"
UNKNOWN = "the audit of this part could not be made"


@dataclass(frozen=True)
class Part:
    """One part of a city's record.

    Args:
        name: Its name, a key of ``TITLES``.
        entries: How many entries it has.
        digest: Stands for all of it; empty when it has none.
        marks: Digest of each thing in it by its name; of chains, after each entry.
        faults: Everything that is wrong.
        remark: What could not be tried, and why.
    """

    name: str
    entries: int
    digest: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    remark: str = ""


@dataclass(eq=False)
class Audit:
    """An audit of one city.

    Args:
        city: Folder of the city.
        names: Rulebooks.
    """

    city: Path
    names: Sequence[str] = RULEBOOKS

    @cached_property
    def trust(self) -> Trust:
        """Accounts, access log and requesters."""
        return Trust(self.city, self.names)

    @property
    def local_time(self) -> tzinfo:
        """The city's clock: that of the duty hours of its flows."""
        versions = read_flows(list(self.names)).versions
        return next(iter(versions.values()))[-1].duty.local_time if versions else UTC

    def parts(self) -> list[Part]:
        """Every part that the city has, proved. One that fails hides nothing of another."""
        steps: Iterable[tuple[str, bool, Callable[[], Part]]] = (
            ("facts", True, self._facts),
            ("rulebooks", (self.city / KEPT).is_dir(), self._rulebooks),
            ("checks", bool(kept_checks(self.city)), self._checks),
            ("tracker", (self.city / TRACKER / JOURNAL).is_file(), self._tracker),
            ("cases", self._has_cases(), self._cases),
            ("machines", self._has_machines(), self._machines),
            ("alarms", (self.city / "alarms").is_dir(), self._alarms),
            ("accesses", self.trust.has_log, self._accesses),
            ("requesters", self.trust.has_vault, self._requesters),
        )
        return [self._proved(name, make) for name, is_there, make in steps if is_there]

    @staticmethod
    def _proved(name: str, make: Callable[[], Part]) -> Part:
        try:
            return make()
        except TulouError as error:
            return Part(name, 0, faults=error.faults or (Fault(UNKNOWN, name),))

    def _facts(self) -> Part:
        city = look_at(self.city)
        files = sorted(city.layout.commits.glob("*.json"))
        marks, last = {}, ""
        for file in files:
            last = digest_text(f"{last}\n{digest_file(file)}")
            marks[file.stem] = last
        try:
            city.verify()
        except BadInput as error:
            return Part("facts", len(files), last, marks, error.faults)
        return Part("facts", len(files), last, marks)

    def _rulebooks(self) -> Part:
        marks, faults = {}, list[Fault]()
        for place in sorted((self.city / KEPT).glob("[!.]*")):
            marks[place.name] = _folder_digest(place)
            try:
                told = json.loads((place / ORDER).read_text("utf-8"))
                kept_rulebook(self.city, str(told["digest"]), measures())
            except TulouError as error:
                faults += error.faults
            except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
                what = "this kept rulebook is damaged"
                faults.append(Fault(what, f"{KEPT}/{place.name}/{ORDER}", type(error).__name__))
        return Part("rulebooks", len(marks), _over(marks), marks, tuple(faults))

    def _checks(self) -> Part:
        marks, faults = {}, list[Fault]()
        for place in kept_checks(self.city):
            marks[place.name] = _folder_digest(place)
            try:
                found = load_check(place)
                load_findings(place)
                digest = str(found.rulebook.get("digest", ""))
                if not list((self.city / KEPT).glob(f"{digest[:16]}*")):
                    raise NotEnoughData("the rulebook of this check was not kept", where=place.name, found=digest[:16])
            except TulouError as error:
                faults += error.faults
        return Part("checks", len(marks), _over(marks), marks, tuple(faults))

    def _tracker(self) -> Part:
        tracker = open_tracker(self.city, self.names)
        events, faults = tracker.journal.audit()
        marks = {str(one.number): one.digest for one in events}
        last = events[-1].digest if events else ""
        if not faults:
            try:
                tracker.audit()
            except BadInput as error:
                faults = list(error.faults)
        return Part("tracker", len(events), last, marks, tuple(faults))

    def _cases(self) -> Part:
        work = open_casework(self.city, self.names)
        try:
            count, _, last = work.verify()
        except BadInput as error:
            return Part("cases", 0, "", {}, tuple(faults_of(work.store)) or error.faults)
        return Part("cases", count, last, {"newest": last} if last else {})

    def _has_cases(self) -> bool:
        return (self.city / FOLDER).is_dir() or STORE in os.environ

    def _has_machines(self) -> bool:
        """Whether any program acted on cases of the city."""
        try:
            return self._has_cases() and self._machines().entries > 0
        except TulouError:
            return True

    def _machines(self) -> Part:
        count, faults = machine_events(open_casework(self.city, self.names))
        return Part("machines", count, faults=tuple(faults))

    def _alarms(self) -> Part:
        from tulou.app.alarms import open_alarms  # loads the engine

        work = open_alarms(self.city, self.names)
        faults = work.replay_faults()
        return Part("alarms", len(work.replayed().alarms), faults=tuple(faults))

    def _accesses(self) -> Part:
        log = self.trust.log
        faults, last = log.audit(), log.digest()
        return Part("accesses", log.count(), last, {"newest": last} if last else {}, tuple(faults))

    def _requesters(self) -> Part:
        vault = self.trust.vault
        count = vault.count()
        if not vault.keys.path.exists():
            return Part("requesters", count, remark=NO_KEYS)
        return Part("requesters", count, faults=tuple(Fault(what, token) for token, what in vault.faults()))

    def noted_faults(self, parts: Sequence[Part], noted: str) -> list[Fault]:
        """What of a note is no longer there.

        Args:
            parts: The parts as they are.
            noted: A digest, its first letters, or a file with an earlier answer of ``audit verify --json``.

        Raises:
            BadUse: When it is too short to mean anything, or the file is none.
        """
        path = Path(noted)
        if path.is_file():
            return list(self._page_faults({one.name: one for one in parts}, path))
        if len(noted) < FEWEST_LETTERS:
            allowed = (f"{FEWEST_LETTERS} or more",)
            raise BadUse(TOO_SHORT, where="--noted", found=noted, allowed=allowed)
        is_held = any(self._holds(one, noted.lower()) for one in parts)
        return [] if is_held else [Fault(NOT_FOUND, "--noted", noted)]

    def _holds(self, part: Part, noted: str) -> bool:
        if any(digest.startswith(noted) for digest in (part.digest, *part.marks.values())):
            return True
        if part.name == "cases":
            return open_casework(self.city, self.names).store.holds(noted)
        return part.name == "accesses" and self.trust.log.holds(noted)

    def _page_faults(self, parts: dict[str, Part], path: Path) -> Iterator[Fault]:
        try:
            told = {one["part"]: dict(one["marks"]) for one in json.loads(path.read_text("utf-8"))["parts"]}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise BadUse(NO_NOTE, where="--noted", found=path.name) from None
        for name, marks in told.items():
            part = parts.get(name)
            for key, digest in marks.items():
                where = f"{name}: {key}"
                if part is None or (key not in part.marks and key != "newest"):
                    yield Fault(GONE, where, str(digest)[:FEWEST_LETTERS])
                elif part.marks.get(key) != digest and not (key == "newest" and self._holds(part, str(digest))):
                    yield Fault(NOT_FOUND if key == "newest" else CHANGED, where, str(digest)[:FEWEST_LETTERS])


def open_audit(city: Path, names: Sequence[str] = RULEBOOKS) -> Audit:
    """Open the audit of a city.

    Raises:
        BadInput: When there is no city.
    """
    look_at(city)
    return Audit(city, names)


def _folder_digest(place: Path) -> str:
    files = sorted(path for path in place.rglob("*") if path.is_file())
    return digest_text("\n".join(f"{path.relative_to(place).as_posix()} {digest_file(path)}" for path in files))


def _over(marks: dict[str, str]) -> str:
    return digest_text("\n".join(f"{name} {digest}" for name, digest in sorted(marks.items()))) if marks else ""
