"""What another rule comes to, and the calendar of rules, in lines for the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tulou.app.screen import language, table
from tulou.app.whatif_told import told_outcome
from tulou.kernel.words import Language, Words
from tulou.model.state import State
from tulou.plan.whatif.subjects import Coming, Compared
from tulou.publish.numbers import MINUS, number
from tulou.publish.whatif.machine import counts
from tulou.publish.whatif.telling import article_text, parameter_rows, people_text, title_text, unit_name, value_text
from tulou.publish.words import say

PERCENT = 100.0


def told_laws(compared: Compared, most: int) -> Iterator[str]:
    """Two rules compared, line by line.

    Args:
        compared: The comparison.
        most: Rows of each table.
    """
    spoken = language()
    before, after = (side.check for side in (compared.outcome.effect.before, compared.outcome.effect.after))
    head = Words("标准变化的影响", "What another rule turns").say(spoken)
    sides = " → ".join(f"{check.rulebook['id']} {check.day}" for check in (before, after))
    yield f"{head}: {after.profile.name} · {sides}"
    rows = parameter_rows(compared.changes, spoken)
    if rows:
        yield table([say(name, spoken) for name in ("whatif.parameter", "whatif.before", "whatif.after")], rows[:most])
        if len(rows) > most:
            yield f"  … {len(rows)}"
    yield ""
    yield from told_outcome(compared.outcome, most)
    yield from _near(compared, most, spoken)


def _near(compared: Compared, most: int, spoken: Language) -> Iterator[str]:
    if not compared.near:
        return
    share = f"{compared.share * PERCENT:g}%"
    yield ""
    title = Words(f"临界单元（与标准值相差不超过 {share}）", f"Near the mark (within {share})").say(spoken)
    yield f"{title} ({min(most, len(compared.near))}/{len(compared.near)})"
    heads = ("column.indicator", "column.unit", "column.result", "whatif.distance", "whatif.article", "column.people")
    rows = [
        [
            title_text(one.line, spoken), unit_name(one.line, spoken), value_text(one.line.after, one.line, spoken),
            f"{MINUS if one.distance < 0 else '+'}{number(abs(one.distance), unit=one.line.measured_in)}",
            article_text(one.line, spoken), people_text(one.line.people),
        ]
        for one in compared.near[:most]
    ]  # fmt: skip
    yield table([say(name, spoken) for name in heads], rows)


def told_calendar(state: State, days: Sequence[Coming], most: int) -> Iterator[str]:
    """The rules that come into force, line by line.

    Args:
        state: The city.
        days: What comes into force.
        most: Rows of each table.
    """
    spoken = language()
    yield f"{Words('标准生效日历', 'Coming into force').say(spoken)}: {state.profile.name} · {state.moment.valid}"
    if not days:
        yield say("whatif.calendar_none", spoken)
        return
    heads = ("whatif.day", "whatif.parameters", "whatif.turned", "whatif.worse", "whatif.better", "whatif.moves")
    rows = [[str(day.commencement.day), *calendar_cells(day, spoken)] for day in days]
    yield table([say(name, spoken) for name in heads], rows)
    for day in days:
        if day.outcome.flips or day.outcome.crossings:
            yield ""
            yield f"── {day.commencement.day}"
            yield from told_outcome(day.outcome, most)


def calendar_cells(day: Coming, spoken: Language) -> list[str]:
    """What a row of the calendar says after its day."""
    found = counts(day.outcome)
    names = [change.title.say(spoken) for change in day.commencement.parameters]
    shown = say("language.list", spoken).join(names[:NAMED])
    more = f" … ({len(names)})" if len(names) > NAMED else ""
    return [shown + more, *(f"{found[name]:,}" for name in ("flips", "worse", "better", "moves"))]


NAMED = 2
"""Parameters named in a row of the calendar."""
