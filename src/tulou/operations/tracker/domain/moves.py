"""What a page of settings moved: which field of which commitment stood how before, and how after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from tulou.operations.tracker.domain.commitment import Agenda, Commitment

Field = Literal["lead", "supporting", "due", "target", "needs", "milestones", "baseline", "rhythm", "places", "upward"]
FIELDS: tuple[Field, ...] = get_args(Field)


@dataclass(frozen=True)
class Move:
    """One field that was set or set anew.

    Args:
        commitment: The commitment.
        field: Its field.
        before: How it stood before; empty, None or () when nobody had set it.
        after: How it stands after.
    """

    commitment: str
    field: Field
    before: object
    after: object

    @property
    def is_later(self) -> bool:
        """Whether a day that was set already was put off, or taken away."""
        if self.field != "due" or not isinstance(self.before, date):
            return False
        return not isinstance(self.after, date) or self.after > self.before


def moves(before: Agenda, after: Agenda) -> tuple[Move, ...]:
    """All that differs in what is set of the commitments, in the order of the clauses and of ``FIELDS``."""
    return tuple(
        Move(name, field, getattr(before.commitments[name], field), getattr(one, field))
        for name, one in _shared(before, after).items()
        for field in FIELDS
        if getattr(before.commitments[name], field) != getattr(one, field)
    )


def _shared(before: Agenda, after: Agenda) -> Mapping[str, Commitment]:
    return {name: one for name, one in after.commitments.items() if name in before.commitments}
