"""Reading entries of a rulebook: keys that are allowed, values of the right kind, and all faults kept together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput, BadUse, Fault, TulouError
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of

T = TypeVar("T")


class Faults:
    """All that is wrong with a rulebook, so that it is told at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def kept(self, where: str = "") -> _Keeper:
        """Keep the faults raised in a block and go on after it; ``where`` fills in for faults that name no place."""
        return _Keeper(self, where)

    def add(self, what: str, where: str, found: object = None, allowed: Iterable[str] = ()) -> None:
        """Keep one fault."""
        self.found.append(Fault(what, where, found, tuple(allowed)))

    def raise_any(self) -> None:
        """Raise all that was kept, in the order of files and lines."""
        if self.found:
            once = {str(fault): fault for fault in self.found}
            raise BadInput.of(sorted(once.values(), key=_place))


@dataclass
class _Keeper:
    """A block whose faults are kept."""

    faults: Faults
    where: str

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, TulouError):
            return False
        found = (fault if fault.where else replace(fault, where=self.where) for fault in error.faults)
        self.faults.found.extend(found)
        return True


def _place(fault: Fault) -> tuple[str, int]:
    file, _, line = fault.where.rpartition(":")
    return (file, int(line)) if line.isdigit() else (fault.where, 0)


@contextmanager
def at(where: str) -> Iterator[None]:
    """Name the place of faults raised inside that name none."""
    try:
        yield
    except TulouError as error:
        raise BadInput.of(replace(fault, where=where) for fault in error.faults) from None


def keys(entry: At, allowed: Iterable[str]) -> None:
    """Refuse keys that mean nothing here, all of them at once."""
    known = tuple(allowed)
    wrong = [key for key in entry if key not in known]
    if wrong:
        raise BadInput.of(Fault("unknown key", entry.where(key), key, known) for key in wrong)


def mapping(entry: At, key: str, *, needed: bool = True) -> At:
    """A mapping under a key; an empty one when it may be absent."""
    found = entry.get(key)
    if isinstance(found, At):
        return found
    if found is None and not needed:
        empty = At()
        empty.file, empty.line = entry.file, entry.lines.get(key, entry.line)
        return empty
    raise BadInput(f"'{key}' must be a mapping", where=entry.where(key), found=found, allowed=(f"{key}: {{…}}",))


def text(entry: At, key: str, *, needed: bool = True) -> str:
    """A text under a key; empty when it may be absent."""
    found = entry.get(key)
    if found is None or found == "":
        if needed:
            raise BadInput(f"'{key}' is missing", where=entry.where(), allowed=(f"{key}: …",))
        return ""
    if isinstance(found, (dict, list)):
        raise BadInput(f"'{key}' must be one word or text", where=entry.where(key), found=found)
    return str(found)


def choice(entry: At, key: str, allowed: Iterable[str], default: str | None = None) -> str:
    """One of some words under a key."""
    found = text(entry, key, needed=default is None) or str(default)
    known = tuple(allowed)
    if found not in known:
        raise BadInput(f"not a value of '{key}'", where=entry.where(key), found=found, allowed=known)
    return found


def texts(entry: At, key: str) -> tuple[str, ...]:
    """A list of texts under a key; none when absent. One text stands for a list of it."""
    found = entry.get(key)
    if found is None:
        return ()
    listed = found if isinstance(found, list) else [found]
    if any(isinstance(item, (dict, list)) for item in listed):
        raise BadInput(f"'{key}' must be a list of words", where=entry.where(key), found=found)
    return tuple(str(item) for item in listed)


def entries(entry: At, key: str) -> list[At]:
    """A list of mappings under a key; none when absent."""
    found = entry.get(key)
    if found is None:
        return []
    if not isinstance(found, list) or any(not isinstance(item, At) for item in found):
        raise BadInput(f"'{key}' must be a list of mappings", where=entry.where(key), found=found)
    return found


def number(entry: At, key: str, default: float | None = None) -> float:
    """A number under a key."""
    found = entry.get(key, default)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise BadInput(f"'{key}' must be a number", where=entry.where(key), found=found, allowed=("a number",))
    return float(found)


def day(entry: At, key: str) -> date:
    """A day under a key."""
    found = entry.get(key)
    if not isinstance(found, date):
        raise BadInput(
            f"'{key}' must be a day", where=entry.where(key), found=found, allowed=("a day like 2026-01-29",)
        )
    return found


def words(entry: At, key: str, *, needed: bool = True) -> Words | None:
    """A text in both languages under a key."""
    if not needed and entry.get(key) is None:
        return None
    return words_of(entry, key)


def looked_up(table: Iterable[str], name: str, what: str, where: str) -> str:
    """A name that must be in a table."""
    known = sorted(table)
    if name not in known:
        raise BadInput(f"there is no such {what}", where=where, found=name, allowed=known)
    return name


def named(registry: Iterable[str], name: str) -> str:
    """A name asked for by a caller, who is at fault when it is not there."""
    known = sorted(registry)
    if name not in known:
        raise BadUse("there is no such indicator", found=name, allowed=known)
    return name
