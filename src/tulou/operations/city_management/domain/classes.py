"""Classes of parts and events, limits of cities by class, and how lists of requests from elsewhere are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words
from tulou.operations.cases.domain.limits import Limit

ObjectKind = Literal["part", "event"]
OBJECT_KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)


@dataclass(frozen=True)
class ManagedClass:
    """A class of parts or events.

    Args:
        id: What limits, cases and mappings call it.
        kind: ``part`` or ``event``.
        code: Four digits: group and class.
        title: Its name.
        evidence: Grade of the evidence for its code.
    """

    id: str
    kind: ObjectKind
    code: str
    title: Words
    evidence: str


@dataclass(frozen=True)
class Classes:
    """All classes.

    Args:
        groups: Name of each group by kind and two digits.
        classes: Classes by id.
    """

    groups: Mapping[tuple[str, str], Words]
    classes: Mapping[str, ManagedClass]

    def __getitem__(self, name: str) -> ManagedClass:
        """One class.

        Raises:
            BadUse: When there is none of that id; offers the nearest.
        """
        if name not in self.classes:
            raise BadUse("there is no such class of parts or events", found=name, allowed=sorted(self.classes))
        return self.classes[name]

    def title(self, name: str) -> Words:
        """Name of a class; the id itself where it is not on the list."""
        known = self.classes.get(name)
        return known.title if known else Words(name, name)

    def of_code(self, kind: str, code: str) -> ManagedClass | None:
        """The class of a code; None when there is none."""
        return next((one for one in self.classes.values() if (one.kind, one.code) == (kind, code)), None)


@dataclass(frozen=True)
class LimitStep:
    """One step that is due: the whole, or a milestone on the way.

    Args:
        id: Its id.
        title: What is reached.
        limit: By when.
    """

    id: str
    title: Words
    limit: Limit


@dataclass(frozen=True)
class LimitRow:
    """What a city sets for a class.

    Args:
        case_class: The class.
        condition: When a case is filed.
        steps: What is due by when, the last step last.
    """

    case_class: str
    condition: Words
    steps: tuple[LimitStep, ...]


@dataclass(frozen=True)
class LimitTable:
    """The staged limits of a city.

    Args:
        id: Its id.
        title: What it is called.
        source: Where it is from.
        evidence: Grade of the evidence.
        rows: Limits by class.
        centre: Limits of the centre's own steps.
    """

    id: str
    title: Words
    source: str
    evidence: str
    rows: tuple[LimitRow, ...]
    centre: tuple[LimitStep, ...]


@dataclass(frozen=True)
class RequestMapping:
    """How a list of requests from elsewhere is read as cases.

    Args:
        id: Its id.
        title: What the list is called.
        source: Where it is from.
        offset: Hours by which its clock is ahead of UTC.
        moment: How moments are written.
        columns: Column of each thing a case needs.
        refused: Statuses that say a request is no case of its own.
        nowhere: Places (longitude, latitude) that stand for an unknown one.
        classes: Class of each type of request; other types are left out.
    """

    id: str
    title: Words
    source: str
    offset: float
    moment: str
    columns: Mapping[str, str]
    refused: tuple[str, ...]
    nowhere: tuple[tuple[float, float], ...]
    classes: Mapping[str, str]
