"""A city: a folder of facts with two clocks, branches and tags, which any tool can read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tulou.kernel.clock import FOREVER, MAIN, Interval, Moment, now
from tulou.kernel.errors import BadInput, BadUse, Conflict, Fault
from tulou.kernel.facts import Extract, Facts
from tulou.kernel.identity import digest_file
from tulou.kernel.progress import Progress
from tulou.kernel.provenance import Quality
from tulou.model.changes import ChangeSet, changes
from tulou.model.dictionary import Dictionary
from tulou.model.geography import check_system
from tulou.model.rows import Rows
from tulou.model.state import Profile, State
from tulou.model.store.clashing import Side
from tulou.model.store.describing import (
    dictionary_text,
    profile_at,
    read_dictionary_of,
    read_profile,
    write_description,
    write_dictionary,
)
from tulou.model.store.erasing import digests, finish, rewrite
from tulou.model.store.history import Branch, History, Record, Tag, read_history
from tulou.model.store.importing import PLAIN, Importing, Work, announce, as_extract, at_work
from tulou.model.store.layout import Layout, check_name, new_token, publish, sweep
from tulou.model.store.manifest import ERASURE, Commit
from tulou.model.store.merging import Merging, merge
from tulou.model.store.reading import Sheet, StoredRows, holding

_EPOCH = date(1970, 1, 1)


@dataclass(eq=False)
class City:
    """A city in a folder. Any number of these may read and write one folder, in any number of processes.

    Args:
        path: The folder.
        dictionary: The data dictionary facts are checked against.
    """

    path: Path
    dictionary: Dictionary
    _founded: Profile
    _manifests: dict[int, Commit] = field(default_factory=dict)
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    @classmethod
    def create(cls, path: Path | str, *, profile: Profile, dictionary: Dictionary) -> City:
        """Make a new city.

        Args:
            path: A folder that is empty or does not exist yet.
            profile: Its name; ``crs`` may be empty and is then chosen from the first facts.
            dictionary: Its data dictionary.

        Raises:
            BadUse: When something stands there already.
            BadInput: When the coordinate system is not one in metres.
        """
        layout = Layout(Path(path))
        if profile.crs:
            check_system(profile.crs)
        if layout.root.exists() and (not layout.root.is_dir() or any(layout.root.iterdir())):
            raise BadUse("something stands here already", where=str(path), allowed=("a new or empty folder",))
        layout.commits.mkdir(parents=True, exist_ok=True)
        write_description(layout, profile, dictionary)
        return cls(Path(path), dictionary, profile)

    @classmethod
    def open(cls, path: Path | str, dictionary: Dictionary | None = None) -> City:
        """Open a city.

        Args:
            path: Its folder.
            dictionary: A newer dictionary to describe it with; the one in the folder by default.

        Raises:
            BadInput: When there is no city, or one of its files is damaged.
        """
        layout = Layout(Path(path))
        founded = read_profile(layout)
        city = cls(Path(path), dictionary or read_dictionary_of(layout), founded)
        finish(layout, city._look())
        return city

    @cached_property
    def layout(self) -> Layout:
        """Where everything lies."""
        return Layout(self.path)

    @property
    def profile(self) -> Profile:
        """What is fixed for the city, as of now."""
        return profile_at(self._founded, self._look().commits)

    def log(self, branch: str | None = None) -> tuple[Commit, ...]:
        """All commits, oldest first; of one branch, those that count on it."""
        history = self._look()
        return history.commits if branch is None else history.visible(branch, history.last)

    def state(self, *, valid: date, record: Record = None, branch: str = MAIN) -> StoreState:
        """The city as it was on a day, as far as it was known at a record.

        Args:
            valid: The day in the world.
            record: Commit number, tag, moment or text; None for all that is known.
            branch: Which branch.

        Raises:
            BadUse: When there is no such branch, commit or tag.
            BadInput: When a file of the store is damaged.
        """
        history = self._look()
        name = history.branch(branch).name
        return StoreState(self, history, name, Moment(valid, history.resolve(record), name))

    def commit(
        self,
        facts: Extract | Iterable[Facts],
        *,
        who: str,
        message: str,
        valid_from: date,
        valid_to: date | None = None,
        branch: str = MAIN,
        how: Importing = PLAIN,
        progress: Progress | None = None,
    ) -> Commit:
        """Add facts as one commit, which appears whole or not at all.

        Args:
            facts: What a connector gave, or facts made here.
            who: Who answers for it.
            message: What it is about.
            valid_from: First day on which rows hold that do not say themselves.
            valid_to: First day on which they no longer do.
            branch: Where to add it.
            how: Strictness, what nulls do, claims taken back.
            progress: Told of each step.

        Raises:
            BadInput: When the facts do not fit the dictionary; nothing is kept.
            Conflict: When someone else made a commit meanwhile; nothing is kept, and trying again is safe.
        """
        extract = as_extract(facts)
        history = self._look()
        history.branch(branch)
        quality = Quality(extract.quality.read, extract.quality.kept, list(extract.quality.remarks))
        refused = quality.refused
        valid = Interval(valid_from, valid_to or FOREVER)
        profile = profile_at(self._founded, history.commits)
        if how.after is not None and history.last != how.after:
            raise Conflict(f"commit {history.last} was made by someone else meanwhile; try again", where=str(self.path))
        with self._writing(history, profile, valid, how, quality) as work:
            parts = work.write(extract, lambda entity: self._sheets_of(history, branch, history.last, entity), progress)
            quality.kept = max(quality.kept - (quality.refused - refused), 0)
            draft = Commit(
                number=work.number,
                branch=branch,
                parent=history.head(branch),
                time=self._time(history),
                who=who,
                message=message,
                token=work.token,
                valid=valid,
                source=extract.source if extract.source.name else None,
                parts=parts,
                complete=_claims(extract),
                withdrawn={entity: tuple(claims) for entity, claims in how.withdraw.items()},
                quality=quality,
                profile=_changes(profile, work.profile, extract.source.licence),
                merged=how.merged,
            )
            write_dictionary(self.layout, self._described)
            announce(self.layout, draft)
        return draft

    @cached_property
    def _described(self) -> str:
        """The dictionary as it is written beside every commit."""
        return dictionary_text(self.dictionary)

    def tag(self, name: str, record: Record = None, *, about: str = "") -> Tag:
        """Name a commit for ever, such as a published check.

        Raises:
            Conflict: When the name is taken.
        """
        tag = Tag(check_name(name, "tag"), self._look().resolve(record), about)
        self._publish_small(self.layout.tags / f"{name}.json", asdict(tag), f"tag '{name}'")
        return tag

    def tags(self) -> Mapping[str, Tag]:
        """All tags by name."""
        return self._look().tags

    def branch(self, name: str, *, base: str = MAIN, record: Record = None, about: str = "") -> Branch:
        """Begin a branch on the city as it is known at a record.

        Args:
            name: Its name.
            base: The branch it lies on.
            record: Where on the base it begins; None for its newest commit.
            about: What it is for.

        Raises:
            Conflict: When the name is taken.
        """
        history = self._look()
        if name == MAIN:
            raise BadUse("this name is taken", where="branch", found=name)
        found = Branch(check_name(name, "branch"), history.branch(base).name, history.resolve(record), about)
        self._publish_small(self.layout.branches / f"{name}.json", asdict(found), f"branch '{name}'")
        return found

    def branches(self) -> Mapping[str, Branch]:
        """All branches by name."""
        return self._look().branches

    def merge(
        self, name: str, *, valid_from: date, who: str = "", message: str = "", prefer: Side | None = None
    ) -> Commit:
        """Take the changes of a branch over into the branch it lies on, as one commit: its project is built.

        Args:
            name: The branch.
            valid_from: Day from which the changes are true.
            who: Who answers for it.
            message: What it is about.
            prefer: Whose word holds where both changed the same; None for neither, which is a conflict.

        Raises:
            BadUse: When there is no such branch, or it says nothing of its own on that day.
            Conflict: When both changed the same attribute of the same object to different values since the branch
                began or was merged last; names all, with both values and both commits. Nothing is kept.
        """
        return merge(self, self._look(), Merging(name, valid_from, who, message, prefer))

    def merges(self, name: str) -> tuple[Commit, ...]:
        """Commits that took over the changes of a branch, oldest first."""
        return self._look().merges(name)

    def changes(self, before: State, after: State, entities: Iterable[str] | None = None) -> ChangeSet:
        """What differs between two states, attribute by attribute; see ``tulou.model.changes``."""
        return changes(before, after, entities)

    def erase(self, ids: Iterable[str], *, order: str, who: str) -> Commit:
        """Take everything known of some objects out of the city, on legal order, for all days, records and branches.

        Args:
            ids: The objects.
            order: The legal order, as it is to stand in the log.
            who: Who carried it out.

        Raises:
            BadUse: When no order is named, or none of the objects was ever known.
            Conflict: When someone else made a commit meanwhile; nothing was erased, and trying again is safe.
        """
        names = sorted(set(ids))
        if not order.strip():
            raise BadUse("erasure needs a legal order", where="order", allowed=("authority, number and date",))
        history = self._look()
        with self._writing(history, self.profile, Interval(), PLAIN, Quality()) as work:
            replaced = rewrite(work, history, names)
            if not replaced:
                raise BadUse("nothing is known of these objects", where="ids", found=", ".join(names))
            erasure = Commit(
                number=work.number,
                branch=MAIN,
                parent=history.head(MAIN),
                time=self._time(history),
                who=who,
                message=f"erased {len(names)} objects",
                token=work.token,
                kind=ERASURE,
                replaced=replaced,
                order=order,
                erased=digests(names),
            )
            announce(self.layout, erasure)
        self._manifests.clear()
        finish(self.layout, self._look())
        self._manifests.clear()
        return erasure

    def verify(self) -> None:
        """Read every data file and compare its digest with its manifest.

        Raises:
            BadInput: Naming every file that is missing or damaged.
        """
        history = self._look()
        faults: list[Fault] = []
        for commit in history.commits:
            for part in map(history.part, commit.parts):
                path = self.layout.file(part.file)
                if not path.is_file():
                    faults.append(Fault(f"a data file of commit {commit.number} is missing", str(path)))
                elif digest_file(path) != part.sha256:
                    faults.append(Fault(f"a data file of commit {commit.number} is damaged", str(path)))
        if faults:
            raise BadInput.of(faults)

    def _look(self) -> History:
        return read_history(self.layout, self._manifests)

    def _time(self, history: History) -> datetime:
        """Record time never runs backwards, whatever the machine's clock does."""
        return max([now(), *(commit.time for commit in history.commits[-1:])])

    def _sheets_of(self, history: History, branch: str, record: int, entity: str) -> list[Sheet]:
        """All that a branch knows of an entity at a record, in the order of commits."""
        return [
            sheet for commit in history.visible(branch, record) for sheet in self._sheets_in(history, commit, entity)
        ]

    def sheets_of(self, commit: Commit, entity: str) -> list[Sheet]:
        """What one commit says of an entity."""
        return self._sheets_in(self._look(), commit, entity)

    def _sheets_in(self, history: History, commit: Commit, entity: str) -> list[Sheet]:
        sheets: list[Sheet] = []
        for first in commit.parts:
            if first.entity != entity:
                continue
            part = history.part(first)
            if part.file not in self._sheets:
                path = self.layout.file(part.file)
                self._sheets[part.file] = Sheet(commit.number, frozenset(part.columns), path, part)
            sheets.append(self._sheets[part.file])
        return sheets

    @contextmanager
    def _writing(
        self, history: History, profile: Profile, valid: Interval, how: Importing, quality: Quality
    ) -> Iterator[Work]:
        sweep(self.layout, history.tokens)
        finish(self.layout, history)
        work = Work(self.layout, self.dictionary, profile, history.last + 1, new_token(), valid, how, quality)
        with at_work(work):
            yield work

    def _publish_small(self, place: Path, document: dict[str, Any], what: str) -> None:
        token = new_token()
        draft = self.layout.drafts / token / place.name
        draft.parent.mkdir(parents=True)
        try:
            draft.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            publish(draft, place, what)
        finally:
            draft.unlink(missing_ok=True)
            draft.parent.rmdir()


@dataclass(eq=False)
class StoreState:
    """A state of a city in a store; each entity is read when it is first asked for.

    Args:
        city: The city.
        history: The log at the time of asking.
        branch: Which branch.
        moment: Its place on both clocks.
    """

    city: City
    history: History
    branch: str
    moment: Moment
    _rows: dict[str, StoredRows] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """What is fixed for the city; credits are those of the sources that count here."""
        profile = profile_at(self.city._founded, self.commits)  # noqa: SLF001  (two halves of one thing)
        system = profile.crs or profile_at(self.city._founded, self.history.commits).crs  # noqa: SLF001
        return replace(profile, crs=system)

    @property
    def dictionary(self) -> Dictionary:
        """The data dictionary it is described with."""
        return self.city.dictionary

    @cached_property
    def commits(self) -> tuple[Commit, ...]:
        """The commits that count, oldest first."""
        return self.history.visible(self.branch, self.history.resolve(self.moment.record))

    def rows(self, entity: str) -> Rows:
        """The objects of one entity; no rows when there are none.

        Raises:
            BadUse: When the dictionary has no such entity.
            BadInput: When a data file is missing or damaged; names it.
        """
        if entity not in self._rows:
            described = self.dictionary[entity]
            record = self.history.resolve(self.moment.record)
            sheets = self.city._sheets_of(self.history, self.branch, record, entity)  # noqa: SLF001
            selection = holding(sheets, (self.moment.valid - _EPOCH).days)
            complete = self.history.claims(self.commits, entity, self.moment.valid)
            spoken = frozenset(name for sheet in sheets for name in sheet.columns)
            self._rows[entity] = StoredRows(described, selection, complete, spoken)
        return self._rows[entity]

    def last_spoken(self, entity: str, ids: Iterable[str]) -> dict[str, int]:
        """Newest commit that speaks of each of some objects, whether they are there on the day or not.

        Args:
            entity: What they are.
            ids: Their ids; those nobody ever spoke of are left out.
        """
        record = self.history.resolve(self.moment.record)
        left, found = pa.array(sorted(set(ids)), pa.string()), dict[str, int]()
        for sheet in reversed(self.city._sheets_of(self.history, self.branch, record, entity)):  # noqa: SLF001
            known = pc.is_in(left, value_set=pc.cast(sheet.keys.ids, pa.string()))
            found.update(dict.fromkeys(left.filter(known).to_pylist(), sheet.commit))
            left = left.filter(pc.invert(known))
            if not len(left):
                break
        return found


def _claims(extract: Extract) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for facts in extract.facts:
        if facts.complete:
            found.setdefault(facts.entity, set()).update(facts.complete)
    return {entity: tuple(sorted(claims)) for entity, claims in sorted(found.items())}


def _changes(before: Profile, after: Profile, licence: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if after.crs != before.crs:
        changes["crs"] = after.crs
    if licence and licence not in before.credit:
        changes["credit"] = [*before.credit, licence]
    return changes
