"""Reading the rules of trust: ``trust/roles.yaml`` and ``trust/settings.yaml`` of the rulebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

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
from tulou.kernel.dated import Dated, Version
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of
from tulou.operations.trust.domain.machines import Machine
from tulou.operations.trust.domain.rules import Purpose, Role, Rules, Separation, Settings

FOLDER = "trust"
ROLES = "roles.yaml"
SETTINGS = "settings.yaml"
GRADES = ("sourced", "derived", "memory")
BESIDE = ("from", "source", "evidence")
"""What stands beside the numbers of a version."""

Numbers = dict[str, dict[str, Version[Mapping[str, float]]]]


def read_rules(names: Sequence[str | Path]) -> Rules:
    """Read the rules of trust of some rulebooks; a later rulebook adds to the earlier, and wins where they meet.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), _Found()
    for folder, _ in chain(list(names)):
        for name, read in ((ROLES, found.roles_page), (SETTINGS, found.settings_page)):
            if (path := folder / FOLDER / name).is_file():
                shown = f"{folder.name}/{FOLDER}/{name}"
                with faults.kept(shown):
                    read(read_document(path, shown), faults)
    faults.raise_any()
    sections = {name: Dated.of(name, versions.values()) for name, versions in found.numbers.items()}
    return Rules(
        found.actions,
        frozenset(found.personal),
        found.purposes,
        found.roles,
        tuple(found.separations),
        Settings(sections),
        found.machines,
    )


class _Found:
    """What was read so far."""

    def __init__(self) -> None:
        self.actions: dict[str, Words] = {}
        self.personal: set[str] = set()
        self.purposes: dict[str, Purpose] = {}
        self.roles: dict[str, Role] = {}
        self.separations: list[Separation] = []
        self.machines: dict[str, Machine] = {}
        self.numbers: Numbers = {}

    def roles_page(self, page: At, faults: Faults) -> None:
        """Actions, purposes, roles, machines and separations of one page."""
        keys(page, ("actions", "personal", "purposes", "roles", "separations", "machines"))
        actions = mapping(page, "actions", needed=False)
        for name in actions:
            with faults.kept():
                self.actions[name] = words_of(actions, name)
        for name in texts(page, "personal"):
            with faults.kept():
                self.personal.add(looked_up(self.actions, name, "action", page.where("personal")))
        self._each(page, "purposes", self._purpose, faults)
        self._each(page, "roles", self._role, faults)
        self._each(page, "machines", self._machine, faults)
        for entry in entries(page, "separations"):
            with faults.kept():
                keys(entry, ("roles", "why"))
                named = texts(entry, "roles")
                for role in named:
                    looked_up(self.roles, role, "role", entry.where("roles"))
                if len(set(named)) < 2:  # noqa: PLR2004  (what is apart is two)
                    raise BadInput("a separation names two roles or more", where=entry.where(), found=list(named))
                self.separations.append(Separation(frozenset(named), words_of(entry, "why")))

    @staticmethod
    def _each(page: At, key: str, read: Callable[[str, At], None], faults: Faults) -> None:
        listed = mapping(page, key, needed=False)
        for name in listed:
            with faults.kept():
                read(name, mapping(listed, name))

    def _purpose(self, name: str, entry: At) -> None:
        keys(entry, ("title", "basis", "evidence"))
        grade = choice(entry, "evidence", GRADES)
        self.purposes[name] = Purpose(name, words_of(entry, "title"), text(entry, "basis"), grade)

    def _role(self, name: str, entry: At) -> None:
        keys(entry, ("title", "actions", "purposes"))
        actions, purposes = texts(entry, "actions"), texts(entry, "purposes")
        for action in actions:
            looked_up(self.actions, action, "action", entry.where("actions"))
        for purpose in purposes:
            looked_up(self.purposes, purpose, "purpose", entry.where("purposes"))
        self.roles[name] = Role(name, words_of(entry, "title"), frozenset(actions), frozenset(purposes))

    def _machine(self, name: str, entry: At) -> None:
        keys(entry, ("title", "flow", "steps"))
        steps = frozenset(texts(entry, "steps"))
        self.machines[name] = Machine(name, words_of(entry, "title"), text(entry, "flow"), steps)

    def settings_page(self, page: At, faults: Faults) -> None:
        """Numbers of one page."""
        for section in page:
            for entry in entries(page, section):
                with faults.kept():
                    self._version(section, entry)

    def _version(self, section: str, entry: At) -> None:
        since, source, grade = day(entry, "from"), text(entry, "source"), choice(entry, "evidence", GRADES)
        held = {name: number(entry, name) for name in entry if name not in BESIDE}
        wrong = [name for name, value in held.items() if not value > 0]
        if wrong:
            raise BadInput("a number of trust is above zero", where=entry.where(wrong[0]), found=held[wrong[0]])
        self.numbers.setdefault(section, {})[since.isoformat()] = Version(since, held, source, grade)
