"""Where the pieces meet: registries, rulebooks and cities, opened the same way by every command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from tulou.indicators.rulebook.folders import chain, find_rulebook
from tulou.kernel.declaration import Measure
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.registry import Registry
from tulou.model.dictionary import Dictionary, read_dictionary

if TYPE_CHECKING:
    from tulou.indicators.rulebook.content import Rulebook
    from tulou.model.store.city import City

RULEBOOKS = ("international", "fujian")
"""Rulebooks a check is made by when none is named; each brings those it extends."""


def dictionary(names: Sequence[str] = RULEBOOKS) -> Dictionary:
    """The data dictionary that some rulebooks make together; each set of them is read once."""
    return _dictionary(tuple(names))


@cache
def _dictionary(names: tuple[str, ...]) -> Dictionary:
    return read_dictionary([folder / "columns" for folder, _ in chain(list(names))])


@cache
def measures() -> Registry[Measure]:
    """All measures, ours and those of other packages."""
    from tulou.measures.catalogue import all_measures  # loads every subject and its libraries

    return all_measures()


def rulebook(names: Sequence[str] = RULEBOOKS) -> Rulebook:
    """Some rulebooks read as one; each set of them is read once.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    return _rulebook(tuple(names))


@cache
def _rulebook(names: tuple[str, ...]) -> Rulebook:
    from tulou.indicators.rulebook.read import read_rulebook  # checks against all measures

    for name in names:
        _must_exist(name)
    return read_rulebook(list(names), measures(), dictionary=dictionary(names))


def _must_exist(name: str) -> None:
    """Refuse a rulebook that is asked for and is not there."""
    try:
        find_rulebook(name)
    except BadInput as error:
        raise BadUse.of(replace(fault, where="--rulebook") for fault in error.faults) from None


def open_city(path: Path) -> City:
    """Open a city, described by today's data dictionary.

    Raises:
        BadInput: When there is no city.
    """
    from tulou.model.store.city import City  # loads the storage libraries

    return City.open(path, dictionary())


def look_at(path: Path) -> City:
    """Open a city to look at, described as it was last written; quicker than reading the rulebooks.

    Raises:
        BadInput: When there is no city.
    """
    from tulou.model.store.city import City  # loads the storage libraries

    return City.open(path)


def last_day(city: City, branch: str | None = None) -> date:
    """The newest day from which any commit holds: the day a question is about when none is named.

    Args:
        city: The city.
        branch: Only commits that count on this branch; all by default.

    Raises:
        BadUse: When there is no such branch.
        NotEnoughData: When nothing was imported yet.
    """
    days = [commit.valid.start for commit in city.log(branch) if commit.valid is not None]
    if not days:
        raise NotEnoughData("nothing was imported into this city yet", where=str(city.path), allowed=("tulou import",))
    return max(days)


def new_city(path: Path, name: str, *, synthetic: bool = False) -> City:
    """Make a new city; its metric system is chosen from the first facts.

    Raises:
        BadUse: When something stands there already.
        OSError: When it cannot be written; nothing of it is left behind.
    """
    from tulou.model.state import Profile
    from tulou.model.store.city import City

    described = dictionary()
    was_there = path.exists()
    try:
        return City.create(path, profile=Profile(name, "", synthetic=synthetic), dictionary=described)
    except OSError:
        if path.is_dir():
            for half in path.iterdir() if was_there else (path,):
                rmtree(half, ignore_errors=True)
        raise
