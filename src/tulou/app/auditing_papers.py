"""The report of an audit: gathered from the city, written in the formats and languages asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import tulou
from tulou.app.auditing import TITLES, Audit, Part
from tulou.app.messages import spoken
from tulou.app.wiring import look_at
from tulou.indicators.rulebook.folders import chain
from tulou.kernel.errors import Fault
from tulou.kernel.words import Language, Words
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.trust.adapters.formula_pages import formula_terms, read_natures
from tulou.operations.trust.adapters.schemas import read_bans, rulebook_tables, source_tables
from tulou.operations.trust.domain.accesses import Access
from tulou.operations.trust.domain.bans import Table, ban_faults
from tulou.operations.trust.domain.formulas import formula_faults
from tulou.publish.paper.write import write_papers
from tulou.publish.trust.report import Proved, TrustMaterial, trust_paper

if TYPE_CHECKING:
    from tulou.kernel.periods import Period

REVEAL = "requester.reveal"


def trust_material(audit: Audit, period: Period, *, is_public: bool = False) -> TrustMaterial:
    """What the report of a period is made of.

    Args:
        audit: The audit.
        period: The day or month.
        is_public: Whether small counts are hidden, and places in the files of the city left out.
    """
    profile, rules = look_at(audit.city).profile, audit.trust.rules
    seen = list(_accesses(audit, period.start, period.last))
    reveals = [one for one in seen if one.action == REVEAL]
    granted = [one for one in reveals if one.outcome == "granted"]
    changes = Counter(one.action for one in seen if one.action in rules.personal and one.action != REVEAL)
    terms, remarks = formula_remarks(audit.names)
    tables, marks = schema_marks(audit.names)
    return TrustMaterial(
        city=profile.name,
        period=period.name,
        parts=[_proved(one, is_public=is_public) for one in audit.parts()],
        readings=Counter((one.purpose, one.body) for one in granted),
        purposes={name: one.title for name, one in rules.purposes.items()},
        bodies=_bodies(audit.names),
        outcomes=Counter(one.outcome for one in reveals),
        changes=[(rules.actions[action], count) for action, count in sorted(changes.items())],
        remarks=[(one.where, str(one.found), _words(one.what)) for one in remarks] if terms else [],
        marks=len(marks),
        schemas=len(tables),
        has_accounts=audit.trust.is_on,
        least=int(rules.settings.number("publication", "least", period.last.date())),
        is_public=is_public,
        is_synthetic=profile.synthetic,
    )


def write_trust(
    found: TrustMaterial, folder: Path, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:  # fmt: skip
    """Write the report.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    name = f"audit-{found.period}{'-public' if found.is_public else ''}"
    return write_papers({one: trust_paper(found, one) for one in languages}, name, folder, formats)


def formula_remarks(names: Sequence[str]) -> tuple[int, list[Fault]]:
    """How many terms of formulas some rulebooks have, and what is wrong with them."""
    folders = [folder for folder, _ in chain(list(names))]
    natures = read_natures(folders)
    terms = list(formula_terms(folders, natures))
    return len(terms), list(formula_faults(terms, natures.words))


def schema_marks(names: Sequence[str]) -> tuple[list[Table], list[Fault]]:
    """All schemas of the program and some rulebooks, and the marks of persons in them."""
    folders = [folder for folder, _ in chain(list(names))]
    tables = [*source_tables(Path(tulou.__file__).parent), *(one for home in folders for one in rulebook_tables(home))]
    return tables, list(ban_faults(tables, read_bans(folders)))


def _accesses(audit: Audit, begin: datetime, end: datetime) -> Iterator[Access]:
    if audit.trust.has_log:
        yield from (one for one in audit.trust.log.entries() if begin <= one.moment <= end)


def _bodies(names: Sequence[str]) -> dict[str, Words]:
    flows = read_flows(list(names)).versions.values()
    return {name: body.title for versions in flows for name, body in versions[-1].bodies.items()}


def _proved(part: Part, *, is_public: bool) -> Proved:
    faults = [("" if is_public else one.where, _words(one.what)) for one in part.faults]
    return Proved(TITLES[part.name], part.entries, part.digest, faults, _words(part.remark))


def _words(sentence: str) -> Words:
    return Words(spoken(sentence, "zh"), sentence)
