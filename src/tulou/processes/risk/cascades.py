"""Reading cascades: which failure makes which other."""

from __future__ import annotations

from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.measures.hazard.risk.cascade import Link
from tulou.sources.columns import Wanted, read_columns

LINKS = (
    Wanted("cause", ("原因",), "text", is_required=True),
    Wanted("effect", ("后果",), "text", is_required=True),
    Wanted("chance", ("概率",), "number", "1", least=0.0, is_required=True),
)


def read_cascade(path: Path) -> tuple[list[Link], str]:
    """The links of a cascade and the digest of their file.

    Raises:
        BadInput: When it is no such table, or a link lacks its ends or its chance.
    """
    table = read_columns(path, LINKS)
    found: list[Link] = []
    rows = zip(table.texts["cause"], table.texts["effect"], table.numbers["chance"].tolist(), strict=True)
    for number, (cause, effect, chance) in enumerate(rows, 2):
        if not cause or not effect or chance != chance:  # noqa: PLR0124  (NaN is unknown)
            raise BadInput("a link has a cause, an effect and a chance", where=f"{path.name}: row {number}")
        found.append(Link(cause, effect, chance))
    return found, table.digest
