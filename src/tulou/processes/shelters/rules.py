"""Reading ``rules.yaml``: classes of shelters and the choices of ours that the processes rest on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words

RULES_FILE = Path(__file__).with_name("rules.yaml")
PERCENT = 0.01


@dataclass(frozen=True)
class Class:
    """A class of shelter (GB 51143-2015).

    Args:
        name: Its name, as in the column ``shelter.category``.
        title: What it is called.
        days: How long people may stay.
        area_a_person: Effective area a person, m².
        distance: Longest way to it, m.
        least_area: Least effective area, m².
        most_people: Most people it may hold; infinite where nothing is said.
        level: Level of GB/T 44013-2024 that answers to it, by our proposal.
        stay: Stay of GB/T 44013-2024 that answers to it.
        evidence: How well its numbers are known.
    """

    name: str
    title: Words
    days: float
    area_a_person: float
    distance: float
    least_area: float
    most_people: float
    level: Words
    stay: Words
    evidence: str

    @property
    def is_fixed(self) -> bool:
        """Whether people stay for longer than the first days."""
        return self.name != EMERGENCY


EMERGENCY = "emergency"


@cache
def rules() -> At:
    """All rules."""
    return read_document(RULES_FILE, RULES_FILE.name)


def rule(name: str) -> float:
    """One number of the rules; percent as a share."""
    one = rules()[name]
    return float(one["value"]) * (PERCENT if one.get("unit", "1") == "percent" else 1.0)


@cache
def classes() -> dict[str, Class]:
    """The classes, the shortest stay first."""
    return {name: _class(name, one) for name, one in rules()["classes"].items()}


def _class(name: str, one: At) -> Class:
    return Class(
        name,
        _words(one["title"]),
        float(one["days"]),
        float(one["area_a_person"]),
        float(one["distance"]),
        float(one.get("least_area", 0.0)),
        float(one.get("most_people", np.inf)),
        _words(one["level"]),
        _words(one["stay"]),
        one["evidence"],
    )


def _words(one: At) -> Words:
    return Words(one["zh"], one["en"])


def class_by_area(area: float) -> str:
    """The longest stay that ground of some effective area allows."""
    fits = [one.name for one in classes().values() if area >= one.least_area and one.name != "central"]
    return fits[-1]
