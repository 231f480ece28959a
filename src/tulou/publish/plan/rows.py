"""The tables of a plan, row by row, in one language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tulou.diagnosis.findings import owner_of
from tulou.kernel.words import Language, Words
from tulou.plan.candidates.content import REASONS
from tulou.plan.remedies.content import GIVEN, Remedy
from tulou.plan.renewal.plan import Project
from tulou.publish.numbers import unit_text
from tulou.publish.paper.content import Value
from tulou.publish.plan.material import (
    Material,
    consents_of,
    department_of,
    figure,
    indicators_of,
    money,
    scale_of,
    title_of,
    verdict_words,
)
from tulou.publish.words import say

Row = Sequence[Value]
MOST_PLACES = 6
"""Units or projects named in one cell."""
WHOLE = 100.0
CITY = "city"


def schedule_rows(found: Material, language: Language) -> list[Row]:
    """One row a project, by year."""
    return [
        (
            project.year, project.ready, title_of(project.candidate, language), project.candidate.amount,
            _unit(found, project, language), money(project.candidate.cost, language), project.measured.people,
            project.measured.objects, consents_of(found, project.candidate, language),
        )
        for project in found.plan.projects
    ]  # fmt: skip


def library_rows(found: Material, language: Language) -> list[Row]:
    """The project library: what officials list of a project, and what it brings."""
    return [
        (
            place, title_of(one.candidate, language), one.candidate.remedy.about.say(language),
            scale_of(found, one.candidate, language), department_of(found, one.candidate.remedy.fixes, language),
            one.year, money(one.candidate.cost, language), one.measured.people,
            indicators_of(found, one.measured.gains, language), consents_of(found, one.candidate, language),
            _said(one.candidate.remedy.side_effects, language),
        )
        for place, one in enumerate(found.plan.projects, 1)
    ]  # fmt: skip


def effect_rows(found: Material, language: Language) -> list[Row]:
    """What the projects bring, summed one by one and measured together."""
    single, joint = found.plan.single, found.plan.joint
    rows: list[Row] = []
    for name in sorted({*single, *joint}):
        people, objects = single.get(name, (0.0, 0.0))
        together = joint.get(name)
        told = (0.0, 0.0) if together is None else (together.people, together.objects)
        if any((people, objects, *told)):
            rows.append((found.rulebook.indicators[name].title.say(language), people, told[0], objects, told[1]))
    return rows


def outlook_rows(found: Material, language: Language) -> list[Row]:
    """Figures of the whole city that move, at the end of each year beside today's."""
    then = {year: _of_city(effect.answers) for year, effect in found.plan.outlook.items()}
    last = then[found.years[-1]] if then else {}
    rows: list[Row] = []
    for name, row in sorted(last.items()):
        if row["value_before"] == row["value_after"] and row["verdict_before"] == row["verdict_after"]:
            continue
        values = [figure(found, name, then[year][name]["value_after"], language) for year in found.years]
        rows.append(
            (
                found.rulebook.indicators[name].title.say(language), figure(found, name, row["value_before"], language),
                *values, row["mark_after"] or "", verdict_words(row["verdict_before"], language),
                verdict_words(row["verdict_after"], language),
            )
        )  # fmt: skip
    return rows


def flip_rows(found: Material, language: Language) -> list[Row]:
    """Units whose verdict turns by the end of the last year, most people first."""
    flips = found.plan.outlook[found.years[-1]].flips
    told = [row for row in flips.to_pylist() if not row["variant"]]
    told.sort(key=lambda row: (-(row["people"] or 0.0), row["indicator"], row["level"], row["unit"]))
    return [
        (
            found.rulebook.indicators[row["indicator"]].title.say(language),
            say(f"level.{row['level']}", language), row["unit_name"] or row["unit"],
            figure(found, row["indicator"], row["value_before"], language),
            figure(found, row["indicator"], row["value_after"], language),
            verdict_words(row["verdict_before"], language), verdict_words(row["verdict_after"], language),
            row["people"],
        )
        for row in told
    ]  # fmt: skip


def advice_rows(found: Material, language: Language) -> list[Row]:
    """One row an indicator with findings: the problem, what can be done, where, and when it is planned."""
    findings = found.plan.today.findings
    proven = findings.filter(pc.equal(pc.cast(findings["status"], pa.string()), "fail"))
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    for name, unit_name, unit in zip(
        *(proven[key].to_pylist() for key in ("indicator", "unit_name", "unit")), strict=True
    ):
        areas[name][unit_name or unit] += 1
    return [_advice(found, place, name, told, language) for place, (name, told) in enumerate(sorted(areas.items()), 1)]


def _advice(found: Material, place: int, name: str, areas: Counter[str], language: Language) -> Row:
    indicator = found.rulebook.indicators[name]
    remedies = [one for one in found.plan.catalogue.remedies.values() if name in one.fixes]
    planned = Counter(one.year for one in found.plan.projects if name in one.measured.gains)
    listed = say("language.list", language)
    when = listed.join(f"{say('plan.planned', language, year=year)} ×{planned[year]}" for year in sorted(planned))
    today = _of_city(next(iter(found.plan.outlook.values())).answers).get(name)
    named = [unit for unit, _ in sorted(areas.items(), key=lambda pair: (-pair[1], pair[0]))]
    more = say("problems.more", language) if len(named) > MOST_PLACES else ""
    body = owner_of(found.rulebook, indicator)
    return (
        found.rulebook.dimensions[indicator.dimension].say(language), place, indicator.title.say(language),
        "" if today is None else figure(found, name, today["value_before"], language), sum(areas.values()),
        listed.join(one.title.say(language) for one in remedies), when or say("plan.not_planned", language),
        listed.join(named[:MOST_PLACES]) + more, say("advice.to_fill", language),
        say("language.not_stated", language) if body is None else body.title.say(language),
    )  # fmt: skip


def alternative_rows(found: Material, language: Language) -> list[Row]:
    """Other portfolios that are nearly as good, and how they differ from the chosen one."""
    chosen = set(found.plan.portfolio.years)
    return [
        (place, one.value, _differing(found, set(one.years) - chosen, chosen - set(one.years), language))
        for place, one in enumerate(found.plan.portfolio.alternatives, 1)
    ]


def money_rows(found: Material, language: Language) -> list[Row]:
    """What more money buys in each year."""
    return [
        (one.year, money(one.money, language), one.gain, _named(found, one.added, language),
         _named(found, one.dropped, language))
        for one in found.plan.more
    ]  # fmt: skip


def fairness_rows(found: Material, _language: Language) -> list[Row]:
    """What each unit gets of what it could get, the least first."""
    could = found.plan.asked.question.attainable
    names = {one.candidate.unit: one.candidate.unit_name for one in found.plan.asked.pool.values()}
    shares = sorted(found.plan.portfolio.shares.items(), key=lambda pair: (pair[1], pair[0]))
    return [(names.get(unit, unit), could[unit], share * could[unit], share * WHOLE) for unit, share in shares]


def siting_rows(found: Material, language: Language) -> list[Row]:
    """What each further site of a remedy brings to those its findings concern."""
    return [
        (one.remedy.title.say(language), step.count, step.siting.served, step.gain)
        for one in found.plan.candidates.sited
        for step in one.steps
    ]


def goal_rows(found: Material, language: Language) -> list[Row]:
    """Units that pass only when several projects are done, and how far the plan goes."""
    done = set(found.plan.portfolio.years)
    rows: list[Row] = []
    for goal in found.plan.asked.question.goals:
        indicator, unit = found.plan.asked.goals[goal.id]
        part = sum(part for name, part in goal.parts.items() if name in done)
        title = found.rulebook.indicators[indicator].title.say(language)
        rows.append((title, unit, len(goal.parts), min(part, 1.0) * WHOLE, goal.id in found.plan.portfolio.reached))
    return rows


def left_out_rows(found: Material, language: Language) -> list[Row]:
    """What is left out, by remedy and reason."""
    told: dict[tuple[str, str], tuple[int, int]] = {}
    for one in (*found.plan.candidates.left_out, *found.plan.asked.left_out):
        count, findings = told.get((one.remedy.id, one.reason), (0, 0))
        told[one.remedy.id, one.reason] = count + bool(one.candidate), findings + one.findings
    remedies = found.plan.catalogue.remedies
    return [
        (remedies[name].title.say(language), name, REASONS[reason].say(language), count or None, findings)
        for (name, reason), (count, findings) in sorted(told.items())
    ]


def unanswered_rows(found: Material, language: Language) -> list[Row]:
    """Indicators with findings that no remedy of the catalogue answers."""
    return [
        (found.rulebook.indicators[name].title.say(language), count)
        for name, count in found.plan.candidates.unanswered.items()
    ]


def price_rows(found: Material, language: Language) -> list[Row]:
    """Prices of the remedies that are candidates, with where they come from."""
    rows: list[Row] = []
    for remedy in _remedies(found):
        price = remedy.cost.price
        if price is not None:
            grade = say("plan.given" if price.evidence == GIVEN else f"evidence.{price.evidence}", language)
            rows.append(
                (
                    remedy.title.say(language), price.amount, remedy.cost.per.say(language),
                    price.on.isoformat() if price.on else "", price.source, grade, _said(price.note, language),
                )
            )  # fmt: skip
    return rows


def consent_rows(found: Material, language: Language) -> list[Row]:
    """Who has to agree to one of the projects, and by which rule."""
    names = sorted({name for one in found.plan.projects for name in one.candidate.remedy.consents})
    known = [found.plan.catalogue.consents[name] for name in names]
    return [
        (one.title.say(language), one.about.say(language), one.basis, say(f"evidence.{one.evidence}", language))
        for one in known
    ]


def worth_by_remedy(projects: Iterable[Project]) -> Mapping[str, tuple[float, float, float]]:
    """People, objects and cost of the chosen projects, by remedy."""
    found: dict[str, tuple[float, float, float]] = {}
    for one in projects:
        people, objects, cost = found.get(one.candidate.remedy.id, (0.0, 0.0, 0.0))
        found[one.candidate.remedy.id] = (
            people + one.measured.people, objects + one.measured.objects, cost + (one.candidate.cost or 0.0)
        )  # fmt: skip
    return found


def _remedies(found: Material) -> list[Remedy]:
    used = {one.remedy.id: one.remedy for one in found.plan.candidates.found}
    return [used[name] for name in sorted(used)]


def _of_city(answers: pa.Table) -> dict[str, dict[str, Any]]:
    """Official answers for the whole city, by indicator."""
    rows = answers.filter(pc.and_(pc.equal(answers["level"], CITY), pc.equal(answers["variant"], "")))
    return {row["indicator"]: row for row in rows.to_pylist()}


def _unit(found: Material, project: Project, language: Language) -> str:
    remedy = project.candidate.remedy
    unit = found.plan.units.get(remedy.id, "1")
    return remedy.cost.per.say(language) if unit == "1" else unit_text(unit, language)


def _named(found: Material, names: Iterable[str], language: Language) -> str:
    listed = list(names)
    shown = [
        title_of(found.plan.asked.pool[name].candidate, language) if name in found.plan.asked.pool else name
        for name in listed[:MOST_PLACES]
    ]
    more = say("problems.more", language) if len(listed) > MOST_PLACES else ""
    return say("language.list", language).join(shown) + more


def _differing(found: Material, added: set[str], dropped: set[str], language: Language) -> str:
    parts = [
        say(f"plan.{word}", language, names=_named(found, sorted(names), language))
        for word, names in (("adds", added), ("drops", dropped))
        if names
    ]
    return say("language.comma", language).join(parts)


def _said(words: Words | None, language: Language) -> str:
    return "" if words is None else words.say(language)
