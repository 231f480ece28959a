"""The data dictionary as connectors receive it: the real one, read from the rulebook."""

from functools import cache
from pathlib import Path

from tulou.model.dictionary import Dictionary, read_dictionary

COLUMNS = Path(__file__).resolve().parents[2] / "rulebooks" / "china" / "columns"


@cache
def dictionary() -> Dictionary:
    """All entities of the rulebook of China."""
    return read_dictionary([COLUMNS])
