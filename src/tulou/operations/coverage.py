"""How far each clause is covered: what is computed, what is only tracked, what is not there yet.

The parts of each clause stand in ``coverage.yaml`` of a rulebook, each with the indicators, measures, modules and
commitments that answer it. Every name is looked up: a part whose name no longer exists is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, entries, keys, looked_up, text, texts
from tulou.indicators.rulebook.register import Commitment, read_register
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of

PAGE = "coverage.yaml"
PartState = Literal["computed", "tracked", "not_yet"]
RowState = Literal["computed", "partly", "tracked", "not_yet"]
ROW_STATES: tuple[RowState, ...] = get_args(RowState)
"""All parts are there and some are computed; some parts are computed and some are not there; tracked by evidence only,
nothing of it computed; nothing is there."""

KINDS = ("indicator", "measure", "code", "file", "commitment")
"""What may answer a part: an indicator, a measure, a module, a file of a rulebook, a commitment that is tracked."""

_COMPUTES = frozenset({"indicator", "measure", "code", "file"})


@dataclass(frozen=True)
class Part:
    """One thing that a city should get of a clause.

    Args:
        says: What it is.
        by: What answers it, as ``kind/name``.
        missing: Those of ``by`` that do not exist.
    """

    says: Words
    by: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def state(self) -> PartState:
        """Whether it is computed, only tracked, or not there."""
        if not self.by or self.missing:
            return "not_yet"
        return "computed" if any(name.split("/", 1)[0] in _COMPUTES for name in self.by) else "tracked"


@dataclass(frozen=True)
class Truth:
    """A published figure that a clause is proved by.

    Args:
        says: The figure.
        where: Folder or file of the tests that reproduce it; empty when none does yet.
    """

    says: str
    where: str = ""


@dataclass(frozen=True)
class Row:
    """One clause.

    Args:
        number: Number of the clause.
        title: Its title.
        commitments: Its commitments.
        indicators: Ids of the indicators that serve it.
        measures: Names of the measures those are computed by.
        parts: What a city should get of it.
        truths: Published figures it is proved by.
    """

    number: str
    title: Words
    commitments: tuple[Commitment, ...]
    indicators: tuple[str, ...]
    measures: tuple[str, ...]
    parts: tuple[Part, ...]
    truths: tuple[Truth, ...]

    @property
    def state(self) -> RowState:
        """Whether the clause is computed, computed in part, only tracked, or not there."""
        states = {part.state for part in self.parts}
        if "computed" in states:
            return "partly" if "not_yet" in states else "computed"
        return "tracked" if "tracked" in states else "not_yet"

    @property
    def not_yet(self) -> tuple[Part, ...]:
        """What of it is not there yet."""
        return tuple(part for part in self.parts if part.state == "not_yet")

    @property
    def proved(self) -> tuple[Truth, ...]:
        """Published figures that are reproduced."""
        return tuple(truth for truth in self.truths if truth.where)


def coverage_of(names: Sequence[str], rulebook: Rulebook, measures: Container[str]) -> tuple[Row, ...]:
    """How far each clause is covered, in the order of the register.

    Args:
        names: Rulebooks by name or folder.
        rulebook: The same, read as one.
        measures: Names of all measures.

    Raises:
        BadInput: When a page of coverage or a register cannot be read; says every fault.
    """
    listed: dict[str, list[Commitment]] = {}
    for one in read_register(list(names), rulebook):
        listed.setdefault(one.clause, []).append(one)
    known: dict[str, Callable[[str], bool]] = {
        "indicator": lambda name: name in rulebook.indicators,
        "measure": lambda name: name in measures,
        "code": _is_module,
        "file": lambda name: any((folder.parent / name).is_file() for folder, _ in chain(list(names))),
        "commitment": lambda name: any(one.id == name for many in listed.values() for one in many),
    }
    parts: dict[str, tuple[Part, ...]] = {}
    truths: dict[str, tuple[Truth, ...]] = {}
    faults = Faults()
    for folder, _ in chain(list(names)):
        if (folder / PAGE).is_file():
            _read(folder / PAGE, listed, known, parts, truths, faults)
    faults.raise_any()
    return tuple(
        Row(
            number,
            many[0].title,
            tuple(many),
            served := _indicators(number, many, rulebook),
            _measures(served, rulebook),
            parts.get(number) or tuple(map(_as_part, many)),
            truths.get(number, ()),
        )
        for number, many in listed.items()
    )


def _read(
    path: Path,
    listed: Mapping[str, object],
    known: Mapping[str, Callable[[str], bool]],
    parts: dict[str, tuple[Part, ...]],
    truths: dict[str, tuple[Truth, ...]],
    faults: Faults,
) -> None:
    page = read_document(path, f"{path.parent.name}/{PAGE}")
    keys(page, ("clauses",))
    for entry in entries(page, "clauses"):
        with faults.kept(entry.where()):
            keys(entry, ("number", "parts", "truths"))
            number = looked_up(listed, text(entry, "number"), "clause", entry.where("number"))
            parts[number] = tuple(_part(one, known) for one in entries(entry, "parts"))
            truths[number] = tuple(_truth(one) for one in entries(entry, "truths"))


def _part(entry: At, known: Mapping[str, Callable[[str], bool]]) -> Part:
    keys(entry, ("says", "by"))
    by = texts(entry, "by")
    for name in by:
        if name.split("/", 1)[0] not in KINDS or "/" not in name:
            raise BadInput(
                "what answers a part is named by its kind and name",
                where=entry.where("by"),
                found=name,
                allowed=[f"{kind}/…" for kind in KINDS],
            )
    missing = tuple(name for name in by if not known[name.split("/", 1)[0]](name.split("/", 1)[1]))
    return Part(words_of(entry, "says"), by, missing)


def _truth(entry: At) -> Truth:
    keys(entry, ("says", "in"))
    return Truth(text(entry, "says"), text(entry, "in", needed=False))


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _as_part(one: Commitment) -> Part:
    """A commitment as a part, for a rulebook that lists no parts of its own."""
    by = tuple(f"indicator/{name}" for name in one.indicators) if one.kind == "computed" else ()
    return Part(one.says, (*by, f"commitment/{one.id}"))


def _indicators(number: str, many: Sequence[Commitment], rulebook: Rulebook) -> tuple[str, ...]:
    named = [name for one in many for name in one.indicators]
    tagged = [one.id for one in rulebook.indicators.values() if number in one.clauses]
    return tuple(dict.fromkeys((*named, *tagged)))


def _measures(indicators: Sequence[str], rulebook: Rulebook) -> tuple[str, ...]:
    formulas = (
        formula for name in indicators for variant in rulebook.indicators[name].variants for formula in variant.formulas
    )
    return tuple(sorted({formula.binding.measure for formula in formulas if formula.binding.measure}))
