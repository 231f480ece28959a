"""Handing a plan on: what the report of its check takes over, in both languages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tulou.kernel.words import LANGUAGES, Language
from tulou.plan.candidates.content import Candidate
from tulou.publish.plan.assemble import lead_of
from tulou.publish.plan.material import Material, department_of, scale_of, title_of
from tulou.publish.words import say


def for_report(found: Material) -> dict[str, Any]:
    """Remedies by indicator and the project library, as the report of the check lists them."""
    indicators = sorted({name for one in found.plan.catalogue.remedies.values() for name in one.fixes})
    return {
        "lead": {language: lead_of(found, language) for language in LANGUAGES},
        "advice": {name: {language: _advice(found, name, language) for language in LANGUAGES} for name in indicators},
        "projects": [_project(found, one.candidate) for one in found.plan.projects],
    }


def _project(found: Material, candidate: Candidate) -> list[dict[Language, str]]:
    """Name, content, scale and department of a project."""
    told = [
        (
            title_of(candidate, language), candidate.remedy.about.say(language), scale_of(found, candidate, language),
            department_of(found, candidate.remedy.fixes, language),
        )
        for language in LANGUAGES
    ]  # fmt: skip
    return [dict(zip(LANGUAGES, cells, strict=True)) for cells in zip(*told, strict=True)]


def _advice(found: Material, name: str, language: Language) -> str:
    """The remedies that answer an indicator, and in which years how many of them are planned."""
    remedies = [one.title.say(language) for one in found.plan.catalogue.remedies.values() if name in one.fixes]
    planned = Counter(one.year for one in found.plan.projects if name in one.measured.gains)
    listed = say("language.list", language)
    when = listed.join(f"{say('plan.planned', language, year=year)} ×{planned[year]}" for year in sorted(planned))
    told = when or say("plan.not_planned", language)
    return f"{listed.join(remedies)}{'（' if language == 'zh' else ' ('}{told}{'）' if language == 'zh' else ')'}"
