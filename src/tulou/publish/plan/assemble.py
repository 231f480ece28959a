"""A plan as a paper, in the outline officials use: schedule, effect, next check, remedy list, project library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from tulou.kernel.words import Language
from tulou.publish.drawing.charts import people_bars
from tulou.publish.drawing.picture import Picture
from tulou.publish.paper.content import Art, Column, Heading, Pairs, Paper, Part, Sheet, Text, Turn
from tulou.publish.plan import rows
from tulou.publish.plan.material import Material, columns, money_words
from tulou.publish.plan.rows import Row
from tulou.publish.words import has, say

PERCENT = 100.0
ROUNDING = 0.5
"""People by which a single and a joint figure may differ and still be shown as equal."""

_WORDS = Column("")
_NUMBER = Column("", "number")
_MONEY = Column("", "number", 9.0, 2)
_WHOLE = Column("", "number", 8.0, 0)
_WIDE = Column("", "text", 18.0)
_NARROW = Column("", "number", 6.0, 0)
_YEAR = Column("", "text", 7.0)

SHEETS: Mapping[str, tuple[Mapping[str, Column], Callable[[Material, Language], list[Row]]]] = {
    "schedule": (
        {"year": _YEAR, "ready": _YEAR, "project": _WIDE, "amount": _NUMBER, "measured_in": _WORDS, "cost": _MONEY,
         "people": _WHOLE, "objects": _NUMBER, "consent": _WIDE},
        rows.schedule_rows,
    ),
    "effect": (
        {"indicator": _WIDE, "single_people": _WHOLE, "joint_people": _WHOLE, "single_objects": _NUMBER,
         "joint_objects": _NUMBER},
        rows.effect_rows,
    ),
    "flips": (
        {"indicator": _WIDE, "level": _YEAR, "unit": _WORDS, "today": _WORDS, "result": _WORDS,
         "verdict_today": _WORDS, "verdict_then": _WORDS, "people": _WHOLE},
        rows.flip_rows,
    ),
    "alternatives": ({"number": _NARROW, "value": _WHOLE, "differs": _WIDE}, rows.alternative_rows),
    "money": (
        {"year": _YEAR, "money": _MONEY, "gain": _WHOLE, "added": _WIDE, "dropped": _WIDE},
        rows.money_rows,
    ),
    "fairness": ({"unit": _WIDE, "could": _WHOLE, "gets": _WHOLE, "share": _NUMBER}, rows.fairness_rows),
    "siting": ({"remedy": _WIDE, "count": _NARROW, "served": _WHOLE, "gain": _WHOLE}, rows.siting_rows),
    "goals": (
        {"indicator": _WIDE, "unit": _WORDS, "candidates": _NARROW, "parts": _NUMBER, "reached": _WORDS},
        rows.goal_rows,
    ),
    "left_out": (
        {"remedy": _WIDE, "id": _WORDS, "why": _WIDE, "candidates": _NARROW, "findings": _NARROW},
        rows.left_out_rows,
    ),
    "unanswered": ({"indicator": _WIDE, "findings": _NARROW}, rows.unanswered_rows),
    "prices": (
        {"remedy": _WIDE, "price": _NUMBER, "per": _WORDS, "dated": _WORDS, "source": _WIDE, "evidence": _WORDS,
         "note": _WIDE},
        rows.price_rows,
    ),
    "consents": ({"consent": _WORDS, "note": _WIDE, "basis": _WORDS, "evidence": _WORDS}, rows.consent_rows),
    "advice": (
        {"dimension": _WORDS, "number": _NARROW, "indicator": _WIDE, "indicator_result": _WORDS, "findings": _NARROW,
         "advice": _WIDE, "year": _WORDS, "area": _WIDE, "kind": _WORDS, "owner": _WORDS},
        rows.advice_rows,
    ),
    "library": (
        {"number": _NARROW, "project": _WIDE, "content": _WIDE, "scale": _WIDE, "department": _WORDS, "year": _YEAR,
         "cost": _MONEY, "people": _WHOLE, "indicators": _WIDE, "consent": _WIDE, "side_effects": _WORDS},
        rows.library_rows,
    ),
}  # fmt: skip
"""Columns and rows of each table."""


def papers(found: Material, languages: Iterable[Language]) -> dict[Language, Paper]:
    """The paper of a plan, by language."""
    return {language: assemble(found, language) for language in languages}


def assemble(found: Material, language: Language) -> Paper:
    """The paper of a plan.

    Args:
        found: The plan and what tells it.
        language: Its language.
    """
    made: list[Part] = []
    for place, (name, parts) in enumerate(_chapters(found, language), 1):
        if name == "lists":
            made.append(Turn(landscape=True))
        made.append(Heading(f"{place}  {say(f'plan.chapter.{name}', language)}", 1))
        made += parts
    title = say("plan.title", language, city=found.name)
    is_synthetic = found.is_synthetic
    return Paper(language, title, is_synthetic, tuple(_cover(found, language)), tuple(made), found.credit)


def _chapters(found: Material, language: Language) -> Iterator[tuple[str, Iterable[Part]]]:
    yield "summary", _summary(found, language)
    yield "schedule", [sheet(found, "schedule", language)]
    yield "effect", _effect(found, language)
    yield "outlook", [outlook(found, language), sheet(found, "flips", language)]
    yield "choice", _choice(found, language)
    yield "conditions", _conditions(found, language)
    yield "lists", [sheet(found, name, language) for name in ("advice", "library")]


def sheet(found: Material, name: str, language: Language) -> Sheet:
    """One table of a plan."""
    kinds, rows_of = SHEETS[name]
    empty = f"plan.empty.{name}"
    return Sheet(
        say(f"plan.sheet.{name}", language), columns(kinds, language), rows_of(found, language),
        say(empty, language) if has(empty) else say("plan.empty.left_out", language),
    )  # fmt: skip


def outlook(found: Material, language: Language) -> Sheet:
    """Figures of the city that move, a column for the end of each year."""
    ends = [Column(say("plan.column.end_of", language, year=year)) for year in found.years]
    head = columns({"indicator": _WIDE, "today": _WORDS}, language)
    tail = columns({"mark": _WORDS, "verdict_today": _WORDS, "verdict_then": _WORDS}, language)
    listed = rows.outlook_rows(found, language)
    return Sheet(
        say("plan.sheet.outlook", language), (*head, *ends, *tail), listed, say("plan.empty.outlook", language)
    )


def lead_of(found: Material, language: Language) -> str:
    """The plan in two sentences."""
    plan = found.plan
    budgets = plan.wishes.budgets
    by_year = say("language.list", language).join(
        say("plan.of_year", language, year=year, money=money_words(budgets[year], language))
        for year in plan.wishes.years
    )
    told = {"budget": money_words(sum(budgets.values()), language), "by_year": by_year}
    if not plan.projects:
        return say("plan.lead.nothing", language, **told)
    counted = say(f"plan.counted.{plan.wishes.objective}", language)
    chosen = say(
        "plan.lead.chosen", language, **told, projects=len(plan.projects), cost=money_words(plan.cost, language),
        worth=f"{plan.portfolio.value:,.0f}", counted=counted,
    )  # fmt: skip
    gap = say("plan.lead.proved", language)
    if plan.portfolio.gap:
        gap = say(
            "plan.lead.gap", language, gap=f"{plan.portfolio.gap * PERCENT:.2g}", bound=f"{plan.portfolio.bound:,.0f}"
        )
    return f"{chosen}{'' if language == 'zh' else ' '}{gap}"


def _summary(found: Material, language: Language) -> Iterator[Part]:
    yield Text(lead_of(found, language), "lead")
    if found.has_made_up_prices:
        yield Text(say("plan.note.synthetic_prices", language), "missing")
    unpriced = sum(one.reason == "no_price" for one in found.plan.asked.left_out)
    if unpriced:
        yield Text(say("plan.lead.unpriced", language, count=unpriced), "missing")
    pictures = tuple(_pictures(found, language))
    if pictures:
        yield Art(pictures)
    for name in ("measured", "row", "lack", "finished", "appraisal"):
        yield Text(say(f"plan.note.{name}", language), "note")


def _pictures(found: Material, language: Language) -> Iterator[Picture]:
    told = rows.worth_by_remedy(found.plan.projects)
    if not told:
        return
    remedies = found.plan.catalogue.remedies
    objective = found.plan.wishes.objective
    at = 0 if objective == "people" else 1
    title = say("plan.chart" if objective == "people" else "plan.chart_objects", language)
    by_worth = sorted(told, key=lambda name: (-told[name][at], name))
    titles = {name: remedies[name].title.say(language) for name in by_worth}
    worth = [(titles[name], told[name][at], f"{told[name][at]:,.0f}") for name in by_worth]
    cost = [(titles[name], told[name][2], money_words(told[name][2], language)) for name in by_worth]
    yield people_bars("plan-worth", worth, title=title, colour="pass")
    yield people_bars("plan-cost", cost, title=say("plan.chart_money", language), colour="step3")


def _effect(found: Material, language: Language) -> Iterator[Part]:
    plan = found.plan
    single = sum(people for people, _ in plan.single.values())
    joint = sum(gain.people for gain in plan.joint.values())
    yield Text(say("plan.note.same" if abs(single - joint) < ROUNDING else "plan.note.differs", language))
    yield sheet(found, "effect", language)
    if plan.asked.question.goals:
        yield sheet(found, "goals", language)


def _choice(found: Material, language: Language) -> Iterator[Part]:
    yield sheet(found, "alternatives", language)
    yield sheet(found, "money", language)
    if found.plan.portfolio.shares:
        yield sheet(found, "fairness", language)
    if found.plan.candidates.sited:
        yield sheet(found, "siting", language)


def _conditions(found: Material, language: Language) -> Iterator[Part]:
    yield Pairs(tuple(_pairs(found, language)))
    yield sheet(found, "prices", language)
    yield sheet(found, "consents", language)
    yield sheet(found, "left_out", language)
    if found.plan.candidates.unanswered:
        yield sheet(found, "unanswered", language)


def _pairs(found: Material, language: Language) -> Iterator[tuple[str, str]]:
    plan, wishes = found.plan, found.plan.wishes
    listed = say("language.list", language)
    weights = listed.join(
        f"{found.rulebook.indicators[name].title.say(language)} ×{weight:g}"
        for name, weight in sorted(wishes.weights.items())
    )
    money = listed.join(
        say("plan.of_year", language, year=year, money=money_words(wishes.budgets[year], language))
        for year in wishes.years
    )
    told = {
        "objective": say(f"plan.objective.{wishes.objective}", language),
        "weights": weights or say("plan.condition.weights_none", language),
        "fairness": say(
            f"plan.fairness.{wishes.fairness.kind}", language, share=f"{wishes.fairness.share * PERCENT:g}"
        ),
        "budgets": f"{money}{say('language.comma', language)}{say('plan.condition.lapse', language)}",
        "must": listed.join(wishes.must),
        "gap": f"{wishes.gap * PERCENT:g}%",
        "reached": f"{plan.portfolio.gap * PERCENT:.2g}%",
        "prices": found.prices or say("plan.condition.prices_none", language),
        "rules": say("plan.condition.rules_today", language, day=plan.today.check.day),
        "check": plan.today.check.id,
    }
    yield from ((say(f"plan.condition.{name}", language), text) for name, text in told.items() if text)


def _cover(found: Material, language: Language) -> Iterator[tuple[str, str]]:
    check = found.plan.today.check
    first, last = found.years[0], found.years[-1]
    yield say("plan.file", language), say("plan.years", language, first=first, last=last)
    yield say("title.day", language), check.day.isoformat()
    yield say("plan.condition.check", language), check.id
    rulebook = found.rulebook.title.say(language)
    yield say("title.rulebook", language), f"{rulebook} {check.rulebook['version']}"
