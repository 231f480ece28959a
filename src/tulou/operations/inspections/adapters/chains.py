"""Reading ``inspections/chains.yaml``: chains, their steps, and who has which power over which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from tulou.indicators.rulebook.reading import Faults, choice, entries, keys, looked_up, mapping, text, texts
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.inspections.domain.chains import PARTS, Chain, Grant, Part, Step
from tulou.operations.safety.adapters.pages import GRADES, pages, titles_of

FOLDER = "inspections"
FILE = "chains.yaml"


@dataclass(frozen=True)
class Chains:
    """The chains of some rulebooks.

    Args:
        powers: Names of the powers, by id.
        bodies: Names of the bodies, by id.
        chains: The chains by id.
    """

    powers: Mapping[str, Words]
    bodies: Mapping[str, Words]
    chains: Mapping[str, Chain]

    def chain(self, name: str) -> Chain:
        """One chain.

        Raises:
            BadUse: When there is none of that id.
        """
        if name not in self.chains:
            raise BadUse("there is no such chain", where="--chain", found=name, allowed=tuple(self.chains))
        return self.chains[name]


@dataclass
class _Draft:
    powers: dict[str, Words] = field(default_factory=dict)
    bodies: dict[str, Words] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)


def read_chains(names: Sequence[str | Path]) -> Chains:
    """Read chains; a later rulebook adds bodies, steps and grants to those of an earlier one.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, draft = Faults(), _Draft()
    for page in pages(names, FOLDER, FILE):
        with faults.kept(page.where()):
            keys(page, ("powers", "bodies", "chains"))
            draft.powers |= titles_of(page, "powers")
            draft.bodies |= titles_of(page, "bodies")
        table = mapping(page, "chains", needed=False)
        for name in table:
            with faults.kept(table.where(name)):
                _chain(draft, name, mapping(table, name), faults)
    faults.raise_any()
    return Chains(draft.powers, draft.bodies, draft.chains)


def _chain(draft: _Draft, name: str, entry: At, faults: Faults) -> None:
    keys(entry, ("title", "steps", "grants", "without"))
    before = draft.chains.get(name)
    chain = before or Chain(name, words_of(entry, "title"), (), ())
    steps = {one.id: one for one in chain.steps}
    table = mapping(entry, "steps", needed=before is None)
    for step in table:
        with faults.kept(table.where(step)):
            steps[step] = _step(step, mapping(table, step), steps)
    grants = list(chain.grants)
    for one in entries(entry, "grants"):
        with faults.kept(one.where()):
            grants += _grants(draft, one, steps)
    without = set(chain.without)
    for one in entries(entry, "without"):
        with faults.kept(one.where()):
            keys(one, ("steps", "powers", "basis", "evidence"))
            choice(one, "evidence", GRADES)
            text(one, "basis")
            without |= {(step, power) for step, power in _named(draft, one, steps)}
    draft.chains[name] = replace(chain, steps=tuple(steps.values()), grants=tuple(grants), without=frozenset(without))


def _step(name: str, entry: At, steps: Mapping[str, Step]) -> Step:
    keys(entry, ("title", "after"))
    after = tuple(looked_up(steps, one, "step before this one", entry.where("after")) for one in texts(entry, "after"))
    return Step(name, words_of(entry, "title"), after)


def _grants(draft: _Draft, entry: At, steps: Mapping[str, Step]) -> list[Grant]:
    keys(entry, ("body", "steps", "powers", "part", "basis", "evidence"))
    body = looked_up(draft.bodies, text(entry, "body"), "body", entry.where("body"))
    part = cast("Part", choice(entry, "part", PARTS))
    basis, evidence = text(entry, "basis"), choice(entry, "evidence", GRADES)
    return [Grant(body, step, power, part, basis, evidence) for step, power in _named(draft, entry, steps)]


def _named(draft: _Draft, entry: At, steps: Mapping[str, Step]) -> list[tuple[str, str]]:
    named = [looked_up(steps, one, "step", entry.where("steps")) for one in texts(entry, "steps")]
    powers = [looked_up(draft.powers, one, "power", entry.where("powers")) for one in texts(entry, "powers")]
    if not named or not powers:
        raise BadInput("a grant names steps and powers", where=entry.where())
    return [(step, power) for step in named for power in powers]
