"""What trust asks of the outside: a log of accesses."""

from __future__ import annotations

from typing import Protocol

from tulou.operations.trust.domain.accesses import Access, Outcome
from tulou.operations.trust.domain.requesters import Reading


class AccessLog(Protocol):
    """Entries that are chained and only ever added."""

    def add(self, reading: Reading, action: str, token: str, outcome: Outcome) -> Access:
        """Write down a reading; it is on the disk when this returns."""
