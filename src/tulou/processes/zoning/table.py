"""Reading the rules of zones: a table given, and what the law says of protected land (``rules.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.measures.environment.zoning import Verdict
from tulou.sources import cells
from tulou.sources.columns import Wanted, read_columns

RULES_FILE = Path(__file__).with_name("rules.yaml")
ANY = "*"
VERDICTS = {"prohibited": "prohibited", "禁止": "prohibited", "conditional": "conditional", "限制": "conditional"}
COLUMNS = (
    Wanted("zone", ("管控单元", "单元"), "text", is_required=True),
    Wanted("dimension", ("维度", "类别"), "text", is_required=True),
    Wanted("verdict", ("结论", "准入"), "text", is_required=True),
    Wanted("clause", ("条文", "管控要求"), "text", is_required=True),
    Wanted("process", ("工艺", "行业"), "text"),
    Wanted("quantity", ("指标",), "text"),
    Wanted("at_most", ("上限",), "number"),
)


@dataclass(frozen=True)
class Rule:
    """One rule of a zone.

    Args:
        zone: Id or kind of the zone; ``*`` for all.
        dimension: ``space``, ``emission``, ``risk`` or ``resource``.
        verdict: What it says where it applies.
        clause: Its text.
        process: The process it speaks of; ``*`` for any.
        quantity: Quantity it limits; empty for none.
        at_most: The limit; NaN without one.
    """

    zone: str
    dimension: str
    verdict: Verdict
    clause: str
    process: str
    quantity: str
    at_most: float


@dataclass(frozen=True)
class Protected:
    """Land that the law protects.

    Args:
        title: What it is called.
        verdict: What the law says of building there.
        clause: The clause, retold.
    """

    title: Words
    verdict: Verdict
    clause: Words


@cache
def _top() -> At:
    return read_document(RULES_FILE, RULES_FILE.name)


def titles(section: str) -> dict[str, Words]:
    """What the kinds of zones, or the dimensions of rules, are called."""
    return {name: Words(one["title"]["zh"], one["title"]["en"]) for name, one in _top()[section].items()}


def named(section: str, text: str, where: str) -> str:
    """The kind of zone, or dimension, that a word means.

    Raises:
        BadInput: When it means none.
    """
    held = _top()[section]
    for name, one in held.items():
        if text == name or text in one["words"]:
            return str(name)
    allowed = [word for name, one in held.items() for word in (name, *one["words"])]
    raise BadInput("this word is not one of the zoning", where=where, found=text, allowed=allowed)


def protected() -> dict[str, Protected]:
    """Land that the law protects, by kind."""
    return {
        name: Protected(
            Words(one["title"]["zh"], one["title"]["en"]),
            Verdict[str(one["verdict"]).upper()],
            Words(one["clause"]["zh"], one["clause"]["en"]),
        )
        for name, one in _top()["protected"].items()
    }


def read_rules(path: Path) -> tuple[tuple[Rule, ...], str]:
    """Read a table of rules.

    Args:
        path: CSV: zone, dimension, verdict, clause, and where needed process, quantity, at_most.

    Returns:
        The rules, and the digest of the file.

    Raises:
        BadInput: When a word is none of the zoning, a clause is empty, or a quantity has no limit.
    """
    table = read_columns(path, COLUMNS)
    blank = ("",) * table.rows
    most = table.numbers.get("at_most", np.full(table.rows, np.nan))
    text: Mapping[str, tuple[str, ...]] = {name: table.texts.get(name, blank) for name in ("process", "quantity")}
    found: list[Rule] = []
    for row in range(table.rows):
        where = f"{path.name}: row {row + 2}"
        verdict, clause, zone = (cells.plain(table.texts[name][row]) for name in ("verdict", "clause", "zone"))
        if verdict not in VERDICTS:
            raise BadInput("a rule prohibits or sets a condition", where=where, found=verdict, allowed=VERDICTS)
        if not clause or not zone:
            raise BadInput("a rule names its zone and quotes its clause", where=where, found="")
        quantity = text["quantity"][row]
        if bool(quantity) != bool(np.isfinite(most[row])):
            raise BadInput("a limit has a quantity and a number", where=where, found=quantity)
        dimension = named("dimensions", table.texts["dimension"][row], where)
        kind = Verdict[VERDICTS[verdict].upper()]
        found.append(Rule(zone, dimension, kind, clause, text["process"][row] or ANY, quantity, float(most[row])))
    return tuple(found), table.digest
