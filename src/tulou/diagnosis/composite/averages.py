"""Averages: scores of parts made into the score of what they are parts of, level by level.

A part that is unknown is left out and the weights of the others are scaled up to 1; how much of the weight must be
known is decided at the top, by the rule of the composite.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tulou.diagnosis.composite.recipe import Group, Part

Numbers = NDArray[np.float64]

AVERAGES = ("arithmetic", "geometric", "harmonic")
REACHES = ("all", "upper")
"""Which groups another average is tried in: every one, or those that hold groups. Components on a scale of comparison
begin near 0, where a geometric mean magnifies a single worst place; scores of groups do not."""


def average(parts: Numbers, weights: Numbers, kind: str) -> Numbers:
    """The weighted mean over the last axis.

    ``arithmetic``: ``sum w x``; ``geometric``: ``prod x^w``; ``harmonic``: ``1 / sum(w / x)``; weights scaled to 1 over
    what is known.

    Args:
        parts: Shape (…, parts); NaN where unknown. Not negative for the geometric and the harmonic mean, which are 0
            as soon as one part of positive weight is.
        weights: Shape (parts) or one that broadcasts to ``parts``; not negative.
        kind: One of ``AVERAGES``.

    Returns:
        Shape (…); NaN where nothing of positive weight is known.
    """
    known = np.isfinite(parts)
    held = np.where(known, weights, 0.0)
    total = held.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = held / total[..., None]
        counts = share > 0
        if kind == "arithmetic":
            found = np.where(known, share * parts, 0.0).sum(axis=-1)
        elif kind == "geometric":
            found = np.exp(np.where(counts, share * np.log(parts), 0.0).sum(axis=-1))
        else:
            found = 1.0 / np.where(counts, share / parts, 0.0).sum(axis=-1)
    return np.where(total > 0, found, np.nan)


def rolled_up(
    top: Group, components: Numbers, weights: Mapping[str, Numbers], kind: str | None = None, reach: str = "all"
) -> dict[str, Numbers]:
    """Scores of every group, from the components up.

    Args:
        top: The tree of groups; its components in the order in which they are met are the last axis of ``components``.
        components: Shape (…, units, components), on one scale.
        weights: By name of the group, the weights of its parts: shape (parts), or (samples, 1, parts).
        kind: An average used by groups in place of their own.
        reach: Which groups ``kind`` is used by, one of ``REACHES``.

    Returns:
        By name of the group, shape (…, units); NaN where nothing is known.
    """
    found: dict[str, Numbers] = {}
    places = {part.name: place for place, part in enumerate(leaves(top))}

    def score(part: Part) -> Numbers:
        if not isinstance(part, Group):
            return components[..., places[part.name]]
        below = np.stack(np.broadcast_arrays(*(score(one) for one in part.parts)), axis=-1)
        is_reached = reach == "all" or any(isinstance(one, Group) for one in part.parts)
        used = kind if kind and is_reached else part.average
        found[part.name] = average(below, weights[part.name], used)
        return found[part.name]

    score(top)
    return found


def leaves(top: Group) -> tuple[Part, ...]:
    """The components below a group, in the order in which they are declared."""
    found: list[Part] = []
    for part in top.parts:
        found.extend(leaves(part) if isinstance(part, Group) else (part,))
    return tuple(found)


def groups_of(top: Group) -> tuple[Group, ...]:
    """A group and all groups below it, those above first."""
    found = [top]
    for part in top.parts:
        if isinstance(part, Group):
            found.extend(groups_of(part))
    return tuple(found)


def shares_of(group: Group) -> Numbers:
    """The weights of a group's parts, scaled to 1."""
    weights = np.array([part.weight for part in group.parts], np.float64)
    return weights / weights.sum()


def nominal_weights(top: Group) -> dict[str, Numbers]:
    """The declared weights of all groups, by name, each scaled to 1."""
    return {group.name: shares_of(group) for group in groups_of(top)}


def weights_in_the_whole(top: Group) -> Numbers:
    """What each component weighs in the whole: the product of the weights above it; they sum to 1."""

    def below(part: Part, share: float) -> list[float]:
        if not isinstance(part, Group):
            return [share]
        shares = shares_of(part)
        return [one for place, inner in enumerate(part.parts) for one in below(inner, share * float(shares[place]))]

    return np.array(below(top, 1.0), np.float64)
