"""Machines: programs that act on cases under their own name, with no token, and may do nothing but what is declared."""

from __future__ import annotations

from dataclasses import dataclass

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

NOT_DECLARED = "this program may not do that to cases"
NO_MACHINE = "there is no such program"
OPENS = "open"


@dataclass(frozen=True)
class Machine:
    """A program that acts by itself.

    Args:
        name: Its word, which is also the body it acts as; no account may act for this body.
        title: What it is called.
        flow: Flow whose cases it may touch; those of no other.
        steps: What it may do to them: ``open``, and transitions.
    """

    name: str
    title: Words
    flow: str
    steps: frozenset[str]

    @property
    def rights(self) -> tuple[str, ...]:
        """All that it may do, each as flow and step."""
        return tuple(f"{self.flow}: {one}" for one in sorted(self.steps))

    def may(self, body: str, flow: str, step: str) -> bool:
        """Whether it may take a step of a case: ``open``, or a transition.

        Args:
            body: Body the step is taken for.
            flow: Flow of the case.
            step: The step.
        """
        return (body, flow) == (self.name, self.flow) and step in self.steps

    def check(self, body: str, flow: str, step: str) -> None:
        """Refuse what was not declared.

        Raises:
            BadUse: Says what it may do.
        """
        if not self.may(body, flow, step):
            found = f"{body}: {flow}: {step}" if body != self.name else f"{flow}: {step}"
            raise BadUse(NOT_DECLARED, where=self.name, found=found, allowed=self.rights)
