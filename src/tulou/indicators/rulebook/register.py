"""The register of commitments: what each clause of a policy document promises, and which indicators serve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.folders import chain
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, Fault
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of

REGISTER = "clauses.yaml"
KINDS = ("computed", "tracked")


@dataclass(frozen=True)
class Commitment:
    """One thing that a clause promises, in our own words.

    Args:
        id: Clause number and a number of its own, e.g. ``12.3``.
        clause: Number of the clause.
        title: Title of the clause.
        says: What is promised.
        kind: ``computed`` when an indicator can tell, ``tracked`` when only evidence can.
        sentences: Ordinals of the sentences of the clause that it accounts for.
        indicators: Ids of the indicators that serve it.
        shown_by: What evidence would show it.
    """

    id: str
    clause: str
    title: Words
    says: Words
    kind: str
    sentences: tuple[int, ...]
    indicators: tuple[str, ...]
    shown_by: Words


def read_register(names: list[str], rulebook: Rulebook) -> tuple[Commitment, ...]:
    """Read the registers of some rulebooks.

    Args:
        names: Rulebooks by name or folder.
        rulebook: The same rulebooks read as one, to check the indicators named.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults: list[Fault] = []
    found: list[Commitment] = []
    for folder, _ in chain(list(names)):
        path = folder / REGISTER
        if path.is_file():
            page = read_document(path, f"{folder.name}/{REGISTER}")
            for clause in page.get("clauses") or []:
                found += _of_clause(clause, rulebook, faults)
    if faults:
        raise BadInput.of(faults)
    return tuple(found)


def _of_clause(clause: At, rulebook: Rulebook, faults: list[Fault]) -> Iterator[Commitment]:
    for entry in clause.get("commitments") or []:
        try:
            made = _commitment(clause, entry)
        except BadInput as error:
            faults.extend(error.faults)
            continue
        unknown = [name for name in made.indicators if name not in rulebook.indicators]
        faults.extend(
            Fault("there is no such indicator", entry.where("indicators"), name, tuple(sorted(rulebook.indicators)))
            for name in unknown
        )
        yield made


def _commitment(clause: At, entry: At) -> Commitment:
    kind = entry.get("kind")
    if kind not in KINDS:
        raise BadInput("not a kind of commitment", where=entry.where("kind"), found=kind, allowed=KINDS)
    if not entry.get("id"):
        raise BadInput("'id' is missing", where=entry.where())
    return Commitment(
        str(entry["id"]),
        str(clause["number"]),
        words_of(clause, "title"),
        words_of(entry, "says"),
        str(kind),
        tuple(entry.get("sentences") or ()),
        tuple(map(str, entry.get("indicators") or ())),
        words_of(entry, "shown_by"),
    )
