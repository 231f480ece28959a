"""The two ends of a comparison, as a person names them: checks, tags, branches, days as known at a record, or now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from tulou.app.checking import newest, rules_of
from tulou.app.wiring import RULEBOOKS, last_day, rulebook
from tulou.diagnosis.difference.coalitions import Side
from tulou.indicators.evaluate.explain import reopened
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.folders import find_rulebook
from tulou.indicators.rulebook.kept import DIGITS, ORDER
from tulou.indicators.rulebook.kept import FOLDER as KEPT_RULEBOOKS
from tulou.kernel.clock import MAIN, parse_day
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.store.city import City, StoreState

NOW = "now"
AT, ON = "@", ":"
"""Between a day and a record, and between a branch and a day."""
WAYS = (NOW, "2026-01-29", "2026-01-29@12", "BRANCH:2026-01-29@12")
"""Ways to name an end beside checks, tags and branches."""


@dataclass(frozen=True)
class End:
    """One of the two ends compared.

    Args:
        said: What it was called.
        check: Id of the check, when it is one that was kept.
        state: The city.
        rulebook: What is asked.
        published: Results as they were kept; None when nothing was.
    """

    said: str
    check: str
    state: StoreState
    rulebook: Rulebook
    published: pa.Table | None = None

    @property
    def side(self) -> Side:
        """How it is made again."""
        return Side(self.rulebook, self.state, self.state.moment.valid)

    @property
    def day(self) -> date:
        """Its day in the world, by whose rules it is asked."""
        return self.state.moment.valid

    @property
    def record(self) -> int:
        """Last commit that counts."""
        return self.state.history.resolve(self.state.moment.record)


@dataclass(frozen=True)
class Named:
    """What a name of an end stands for, found without reading any rulebook.

    Args:
        check: Id of the check; empty when it is no kept check.
        day: Its day in the world.
        record: Last commit that counts; None for all there are.
        branch: Its branch.
    """

    check: str
    day: date
    record: int | None
    branch: str


def name_of(city: City, name: str) -> Named:
    """Look up what one end is called.

    Args:
        city: The city.
        name: What it is called.

    Raises:
        BadUse: When there is no such check, tag, branch or day.
        BadInput: When a check is damaged.
    """
    folders = kept_checks(city.path)
    folder = _folder(folders, name, city)
    if folder is not None:
        check = load_check(folder)
        return Named(check.id, check.day, check.record, check.branch)
    state = _state(city, folders, name)
    return Named("", state.moment.valid, state.history.resolve(state.moment.record), state.branch)


def ends_of(city: City, names: Sequence[str], *, rulebooks: Sequence[str] = ()) -> tuple[End, ...]:
    """Look up the ends of a comparison.

    Args:
        city: The city.
        names: What they are called.
        rulebooks: Rulebooks for ends that are no kept checks; those of the newest check among the ends, or of the city,
            when empty.

    Raises:
        BadUse: When there is no such check, tag, branch or day.
        BadInput: When a check is damaged or of another city, or its rulebook no longer loads.
    """
    folders = kept_checks(city.path)
    found = [_kept(city, _folder(folders, name, city), name) for name in names]
    checks = [one.check for one in found if one is not None]
    like = [folder for folder in folders if folder.name in checks] or folders
    states = [None if one is not None else _state(city, folders, name) for name, one in zip(names, found, strict=True)]
    rules = _rules(city, rulebooks, like) if None in found else None
    ends: list[End] = []
    for name, one, state in zip(names, found, states, strict=True):
        if state is not None and rules is not None:
            ends.append(End(name, "", state, rules))
        elif one is not None:
            ends.append(one)
    return tuple(ends)


def _folder(folders: Sequence[Path], name: str, city: City) -> Path | None:
    """The kept check of a name: its id, the beginning of one, or a tag that only one check was made at."""
    exact = [folder for folder in folders if folder.name == name]
    if exact:
        return exact[0]
    if name == NOW or name in city.branches() or _is_day(name):
        return None
    tag = city.tags().get(name)
    if tag is not None:
        made = [folder for folder in folders if load_check(folder).record == tag.commit]
        return newest(made) if made else None
    begun = [folder for folder in folders if name and folder.name.startswith(name)]
    if len(begun) > 1:
        raise BadUse(
            "several checks begin like this", where=str(city.path), found=name, allowed=[one.name for one in begun]
        )
    return begun[0] if begun else None


def _kept(city: City, folder: Path | None, said: str) -> End | None:
    if folder is None:
        return None
    check = load_check(folder)
    if check.profile.name != city.profile.name:
        raise BadInput(
            "this check is of another city", where=folder.name, found=check.profile.name, allowed=(city.profile.name,)
        )
    state = city.state(valid=check.day, record=check.record, branch=check.branch)
    rules = rules_of(city.path, check)
    reopened(check, rules, state)
    return End(said, check.id, state, rules, check.results)


def _state(city: City, folders: Sequence[Path], name: str) -> StoreState:
    """The state that a name stands for which is no kept check."""
    if name == NOW:
        return city.state(valid=last_day(city))
    if name in city.branches():
        return city.state(valid=last_day(city), branch=name)
    if name in city.tags():
        return city.state(valid=last_day(city), record=name)
    branch, _, rest = name.rpartition(ON) if name.count(ON) == 1 or AT not in name else _branch_first(name)
    day, at, record = rest.partition(AT)
    if not _is_day(day) or (branch and branch not in city.branches()) or (at and not record):
        known = [*(folder.name for folder in folders), *city.tags(), *city.branches(), *WAYS]
        raise BadUse("there is no such check, tag, branch or day", where=str(city.path), found=name, allowed=known)
    return city.state(valid=parse_day(day), record=record or None, branch=branch or MAIN)


def _branch_first(name: str) -> tuple[str, str, str]:
    """A name in which the record may be a moment with colons of its own."""
    before, at, record = name.partition(AT)
    branch, on, day = before.rpartition(ON)
    return branch, on, f"{day}{at}{record}"


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except BadInput:
        return False
    return True


def _rules(city: City, named: Sequence[str], folders: Sequence[Path]) -> Rulebook:
    """Rulebooks named, else today's ones of the same names as those of the newest of some checks."""
    if named or not folders:
        return rulebook(tuple(named) or RULEBOOKS)
    digest = str(load_check(newest(folders)).rulebook["digest"])
    try:
        order = json.loads((city.path / KEPT_RULEBOOKS / digest[:DIGITS] / ORDER).read_text(encoding="utf-8"))
        names = tuple(str(name) for name in order["folders"])
        for name in names:
            find_rulebook(name)
    except (OSError, ValueError, KeyError, TypeError, BadInput):
        return rulebook(RULEBOOKS)
    return rulebook(names)
