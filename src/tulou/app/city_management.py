"""City management of a city: its cases as records, placed in streets and cells, counted by period and by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.app.casework import open_casework
from tulou.app.city_management_grid import ENTITY
from tulou.app.wiring import RULEBOOKS, last_day, look_at
from tulou.kernel import periods
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.periods import Period
from tulou.kernel.polygons import holders
from tulou.kernel.words import Words
from tulou.model.geography import choose_system, extent_of, to_metric
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.city_management.adapters.reading import Rules, read_formulas, read_rules
from tulou.operations.city_management.adapters.requests import read_requests
from tulou.operations.city_management.adapters.tables import (
    read_classes,
    read_recurrence,
    read_request_mappings,
)
from tulou.operations.city_management.domain.classes import Classes
from tulou.operations.city_management.domain.counting import Rate, grouped, rates_of, summed
from tulou.operations.city_management.domain.formulas import Formula
from tulou.operations.city_management.domain.records import Record, records_of
from tulou.operations.city_management.domain.recurrence import Cluster, RecurrenceRule, Spot, clusters
from tulou.publish.drawing.ground import Layers
from tulou.publish.layers import layers_of

GROUPS = ("body", "street", "class", "cell")
OF_LISTS = (
    "valid_reports", "handled", "handled_in_time", "waiting_late", "closed", "closed_in_time", "closed_late",
    "unclosed",
)  # fmt: skip
"""Rates of lists from elsewhere: they say when a request was to be done and was, and nothing of the steps between."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Where records are.

    Args:
        places: East and north of each, metres, shape (n, 2); NaN where unknown.
        streets: Street office of each; empty where unknown.
        cells: Code of the unit cell of each; empty where unknown.
    """

    places: NDArray[np.float64]
    streets: Sequence[str]
    cells: Sequence[str]


@dataclass(frozen=True, eq=False)
class Docket:
    """Records of a period with everything that tells what they are.

    Args:
        name: The city, or the list.
        records: All records, as known at the end of the period.
        placed: Where they are.
        period: The period.
        rules: What is counted.
        classes: Classes of parts and events.
        formulas: Scores that cities publish.
        bodies: Names of bodies.
        recurrence: When cases recur.
        crs: The metric system of places.
        layers: What maps are drawn on.
        offset: Hours by which the clock is ahead of UTC.
        source: Where a list is from; empty for a city's own cases.
        is_synthetic: Whether the city was generated.
    """

    name: str
    records: Sequence[Record]
    placed: Placed
    period: Period
    rules: Rules
    classes: Classes
    formulas: Mapping[str, Formula]
    bodies: Mapping[str, Words]
    recurrence: RecurrenceRule
    crs: str
    layers: Layers
    offset: float
    source: str = ""
    is_synthetic: bool = False

    @property
    def clock(self) -> timezone:
        """The city's clock."""
        return timezone(timedelta(hours=self.offset))

    @cached_property
    def counts(self) -> dict[str, int]:
        """Every count of the period."""
        return summed(self.records, self.period)

    @cached_property
    def rates(self) -> list[Rate]:
        """Every rate of the period."""
        return rates_of(self.counts, self.rules.rates)

    def groups(self, way: str) -> dict[str, dict[str, int]]:
        """Every count by group.

        Args:
            way: One of ``GROUPS``.

        Raises:
            BadUse: When there is no such way.
        """
        at = {record.id: place for place, record in enumerate(self.records)}
        ways: dict[str, Callable[[Record], str]] = {
            "body": lambda one: one.body,
            "street": lambda one: self.placed.streets[at[one.id]],
            "class": lambda one: one.case_class,
            "cell": lambda one: self.placed.cells[at[one.id]],
        }
        if way not in ways:
            raise BadUse("cases are not grouped by this", where="--by", found=way, allowed=GROUPS)
        found = grouped(self.records, self.period, ways[way])
        return {name: counts for name, counts in found.items() if any(counts.values())}

    def title(self, way: str, group: str) -> Words:
        """Name of a group; empty for those that belong to none."""
        if way == "class":
            return self.classes.title(group)
        return self.bodies.get(group, Words(group, group)) if way == "body" else Words(group, group)

    @cached_property
    def recurring(self) -> list[Cluster]:
        """Places where cases recur, of those reported within the window before the end of the period."""
        since = min(self.period.start, self.period.end - timedelta(days=self.recurrence.window))
        spots = [
            Spot(
                record.id, record.case_class, None if np.isnan(at[0]) else (float(at[0]), float(at[1])), record.opened,
                record.stages["close"].done if "close" in record.stages else None,
            )
            for record, at in zip(self.records, self.placed.places, strict=True)
            if since <= record.opened < self.period.end and record.refused is None
        ]  # fmt: skip
        return clusters(spots, self.recurrence)

    def place_of(self, cluster: Cluster) -> tuple[str, str]:
        """Street and cell of a recurring place; empty where unknown."""
        at = {record.id: place for place, record in enumerate(self.records)}
        one = at[cluster.cases[0]]
        return self.placed.streets[one], self.placed.cells[one]


def docket_of(city: Path, period: Period, names: Sequence[str] = RULEBOOKS) -> Docket:
    """The cases of a city in a period.

    Raises:
        NotEnoughData: When it has no cases of city management by the end of the period.
    """
    work, rules = open_casework(city, names), read_rules(names)
    opened = look_at(city)
    state = opened.state(valid=last_day(opened))
    events = work.store.events()
    flows = {one.facts["flow"]: work.store.flow(one.facts["flow"]) for one in events if "flow" in one.facts}
    clockworks = {digest: Clockwork(work.calendar, flow.duty) for digest, flow in flows.items()}
    records = records_of(events, flows, clockworks, rules.reading, period.end)
    if not records:
        allowed = (f"tulou case open {city} --flow {rules.reading.flow} …",)
        raise NotEnoughData("there are no cases of city management by then", where=str(city), allowed=allowed)
    newest = work.flows.versions[rules.reading.flow][-1]
    bodies = {name: body.title for flow in (*flows.values(), newest) for name, body in flow.bodies.items()}
    profile = state.profile
    return Docket(
        profile.name, records, _placed(records, state), period, rules, read_classes(names), read_formulas(names),
        bodies, read_recurrence(names), profile.crs, layers_of(state), newest.duty.offset,
        is_synthetic=profile.synthetic,
    )  # fmt: skip


def docket_of_list(file: Path, mapping: str, names: Sequence[str] = RULEBOOKS) -> tuple[Docket, Mapping[str, int]]:
    """The requests of another city's list over all of its time, and what was left out of it.

    Args:
        file: The list (CSV).
        mapping: Id of the mapping in ``city_management/requests``.
        names: Rulebooks.

    Raises:
        BadUse: When there is no such mapping.
    """
    mappings = read_request_mappings(names)
    if mapping not in mappings:
        raise BadUse("there is no such list", where="--list", found=mapping, allowed=sorted(mappings))
    how = mappings[mapping]
    found = read_requests(file, how)
    shapes = np.array([shapely.Point(one.point) if one.point else None for one in found.records], object)
    extent = extent_of(shapes)
    if extent is None:
        raise NotEnoughData("no request of this list has a place", where=file.name)
    crs = choose_system(extent)
    points = to_metric(shapes, crs)
    places = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    placed = Placed(places, [one.place for one in found.records], [""] * len(found.records))
    period = Period(min(one.opened for one in found.records), found.until)
    rules = read_rules(names)
    told = Rules(rules.reading, tuple(rate for rate in rules.rates if rate.id in OF_LISTS))
    docket = Docket(
        how.title.en, found.records, placed, period, told, read_classes(names), read_formulas(names), {},
        read_recurrence(names), crs, Layers(), how.offset, how.source,
    )  # fmt: skip
    return docket, {**found.left_out, "no_place": found.placeless}


def period_of(text: str, since: date | None, until: date | None, moment: datetime, clock: tzinfo) -> Period:
    """A period as given on the command line: a day or a month, or from one day to another, both included.

    Args:
        text: A day like 2026-11-27, or a month like 2026-11; the month of the moment when nothing is given.
        since: First day of any other period.
        until: Its last day.
        moment: Now.
        clock: The clock on which days begin.

    Raises:
        BadUse: When both are given, or half of one, or it is no period.
    """
    if (since is None) != (until is None) or (text and since):
        raise BadUse(
            "a period is a day, a month, or from one day to another", where="--period", found=text or None,
            allowed=("--period 2026-11-20", "--period 2026-11", "--from 2026-11-01 --until 2026-11-15"),
        )  # fmt: skip
    if since is not None and until is not None:
        return periods.days(since, until, clock)
    return periods.period_of(text or f"{moment.astimezone(clock):%Y-%m}", clock)


def _placed(records: Sequence[Record], state: State) -> Placed:
    """Where records are: by their own place, else by the unit they were reported for."""
    shapes = np.array([shapely.Point(one.point) if one.point else None for one in records], object)
    points = to_metric(shapes, state.profile.crs)
    places = np.column_stack([shapely.get_x(points), shapely.get_y(points)])
    blocks, cells = state.rows("block"), state.rows(ENTITY)
    communities = {str(one): str(unit) for one, unit in zip(*_columns(state.rows("community"), "unit"), strict=True)}
    names = {str(one): str(name or one) for one, name in zip(*_columns(blocks, "name"), strict=True)}
    of_block = _held(blocks, places)
    streets = [
        names[inside] if inside else names.get(communities.get(one.place, one.place), "")
        for one, inside in zip(records, of_block, strict=True)
    ]
    codes = {str(one): str(code or "") for one, code in zip(*_columns(cells, "code"), strict=True)}
    stated = [str(one.facts.get("cell", "")) for one in records]
    of_cell = [own or codes.get(inside, "") for own, inside in zip(stated, _held(cells, places), strict=True)]
    return Placed(places, streets, of_cell)


def _columns(rows: Rows, attribute: str) -> tuple[list[str], list[str | None]]:
    return rows.ids.tolist(), rows.texts(attribute).tolist()


def _held(rows: Rows, places: NDArray[np.float64]) -> list[str]:
    """Id of the row that holds each place; empty where none does."""
    known = ~shapely.is_missing(rows.shapes)
    ids = rows.ids[known]
    return [str(ids[one]) if one >= 0 else "" for one in holders(np.asarray(rows.shapes[known], object), places)]
