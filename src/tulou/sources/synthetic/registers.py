"""Registers of the generated city: attributes and objects drawn by the rules of ``registers.yaml``."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.sources.synthetic.ground import Columns

SMALL_AMOUNT = 10.0
RULES = ("rate", "between", "of", "one_of", "is")


def read_rules() -> At:
    """The rules, with their lines."""
    with as_file(files("tulou.sources.synthetic") / "registers.yaml") as path:
        return read_document(path, "registers.yaml")


def generator(seed: int, *words: str) -> np.random.Generator:
    """A source of random numbers of its own for each thing drawn, so that adding a rule changes no other column."""
    return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in words)])


def fill(columns: Columns, rules: Mapping[str, At], *, seed: int, name: str) -> None:
    """Add attributes to a table by their rules; what it already has stays.

    Args:
        columns: The table, changed in place.
        rules: Rule by attribute.
        seed: Seed of the city.
        name: Name of the table, part of each column's own seed.

    Raises:
        BadInput: When a rule is not one of those known, or rests on an attribute that is not there.
    """
    count = len(columns["id"])
    for attribute, rule in rules.items():
        if attribute in columns:
            continue
        kind = next((word for word in RULES if word in rule), None)
        if kind is None:
            raise BadInput("not a rule", where=rule.where(), found=dict(rule), allowed=RULES)
        values = _DRAWS[kind](rule, columns, count, generator(seed, name, attribute))
        columns[attribute] = np.round(values) if rule.get("whole") else values


def _rate(rule: At, _columns: Columns, count: int, random: np.random.Generator) -> NDArray[Any]:
    return random.random(count) < float(rule["rate"])


def _between(rule: At, _columns: Columns, count: int, random: np.random.Generator) -> NDArray[Any]:
    low, high = rule["between"]
    return np.round(random.uniform(low, high, count), 2)


def _of(rule: At, columns: Columns, count: int, random: np.random.Generator) -> NDArray[Any]:
    if rule["of"] not in columns:
        raise BadInput("rests on an attribute that is not there", where=rule.where("of"), found=rule["of"])
    low, high = rule["times"]
    amount = np.asarray(columns[rule["of"]], float) * random.uniform(low, high, count)
    return np.round(amount, 0 if (amount.size and amount.max() > SMALL_AMOUNT) else 2)


def _one_of(rule: At, _columns: Columns, count: int, random: np.random.Generator) -> NDArray[Any]:
    words = list(rule["one_of"])
    shares = np.array([float(rule["one_of"][word]) for word in words])
    return random.choice(np.array(words, object), count, p=shares / shares.sum())


def _is(rule: At, _columns: Columns, count: int, _random: np.random.Generator) -> NDArray[Any]:
    return np.full(count, rule["is"], object if isinstance(rule["is"], str) else None)


_DRAWS: Mapping[str, Callable[[At, Columns, int, np.random.Generator], NDArray[Any]]] = {
    "rate": _rate,
    "between": _between,
    "of": _of,
    "one_of": _one_of,
    "is": _is,
}
