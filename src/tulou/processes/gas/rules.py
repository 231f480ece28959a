"""Reading ``rules.yaml`` of gas safety."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tulou.kernel.documents import At, read_document

RULES_FILE = Path(__file__).with_name("rules.yaml")


@cache
def rules() -> At:
    """All rules."""
    return read_document(RULES_FILE, RULES_FILE.name)
