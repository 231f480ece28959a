"""Reading rules of responsibility: ``responsibility/*.yaml`` of the rulebooks, a page for each flow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Literal, cast

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
)
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.operations.cases.adapters.reading import GRADES, Flows
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.responsibility import MATTERS, OWNER, Matter, Rule, Terms

FOLDER = "responsibility"
PAGE = ("flow", "terms", "rules", "source", "evidence")
TERMS = ("dispatched", "returned", "settled", "topic", "part", "owner", "territory", "letters")
RULE = ("id", "from", "until", "topics", "matter", "owners", "territories", "body", "source", "evidence")
FIELDS = ("topic", "part", "owner", "territory")


@dataclass(frozen=True)
class Responsibility:
    """Rules of some rulebooks.

    Args:
        terms: Names that the cases of each flow use, by flow.
        rules: Rules, in the order of the pages; a city's come after those it extends.
    """

    terms: Mapping[str, Terms]
    rules: tuple[Rule, ...]


def read_responsibility(names: Sequence[str | Path], flows: Flows) -> Responsibility:
    """Read the rules of some rulebooks.

    Args:
        names: The rulebooks.
        flows: Their flows, which know the bodies and transitions.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, terms, rules = Faults(), dict[str, Terms](), dict[tuple[str, str], Rule]()
    for folder, _ in chain(list(names)):
        for path in sorted((folder / FOLDER).glob("*.yaml")):
            page = read_document(path, f"{folder.name}/{FOLDER}/{path.name}")
            with faults.kept(page.where()):
                keys(page, PAGE)
                name = looked_up(flows.versions, text(page, "flow"), "flow", page.where("flow"))
                held = flows.versions[name][-1]
                if "terms" in page:
                    terms[name] = _terms(mapping(page, "terms"), held)
                if name not in terms:
                    raise BadInput("the first page of a flow has its terms", where=page.where(), found=name)
                for entry in entries(page, "rules"):
                    with faults.kept(entry.where()):
                        one = _rule(entry, held)
                        rules[name, one.id] = one
    faults.raise_any()
    return Responsibility(terms, tuple(rules.values()))


def _terms(page: At, flow: Flow) -> Terms:
    keys(page, TERMS)
    dispatched, returned, settled = (
        looked_up(flow.transitions, text(page, key), "transition", page.where(key))
        for key in ("dispatched", "returned", "settled")
    )
    known = {**flow.fields, **{name: one for kind in flow.classes.values() for name, one in kind.fields.items()}}
    named = {key: text(page, key, needed=False) for key in FIELDS}
    for key, name in named.items():
        if name:
            looked_up(known, name, "field", page.where(key))
    letters = int(number(page, "letters", 0))
    return Terms(
        flow.id,
        dispatched,
        returned,
        settled,
        named["topic"],
        named["part"],
        named["owner"],
        named["territory"],
        letters,
    )


def _rule(entry: At, flow: Flow) -> Rule:
    keys(entry, RULE)
    choice(entry, "evidence", GRADES)
    able = (OWNER, *flow.holders((flow.handles,)))
    body = looked_up(able, text(entry, "body"), "body", entry.where("body"))
    matter = choice(entry, "matter", ("", *MATTERS), "") if "matter" in entry else ""
    local_time = flow.duty.local_time
    return Rule(
        text(entry, "id"),
        flow.id,
        body,
        _moment(day(entry, "from"), local_time),
        _moment(day(entry, "until"), local_time) if "until" in entry else None,
        texts(entry, "topics"),
        cast("Matter | Literal['']", matter),
        texts(entry, "owners"),
        texts(entry, "territories"),
        text(entry, "source"),
    )


def _moment(found: date, local_time: tzinfo) -> datetime:
    return datetime.combine(found, time.min, local_time)
