"""From the pipes of a city to what their register lacks, what is overdue, and where dangers meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.facts import Facts
from tulou.measures.lifelines.nearness import Triples, coupled_dangers
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.processes.declaration import Run
from tulou.processes.outcome import Outcome

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
RULES_FILE = Path(__file__).with_name("register.yaml")
DAYS_A_YEAR = 365.25
METRES_A_KM = 1000


@dataclass(frozen=True, eq=False)
class Gap:
    """What is wrong with one entry of one pipe.

    Args:
        pipe: Position of the pipe.
        attribute: Which entry.
        found: What stands there; None when nothing does.
    """

    pipe: int
    attribute: str
    found: str | None


@dataclass(frozen=True, eq=False)
class Register:
    """The register of pipes on a day.

    Args:
        pipes: The pipes of lifelines.
        day: The day.
        gaps: Entries that are missing or cannot be.
        length: Length of each pipe, m; NaN where unknown.
        due: Day on which each must be inspected; None where unknown.
        spaces: What stands where gas may gather, with its name.
        crowds: Places where many people are.
        people: People of each such place; NaN where unknown.
        dangers: Gas pipes near such spaces near such places, by position in ``pipes``, ``spaces`` and ``crowds``.
    """

    pipes: Rows
    day: date
    gaps: tuple[Gap, ...]
    length: Array
    due: tuple[date | None, ...]
    spaces: tuple[str, ...]
    crowds: tuple[str, ...]
    people: Array
    dangers: Triples

    @property
    def is_complete(self) -> Mask:
        """Which pipes have all that is required of them."""
        found = np.ones(len(self.pipes), np.bool_)
        found[[gap.pipe for gap in self.gaps]] = False
        return found

    @property
    def is_overdue(self) -> Mask:
        """Which pipes should have been inspected before this day."""
        return np.array([due is not None and due < self.day for due in self.due], np.bool_)

    @property
    def is_dangerous(self) -> Mask:
        """Which gas pipes are near a closed space near a crowd."""
        found = np.zeros(len(self.pipes), np.bool_)
        found[self.dangers.line] = True
        return found


def register(run: Run) -> Outcome:
    """Run the process, see ``lifeline_register.PROCESS``."""
    from tulou.processes.lifelines.register_told import outcome_of

    state: State = run.state  # type: ignore[assignment]  # the process needs a city
    told = registered(state, run.values)
    return outcome_of(told, run.values, (facts_of(told),))


def registered(state: State, values: Mapping[str, Any]) -> Register:
    """The register of the pipes of a city.

    Args:
        state: The city.
        values: Values of the inputs of ``lifeline_register.PROCESS``.

    Raises:
        NotEnoughData: When the city has no pipes of lifelines.
    """
    rules = read_document(RULES_FILE, RULES_FILE.name)
    every = state.rows("pipe")
    pipes = every.where(np.isin(every.texts("service").astype(str), list(rules["required"])))
    if not len(pipes):
        raise NotEnoughData("the city has no pipes of lifelines on record", where="pipe")
    day = state.moment.valid
    spaces = _spaces(state, pipes, rules)
    crowds = state.rows("facility")
    crowds = crowds.where(np.isin(crowds.texts("category").astype(str), list(rules["crowds"])))
    gas = np.flatnonzero(pipes.texts("service") == "gas")
    near = coupled_dangers(pipes.shapes[gas], spaces[1], crowds.shapes, values["near_space"], values["near_crowd"])
    dangers = Triples(gas[near.line], near.space, near.crowd, near.to_space, near.to_crowd)
    return Register(
        pipes,
        day,
        tuple(_gaps(pipes, rules, day)),
        _lengths(pipes),
        tuple(_due(pipes, values["interval"])),
        spaces[0],
        tuple(name or str(one) for one, name in zip(crowds.ids, crowds.texts("name"), strict=True)),
        _people(crowds),
        dangers,
    )


def facts_of(told: Register) -> Facts:
    """What the city learns of its pipes."""
    return Facts(
        "pipe",
        pa.table(
            {
                "id": pa.array(told.pipes.ids, pa.string()),
                "register_complete": pa.array(told.is_complete, pa.bool_()),
                "inspection_due": pa.array(told.due, pa.date32()),
                "inspection_overdue": pa.array(
                    [None if due is None else due < told.day for due in told.due], pa.bool_()
                ),
                "coupled_danger": pa.array(
                    [
                        bool(danger) if service == "gas" else None
                        for danger, service in zip(told.is_dangerous, told.pipes.texts("service"), strict=True)
                    ],
                    pa.bool_(),
                ),
            }
        ),
    )


def _gaps(pipes: Rows, rules: At, day: date) -> list[Gap]:
    """Entries that are missing, and years that cannot be."""
    service = pipes.texts("service")
    texts = {name: pipes.texts(name) for name in ("owner", "material")}
    numbers = {name: pipes.numbers(name) for name in ("year_laid", "diameter")}
    found: list[Gap] = []
    for place in range(len(pipes)):
        for name in rules["required"][service[place]]:
            if name in texts:
                if not (texts[name][place] or "").strip():
                    found.append(Gap(place, name, None))
                continue
            value = float(numbers[name][place])
            low, high = (rules["first_year"], day.year) if name == "year_laid" else (np.finfo(float).tiny, np.inf)
            if not low <= value <= high:
                found.append(Gap(place, name, None if np.isnan(value) else f"{value:g}"))
    return found


def _lengths(pipes: Rows) -> Array:
    """Length on record, otherwise as drawn."""
    drawn = np.asarray(shapely.length(pipes.shapes), np.float64)
    recorded = pipes.numbers("length")
    return np.where(np.isfinite(recorded), recorded, np.where(drawn > 0, drawn, np.nan))


def _due(pipes: Rows, interval: float | None) -> list[date | None]:
    """Day on which each pipe must be inspected: as recorded, otherwise the last inspection and the interval."""
    recorded, last = (_days(pipes, name) for name in ("inspection_due", "inspected_on"))
    found: list[date | None] = []
    for due, seen in zip(recorded, last, strict=True):
        if due is None and seen is not None and interval is not None:
            found.append(seen + timedelta(days=round(interval * DAYS_A_YEAR)))
        else:
            found.append(due)
    return found


def _days(rows: Rows, attribute: str) -> list[date | None]:
    column = rows.column(attribute)
    return [None] * len(rows) if column is None else column.to_pylist()


def _spaces(state: State, pipes: Rows, rules: At) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """Names and shapes of what gas may gather in: conduits of other services, and their manholes."""
    conduits = pipes.where(np.isin(pipes.texts("service").astype(str), list(rules["closed_spaces"])))
    covers = state.rows("manhole_cover")
    covers = covers.where(covers.texts("service") != "gas")
    names = (*map(str, conduits.ids), *map(str, covers.ids))
    return names, np.concatenate([conduits.shapes, covers.shapes])


def _people(crowds: Rows) -> Array:
    """People of each place: those enrolled, otherwise its capacity."""
    enrolled = crowds.numbers("enrolled")
    return np.where(np.isfinite(enrolled), enrolled, crowds.numbers("capacity"))
