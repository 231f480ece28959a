"""The score says full marks, the hotline says no: indicators that pass where people ask about the same subject.

A finding to look into, not a verdict: requests show what troubles people, an indicator what it was defined to measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tulou.kernel.words import Words
from tulou.operations.hotline.domain.ngrams import normalised
from tulou.operations.hotline.domain.request import Request

PASSES = "pass"
CITY = "city"


@dataclass(frozen=True)
class Topic:
    """A subject of which both requests and indicators speak, as a rulebook declares it.

    Args:
        id: Its id.
        title: Its name.
        categories: Categories of requests, at any level of their path.
        words: Words in title or text of requests.
        indicators: Indicators that speak of it.
    """

    id: str
    title: Words
    categories: tuple[str, ...]
    words: tuple[str, ...]
    indicators: tuple[str, ...]

    def speaks_of(self, request: Request) -> bool:
        """Whether a request is about this subject."""
        if any(one in self.categories for one in request.category):
            return True
        said = normalised(f"{request.title} {request.text}")
        return any(normalised(word) in said for word in self.words)


@dataclass(frozen=True)
class Contrast:
    """One indicator that passes beside what people ask for.

    Args:
        topic: The subject.
        indicator: The indicator.
        level: Level of the unit.
        unit: The unit.
        value: Value of the indicator there.
        mark: Its pass mark, in words.
        requests: Requests on the subject in the unit.
        clustered: Of these, such as belong to a group that is one problem.
        examples: Titles of some of them.
    """

    topic: Topic
    indicator: str
    level: str
    unit: str
    value: float
    mark: str
    requests: int
    clustered: int
    examples: tuple[str, ...]


def contrasts(
    requests: Sequence[Request],
    units: Mapping[str, Mapping[str, str]],
    results: Iterable[Mapping[str, Any]],
    topics: Sequence[Topic],
    grouped: frozenset[str],
    *,
    fewest: int,
) -> list[Contrast]:
    """Indicators that pass where at least ``fewest`` requests speak of the same subject; the most requests first.

    Args:
        requests: The requests.
        units: Units of each request by level, by id of the request; the city needs none.
        results: Rows of a check: indicator, level, unit, status, value, mark.
        topics: The declared map of subjects.
        grouped: Ids of requests that belong to a group.
        fewest: Requests below which nothing is said.
    """
    about = {topic.id: [one for one in requests if topic.speaks_of(one)] for topic in topics}
    by_indicator = {
        name: [one for one in topics if name in one.indicators] for one in topics for name in one.indicators
    }
    found = []
    for row in results:
        if row["status"] != PASSES:
            continue
        for topic in by_indicator.get(row["indicator"], ()):
            here = [one for one in about[topic.id] if _is_in(one, row, units)]
            if len(here) >= fewest:
                found.append(_contrast(topic, row, here, grouped))
    return sorted(found, key=lambda one: (-one.requests, one.topic.id, one.indicator, one.unit))


def _is_in(request: Request, row: Mapping[str, Any], units: Mapping[str, Mapping[str, str]]) -> bool:
    return row["level"] == CITY or units.get(request.id, {}).get(row["level"]) == row["unit"]


def _contrast(topic: Topic, row: Mapping[str, Any], here: Sequence[Request], grouped: frozenset[str]) -> Contrast:
    titles = Counter(one.title for one in here if one.title)
    shown = sorted(titles, key=lambda one: (-titles[one], one))[:3]
    value = float("nan") if row["value"] is None else float(row["value"])
    return Contrast(
        topic, row["indicator"], row["level"], row["unit"] or CITY, value,
        str(row.get("mark") or ""), len(here), sum(one.id in grouped for one in here), tuple(shown),
    )  # fmt: skip
