"""The daily and the monthly paper of a city's cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timezone
from pathlib import Path

from tulou.app.casework import Casework
from tulou.app.wiring import look_at
from tulou.kernel.errors import BadUse
from tulou.kernel.periods import Period
from tulou.kernel.words import Language
from tulou.operations.cases.domain.counting import counted
from tulou.operations.cases.domain.events import SHOWN
from tulou.operations.trust.adapters.reading import read_rules
from tulou.publish.cases.report import CaseMaterial, report_paper
from tulou.publish.paper.write import write_papers

FOLDER = "reports"


def local_time_of(work: Casework) -> timezone:
    """The city's clock."""
    return work.flows.versions["city_management"][-1].duty.local_time if work.flows.versions else UTC


def material_of(work: Casework, period: Period, *, flow: str = "", is_public: bool = False) -> CaseMaterial:
    """What a paper is made of.

    Args:
        work: The cases.
        period: The period; one that lasts is told up to now.
        flow: Only cases of this flow; all when empty.
        is_public: Whether small counts are hidden.

    Raises:
        BadUse: When the period has not begun.
    """
    now = work.clock()
    if period.start > now:
        raise BadUse("this period has not begun", where="--period", found=f"{period.start:%Y-%m-%d}")
    told = Period(period.start, min(period.end, now))
    events = work.store.events()
    named = {one.facts["flow"] for one in events if "flow" in one.facts}
    flows = {digest: work.store.flow(digest) for digest in named}
    found = counted(events, flows, {digest: work.clockwork(digest) for digest in named}, told)
    local_time = local_time_of(work)
    day = told.last.astimezone(local_time).date()
    least = int(read_rules(work.names).settings.number("publication", "least", day)) if is_public else 0
    kept = [one for one in found if not flow or one.case.flow == flow]
    profile = look_at(work.city).profile
    return CaseMaterial(profile.name, profile.synthetic, told, local_time, kept, least, work.store.digest()[:SHOWN])


def write_report(
    found: CaseMaterial, name: str, folder: Path, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:
    """Write the paper in some formats and languages.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    return write_papers({one: report_paper(found, one) for one in languages}, name, folder, formats)
