"""Crosswalks: which indicators answer to which part of an international framework, and how nearly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, choice, entries, keys, looked_up, mapping, text, texts, words
from tulou.kernel.dated import EVIDENCE
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of

FILE = "crosswalk.yaml"
Match = Literal["exact", "close", "partial", "none"]
MATCHES: tuple[Match, ...] = get_args(Match)
"""How nearly an indicator answers, the nearest first: the same definition and unit; the same quantity with a difference
that is said; a part or another definition; nothing answers."""
PARTS = ("indicator", "theme", "cell")
"""What the entries of a framework are."""
KEYS = ("code", "title", "unit_of", "evidence", "refs", "note", "entries")
ENTRY_KEYS = ("code", "title", "evidence", "note", "answers")
ANSWER_KEYS = ("indicator", "match", "note")


@dataclass(frozen=True)
class Answer:
    """One indicator that answers.

    Args:
        indicator: Its id.
        match: How nearly.
        note: What differs; None when nothing was said.
    """

    indicator: str
    match: Match
    note: Words | None = None


@dataclass(frozen=True)
class Item:
    """One part of a framework.

    Args:
        code: Its code there.
        title: Its title.
        evidence: How well what is said of the framework is evidenced.
        answers: Indicators that answer, as written; none when nothing does.
        note: What a reader must know; why nothing answers.
        where: File and line.
    """

    code: str
    title: Words
    evidence: str
    answers: tuple[Answer, ...]
    note: Words | None
    where: str

    @property
    def match(self) -> Match:
        """How nearly its best answer answers."""
        return min((one.match for one in self.answers), key=MATCHES.index, default="none")


@dataclass(frozen=True)
class Framework:
    """An international framework.

    Args:
        name: Its key.
        code: The short code it is asked for by.
        title: Its title.
        unit_of: What its entries are: one of ``PARTS``.
        evidence: How well its list is evidenced.
        refs: Where it was read.
        note: What a reader must know.
        items: Its parts, in its order.
    """

    name: str
    code: str
    title: Words
    unit_of: str
    evidence: str
    refs: tuple[str, ...]
    note: Words | None
    items: tuple[Item, ...]


def read_crosswalks(names: Iterable[str | Path], rulebook: Rulebook) -> dict[str, Framework]:
    """The crosswalks of some rulebooks, by code.

    Args:
        names: Rulebooks by name or folder.
        rulebook: The same rulebooks read as one, to check the indicators named.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, Framework]()
    for folder, _ in chain(list(names)):
        path = folder / FILE
        if path.is_file():
            page = read_document(path, f"{folder.name}/{FILE}")
            for name in page:
                with faults.kept(page.where(name)):
                    made = _framework(name, mapping(page, name), rulebook, faults)
                    found[made.code] = made
    faults.raise_any()
    return found


def chosen_frameworks(frameworks: Mapping[str, Framework], codes: Iterable[str]) -> list[Framework]:
    """Frameworks by code, in any spelling of case; all of them when none is named.

    Raises:
        BadUse: For a code that no rulebook has.
    """
    known = {code.upper(): one for code, one in frameworks.items()}
    chosen = [code.upper().replace(" ", "") for code in codes]
    for code in chosen:
        if code not in known:
            raise BadUse(
                "no rulebook has such a framework", where="--framework", found=code, allowed=sorted(frameworks)
            )
    return [known[code] for code in chosen] if chosen else list(frameworks.values())


def _framework(name: str, page: At, rulebook: Rulebook, faults: Faults) -> Framework:
    with faults.kept():
        keys(page, KEYS)
    evidence = choice(page, "evidence", EVIDENCE)
    items: list[Item] = []
    for entry in entries(page, "entries"):
        with faults.kept(entry.where()):
            items.append(_item(entry, evidence, rulebook, faults))
    codes = [one.code for one in items]
    for one in items:
        if codes.count(one.code) > 1:
            faults.add(TWICE, one.where, one.code)
    return Framework(
        name,
        text(page, "code"),
        words_of(page, "title"),
        choice(page, "unit_of", PARTS),
        evidence,
        texts(page, "refs"),
        words(page, "note", needed=False),
        tuple(items),
    )


TWICE = "two entries of a framework have one code"


def _item(entry: At, evidence: str, rulebook: Rulebook, faults: Faults) -> Item:
    with faults.kept():
        keys(entry, ENTRY_KEYS)
    answers: list[Answer] = []
    for one in entries(entry, "answers"):
        with faults.kept(one.where()):
            answers.append(_answer(one, rulebook))
    note = words(entry, "note", needed=False)
    if not entries(entry, "answers") and note is None:
        raise BadInput("an entry that nothing answers says why", where=entry.where(), allowed=("note: {zh: …, en: …}",))
    return Item(
        text(entry, "code"),
        words_of(entry, "title"),
        choice(entry, "evidence", EVIDENCE, evidence),
        tuple(answers),
        note,
        entry.where(),
    )


def _answer(entry: At, rulebook: Rulebook) -> Answer:
    keys(entry, ANSWER_KEYS)
    indicator = looked_up(rulebook.indicators, text(entry, "indicator"), "indicator", entry.where("indicator"))
    match = choice(entry, "match", MATCHES[:-1])
    note = words(entry, "note", needed=False)
    if match == "close" and note is None:
        told = "an answer that is close says what differs"
        raise BadInput(told, where=entry.where("match"), allowed=("note: {zh: …, en: …}",))
    return Answer(indicator, next(one for one in MATCHES if one == match), note)
