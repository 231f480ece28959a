"""A plan as a request asks for it: money, what counts, conditions and prices, as plain values."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tulou.app.checking import Question
from tulou.app.planning import catalogue_of, refuse_unknown
from tulou.app.wiring import RULEBOOKS, rulebook
from tulou.kernel.clock import MAIN, parse_day
from tulou.kernel.errors import BadUse, Fault, TulouError
from tulou.plan.portfolio.question import Fairness
from tulou.plan.renewal.wishes import Wishes

PRICES = "prices.yaml"
"""File of a job with the prices it was told."""
PRICE_PARTS = ("price", "unit", "dated", "source")
PLACES: Mapping[str, str] = {
    "--budget": "budgets", "--weight": "weights", "--fairness": "fairness", "fairness": "fairness", "must": "must",
    "--must": "must", "--indicator": "indicators", "--remedy": "remedies", "--step": "step", "--gap": "gap",
    "--objective": "objective", "--rulebook": "rulebooks", "--at": "at", "budget": "budgets",
    "record": "as_of",
}  # fmt: skip
"""What the command line calls a place, and what a request calls it."""
_LINE = re.compile(rf"{re.escape(PRICES)}:(\d+)(.*)")


def wishes_of(given: Mapping[str, Any]) -> Wishes:
    """What a request wishes.

    Args:
        given: ``budgets``, ``objective``, ``weights``, ``fairness``, ``must``, ``remedies``, ``indicators``, ``gap``,
            ``alternatives``.

    Raises:
        BadUse: When a number or a year cannot be.
    """
    fairness = given["fairness"]
    years = {}
    for year, money in given["budgets"].items():
        if not (year.isascii() and year.isdecimal()):
            raise BadUse("this is not a year", where="budgets", found=year, allowed=("2027",))
        years[int(year)] = float(money)
    return Wishes(
        budgets=years,
        objective=given["objective"],
        weights=given["weights"],
        fairness=Fairness(fairness["kind"], fairness["share"]),
        must=tuple(given["must"]),
        remedies=tuple(given["remedies"]),
        indicators=tuple(given["indicators"]),
        gap=given["gap"],
        alternatives=given["alternatives"],
    )


def question_of(given: Mapping[str, Any]) -> Question:
    """City, day, record, branch and rulebooks of a request.

    Args:
        given: ``at``, ``as_of``, ``branch`` and ``rulebooks``; each may be empty.

    Raises:
        BadInput: When the day is none.
    """
    day = parse_day(given["at"], "at") if given["at"] else None
    names = tuple(given["rulebooks"]) or RULEBOOKS
    return Question(day, given["as_of"] or None, names, branch=given["branch"] or MAIN)


def prices_text(prices: Sequence[Mapping[str, Any]]) -> str:
    """Prices as a page of YAML, a line a remedy, so that a fault names the price it is in.

    Args:
        prices: Each with ``remedy``, ``price`` and what else is known of it.
    """
    return "".join(f"{json.dumps(one['remedy'], ensure_ascii=False)}: {_price(one)}\n" for one in prices)


def _price(one: Mapping[str, Any]) -> str:
    return json.dumps({name: one[name] for name in PRICE_PARTS if one.get(name) is not None}, ensure_ascii=False)


def refuse(given: Mapping[str, Any]) -> None:
    """Refuse a request that cannot be planned for, before any work is begun on it.

    Args:
        given: The request.

    Raises:
        TulouError: With every fault of the prices, or the first of the rest, each at the place of the request.
    """
    try:
        wishes, question = wishes_of(given), question_of(given)
        rules = rulebook(tuple(question.rulebooks))
        twice = _twice(one["remedy"] for one in given["prices"])
        if twice:
            raise BadUse.of(Fault("this remedy is priced twice", f"prices.{at}", name) for at, name in twice)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / PRICES
            file.write_text(prices_text(given["prices"]), "utf-8")
            prices = catalogue_of(rules, file if given["prices"] else None)
        refuse_unknown(rules, prices.catalogue, wishes)
    except TulouError as error:
        raise as_asked(error) from None


def _twice(names: Iterable[str]) -> list[tuple[int, str]]:
    seen: set[str] = set()
    found = []
    for at, name in enumerate(names):
        if name in seen:
            found.append((at, name))
        seen.add(name)
    return found


def as_asked(error: TulouError, path: Path | None = None) -> TulouError:
    """An error with its places named as a request names them, and no path of the machine in it.

    Args:
        error: The error.
        path: Folder of the city.
    """
    return type(error).of(replace(one, where=_place(one.where, path)) for one in error.faults)


def _place(where: str, path: Path | None) -> str:
    line = _LINE.fullmatch(where)
    if line is not None:
        return f"prices.{int(line[1]) - 1}"
    if path is not None and where == str(path):
        return ""
    return PLACES.get(where, where)
