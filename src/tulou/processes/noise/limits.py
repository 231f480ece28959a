"""Reading ``limits.yaml``: limits of environmental noise by class of area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tulou.kernel.clock import BEGINNING
from tulou.kernel.dated import Version
from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words

LIMITS_FILE = Path(__file__).with_name("limits.yaml")


@cache
def _top() -> At:
    return read_document(LIMITS_FILE, LIMITS_FILE.name)


def area_title(kind: str) -> Words:
    """What a class of area is called."""
    title = _top()["classes"][kind]["title"]
    return Words(title["zh"], title["en"])


def area_limit(kind: str, hours: str) -> Version[float]:
    """The limit of a class of area by ``day`` or ``night``, dB(A), with the clause and how well it is evidenced."""
    top = _top()
    one = top["classes"][kind]
    return Version(top.get("since", BEGINNING), float(one[hours]), top["clause"], one["evidence"])


@dataclass(frozen=True)
class Strip:
    """The strip along main roads that counts as class 4a.

    Args:
        roads: Classes of main roads.
        reach: How far it reaches, m, by the class of the land beside.
        clause: Where that stands.
    """

    roads: tuple[str, ...]
    reach: Mapping[str, float]
    clause: str


def strip() -> Strip:
    """The strip along main roads, from memory: it gives no verdict."""
    one = _top()["strip"]
    reach = {str(kind): float(metres) for kind, metres in one["reach"].items()}
    return Strip(tuple(one["roads"]), reach, str(one["clause"]))
