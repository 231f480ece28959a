"""Reading ``limits.yaml``: limits of environmental noise by class of area."""

from __future__ import annotations

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
