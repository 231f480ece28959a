"""Reading what is tracked: registers and ``tracking.yaml`` of the rulebooks, then the city's own page.

Three kinds of pages are read in turn, and a later one may set what an earlier one left open:

* ``clauses.yaml`` of a rulebook: the commitments, each with what the policy itself says of bodies, places and targets;
* ``tracking.yaml`` of a rulebook: bodies, places, kinds of evidence, and settings by commitment;
* the page of the city: the same, set by the province or the city.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    choice,
    day,
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
from tulou.kernel.documents import At, parse_document, read_document
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
CITY_KEYS = ("bodies", "places", "evidence", "baseline", "commitments")
PAGE_KEYS = ("document", "general", *CITY_KEYS)
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
    since: date | None = None


def read_agenda(names: Sequence[str], rulebook: Rulebook, own: str = "", own_name: str = PAGE) -> Agenda:
    """Read all that is tracked.

    Args:
        names: Rulebooks by name or folder.
        rulebook: The same rulebooks read as one, to check indicators and parameters that are named.
        own: The city's own page as text; empty when it has none.
        own_name: How messages call that page.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    draft = _Draft(rulebook)
    folders = [folder for folder, _ in chain(list(names))]
    pages = [(read_document(folder / PAGE, f"{folder.name}/{PAGE}")) for folder in folders if (folder / PAGE).is_file()]
    for page in pages:
        _vocabulary(draft, page, "document")
    city = parse_document(own, own_name) if own else None
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
        keys(page, CITY_KEYS if setter == "city" else PAGE_KEYS)
    with draft.faults.kept(page.where("document")):
        if "document" in page and setter != "city":
            document = mapping(page, "document")
            draft.documents.append(words_of(document, "title"))
            draft.since = day(document, "date")
    bodies, places, kinds = (mapping(page, key, needed=False) for key in ("bodies", "places", "evidence"))
    for name in bodies:
        with draft.faults.kept(bodies.where(name)):
            _must_be_new(draft.bodies, name, bodies)
            draft.bodies[name] = _body(name, mapping(bodies, name), setter)
    for name in places:
        with draft.faults.kept(places.where(name)):
            _must_be_new(draft.places, name, places)
            keys(mapping(places, name), ("named", "title"))
            draft.places[name] = words_of(mapping(places, name), "title")
    for name in kinds:
        with draft.faults.kept(kinds.where(name)):
            _must_be_new(draft.evidence, name, kinds)
            draft.evidence[name] = words_of(kinds, name)
    draft.baseline = text(page, "baseline", needed=False) or draft.baseline
    with draft.faults.kept(page.where("general")):
        if "general" in page and setter != "city":
            draft.general = _general(draft, mapping(page, "general"))


def _must_be_new(table: Container[str], name: str, page: At) -> None:
    if name in table:
        raise BadInput("this name is taken by an earlier page", where=page.where(name), found=name)


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
    """A commitment with what one entry sets of it; what the policy itself says stays as it says."""
    readers: dict[str, Any] = {
        "lead": lambda: _named(entry, "lead", draft.bodies, "body"),
        "supporting": lambda: _joined(one.supporting, _named(entry, "supporting", draft.bodies, "body")),
        "places": lambda: _named(entry, "places", draft.places, "place"),
        "needs": lambda: _needs(draft, entry),
        "rhythm": lambda: choice(entry, "rhythm", RHYTHMS),
        "due": lambda: _due(draft, entry),
        "baseline": lambda: text(entry, "baseline"),
        "target": lambda: _target(draft, mapping(entry, "target"), one.target),
        "milestones": lambda: _milestones(entry),
        "upward": lambda: _upward(draft, mapping(entry, "upward")),
    }
    given = [key for key in SETTING_KEYS if entry.get(key) is not None]
    for key in given:
        if setter != "document" and one.setters.get(key) == "document" and not _is_open(one, key):
            raise BadInput("the policy itself sets this, and no page changes it", where=entry.where(key), found=key)
    found = {key: readers[key]() for key in given}
    setters: dict[str, Setter] = {**one.setters, **dict.fromkeys(found, setter)}
    made = replace(one, **found, setters=setters)
    _must_be_in_order(made, entry)
    return made


def _is_open(one: Commitment, key: str) -> bool:
    """Whether a page may add to what the policy says: more bodies that support, a value for a target in words."""
    return key == "supporting" or (key == "target" and one.target is not None and one.target.value is None)


def _joined(before: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def _needs(draft: _Draft, entry: At) -> tuple[str, ...]:
    found = _named(entry, "needs", draft.evidence, "kind of evidence")
    if not found:
        raise BadInput(
            "done always needs evidence", where=entry.where("needs"), found="[]", allowed=sorted(draft.evidence)
        )
    return found


def _due(draft: _Draft, entry: At) -> date:
    found = day(entry, "due")
    if draft.since is not None and found < draft.since:
        raise BadInput(
            "this day lies before the policy itself",
            where=entry.where("due"),
            found=str(found),
            allowed=(f"from {draft.since}",),
        )
    return found


def _must_be_in_order(one: Commitment, entry: At) -> None:
    """Refuse a milestone that is due after the commitment."""
    for step in one.milestones:
        if one.due is not None and step.due is not None and step.due > one.due:
            raise BadInput(
                "a milestone is not due after its commitment",
                where=entry.where("milestones"),
                found=f"{step.id}: {step.due}",
                allowed=(f"up to {one.due}",),
            )


def _named(entry: At, key: str, table: Mapping[str, object], what: str) -> tuple[str, ...]:
    return tuple(looked_up(table, name, what, entry.where(key)) for name in texts(entry, key))


def _target(draft: _Draft, entry: At, before: Target | None) -> Target:
    """A target; its words may be left out where the policy has said them."""
    keys(entry, ("says", "indicator", "value", "parameter", "way"))
    says = words(entry, "says", needed=before is None)
    indicator = text(entry, "indicator", needed=False)
    if indicator:
        looked_up(draft.rulebook.indicators, indicator, "indicator", entry.where("indicator"))
    value = _finite(entry) if "value" in entry else _parameter(draft, entry)
    if value is not None and not indicator:
        raise BadInput("a target with a value names its indicator", where=entry.where(), allowed=("indicator: …",))
    told = before.says if before is not None and says is None else says or Words("", "")
    return Target(told, indicator, value, choice(entry, "way", TARGET_WAYS, TARGET_WAYS[0]))


def _finite(entry: At) -> float:
    found = number(entry, "value")
    if not math.isfinite(found):
        raise BadInput(
            "a value to reach is a finite number", where=entry.where("value"), found=str(found), allowed=("a number",)
        )
    return found


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
            Milestone(text(step, "id"), words_of(step, "title"), day(step, "due") if step.get("due") else None)
        )
    twice = {step.id for step in found if sum(other.id == step.id for other in found) > 1}
    if twice:
        raise BadInput("two milestones have one id", where=entry.where("milestones"), found=", ".join(sorted(twice)))
    return tuple(found)


def _upward(draft: _Draft, entry: At) -> Upward:
    keys(entry, ("way", "to"))
    return Upward(choice(entry, "way", WAYS_UP), _named(entry, "to", draft.bodies, "body"))
