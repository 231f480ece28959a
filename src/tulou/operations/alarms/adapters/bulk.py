"""Payloads of many messages read together, into one batch: the plain ones quickly, all others by ``payloads.decode``.

A quick reading is taken only where it is what ``decode`` would give; where there is any doubt ``decode`` is asked, so
that what is accepted, what is refused and why is the same, one message at a time or thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from json import JSONDecoder
from typing import Any

import numpy as np

from tulou.kernel.errors import TulouError
from tulou.operations.alarms.adapters.packets import Message
from tulou.operations.alarms.adapters.payloads import (
    EARLIEST,
    LATEST,
    Batch,
    Row,
    are_few_brackets,
    decode,
    is_name,
    time_of,
)

QUICK_BYTES = 65_536
"""Longest payload that is tried quickly."""
EXACT = 2**53
"""Whole numbers up to here are numbers of double precision too."""
OTHER_FORMS = frozenset(("dataArray", "result", "n", "bn", "v", "bt"))
"""Keys of SensorThings and SenML."""
OPENING = (b"{", b"[")

_READ = JSONDecoder().decode


def decode_all(messages: Sequence[Message]) -> tuple[Batch | None, list[tuple[int, str]]]:
    """Read payloads, each whole or not at all.

    Returns:
        All readings in the order of their messages, None when there are none; place and reason of each message that
        cannot be read.
    """
    pile, refused = _Pile(), list[tuple[int, str]]()
    for place, one in enumerate(messages):
        rows = _quick(one.payload, one.topic, pile.names_seen)
        if rows is not None:
            pile.rows += rows
            continue
        try:
            pile.add(decode(one.payload, one.topic))
        except TulouError as error:
            refused.append((place, str(error)))
    return pile.whole(), refused


class _Pile:
    """Readings so far: rows that were read quickly, and batches before them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.names_seen: set[str] = set()
        self._batches: list[Batch] = []

    def add(self, batch: Batch) -> None:
        self._settle()
        self._batches.append(batch)

    def whole(self) -> Batch | None:
        self._settle()
        if len(self._batches) < 2:  # noqa: PLR2004  (nothing to join)
            return self._batches[0] if self._batches else None
        names = [name for one in self._batches for name in one.names]
        times = np.concatenate([one.time for one in self._batches])
        return Batch(names, times, np.concatenate([one.value for one in self._batches]))

    def _settle(self) -> None:
        if self.rows:
            names, times, values = zip(*self.rows, strict=True)
            self._batches.append(Batch(list(names), np.array(times, np.int64), np.array(values, np.float64)))
            self.rows = []


def _quick(payload: bytes, topic: str, names_seen: set[str]) -> list[Row] | None:
    """Rows of a payload of plain readings; None where ``decode`` must be asked."""
    if len(payload) > QUICK_BYTES or payload[:1] not in OPENING or not are_few_brackets(payload):
        return None
    try:
        document = _READ(payload.decode())
        entries = document if type(document) is list else [document]
        rows = [_row(one, topic) for one in entries]
    except (ValueError, TypeError, KeyError, RecursionError, TulouError):
        return None  # decode says what is wrong
    for name, _, _ in rows:
        if name not in names_seen:
            if not is_name(name):
                return None
            names_seen.add(name)
    return rows or None


def _row(one: Any, topic: str) -> Row:  # noqa: ANN401  (whatever was sent)
    """A plain reading; raises where it is anything else."""
    if type(one) is not dict or not OTHER_FORMS.isdisjoint(one):
        raise TypeError
    name, value = one.get("sensor") or topic.rpartition("/")[2], one["value"]
    kind = type(value)
    if type(name) is not str or not (kind is float or (kind is int and -EXACT <= value <= EXACT)):
        raise TypeError
    if "ts" not in one:
        return name, time_of(one.get("time", one.get("t")), topic), float(value)
    time = one["ts"]
    if type(time) is not int or not EARLIEST <= time < LATEST:
        raise TypeError
    return name, time, float(value)
