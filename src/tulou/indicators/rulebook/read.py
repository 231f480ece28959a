"""Reading a rulebook: every file of it and of those it extends, all faults told at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tulou.indicators.rulebook.content import (
    Clause,
    Draft,
    Indicator,
    Quantity,
    Responsible,
    Rulebook,
    Selection,
)
from tulou.indicators.rulebook.entries import Setting, read_indicator
from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.parameters import check_classes, read_parameters
from tulou.indicators.rulebook.reading import Faults, entries, keys, looked_up, mapping, text, texts, words
from tulou.indicators.rulebook.selections import announce_quantities, read_quantities, read_selections, refuse_circles
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.kernel.declaration import Measure
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.registry import Registry
from tulou.kernel.words import Words
from tulou.model.dictionary import Dictionary, read_dictionary, words_of

DRAFT_KEYS = ("title", "unit", "method", "mark", "basis")
FRONT_KEYS = ("id", "title", "version", "extends", "dimensions", "about")


@dataclass
class _Draft:
    """A rulebook while it is read."""

    vocabulary: Vocabulary
    faults: Faults
    dimensions: dict[str, Words] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)
    responsible: list[Responsible] = field(default_factory=list)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)


def read_rulebook(
    names: Iterable[str | Path] | str | Path, measures: Registry[Measure], *, dictionary: Dictionary | None = None
) -> Rulebook:
    """Read a rulebook by name or folder, with all it extends.

    Args:
        names: A name such as ``china``, a folder, or several; the last one gives id, title and version.
        measures: Measures that its indicators may name.
        dictionary: Data dictionary to use in place of the rulebook's own columns.

    Raises:
        BadInput: With every fault found, each with file and line.
    """
    rulebook, faults = read_partly(names, measures, dictionary=dictionary)
    faults.raise_any()
    return rulebook


def read_partly(
    names: Iterable[str | Path] | str | Path, measures: Registry[Measure], *, dictionary: Dictionary | None = None
) -> tuple[Rulebook, Faults]:
    """Read what is sound of a rulebook, with all that is not: for those who are writing it.

    Raises:
        BadInput: When there is no such rulebook, or its columns or front page cannot be read.
    """
    folders = chain([names] if isinstance(names, (str, Path)) else list(names))
    faults = Faults()
    words_known = dictionary or _dictionary([folder for folder, _ in folders], faults)
    draft = _Draft(_vocabulary(words_known, measures), faults)
    pages = {folder: _pages(folder, faults) for folder, _ in folders}
    _read_names(draft, folders, pages)
    for folder, front in folders:
        _read_indicators(draft, text(front, "id"), pages[folder])
    front = folders[-1][1]
    rulebook = Rulebook(
        id=text(front, "id"),
        title=words_of(front, "title"),
        version=text(front, "version"),
        digest=_digest([folder for folder, _ in folders]),
        dimensions=draft.dimensions,
        dictionary=words_known,
        measures=measures,
        selections=draft.vocabulary.selections,
        quantities=draft.quantities,
        parameters=draft.vocabulary.parameters,
        indicators=dict(sorted(draft.indicators.items())),
        clauses=draft.clauses,
        responsible=tuple(draft.responsible),
        drafts=tuple(draft.drafts),
        folders=tuple(folder for folder, _ in folders),
    )
    return rulebook, faults


def _dictionary(folders: list[Path], faults: Faults) -> Dictionary:
    with faults.kept():
        return read_dictionary([folder / "columns" for folder in folders])
    faults.raise_any()
    return Dictionary({})


def _vocabulary(dictionary: Dictionary, measures: Registry[Measure]) -> Vocabulary:
    found = Vocabulary(dictionary, measures)
    for entity in dictionary.values():
        found.selections[entity.name] = Selection(entity.name, entity.title, entity.name)
    return found


def _pages(folder: Path, faults: Faults) -> dict[str, list[At]]:
    """Pages of a rulebook by section; files named as a message shows them, from the rulebook's folder on."""
    found: dict[str, list[At]] = {}
    for section in ("parameters", "quantities", "selections", "indicators", "clauses", "responsible", "drafts"):
        found[section] = []
        for path in _files(folder, section):
            with faults.kept():
                found[section].append(read_document(path, f"{folder.name}/{path.relative_to(folder).as_posix()}"))
    return found


def _files(folder: Path, section: str) -> Iterator[Path]:
    if (folder / f"{section}.yaml").is_file():
        yield folder / f"{section}.yaml"
    yield from sorted((folder / section).rglob("*.yaml"))


def _read_names(draft: _Draft, folders: list[tuple[Path, At]], pages: dict[Path, dict[str, list[At]]]) -> None:
    """Everything an indicator may name: parameters, then quantities' names, selections, and quantities."""
    vocabulary, faults = draft.vocabulary, draft.faults
    for folder, front in folders:
        with faults.kept(front.where()):
            keys(front, FRONT_KEYS)
            dimensions = mapping(front, "dimensions", needed=False)
            draft.dimensions.update({name: words_of(dimensions, name) for name in dimensions})
        for page in pages[folder]["parameters"]:
            read_parameters(page, vocabulary, text(front, "id"), faults)
    check_classes(vocabulary, faults)
    by_section = {
        section: [page for folder, _ in folders for page in pages[folder][section]]
        for section in ("quantities", "selections", "clauses", "responsible")
    }
    for page in by_section["quantities"]:
        announce_quantities(page, vocabulary, faults)
    for page in by_section["selections"]:
        read_selections(page, vocabulary, faults)
    for page in by_section["quantities"]:
        draft.quantities.update(read_quantities(page, vocabulary, faults))
    for page in by_section["clauses"]:
        _read_clauses(draft, page)
    for page in by_section["responsible"]:
        _read_responsible(draft, page)
    refuse_circles(draft.quantities, vocabulary, faults)


def _read_clauses(draft: _Draft, page: At) -> None:
    with draft.faults.kept(page.where()):
        register = page.get("clauses", page)
        if isinstance(register, list):
            register = _by_number(entries(page, "clauses"))
        for number, entry in register.items():
            if isinstance(entry, At) and "title" in entry:
                with draft.faults.kept(entry.where()):
                    title, about = words_of(entry, "title"), words(entry, "about", needed=False)
                    draft.clauses[str(number)] = Clause(str(number), title, about)


def _by_number(listed: list[At]) -> dict[str, At]:
    return {text(entry, "number"): entry for entry in listed}


def _read_responsible(draft: _Draft, page: At) -> None:
    for name in page:
        with draft.faults.kept(page.where(name)):
            entry = mapping(page, name)
            keys(entry, ("title", "dimensions", "indicators", "about"))
            dimensions = texts(entry, "dimensions")
            for dimension in dimensions:
                looked_up(draft.dimensions, dimension, "dimension", entry.where("dimensions"))
            found = Responsible(name, words_of(entry, "title"), dimensions, texts(entry, "indicators"))
            draft.responsible.append(found)


def _read_indicators(draft: _Draft, rulebook: str, pages: dict[str, list[At]]) -> None:
    setting = Setting(draft.vocabulary, draft.dimensions, frozenset(draft.clauses), rulebook)
    for page in pages["indicators"]:
        before = len(draft.faults.found)
        with draft.faults.kept(page.where()):
            indicator = read_indicator(page, setting, draft.faults)
            _refuse_twins(page, indicator, draft.indicators.get(indicator.id))
            if len(draft.faults.found) == before:
                draft.indicators[indicator.id] = indicator
    for page in pages["drafts"]:
        for name in page:
            with draft.faults.kept(page.where(name)):
                draft.drafts.append(_draft(mapping(page, name), name))


def _refuse_twins(page: At, indicator: Indicator, other: Indicator | None) -> None:
    """Refuse a second indicator of one id, but for one that says whose it stands in place of."""
    held = other.rulebook if other else ""
    if indicator.replaces and (indicator.replaces != held or indicator.rulebook == held):
        told = "no indicator of this id is replaced here"
        raise BadInput(told, where=page.where("replaces"), found=indicator.replaces, allowed=(held,) if held else ())
    if other is not None and not indicator.replaces:
        told = "two indicators have one id"
        raise BadInput(told, where=page.where("id"), found=indicator.id, allowed=(other.where,))


def _draft(entry: At, name: str) -> Draft:
    keys(entry, DRAFT_KEYS)
    told = (text(entry, key, needed=key == "title") for key in DRAFT_KEYS)
    return Draft(name, *told)


def _digest(folders: list[Path]) -> str:
    """One digest of all files, named from their rulebook's folder on, so that it is the same on every machine."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.yaml")):
            total.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
