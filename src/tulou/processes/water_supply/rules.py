"""The numbers the models of water supply rest on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tulou.kernel.documents import read_document

RULES_FILE = Path(__file__).with_name("rules.yaml")


@cache
def rule(name: str) -> float:
    """A number of ``rules.yaml``, in the unit that stands there."""
    return float(read_document(RULES_FILE, RULES_FILE.name)[name]["value"])
