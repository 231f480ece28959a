"""What a report of the hotline is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.operations.hotline.domain.contrast import Contrast
from tulou.operations.hotline.domain.rates import RateRule, Tally
from tulou.operations.hotline.domain.themes import Theme
from tulou.publish.drawing.ground import Layers


@dataclass(frozen=True, eq=False)
class ReportMaterial:
    """What a report is made of. Nothing in it is about a person.

    Args:
        city: Name of the city.
        window: First and last moment, in words of the city's clock.
        is_month: Whether it is of a month.
        rule: The rule of the rates.
        tallies: Counts by body.
        names: Titles of bodies.
        by_category: Requests that came in, by top category; an empty name for those without.
        by_channel: Requests that came in, by channel.
        by_day: Requests that came in on each day.
        points: East and north of those with a known place, metres, shape (n, 2).
        unplaced: Requests that came in without a place.
        themes: Candidates for a theme of the month.
        contrasts: Indicators that pass where requests pile up.
        layers: What the map is drawn on.
        first_dispatch: Cases dispatched and, of these, returned as not theirs.
        is_public: Whether small counts are hidden.
        is_synthetic: Whether the city was generated.
        credit: Credit lines.
        notes: What a reader must know besides.
    """

    city: str
    window: tuple[str, str]
    is_month: bool
    rule: RateRule
    tallies: Mapping[str, Tally]
    names: Mapping[str, Words]
    by_category: Mapping[str, int]
    by_channel: Mapping[str, int]
    by_day: Sequence[tuple[date, int]]
    points: NDArray[np.float64]
    unplaced: int
    themes: Sequence[Theme]
    contrasts: Sequence[Contrast]
    layers: Layers
    first_dispatch: tuple[int, int]
    is_public: bool = False
    is_synthetic: bool = False
    credit: tuple[str, ...] = ()
    notes: Sequence[Words] = field(default=())

    @property
    def received(self) -> int:
        """Requests that came in."""
        return sum(self.by_category.values())

    @property
    def least(self) -> int:
        """Least count that is shown."""
        return self.rule.below if self.is_public else 1
