"""History: the log of a city, its branches and tags, and which commits count at a place on the record clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from tulou.kernel.clock import MAIN
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.store.layout import Layout
from tulou.model.store.manifest import ERASURE, Commit, Part, read_commit, read_json

Record = int | datetime | str | None
"""A place on the record clock: number of a commit, a moment, a tag, a text such as ``2026-01-29``; None for now."""


@dataclass(frozen=True)
class Branch:
    """A named overlay of assertions on the city as it was known at one commit.

    Args:
        name: Its name.
        base: Branch it lies on; empty for ``main``.
        commit: Last commit of the base that counts.
        about: What it is for.
    """

    name: str
    base: str = ""
    commit: int = 0
    about: str = ""


@dataclass(frozen=True)
class Tag:
    """A name for a commit, such as a published check.

    Args:
        name: Its name.
        commit: Number of the commit.
        about: What it marks.
    """

    name: str
    commit: int
    about: str = ""


@dataclass(frozen=True)
class History:
    """All commits, branches and tags of a city at one look."""

    commits: tuple[Commit, ...] = ()
    branches: Mapping[str, Branch] = field(default_factory=dict)
    tags: Mapping[str, Tag] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """Number of the newest commit; 0 when there is none."""
        return len(self.commits)

    @property
    def tokens(self) -> frozenset[str]:
        """Writers whose commit appeared."""
        return frozenset(commit.token for commit in self.commits)

    def branch(self, name: str) -> Branch:
        """A branch by name.

        Raises:
            BadUse: When there is none of that name.
        """
        if name not in self.branches:
            raise BadUse("the city has no such branch", found=name, allowed=sorted(self.branches))
        return self.branches[name]

    def commit(self, number: int) -> Commit:
        """A commit by number.

        Raises:
            BadUse: When there is none of that number.
        """
        if not 1 <= number <= self.last:
            raise BadUse("there is no such commit", found=number, allowed=(f"1 to {self.last}",))
        return self.commits[number - 1]

    def visible(self, branch: str, record: int) -> tuple[Commit, ...]:
        """Commits that count on a branch at a record, oldest first."""
        upto = record
        seen: list[Commit] = []
        at: Branch | None = self.branch(branch)
        while at is not None:
            name = at.name
            seen.extend(commit for commit in self.commits[:upto] if commit.branch == name)
            upto = min(upto, at.commit)
            at = self.branches[at.base] if at.base else None
        return tuple(sorted(seen, key=lambda commit: commit.number))

    def merges(self, branch: str) -> tuple[Commit, ...]:
        """Commits that took over the changes of a branch, oldest first."""
        return tuple(commit for commit in self.commits if commit.merged == branch)

    def head(self, branch: str) -> int:
        """Newest commit that counts on a branch; 0 for none."""
        seen = self.visible(branch, self.last)
        return seen[-1].number if seen else 0

    def resolve(self, record: Record) -> int:
        """The number of the last commit that counts at a place on the record clock.

        Raises:
            BadUse: When there is no such commit or tag, or the text is neither a tag nor a time.
        """
        if record is None:
            return self.last
        if isinstance(record, int):
            return record if record == 0 else self.commit(record).number
        return self._until(record if isinstance(record, datetime) else self._moment(record))

    def _moment(self, text: str) -> datetime | int:
        if text in self.tags:
            return self.tags[text].commit
        if text.isdecimal():
            return self.resolve(int(text))
        try:
            return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time.min, UTC) - _LEAST
        except ValueError:
            pass
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise BadUse(
                "neither a tag, a commit nor a time",
                where="record",
                found=text,
                allowed=(*sorted(self.tags), "2026-01-29", "2026-01-29T12:00+08:00", f"1 to {self.last}"),
            ) from None

    def _until(self, moment: datetime | int) -> int:
        if isinstance(moment, int):
            return moment
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return sum(1 for commit in self.commits if commit.time <= moment)

    def part(self, part: Part) -> Part:
        """The data file that now stands in place of one, after erasures."""
        for commit in self.commits:
            if commit.kind == ERASURE:
                part = commit.replaced.get(part.file, part)
        return part

    def claims(self, commits: tuple[Commit, ...], entity: str, day: date) -> frozenset[str]:
        """Selections of an entity that are claimed to be completely known on a day."""
        held: set[str] = set()
        for commit in commits:
            held -= set(commit.withdrawn.get(entity, ()))
            if commit.valid.holds(day):
                held |= set(commit.complete.get(entity, ()))
        return frozenset(held)


_LEAST = timedelta(microseconds=1)


def read_history(layout: Layout, known: dict[int, Commit]) -> History:
    """Read the log; manifests never change, so those already known are not read again.

    Args:
        layout: The city.
        known: Manifests read before; added to.

    Raises:
        BadInput: When a manifest is damaged or missing; names the file.
    """
    numbers = sorted(int(path.stem) for path in layout.commits.glob("[0-9]*.json") if path.stem.isdecimal())
    for place, number in enumerate(numbers, start=1):
        if number != place:
            raise BadInput("a manifest is missing", where=str(layout.manifest(place)))
        if number not in known:
            found = read_commit(layout.manifest(number))
            if found.number != number:
                raise BadInput(
                    "this manifest is damaged: it names another commit",
                    where=str(layout.manifest(number)),
                    found=found.number,
                    allowed=(str(number),),
                )
            known[number] = found
    commits = tuple(known[number] for number in numbers)
    return History(commits, _branches(layout), _tags(layout))


def _branches(layout: Layout) -> dict[str, Branch]:
    found = {MAIN: Branch(MAIN)}
    for path in sorted(layout.branches.glob("[!.]*.json")):
        page = read_json(path)
        try:
            branch = Branch(str(page["name"]), str(page["base"]), int(page["commit"]), str(page["about"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput("this branch is damaged", where=str(path), found=str(error)) from None
        found[branch.name] = branch
    for branch in found.values():
        if branch.base and branch.base not in found:
            raise BadInput("the base of this branch is missing", where=branch.name, found=branch.base, allowed=found)
    return found


def _tags(layout: Layout) -> dict[str, Tag]:
    found: dict[str, Tag] = {}
    for path in sorted(layout.tags.glob("[!.]*.json")):
        page = read_json(path)
        try:
            tag = Tag(str(page["name"]), int(page["commit"]), str(page["about"]))
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput("this tag is damaged", where=str(path), found=str(error)) from None
        found[tag.name] = tag
    return found
