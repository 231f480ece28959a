"""Reading ``zones.yaml``: limits of environmental noise by zone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tulou.kernel.clock import BEGINNING
from tulou.kernel.dated import Version
from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words

ZONES_FILE = Path(__file__).with_name("zones.yaml")


@cache
def _top() -> At:
    return read_document(ZONES_FILE, ZONES_FILE.name)


def zone_title(zone: str) -> Words:
    """What a zone is called."""
    title = _top()["zones"][zone]["title"]
    return Words(title["zh"], title["en"])


def zone_limit(zone: str, hours: str) -> Version[float]:
    """The limit of a zone by ``day`` or ``night``, dB(A), with the clause and how well it is evidenced."""
    top = _top()
    one = top["zones"][zone]
    return Version(top.get("since", BEGINNING), float(one[hours]), top["clause"], one["evidence"])
