"""From errors to exit codes: the one table that maps them for the command line."""

from __future__ import annotations

from tulou.kernel.errors import BadInput, BadUse, Conflict, MissingExtra, NotEnoughData, TulouError

FINE = 0
RED_LINE = 1
NO_VERDICT = 2
BAD_INPUT = 3
BAD_USE = 4
STOPPED = 130

_TABLE: tuple[tuple[type[TulouError], int], ...] = (
    (NotEnoughData, NO_VERDICT),
    (BadInput, BAD_INPUT),
    (Conflict, BAD_INPUT),
    (MissingExtra, BAD_USE),
    (BadUse, BAD_USE),
)


def exit_code(error: TulouError) -> int:
    """The exit code that stands for an error."""
    return next((code for kind, code in _TABLE if isinstance(error, kind)), BAD_INPUT)
