"""Writing the report of work safety and inspections of a city, for a day or a month."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tulou.app.casework import Casework
from tulou.app.dangers import dangers_of
from tulou.app.inspecting import FLOW, FOLDER, Inspecting
from tulou.kernel.periods import Period
from tulou.kernel.words import Language
from tulou.operations.safety.adapters.danger_rules import read_danger_rules
from tulou.operations.safety.domain.dangers import counts_of
from tulou.publish.layers import layers_of
from tulou.publish.paper.write import write_papers
from tulou.publish.safety.assemble import assemble
from tulou.publish.safety.material import Material

LEVEL = "community"
REPORTS = "reports"


def write_report(
    opened: Inspecting, period: Period, folder: Path | None, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:
    """Write the report of a period.

    Args:
        opened: Inspections of the city.
        period: A day or a month.
        folder: Where to; ``inspections/reports`` of the city by default.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.

    Returns:
        The files written.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    found = material_of(opened, period)
    papers = {language: assemble(found, language) for language in languages}
    return write_papers(papers, f"safety-{period.name}", folder or opened.city / FOLDER / REPORTS, formats)


def material_of(opened: Inspecting, span: Period) -> Material:
    """All that the report of a period is made of."""
    safety, work = opened.safety, opened.work
    end = min(span.last, work.clock())
    flow = work.flows.on(FLOW, opened.day)
    rules = read_danger_rules(work.names)
    dangers = dangers_of(work, end)
    year = span.start.astimezone(flow.duty.local_time).year
    draws = opened.certificates()
    credit = safety.credits()
    titles = {name: one.title for name, one in flow.bodies.items()}
    return Material(
        city=safety.state.profile.name,
        synthetic=safety.state.profile.synthetic,
        credits_=tuple(safety.state.profile.credit),
        period=span.name,
        is_day=span.is_day,
        day=safety.day,
        record=safety.state.moment.record or 0,
        digest=work.store.digest(),
        zone=flow.duty.local_time,
        end=end,
        rules=rules,
        dangers=dangers,
        counts=counts_of(dangers, span.start, end, bounds=rules.bounds, again=rules.again),
        risks=safety.risks,
        units=safety.units(LEVEL),
        shapes=safety.state.rows(LEVEL).shapes,
        layers=layers_of(safety.state),
        bodies={**titles, **{name: one.title for name, one in opened.bodies.items()}},
        visits=_visits(opened, work, span),
        breaches=opened.breaches(year, end),
        draws=draws,
        prevalence={one.order.id: opened.prevalence(one.order.id, end) for one in draws},
        enterprises=safety.enterprises,
        credit=credit,
        ahead={
            code: safety.ahead(code)[0] for code, one in credit.items() if one.grade != one.start and safety.ahead(code)
        },
        due=safety.due(),
        kinds=safety.training_rules.kinds,
        chains=opened.chains,
    )


def _visits(opened: Inspecting, work: Casework, span: Period) -> list[tuple[str, ...]]:
    """Bodies that came to each visit whose visitors signed in within the period."""
    end = min(span.last, work.clock())
    cases = opened.visit_cases(end)
    names = [
        one.case
        for one in work.store.events()
        if one.move == "sign_in" and one.case in cases and span.start <= one.happened <= end
    ]
    return [tuple(cases[name].fields["bodies"]) for name in dict.fromkeys(names)]
