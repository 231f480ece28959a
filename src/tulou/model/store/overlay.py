"""Overlay: which of many dated rows holds on which days, for all objects at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]

NONE = -1


@dataclass(frozen=True, eq=False)
class Spans:
    """Dated rows: what they are about, and from which day (included) to which (excluded).

    Args:
        key: Number of the object each row is about.
        start: First day, counted from 1970.
        end: First day after.
    """

    key: Whole
    start: Whole
    end: Whole

    def __len__(self) -> int:
        return len(self.key)

    def at(self, rows: Whole) -> Spans:
        """Some of the rows."""
        return Spans(self.key[rows], self.start[rows], self.end[rows])


@dataclass(frozen=True, eq=False)
class Pieces:
    """The days of each target row, cut where another layer holds.

    Args:
        target: Row of the targets each piece belongs to, ascending.
        start: First day of the piece.
        end: First day after it.
        winner: Row of the layers that holds there; -1 for none.
    """

    target: Whole
    start: Whole
    end: Whole
    winner: Whole


def overlay(targets: Spans, layers: Spans, *, after: Whole | None = None) -> Pieces:
    """Cut each target where the layer below it changes; of layers that overlap, the later row wins.

    Args:
        targets: Rows to be cut.
        layers: Rows about the same objects, in rising order of precedence.
        after: For each target, only layers after this position count; all when left out.
    """
    target, layer = _pairs(targets, layers)
    meets = (layers.start[layer] < targets.end[target]) & (layers.end[layer] > targets.start[target])
    if after is not None:
        meets &= layer > after[target]
    target, layer = target[meets], layer[meets]
    covers = (layers.start[layer] <= targets.start[target]) & (layers.end[layer] >= targets.end[target])
    floor = np.full(len(targets), NONE, np.int64)
    np.maximum.at(floor, target[covers], layer[covers])
    alive = layer >= floor[target]
    target, layer = target[alive], layer[alive]
    cut_target, cut = _cuts(targets, layers, target, layer)
    end = np.append(cut[1:], 0)
    last = np.append(cut_target[1:] != cut_target[:-1], [True] * bool(len(cut)))
    end = np.where(last, targets.end[cut_target], end[: len(cut)])
    winner = _winners(cut_target, cut, target, layer, layers)
    return _joined(Pieces(cut_target, cut, end, winner))


def without_overlaps(spans: Spans) -> Pieces:
    """Cut rows so that no object has two on one day; the later row stays whole."""
    pieces = overlay(spans, spans, after=np.arange(len(spans), dtype=np.int64))
    left = pieces.winner == NONE
    return Pieces(pieces.target[left], pieces.start[left], pieces.end[left], pieces.winner[left])


def _pairs(targets: Spans, layers: Spans) -> tuple[Whole, Whole]:
    """All pairs (target, layer) about the same object."""
    order = np.argsort(layers.key, kind="stable")
    keys = layers.key[order]
    first, beyond = np.searchsorted(keys, targets.key, "left"), np.searchsorted(keys, targets.key, "right")
    target, place = expand(first, beyond - first)
    return target, order[place]


def expand(first: Whole, count: Whole) -> tuple[Whole, Whole]:
    """For each i, the numbers first[i] … first[i] + count[i] - 1, beside i."""
    owner = np.repeat(np.arange(len(count), dtype=np.int64), count)
    before = np.repeat(np.cumsum(count) - count, count)
    return owner, np.arange(len(owner), dtype=np.int64) - before + np.repeat(first, count)


def _cuts(targets: Spans, layers: Spans, target: Whole, layer: Whole) -> tuple[Whole, Whole]:
    """Days on which something may change within each target, sorted, each once; its own first day is one."""
    owner = np.concatenate([np.arange(len(targets), dtype=np.int64), target, target])
    day = np.concatenate([targets.start, layers.start[layer], layers.end[layer]])
    inside = (day >= targets.start[owner]) & (day < targets.end[owner])
    owner, day = owner[inside], day[inside]
    order = np.lexsort((day, owner))
    owner, day = owner[order], day[order]
    fresh = np.ones(len(day), bool)
    fresh[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])
    return owner[fresh], day[fresh]


def _winners(cut_target: Whole, cut: Whole, target: Whole, layer: Whole, layers: Spans) -> Whole:
    order = np.argsort(target, kind="stable")
    target, layer = target[order], layer[order]
    first, beyond = np.searchsorted(target, cut_target, "left"), np.searchsorted(target, cut_target, "right")
    piece, place = expand(first, beyond - first)
    candidate = layer[place]
    holds = (layers.start[candidate] <= cut[piece]) & (cut[piece] < layers.end[candidate])
    winner = np.full(len(cut), NONE, np.int64)
    np.maximum.at(winner, piece[holds], candidate[holds])
    return winner


def _joined(pieces: Pieces) -> Pieces:
    """Join neighbours that say the same."""
    if not len(pieces.target):
        return pieces
    fresh = np.ones(len(pieces.target), bool)
    fresh[1:] = (pieces.target[1:] != pieces.target[:-1]) | (pieces.winner[1:] != pieces.winner[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(fresh)) - 1
    return Pieces(pieces.target[first], pieces.start[first], pieces.end[last], pieces.winner[first])
