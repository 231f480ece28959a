"""Comparing two checks of a city: what each cause moved, what stands behind it, and what of it is achievement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tulou.app.ends import NOW, End, ends_of
from tulou.app.wiring import open_city
from tulou.diagnosis.difference.behind import Reasons
from tulou.diagnosis.difference.coalitions import CAUSES, Coalitions, Movement, evaluated, movement
from tulou.diagnosis.difference.figures import KEYS, aligned, counts, differences
from tulou.diagnosis.difference.ground import state_between
from tulou.diagnosis.difference.series import restated
from tulou.indicators.evaluate.keeping import kept_checks, load_check
from tulou.indicators.evaluate.memo import Memo
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.progress import Progress, steps
from tulou.model.store.city import City

SAME = 1e-9
"""Relative difference below which a figure made again is the published one."""
CITY_LEVEL = "city"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two checks of a city compared.

    Args:
        city: The city.
        before: The one end.
        after: The other.
        coalitions: Checks of all coalitions of the causes that moved.
    """

    city: City
    before: End
    after: End
    coalitions: Coalitions

    @cached_property
    def differences(self) -> pa.Table:
        """What each cause moved in every figure, see ``figures.SCHEMA``."""
        return differences(self.coalitions)

    @cached_property
    def counts(self) -> pa.Table:
        """What each cause moved in the numbers of units by verdict, see ``figures.COUNTS``."""
        return counts(self.coalitions)

    @cached_property
    def reasons(self) -> Reasons:
        """What stands behind each part."""
        return Reasons(self.coalitions)

    @cached_property
    def made_again(self) -> tuple[int, int]:
        """Figures of either check that come out otherwise today than they were published, by no cause that moved."""
        checks = self.coalitions.first, self.coalitions.last
        ends = self.before, self.after
        first, last = (_unlike(end.published, check.results) for end, check in zip(ends, checks, strict=True))
        return first, last


def compare(
    path: Path,
    one: str,
    other: str,
    *,
    indicators: Sequence[str] = (),
    rulebooks: Sequence[str] = (),
    progress: Progress | None = None,
) -> Comparison:
    """Compare two checks of a city.

    Args:
        path: Folder of the city.
        one: The one end: a check, a tag, a branch, ``DAY@RECORD`` or ``now``.
        other: The other end.
        indicators: Ids to ask; all when empty.
        rulebooks: Rulebooks for ends that are no kept checks, see ``ends_of``.
        progress: Told after each coalition.

    Raises:
        BadUse: When an end or an indicator does not exist.
        BadInput: When a check is damaged, or its rulebook no longer loads.
    """
    city = open_city(path)
    before, after = ends_of(city, (one, other), rulebooks=rulebooks)
    refuse_unknown(indicators, before, after)
    moved = _movement(city, before, after)
    return Comparison(city, before, after, evaluated(moved, indicators=tuple(indicators), progress=progress))


def refuse_unknown(indicators: Sequence[str], *ends: End) -> None:
    """Refuse an indicator that no end asks."""
    known = sorted({name for end in ends for name in end.rulebook.indicators})
    for name in indicators:
        if name not in known:
            raise BadUse("neither check asks this indicator", where="--indicator", found=name, allowed=known)


def _movement(city: City, before: End, after: End) -> Movement:
    return movement(before.side, after.side, state_between(city, before.state, after.state))


def _unlike(published: pa.Table | None, made: pa.Table) -> int:
    """Figures that are in both tables and not alike."""
    if published is None:
        return 0
    told = aligned([published, made], KEYS, "value")
    was, now = told.values[:, (told.found >= 0).all(axis=0)]
    near = abs(was - now) <= SAME * abs(was).clip(min=1.0)
    return int((~(near | ((was != was) & (now != now)))).sum())  # noqa: PLR0124  (not a number)


@dataclass(eq=False)
class Achievements:
    """Splits the change of an indicator between two kept checks by cause: the tracker's ``Achieved``.

    Args:
        path: Folder of the city.
    """

    path: Path
    _memo: Memo = field(default_factory=Memo)
    _moved: dict[tuple[str, str], Movement] = field(default_factory=dict)
    _tables: dict[tuple[str, str, str], pa.Table] = field(default_factory=dict)

    def __call__(self, indicator: str, unit: str, baseline_check: str, now_check: str) -> Mapping[str, float]:
        """Parts by cause; only ``city`` is achievement. Not a number where the change cannot be divided.

        Args:
            indicator: Id of the indicator.
            unit: Id of the unit; the whole city when empty.
            baseline_check: The one check.
            now_check: The other.

        Raises:
            BadUse: When there is no such check, indicator or unit.
        """
        table = self._table(indicator, baseline_check, now_check)
        is_it = pc.equal(pc.cast(table["variant"], pa.string()), "")
        is_city = pc.equal(pc.cast(table["level"], pa.string()), CITY_LEVEL)
        rows = table.filter(pc.and_(is_it, pc.equal(table["unit"], unit) if unit else is_city)).to_pylist()
        if not rows:
            known = sorted(set(table["unit"].to_pylist()))
            raise BadUse("there is no figure for this unit", where=indicator, found=unit, allowed=known)
        return {cause: float("nan") if rows[0][cause] is None else rows[0][cause] for cause in CAUSES}

    def _table(self, indicator: str, one: str, other: str) -> pa.Table:
        key = (indicator, one, other)
        if key not in self._tables:
            pair = (one, other)
            if pair not in self._moved:
                city = open_city(self.path)
                self._moved[pair] = _movement(city, *ends_of(city, pair))
            moved = self._moved[pair]
            known = sorted({*moved.before.rulebook.indicators, *moved.after.rulebook.indicators})
            if indicator not in known:
                raise BadUse("neither check asks this indicator", where=one, found=indicator, allowed=known)
            self._tables[key] = differences(evaluated(moved, indicators=(indicator,), memo=self._memo))
        return self._tables[key]


def achieved(path: Path) -> Achievements:
    """What of a change is achievement, for any indicator, unit and pair of kept checks of a city.

    Args:
        path: Folder of the city.
    """
    return Achievements(path)


SERIES = pa.schema(
    [
        ("day", pa.date32()),
        ("check", pa.string()),
        *((name, pa.string()) for name in KEYS),
        ("unit_name", pa.string()),
        ("published", pa.float64()),
        ("status", pa.string()),
        ("restated", pa.float64()),
        ("restated_status", pa.string()),
    ]
)
"""One row for each figure and check: as published, and by today's data, definition and boundary."""


def restated_series(
    path: Path, *, indicators: Sequence[str] = (), rulebooks: Sequence[str] = (), progress: Progress | None = None
) -> pa.Table:
    """The figures of all kept checks of a city, as published and as they would be told today.

    Args:
        path: Folder of the city.
        indicators: Ids; all when empty.
        rulebooks: Rulebooks of today; those of the newest check when empty.
        progress: Told after each check.

    Returns:
        A table, see ``SERIES``, by figure and day.

    Raises:
        NotEnoughData: When no check was made yet.
        BadUse: When an indicator does not exist.
    """
    city = open_city(path)
    folders = kept_checks(path)
    if not folders:
        raise NotEnoughData("no check of this city was made yet", where=str(path), allowed=(f"tulou check {path}",))
    (today,) = ends_of(city, (NOW,), rulebooks=rulebooks)
    checks = [check for check in map(load_check, folders) if check.profile.name == city.profile.name]
    asked = {name for check in checks for name in check.results["indicator"].unique().to_pylist()}
    for name in indicators:
        if name not in asked | set(today.rulebook.indicators):
            known = sorted(asked | set(today.rulebook.indicators))
            raise BadUse("no check asks this indicator", where="INDICATOR", found=name, allowed=known)
    memo, parts = Memo(), list[pa.Table]()
    for check in steps(checks, "series", progress):
        then = city.state(valid=check.day, branch=check.branch)
        again = restated(then, today.side, indicators=tuple(indicators), memo=memo)
        parts.append(_told(check.day.isoformat(), check.id, _only(check.results, indicators), again.results))
    table = pa.concat_tables(parts)
    return table.sort_by([(name, "ascending") for name in ("indicator", "variant", "level", "unit", "day", "check")])


def _only(table: pa.Table, indicators: Sequence[str]) -> pa.Table:
    if not indicators:
        return table
    chosen = pa.array(list(indicators), pa.string())
    return table.filter(pc.is_in(pc.cast(table["indicator"], pa.string()), value_set=chosen))


def _told(day: str, check: str, published: pa.Table, made: pa.Table) -> pa.Table:
    told = aligned([published, made], KEYS, "value")
    columns = {name: told.keys[name] for name in KEYS}
    for table, at, value, status in zip(
        (published, made), told.found, ("published", "restated"), ("status", "restated_status"), strict=True
    ):
        places = pa.array(at.clip(min=0), pa.int64(), mask=at < 0)
        columns[value] = table["value"].combine_chunks().take(places)
        columns[status] = pc.cast(table["status"], pa.string()).combine_chunks().take(places)
        names = pc.cast(table["unit_name"], pa.string()).combine_chunks().take(places)
        columns["unit_name"] = pc.coalesce(names, columns.get("unit_name", names))
    size = told.keys.num_rows
    columns["day"] = pc.cast(pa.array([day] * size, pa.string()), pa.date32())
    columns["check"] = pa.array([check] * size, pa.string())
    return pa.table([pc.cast(columns[one.name], one.type) for one in SERIES], schema=SERIES)
