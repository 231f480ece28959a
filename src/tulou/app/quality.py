"""Data quality asked for: the sheet of a check, and the patterns to look at in one check or between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from tulou.app.checking import Kept, kept, newest
from tulou.app.wiring import open_city
from tulou.diagnosis.quality.look import DAYS, LEVEL, Earlier, look
from tulou.diagnosis.quality.pattern import Alerts
from tulou.diagnosis.quality.sheet import QualitySheet, quality_sheet
from tulou.indicators.evaluate.keeping import kept_checks
from tulou.kernel.clock import parse_day
from tulou.kernel.errors import BadInput, BadUse
from tulou.publish.quality.alerts import Looked


@dataclass(frozen=True, eq=False)
class Searched:
    """Patterns looked for in a check.

    Args:
        alerts: What was seen.
        looked: At what.
        kept: The check.
    """

    alerts: Alerts
    looked: Looked
    kept: Kept


def sheet_of(asked: Kept, *, entities: Sequence[str] = ()) -> QualitySheet:
    """The data-quality sheet of a check.

    Args:
        asked: The check.
        entities: Only these; all by default.

    Raises:
        BadUse: For an entity the data dictionary does not have.
    """
    known = sorted(asked.state.dictionary)
    for name in entities:
        if name not in known:
            raise BadUse("there is no such entity", where="--entity", found=name, allowed=known)
    names = [one.name for one in asked.diagnosis.missing]
    return quality_sheet(asked.state, asked=names, entities=entities)


def search(
    city: Path,
    checks: Sequence[str] = (),
    *,
    deadlines: Sequence[str] = (),
    days: float = DAYS,
    level: float = LEVEL,
) -> Searched:
    """Look for patterns in the newest check of a city, or in two.

    Args:
        city: Folder of the city.
        checks: Ids of the earlier and the later check, or of one; the newest when none is named.
        deadlines: Days at the end of which figures were handed in.
        days: Days before a deadline that are looked at.
        level: Greatest chance of any false alarm among all looks together.

    Raises:
        BadUse: For a check or a day there is none of, or two checks of one day and record.
    """
    after = kept(city, checks[-1] if checks else "")
    earlier = _earlier(city, after, checks[0]) if len(checks) > 1 else None
    moments = [_end_of(text) for text in deadlines]
    found = look(after.check, after.rulebook, after.state, earlier=earlier, deadlines=moments, days=days, level=level)
    profile = after.check.profile
    before = earlier.check.id if earlier is not None else ""
    looked = Looked(profile.name, before, after.check.id, profile.synthetic, tuple(profile.credit))
    return Searched(found, looked, after)


def _earlier(city: Path, after: Kept, name: str) -> Earlier:
    before = kept(city, name)
    if before.check.id == after.check.id:
        others = [folder.name for folder in kept_checks(city) if folder.name != after.check.id]
        told = "two different checks are compared"
        raise BadUse(told, where="--checks", found=name, allowed=others or (newest(kept_checks(city)).name,))
    opened = open_city(city)
    record = max((commit.number for commit in getattr(after.state, "commits", ())), default=None)
    later = opened.state(valid=before.check.day, record=record, branch=before.check.branch)
    return Earlier(before.check, before.diagnosis.findings, before.state, opened.changes(before.state, later))


def _end_of(text: str) -> datetime:
    """The last moment of a day."""
    try:
        day = parse_day(text, "--deadline")
    except BadInput as error:
        raise BadUse.of(error.faults) from None
    return datetime.combine(day, time.max, UTC)
