"""Reading what is tracked: registers and ``tracking.yaml`` of the rulebooks, then the city's own page.

Three kinds of pages are read in turn, and a later one may set what an earlier one left open:

* ``clauses.yaml`` of a rulebook: the commitments, each with what the policy itself says of bodies, places and targets;
* ``tracking.yaml`` of a rulebook: bodies, places, kinds of evidence, and settings by commitment;
* ``tracker/tracking.yaml`` of the city: the same, set by the province or the city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    choice,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
    words,
)
from tulou.indicators.rulebook.register import REGISTER, read_register
from tulou.indicators.rulebook.register import Commitment as Registered
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.tracker.domain.commitment import (
    BODY_KINDS,
    RHYTHMS,
    TARGET_WAYS,
    WAYS_UP,
    Agenda,
    Body,
    Commitment,
    General,
    Milestone,
    Setter,
    Target,
    Upward,
)

PAGE = "tracking.yaml"
PAGE_KEYS = ("document", "general", "bodies", "places", "evidence", "baseline", "commitments")
SETTING_KEYS = (
    "lead", "supporting", "places", "rhythm", "due", "target", "baseline", "needs", "milestones", "upward",
)  # fmt: skip
REGISTER_KEYS = ("id", "sentences", "says", "kind", "indicators", "shown_by")


@dataclass
class _Draft:
    """An agenda while it is read."""

    rulebook: Rulebook
    faults: Faults = field(default_factory=Faults)
    documents: list[Words] = field(default_factory=list)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    places: dict[str, Words] = field(default_factory=dict)
    evidence: dict[str, Words] = field(default_factory=dict)
    general: General | None = None
    baseline: str = ""


def read_agenda(names: Sequence[str], rulebook: Rulebook, own: Path | None = None) -> Agenda:
    """Read all that is tracked.

    Args:
        names: Rulebooks by name or folder.
        rulebook: The same rulebooks read as one, to check indicators and parameters that are named.
        own: The city's own page; may be absent.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    draft = _Draft(rulebook)
    folders = [folder for folder, _ in chain(list(names))]
    pages = [(read_document(folder / PAGE, f"{folder.name}/{PAGE}")) for folder in folders if (folder / PAGE).is_file()]
    for page in pages:
        _vocabulary(draft, page, "document")
    city = read_document(own, own.name) if own is not None and own.is_file() else None
    if city is not None:
        _vocabulary(draft, city, "city")
    registered = {one.id: one for one in read_register(list(names), rulebook)}
    for folder in folders:
        if (folder / REGISTER).is_file():
            _register(draft, read_document(folder / REGISTER, f"{folder.name}/{REGISTER}"), registered)
    for page in pages:
        _settings(draft, page, "rulebook")
    if city is not None:
        _settings(draft, city, "city")
    draft.faults.raise_any()
    found = {one.name: getattr(draft, one.name) for one in fields(Agenda)}
    return Agenda(**{**found, "documents": tuple(draft.documents)})


def _vocabulary(draft: _Draft, page: At, setter: Setter) -> None:
    with draft.faults.kept(page.where()):
        keys(page, PAGE_KEYS)
    with draft.faults.kept(page.where("document")):
        if "document" in page:
            draft.documents.append(words_of(mapping(page, "document"), "title"))
    for name, entry in mapping(page, "bodies", needed=False).items():
        with draft.faults.kept(page.where("bodies")):
            draft.bodies[name] = _body(name, entry, setter)
    for name, entry in mapping(page, "places", needed=False).items():
        with draft.faults.kept(page.where("places")):
            draft.places[name] = words_of(entry, "title")
    kinds = mapping(page, "evidence", needed=False)
    for name in kinds:
        with draft.faults.kept(kinds.where(name)):
            draft.evidence[name] = words_of(kinds, name)
    draft.baseline = text(page, "baseline", needed=False) or draft.baseline
    with draft.faults.kept(page.where("general")):
        if "general" in page:
            draft.general = _general(draft, mapping(page, "general"))


def _body(name: str, entry: At, setter: Setter) -> Body:
    keys(entry, ("kind", "title", "named"))
    return Body(name, words_of(entry, "title"), choice(entry, "kind", BODY_KINDS), setter)


def _general(draft: _Draft, entry: At) -> General:
    keys(entry, ("answers", "carries_out", "together", "basis"))
    answers, carries_out, together = (
        _named(entry, key, draft.bodies, "body") for key in ("answers", "carries_out", "together")
    )
    return General(answers, carries_out, together, words_of(entry, "basis"))


def _register(draft: _Draft, page: At, registered: Mapping[str, Registered]) -> None:
    for clause in entries(page, "clauses"):
        for entry in entries(clause, "commitments"):
            with draft.faults.kept(entry.where()):
                keys(entry, (*REGISTER_KEYS, *SETTING_KEYS))
                base = registered[text(entry, "id")]
                plain = {one.name: getattr(base, one.name) for one in fields(base)}
                found = _with(draft, Commitment(**plain), entry, "document")
                setters: dict[str, Setter] = {**found.setters, "needs": "rulebook"}
                draft.commitments[base.id] = replace(found, setters=setters)


def _settings(draft: _Draft, page: At, setter: Setter) -> None:
    settings = mapping(page, "commitments", needed=False)
    for name in settings:
        with draft.faults.kept(settings.where(name)):
            looked_up(draft.commitments, name, "commitment", settings.where(name))
            entry = mapping(settings, name)
            keys(entry, SETTING_KEYS)
            draft.commitments[name] = _with(draft, draft.commitments[name], entry, setter)


def _with(draft: _Draft, one: Commitment, entry: At, setter: Setter) -> Commitment:
    """A commitment with what one entry sets of it."""
    readers: dict[str, Any] = {
        "lead": lambda: _named(entry, "lead", draft.bodies, "body"),
        "supporting": lambda: _named(entry, "supporting", draft.bodies, "body"),
        "places": lambda: _named(entry, "places", draft.places, "place"),
        "needs": lambda: _named(entry, "needs", draft.evidence, "kind of evidence"),
        "rhythm": lambda: choice(entry, "rhythm", RHYTHMS),
        "due": lambda: _day(entry, "due"),
        "baseline": lambda: text(entry, "baseline"),
        "target": lambda: _target(draft, mapping(entry, "target")),
        "milestones": lambda: _milestones(entry),
        "upward": lambda: _upward(draft, mapping(entry, "upward")),
    }
    found = {key: readers[key]() for key in SETTING_KEYS if entry.get(key) is not None}
    setters: dict[str, Setter] = {**one.setters, **dict.fromkeys(found, setter)}
    return replace(one, **found, setters=setters)


def _named(entry: At, key: str, table: Mapping[str, object], what: str) -> tuple[str, ...]:
    return tuple(looked_up(table, name, what, entry.where(key)) for name in texts(entry, key))


def _day(entry: At, key: str) -> date:
    found = entry.get(key)
    if not isinstance(found, date):
        raise BadInput(
            f"'{key}' must be a day", where=entry.where(key), found=found, allowed=("a day like 2027-12-31",)
        )
    return found


def _target(draft: _Draft, entry: At) -> Target:
    keys(entry, ("says", "indicator", "value", "parameter", "way"))
    says = words(entry, "says")
    indicator = text(entry, "indicator", needed=False)
    if indicator:
        looked_up(draft.rulebook.indicators, indicator, "indicator", entry.where("indicator"))
    value = number(entry, "value") if "value" in entry else _parameter(draft, entry)
    if value is not None and not indicator:
        raise BadInput("a target with a value names its indicator", where=entry.where(), allowed=("indicator: …",))
    return Target(says or Words("", ""), indicator, value, choice(entry, "way", TARGET_WAYS, TARGET_WAYS[0]))


def _parameter(draft: _Draft, entry: At) -> float | None:
    """The value a dated parameter has in its newest version."""
    name = text(entry, "parameter", needed=False)
    if not name:
        return None
    looked_up(draft.rulebook.parameters, name, "parameter", entry.where("parameter"))
    value = draft.rulebook.parameters[name].values.versions[-1].value.number
    if value is None:
        raise BadInput("a target is one number, and this parameter is not", where=entry.where("parameter"), found=name)
    return value


def _milestones(entry: At) -> tuple[Milestone, ...]:
    found = []
    for step in entries(entry, "milestones"):
        keys(step, ("id", "title", "due"))
        found.append(
            Milestone(text(step, "id"), words_of(step, "title"), _day(step, "due") if step.get("due") else None)
        )
    twice = {step.id for step in found if sum(other.id == step.id for other in found) > 1}
    if twice:
        raise BadInput("two milestones have one id", where=entry.where("milestones"), found=", ".join(sorted(twice)))
    return tuple(found)


def _upward(draft: _Draft, entry: At) -> Upward:
    keys(entry, ("way", "to"))
    return Upward(choice(entry, "way", WAYS_UP), _named(entry, "to", draft.bodies, "body"))
