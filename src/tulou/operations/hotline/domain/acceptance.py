"""The list of what a hotline accepts: each item with what is said and where it comes from. A person decides by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tulou.kernel.words import Words
from tulou.operations.hotline.domain.ngrams import normalised
from tulou.operations.hotline.domain.request import Request

Decision = Literal["accept", "consult", "decline", "refer"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
ACCEPTED = "accepted"
"""Item under which what fits no other is accepted."""


@dataclass(frozen=True)
class Item:
    """One item of the list.

    Args:
        id: Its id.
        decision: What is done.
        title: What it is about.
        told: What the requester is told, with the reason.
        words: Words in title or text that point to it.
        kinds: Kinds of request that point to it.
        source: Where it comes from.
    """

    id: str
    decision: Decision
    title: Words
    told: Words
    words: tuple[str, ...]
    kinds: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Judged:
    """What the list says of a request.

    Args:
        decision: What is proposed.
        item: The item; None when none fits and the request is accepted.
        met: The word or kind that points to it.
    """

    decision: Decision
    item: Item | None
    met: str = ""


def judged(request: Request, items: Sequence[Item]) -> Judged:
    """What the list proposes for a request: the first item that fits; accepted when none does."""
    said = normalised(f"{request.title} {request.text}")
    for item in items:
        if request.kind and request.kind in item.kinds:
            return Judged(item.decision, item, request.kind)
        met = next((word for word in item.words if normalised(word) in said), "")
        if met:
            return Judged(item.decision, item, met)
    return Judged("accept", None)
