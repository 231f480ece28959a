"""Reading flows: ``flows/*.yaml`` of the rulebooks, each with its versions by date; and texts of versions as kept.

A version may stand on an earlier one (``like:``) and give only what differs; a city adds a dated version with limits of
its own that way. A version is kept as one text that holds all of it, with the bodies of the rulebook that handle cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import yaml

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    at,
    choice,
    day,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    texts,
)
from tulou.kernel.documents import At, parse_document, read_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.identity import digest_text
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.cases.domain.fields import FIELD_KINDS, Field, FieldKind
from tulou.operations.cases.domain.flow import (
    NEEDS,
    SUBJECTS,
    Body,
    Call,
    CaseClass,
    CaseState,
    Flow,
    Following,
    Milestone,
    Need,
    Separation,
    Subject,
    Transition,
)
from tulou.operations.cases.domain.limits import LIMIT_UNITS, DutyHours, Limit, LimitUnit, Span

FOLDER = "flows"
RESPONSIBLE = "responsible.yaml"
GRADES = ("sourced", "derived", "memory")
PAGE_KEYS = ("id", "title", "versions")
VERSION_KEYS = (
    "version", "from", "like", "source", "evidence", "about", "start", "opens", "migrates", "handles", "limit",
    "duty", "roles", "bodies", "states", "transitions", "classes", "separations", "escalations", "reminders",
    "fields", "back",
)  # fmt: skip
LIMIT_KEYS = ("amount", "unit", "source", "evidence")


@dataclass(frozen=True)
class Flows:
    """All flows of some rulebooks.

    Args:
        versions: Versions of each flow by its id, the earliest first.
    """

    versions: Mapping[str, tuple[Flow, ...]]

    def on(self, name: str, opened: date) -> Flow:
        """The version of a flow by which cases are opened on a day.

        Raises:
            BadUse: When there is no such flow, or none of its versions holds yet.
        """
        held = [one for one in self._of(name) if one.since <= opened]
        if not held:
            since = (f"from {self._of(name)[0].since}",)
            raise BadUse("no version of this flow holds on this day", where=name, found=str(opened), allowed=since)
        return held[-1]

    def version(self, name: str, version: str) -> Flow:
        """One version of a flow.

        Raises:
            BadUse: When there is none of that name.
        """
        found = {one.version: one for one in self._of(name)}
        if version not in found:
            raise BadUse("this flow has no such version", where=name, found=version, allowed=tuple(found))
        return found[version]

    def _of(self, name: str) -> tuple[Flow, ...]:
        if name not in self.versions:
            raise BadUse("there is no such flow", where="--flow", found=name, allowed=sorted(self.versions))
        return self.versions[name]


@dataclass
class _Draft:
    faults: Faults = field(default_factory=Faults)
    titles: dict[str, At] = field(default_factory=dict)
    versions: dict[str, dict[str, At]] = field(default_factory=dict)
    flows: dict[str, list[Flow]] = field(default_factory=dict)


def read_flows(names: Sequence[str | Path]) -> Flows:
    """Read the flows of some rulebooks.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    draft = _Draft()
    folders = [folder for folder, _ in chain(list(names))]
    bodies = _responsible(folders)
    for folder in folders:
        for path in sorted((folder / FOLDER).glob("*.yaml")):
            with draft.faults.kept():
                _page(draft, read_document(path, f"{folder.name}/{FOLDER}/{path.name}"), bodies)
    draft.faults.raise_any()
    _must_follow(draft.flows, draft.faults)
    draft.faults.raise_any()
    return Flows({name: tuple(sorted(found, key=lambda one: one.since)) for name, found in draft.flows.items()})


def flow_of(kept: str, name: str) -> Flow:
    """Read a version of a flow from the text it was kept as.

    Args:
        kept: The text.
        name: How messages call it.

    Raises:
        BadInput: With every fault.
    """
    page, faults = parse_document(kept, name), Faults()
    with faults.kept(name):
        found = _flow(page, text(page, "id"), words_of(page, "title"), faults, kept)
        faults.raise_any()
        return found
    faults.raise_any()
    raise BadInput("this flow cannot be read", where=name)


def _responsible(folders: Sequence[Path]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in folders:
        if (folder / RESPONSIBLE).is_file():
            page = read_document(folder / RESPONSIBLE, f"{folder.name}/{RESPONSIBLE}")
            for name in page:
                title = words_of(mapping(page, name), "title")
                found[name] = {"title": {"zh": title.zh, "en": title.en}}
    return found


def _page(draft: _Draft, page: At, bodies: Mapping[str, Any]) -> None:
    keys(page, PAGE_KEYS)
    name = text(page, "id")
    if "title" in page:
        draft.titles[name] = page
    if name not in draft.titles:
        raise BadInput("the first page of a flow has a title", where=page.where(), found=name)
    title = words_of(draft.titles[name], "title")
    known = draft.versions.setdefault(name, {})
    for entry in entries(page, "versions"):
        with draft.faults.kept(entry.where()):
            keys(entry, VERSION_KEYS)
            version, like = text(entry, "version"), text(entry, "like", needed=False)
            if version in known:
                raise BadInput("this version stands there already", where=entry.where("version"), found=version)
            whole = _over(known[looked_up(known, like, "version", entry.where("like"))], entry) if like else entry
            known[version] = whole
            kept = _text_of(whole, name, title, bodies)
            flow = _flow(whole, name, title, draft.faults, kept, bodies)
            draft.flows.setdefault(name, []).append(flow)


def _over(base: At, own: At) -> At:
    """A version with what another says in its place."""
    whole = At()
    whole.file, whole.line = own.file, own.line
    for page in (base, own):
        for key, value in page.items():
            whole[key], whole.lines[key] = value, page.lines.get(key, own.line)
    return whole


def _text_of(page: At, name: str, title: Words, bodies: Mapping[str, Any]) -> str:
    """All of a version as one text, the same whichever pages it came from."""
    plain = {key: value for key, value in _plain(page).items() if key != "like"}
    role = str(plain.get("handles", ""))
    able = {one: {**entry, "roles": [role]} for one, entry in bodies.items()}
    own: Any = plain.get("bodies")
    own = own if isinstance(own, dict) else {}
    plain |= {"id": name, "title": {"zh": title.zh, "en": title.en}, "bodies": {**able, **own}}
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=1000))


def _plain(value: Any) -> Any:  # noqa: ANN401  (a document holds any plain data)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def _flow(
    page: At, name: str, title: Words, faults: Faults, kept: str, shared: Mapping[str, Any] | None = None
) -> Flow:
    """One version; what is wrong in its parts is kept, so that all of it is told at once."""
    before = len(faults.found)
    roles, handles = _roles(page, faults), text(page, "handles")
    looked_up(roles, handles, "role", page.where("handles"))
    found = Flow(
        id=name,
        title=title,
        version=text(page, "version"),
        since=day(page, "from"),
        source=text(page, "source"),
        about=cast("Subject", choice(page, "about", SUBJECTS)),
        start=text(page, "start"),
        opens=_known(page, "opens", roles, "role"),
        migrates=_known(page, "migrates", roles, "role"),
        handles=handles,
        limit=_limit(page, "limit"),
        duty=_duty(page),
        roles=roles,
        bodies=_bodies(page, roles, faults, shared or {}, handles),
        states=_states(page, faults),
        transitions={},
        classes={},
        separations=(),
        escalations=_calls(page, "escalations", "after", roles, faults),
        reminders=_calls(page, "reminders", "before", roles, faults),
        fields=_fields(page, faults),
        back=_back(page),
        digest=digest_text(kept),
        text=kept,
    )
    choice(page, "evidence", GRADES)
    looked_up(found.states, found.start, "state", page.where("start"))
    classes = _classes(page, found, faults)
    known = {**found.fields, **{name: one for kind in classes.values() for name, one in kind.fields.items()}}
    transitions = _transitions(page, found, known, faults)
    parts = {
        "transitions": transitions,
        "classes": classes,
        "separations": _separations(page, transitions, faults),
    }
    whole = Flow(**{**vars(found), **parts})
    if len(faults.found) == before:
        _must_lead_on(whole, page, faults)
    return whole


def _must_lead_on(flow: Flow, page: At, faults: Faults) -> None:
    """Tell of states that nothing reaches, that nothing leaves though they are no end, or that end and lead on."""
    seen, todo = {flow.start}, [flow.start]
    while todo:
        for one in flow.leading_from(todo.pop()):
            if one.to and one.to not in seen:
                seen.add(one.to)
                todo.append(one.to)
    lost = sorted(set(flow.states) - seen)
    stuck = sorted(name for name, one in flow.states.items() if not one.is_end and not _goes_on(flow, name))
    revived = sorted(name for name, one in flow.states.items() if one.is_end and _goes_on(flow, name))
    told = {
        "nothing leads to this state": lost,
        "nothing leads on from this state, and it is no end": stuck,
        "an end leads to ends only": revived,
    }
    for what, names in told.items():
        for name in names:
            faults.add(what, page.where("states"), name)


def _goes_on(flow: Flow, state: str) -> bool:
    """Whether something leads from a state to another one in which the case runs; from an open state, to any."""
    targets = {one.to for one in flow.leading_from(state)} - {"", state}
    return bool({one for one in targets if not flow.states[one].is_end} if flow.states[state].is_end else targets)


def _roles(page: At, faults: Faults) -> dict[str, Words]:
    table, found = mapping(page, "roles"), {}
    for name in table:
        with faults.kept(table.where(name)):
            found[name] = words_of(table, name)
    return found


def _bodies(
    page: At, roles: Mapping[str, Words], faults: Faults, shared: Mapping[str, Any], handles: str
) -> dict[str, Body]:
    found = {
        name: Body(name, Words(one["title"]["zh"], one["title"]["en"]), (handles,)) for name, one in shared.items()
    }
    table = mapping(page, "bodies", needed=False)
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("title", "roles"))
            found[name] = Body(name, words_of(entry, "title"), _known(entry, "roles", roles, "role"))
    return found


def _states(page: At, faults: Faults) -> dict[str, CaseState]:
    table, found = mapping(page, "states"), {}
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("title", "limit", "within", "clock", "end"))
            within = text(entry, "within", needed=False)
            if within:
                looked_up(table, within, "state", entry.where("within"))
            is_paused = choice(entry, "clock", ("runs", "stands"), "runs") == "stands"
            is_end = choice(entry, "end", ("True", "False"), "False") == "True"
            found[name] = CaseState(name, words_of(entry, "title"), _limit(entry, "limit"), within, is_paused, is_end)
    return found


def _transitions(page: At, flow: Flow, fields: Mapping[str, Field], faults: Faults) -> dict[str, Transition]:
    table, found = mapping(page, "transitions"), {}
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("title", "from", "to", "by", "needs", "fields", "opens"))
            sources = _known(entry, "from", flow.states, "state")
            to = text(entry, "to", needed=False)
            if to:
                looked_up(flow.states, to, "state", entry.where("to"))
            needs = cast("tuple[Need, ...]", _known(entry, "needs", NEEDS, "need", empty=True))
            roles = _known(entry, "by", flow.roles, "role")
            stating = _known(entry, "fields", fields, "field", empty=True)
            opens = _following(entry, stating) if "opens" in entry else None
            found[name] = Transition(name, words_of(entry, "title"), sources, to, roles, needs, stating, opens)
    return found


def _following(entry: At, stating: tuple[str, ...]) -> Following:
    """Cases that follow; what they are about and their ids are stated with the transition."""
    page = mapping(entry, "opens")
    keys(page, ("flow", "each", "count", "cases", "carry", "states", "origin"))
    each, count, cases = (text(page, key) for key in ("each", "count", "cases"))
    for name in (each, count, cases):
        looked_up(stating, name, "field", page.where())
    states = mapping(page, "states", needed=False)
    return Following(
        text(page, "flow"), each, count, cases, texts(page, "carry"), {name: text(states, name) for name in states},
        text(page, "origin"),
    )  # fmt: skip


def _must_follow(flows: Mapping[str, list[Flow]], faults: Faults) -> None:
    """Tell of cases that would follow by a flow that is not there, or state what that flow does not declare."""
    for versions in flows.values():
        for flow in versions:
            for move in flow.transitions.values():
                rule = move.opens
                if rule is None:
                    continue
                where = f"{flow.id} {flow.version}: {move.id}"
                if rule.flow not in flows:
                    faults.add("there is no such flow", where, rule.flow)
                    continue
                declared = flows[rule.flow][-1].fields
                for name in (*rule.carry, *rule.states, rule.origin):
                    if name not in declared:
                        faults.add("the flow that follows declares no such field", where, f"{rule.flow}: {name}")


def _classes(page: At, flow: Flow, faults: Faults) -> dict[str, CaseClass]:
    table, found = mapping(page, "classes", needed=False), {}
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("title", "limits", "milestones", "limit", "fields"))
            limits, steps = mapping(entry, "limits", needed=False), mapping(entry, "milestones", needed=False)
            for state in (*limits, *steps):
                looked_up(flow.states, state, "state", entry.where())
            found[name] = CaseClass(
                name,
                words_of(entry, "title"),
                {state: limit for state in limits if (limit := _limit(limits, state))},
                {state: _milestones(steps, state) for state in steps},
                _limit(entry, "limit"),
                _fields(entry, faults),
            )
    return found


def _fields(page: At, faults: Faults) -> dict[str, Field]:
    table, found = mapping(page, "fields", needed=False), {}
    for name in table:
        with faults.kept(table.where(name)):
            entry = mapping(table, name)
            keys(entry, ("title", "kind", "values", "needed"))
            kind = cast("FieldKind", choice(entry, "kind", FIELD_KINDS))
            words = mapping(entry, "values", needed=kind == "choice")
            values = {value: words_of(words, value) for value in words}
            is_needed = choice(entry, "needed", ("True", "False"), "False") == "True"
            found[name] = Field(name, words_of(entry, "title"), kind, values, is_needed)
    return found


def _back(page: At) -> timedelta | None:
    """How far back an opening may be dated, in natural hours or days."""
    limit = _limit(page, "back")
    if limit is None:
        return None
    if limit.unit not in {"natural_hour", "natural_day"}:
        allowed = ("natural_hour", "natural_day")
        raise BadInput(
            "an opening is dated back by natural time", where=page.where("back"), found=limit.unit, allowed=allowed
        )
    return timedelta(hours=limit.amount) if limit.unit == "natural_hour" else timedelta(days=limit.amount)


def _milestones(table: At, state: str) -> tuple[Milestone, ...]:
    found = []
    for entry in entries(table, state):
        keys(entry, ("id", "title", "limit"))
        limit = _limit_in(mapping(entry, "limit"), entry.where("limit"))
        found.append(Milestone(text(entry, "id"), words_of(entry, "title"), limit))
    return tuple(found)


def _separations(page: At, transitions: Mapping[str, Transition], faults: Faults) -> tuple[Separation, ...]:
    found = []
    for entry in entries(page, "separations"):
        with faults.kept(entry.where()):
            keys(entry, ("did", "may_not"))
            pair = (_known(entry, key, transitions, "transition") for key in ("did", "may_not"))
            found.append(Separation(*pair))
    return tuple(found)


def _calls(page: At, key: str, when: str, roles: Mapping[str, Words], faults: Faults) -> tuple[Call, ...]:
    found = []
    for entry in entries(page, key):
        with faults.kept(entry.where()):
            keys(entry, (when, "to"))
            found.append(Call(_limit(entry, when), looked_up(roles, text(entry, "to"), "role", entry.where())))
    return tuple(found)


def _known(
    entry: At, key: str, table: Sequence[str] | Mapping[str, Any], what: str, *, empty: bool = False
) -> tuple[str, ...]:
    """Names under a key, each of which must be in a table."""
    found = texts(entry, key)
    if not found and not empty:
        raise BadInput(f"'{key}' is missing", where=entry.where(), allowed=(f"{key}: …",))
    return tuple(looked_up(table, name, what, entry.where(key)) for name in found)


def _limit(entry: At, key: str) -> Limit | None:
    found = mapping(entry, key, needed=False)
    return _limit_in(found, entry.where(key)) if found else None


def _limit_in(found: At, where: str) -> Limit:
    keys(found, LIMIT_KEYS)
    choice(found, "evidence", GRADES)
    text(found, "source")
    unit = cast("LimitUnit", choice(found, "unit", LIMIT_UNITS))
    with at(where):
        return Limit(number(found, "amount"), unit)


def _duty(page: At) -> DutyHours:
    entry = mapping(page, "duty")
    keys(entry, ("offset", "working", "urgent", "urgent_days", "source", "evidence"))
    choice(entry, "evidence", GRADES)
    text(entry, "source")
    days = choice(entry, "urgent_days", ("every", "working"))
    working, urgent = (
        tuple(_span(one, entry.where(key)) for one in _hours(entry, key)) for key in ("working", "urgent")
    )
    return DutyHours(working, urgent, days, number(entry, "offset"))


def _hours(entry: At, key: str) -> tuple[str, ...]:
    found = texts(entry, key)
    if not found:
        raise BadInput(f"'{key}' is missing", where=entry.where(), allowed=('["08:30-12:00", "14:30-18:00"]',))
    return found


def _span(written: str, where: str) -> Span:
    try:
        first, last = (_since_midnight(part) for part in written.split("-"))
    except ValueError:
        raise BadInput(
            "duty hours run from a time to a later one of the same day",
            where=where,
            found=written,
            allowed=("08:30-12:00",),
        ) from None
    with at(where):
        return Span(first, last)


def _since_midnight(written: str) -> timedelta:
    hours, minutes = written.strip().split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
