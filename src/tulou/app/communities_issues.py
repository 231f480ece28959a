"""The register of community issues, from the cases of a city."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from tulou.app.casework import Casework
from tulou.app.wiring import look_at
from tulou.kernel.words import Language
from tulou.operations.hotline.domain.masking import masked
from tulou.publish.communities.issues import Issue, issues_paper

FLOW = "community_issue"
MONTH = timedelta(days=30)


def issues_of(work: Casework, moment: datetime) -> list[Issue]:
    """The issues of a city at a moment.

    Args:
        work: The cases.
        moment: The moment.
    """
    found = []
    for one in work.standings(moment):
        case = one.case
        if case.flow != FLOW:
            continue
        flow = work.store.flow(case.digest)
        kind, body = flow.classes.get(case.case_class), flow.bodies.get(case.body)
        due = next((deadline.due for deadline in one.deadlines if deadline.kind == "state"), None)
        found.append(
            Issue(
                case.id, kind.title if kind else None, masked(case.place)[0], masked(case.title)[0],
                body.title if body else None, flow.states[case.state].title, case.opened, case.ended,
                due.astimezone(flow.duty.local_time) if due else None, one.is_overdue,
            )
        )  # fmt: skip
    return found


def write_issues(
    work: Casework, moment: datetime, folder: Path, formats: Sequence[str], languages: Sequence[Language],
    since: date | None = None,
) -> list[Path]:  # fmt: skip
    """Write the register of issues.

    Args:
        work: The cases.
        moment: The moment it speaks of.
        folder: Where to.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.
        since: First day of the counts; 30 days before by default.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    from tulou.publish.paper.write import write_papers

    profile = look_at(work.city).profile
    span = since or (moment - MONTH).date(), moment.date()
    issues = issues_of(work, moment)
    papers = {
        spoken: issues_paper(profile.name, issues, span, spoken, synthetic=profile.synthetic) for spoken in languages
    }
    return write_papers(papers, "issues", folder, formats)
