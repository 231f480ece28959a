"""What the papers of a plan are made of, and the words they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tulou.diagnosis.findings import owner_of
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.words import Language
from tulou.plan.candidates.content import Candidate
from tulou.plan.renewal.plan import Plan
from tulou.publish.numbers import quantity
from tulou.publish.paper.content import Column
from tulou.publish.words import has, say

WAN, THOUSAND = 10_000.0, 1_000.0
"""What a reader counts money in: ten thousand yuan in Chinese, a thousand in English."""
MOST_IDS = 6
"""Ids of objects that are shown of a project; the workbook and JSON hold all."""


@dataclass(frozen=True, eq=False)
class Material:
    """A plan and what tells it.

    Args:
        plan: The plan.
        rulebook: What was asked of the city.
        name: Name of the city.
        is_synthetic: Whether the city was generated.
        prices: Name of the file the prices came from; empty for none.
        has_made_up_prices: Whether those prices are made up for a demonstration.
        credit: Credit lines of the sources.
    """

    plan: Plan
    rulebook: Rulebook
    name: str
    is_synthetic: bool
    prices: str = ""
    has_made_up_prices: bool = False
    credit: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the plan."""
        return self.plan.wishes.years


def money(value: float | None, language: Language) -> float | None:
    """Yuan in what a reader counts in."""
    return None if value is None else value / (WAN if language == "zh" else THOUSAND)


def money_words(value: float, language: Language) -> str:
    """Money in words."""
    shown = money(value, language) or 0.0
    return say("plan.yuan", language, value=f"{shown:,.1f}".removesuffix(".0"))


def title_of(candidate: Candidate, language: Language) -> str:
    """What a project is called."""
    place = place_of(candidate, language)
    title = candidate.remedy.title.say(language)
    return f"{place}{title}" if language == "zh" else f"{title}, {place}"


def place_of(candidate: Candidate, language: Language) -> str:
    """Where a project is."""
    if candidate.site is None:
        return candidate.unit_name
    return say("plan.at_site", language, site=candidate.site.name, unit=candidate.unit_name)


def scale_of(found: Material, candidate: Candidate, language: Language) -> str:
    """The objects of a project, as many as a reader follows."""
    if not candidate.objects:
        return "" if candidate.site is None else candidate.site.id
    entity = found.rulebook.dictionary[candidate.entity].title.say(language)
    count = say("plan.buildings", language, entity=entity, count=f"{len(candidate.objects):,}")
    shown = say("language.list", language).join(candidate.objects[:MOST_IDS])
    more = say("problems.more", language) if len(candidate.objects) > MOST_IDS else ""
    return say("chart.value_of", language, name=count, value=f"{shown}{more}")


def department_of(found: Material, indicators: Iterable[str], language: Language) -> str:
    """Who answers for the indicators that a project is meant for."""
    told = [owner_of(found.rulebook, found.rulebook.indicators[name]) for name in indicators]
    names = dict.fromkeys(body.title.say(language) for body in told if body is not None)
    return say("language.list", language).join(names) or say("language.not_stated", language)


def indicators_of(found: Material, indicators: Iterable[str], language: Language) -> str:
    """Titles of some indicators."""
    return say("language.list", language).join(
        found.rulebook.indicators[name].title.say(language) for name in indicators
    )


def consents_of(found: Material, candidate: Candidate, language: Language) -> str:
    """Who has to agree."""
    titles = (found.plan.catalogue.consents[name].title.say(language) for name in candidate.remedy.consents)
    return "; ".join(titles) if language == "en" else "；".join(titles)


def verdict_words(verdict: str | None, language: Language) -> str:
    """A verdict as a reader meets it."""
    if verdict is None:
        return ""
    name = verdict.replace(" ", "_")
    return say(f"status.{name}" if has(f"status.{name}") else "status.to_confirm", language)


def figure(found: Material, indicator: str, value: float | None, language: Language) -> str:
    """A value with its unit."""
    return quantity(value, found.rulebook.indicators[indicator].unit, language)


def columns(kinds: Mapping[str, Column], language: Language) -> tuple[Column, ...]:
    """Columns with the titles of their language."""
    return tuple(
        Column(say(f"plan.column.{name}" if has(f"plan.column.{name}") else f"column.{name}", language), one.kind,
               one.width, one.digits)
        for name, one in kinds.items()
    )  # fmt: skip
