"""Full chains of enforcement: which body has which power over which step, who is missing, where nobody leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.words import Words

Part = Literal["lead", "share"]
PARTS: tuple[Part, ...] = get_args(Part)
"""How a body has a power: it leads, or it shares in it."""

Verdict = Literal["gap", "overlap", "two leads", "led", "not asked"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""Nobody has the power; several share it and none leads; several lead; one leads, or one alone has it; the law asks for
no such thing at this step."""


@dataclass(frozen=True)
class Step:
    """A step of a chain.

    Args:
        id: Its id.
        title: Its name.
        after: Steps it comes after.
    """

    id: str
    title: Words
    after: tuple[str, ...]


@dataclass(frozen=True)
class Grant:
    """A power that a body has over a step.

    Args:
        body: The body.
        step: The step.
        power: Which power.
        part: Whether it leads.
        basis: Where that stands.
        evidence: How well it is evidenced.
    """

    body: str
    step: str
    power: str
    part: Part
    basis: str
    evidence: str


@dataclass(frozen=True)
class Chain:
    """A chain, e.g. gas in bottles from filling to the kitchen.

    Args:
        id: Its id.
        title: Its name.
        steps: Its steps.
        grants: Who has which power over which.
        without: Steps and powers that the law does not ask for.
    """

    id: str
    title: Words
    steps: tuple[Step, ...]
    grants: tuple[Grant, ...]
    without: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Cell:
    """One power over one step.

    Args:
        step: The step.
        power: The power.
        verdict: How it stands.
        grants: Who has it.
    """

    step: str
    power: str
    verdict: Verdict
    grants: tuple[Grant, ...]

    @property
    def is_sound(self) -> bool:
        """Whether somebody answers for it."""
        return self.verdict in {"led", "not asked"}


def matrix(chain: Chain, powers: Sequence[str]) -> list[Cell]:
    """Who answers for each power over each step?

    Args:
        chain: The chain.
        powers: Powers to look for.

    Returns:
        One cell for each step and power, step by step.
    """
    return [_cell(chain, step.id, power) for step in chain.steps for power in powers]


def broken(chain: Chain, powers: Sequence[str]) -> list[tuple[str, str, str]]:
    """Which hand-overs from step to step have nobody on one side?

    Returns:
        Step before, step after, power: one side has a body and the other has none, so that nothing can be handed on.
    """
    found = {(one.step, one.power): one.verdict for one in matrix(chain, powers)}
    return [
        (before, step.id, power)
        for step in chain.steps
        for before in step.after
        for power in powers
        if "not asked" not in {found[before, power], found[step.id, power]}
        and (found[before, power] == "gap") != (found[step.id, power] == "gap")
    ]


def counts(cells: Sequence[Cell]) -> Mapping[Verdict, int]:
    """How many cells stand how."""
    return {verdict: sum(one.verdict == verdict for one in cells) for verdict in VERDICTS}


def _cell(chain: Chain, step: str, power: str) -> Cell:
    grants = tuple(one for one in chain.grants if one.step == step and one.power == power)
    leads = sum(one.part == "lead" for one in grants)
    bodies = {one.body for one in grants}
    if not grants:
        return Cell(step, power, "not asked" if (step, power) in chain.without else "gap", grants)
    if leads > 1:
        return Cell(step, power, "two leads", grants)
    return Cell(step, power, "led" if leads == 1 or len(bodies) == 1 else "overlap", grants)
