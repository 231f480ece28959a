"""Rules of trust as data: roles, purposes, actions, and numbers by the day they come into force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tulou.kernel.dated import Dated
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.operations.trust.domain.machines import Machine

NO_PURPOSE = "reading personal data needs a purpose of the list"
NO_ROLE = "there is no such role"


@dataclass(frozen=True)
class Purpose:
    """Why personal data may be read.

    Args:
        name: Its word.
        title: What it is called.
        basis: Law or rule that allows it.
        evidence: How well that is evidenced.
    """

    name: str
    title: Words
    basis: str
    evidence: str


@dataclass(frozen=True)
class Role:
    """What an account may do.

    Args:
        name: Its word.
        title: What it is called.
        actions: What may be done in it.
        purposes: For what personal data may be read in it.
    """

    name: str
    title: Words
    actions: frozenset[str]
    purposes: frozenset[str]


@dataclass(frozen=True)
class Separation:
    """Roles that one account never holds on the same day.

    Args:
        roles: The roles.
        why: The reason.
    """

    roles: frozenset[str]
    why: Words


@dataclass(frozen=True)
class Settings:
    """Numbers by section and day.

    Args:
        sections: Versions of each section, each a mapping of numbers.
    """

    sections: Mapping[str, Dated[Mapping[str, float]]]

    def number(self, section: str, name: str, day: date) -> float:
        """One number on a day, in the unit that stands beside it in the rulebook.

        Raises:
            BadUse: When there is none.
        """
        held = self.on(section, day)
        if name not in held:
            raise BadUse("the rulebook has no such number", where=f"trust/{section}", found=name, allowed=sorted(held))
        return held[name]

    def on(self, section: str, day: date) -> Mapping[str, float]:
        """All numbers of a section on a day.

        Raises:
            BadUse: When there is no such section, or none of its versions holds yet.
        """
        if section not in self.sections:
            allowed = sorted(self.sections)
            raise BadUse("the rulebook has no such number", where="trust", found=section, allowed=allowed)
        return self.sections[section].on(day).value


@dataclass(frozen=True)
class Rules:
    """All rules of trust of some rulebooks.

    Args:
        actions: What can be done, with its words.
        personal: Those of them that read or change personal data and need a purpose.
        purposes: Purposes by word.
        roles: Roles by word.
        separations: Roles that exclude one another.
        settings: Numbers.
        machines: Programs that act by themselves, by word.
    """

    actions: Mapping[str, Words]
    personal: frozenset[str]
    purposes: Mapping[str, Purpose]
    roles: Mapping[str, Role]
    separations: tuple[Separation, ...]
    settings: Settings
    machines: Mapping[str, Machine] = field(default_factory=dict)

    def purpose(self, name: str) -> Purpose:
        """A purpose of the list.

        Raises:
            BadUse: When it is not in the list.
        """
        if name not in self.purposes:
            raise BadUse(NO_PURPOSE, where="--purpose", found=name or None, allowed=tuple(self.purposes))
        return self.purposes[name]

    def role(self, name: str) -> Role:
        """A role of the list.

        Raises:
            BadUse: When it is not in the list.
        """
        if name not in self.roles:
            raise BadUse(NO_ROLE, where="--role", found=name, allowed=tuple(self.roles))
        return self.roles[name]

    def parted(self, roles: Iterable[str]) -> Separation | None:
        """The separation that some roles of one account break."""
        held = frozenset(roles)
        return next((one for one in self.separations if one.roles <= held), None)
