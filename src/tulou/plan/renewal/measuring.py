"""Measuring candidates: what each brings, found by asking its indicators of the city with it and without.

Sites of one remedy serve the same people twice over, so that what each brings by itself does not add up. They are put
in a row, each time the one that brings most for its cost with those before it, and each is measured with those before
it; it may be chosen only with them. What a choice of them brings is then the sum of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tulou.indicators.evaluate.memo import Memo
from tulou.indicators.rulebook.content import Rulebook
from tulou.kernel.progress import Progress, steps
from tulou.model.changes import ChangeSet, applied
from tulou.model.state import State
from tulou.plan.candidates.content import Candidate
from tulou.plan.projects.editing import as_changes
from tulou.plan.projects.project import Project
from tulou.plan.renewal.wishes import Wishes
from tulou.plan.shortfall import Gain, Shortfalls, further, gains, shortfalls


@dataclass(frozen=True, eq=False)
class Measured:
    """A candidate and what it brings.

    Args:
        candidate: The candidate.
        gains: What it brings, by indicator, for those it is declared to move; beside those it comes after.
        alone: What it brings by itself.
        after: Candidate of the same remedy that it was measured with, and needs; empty for none.
    """

    candidate: Candidate
    gains: Mapping[str, Gain]
    alone: Mapping[str, Gain]
    after: str = ""

    @property
    def id(self) -> str:
        """Id of the candidate."""
        return self.candidate.id

    @property
    def people(self) -> float:
        """People brought over the mark; somebody helped by two indicators counts for each."""
        return sum(gain.people for gain in self.gains.values())

    @property
    def objects(self) -> float:
        """Objects brought over the mark."""
        return sum(gain.objects for gain in self.gains.values())


@dataclass(frozen=True, eq=False)
class Ground:
    """What candidates are measured on.

    Args:
        rulebook: What is asked.
        state: The city without any of them.
        day: Day whose rules hold.
        before: What falls short without any of them.
        memo: Work remembered.
    """

    rulebook: Rulebook
    state: State
    day: date
    before: Shortfalls
    memo: Memo

    @classmethod
    def of(cls, rulebook: Rulebook, state: State, day: date, memo: Memo) -> Ground:
        """The ground of a city."""
        return cls(rulebook, state, day, shortfalls(rulebook, state, day=day, memo=memo), memo)

    def changes(self, candidates: Iterable[Candidate]) -> ChangeSet:
        """What some candidates do together."""
        edits = tuple(edit for candidate in candidates for edit in candidate.edits)
        return as_changes(Project("plan", edits), self.state)

    def gains(self, candidates: Sequence[Candidate], indicators: Iterable[str] | None = None) -> dict[str, Gain]:
        """What some candidates bring together.

        Args:
            candidates: The candidates.
            indicators: Ids to ask; all when left out.
        """
        chosen = None if indicators is None else sorted(set(indicators))
        state = applied(self.state, self.changes(candidates))
        after = shortfalls(self.rulebook, state, day=self.day, indicators=chosen, memo=self.memo)
        asked = self.before if chosen is None else {name: self.before[name] for name in chosen if name in self.before}
        return gains(asked, after)


def measure(
    ground: Ground, candidates: Sequence[Candidate], wishes: Wishes, *, progress: Progress | None = None
) -> list[Measured]:
    """What each candidate brings, in the order of their ids.

    Args:
        ground: What they are measured on.
        candidates: The candidates.
        wishes: What counts, to put the sites of a remedy in a row.
        progress: Told after each.
    """
    found: list[Measured] = []
    sited: dict[str, list[Measured]] = {}
    for candidate in steps(candidates, "measure", progress):
        told = _moving(ground.gains([candidate], candidate.remedy.indicators))
        one = Measured(candidate, told, told)
        if candidate.site is not None and wishes.worth(told) > 0.0:
            sited.setdefault(candidate.remedy.id, []).append(one)
        else:
            found.append(one)
    for row in steps(list(sited.values()), "measure sites", progress):
        found += _in_a_row(ground, row, wishes)
    return sorted(found, key=lambda one: one.id)


def _in_a_row(ground: Ground, singles: Sequence[Measured], wishes: Wishes) -> list[Measured]:
    """Sites of one remedy, each measured with those before it.

    What a site brings only shrinks when others come before it, so that one whose latest figure is below the figure of
    another measured just now need not be measured again.
    """
    row: list[Measured] = []
    done: dict[str, Gain] = {}
    waiting = {one.id: (_per_yuan(one.candidate, one.gains, wishes), one) for one in singles}
    while waiting:
        fresh: dict[str, tuple[dict[str, Gain], float]] = {}
        while True:
            name = max(waiting, key=lambda key: (waiting[key][0], key))
            if name in fresh or not row:
                break
            told = further(_together(ground, row, waiting[name][1]), done)
            fresh[name] = told, _per_yuan(waiting[name][1].candidate, told, wishes)
            waiting[name] = fresh[name][1], waiting[name][1]
        one = waiting.pop(name)[1]
        gained = fresh[name][0] if row else dict(one.gains)
        if row and wishes.worth(gained) <= 0.0:
            return [*row, *(_useless(other) for other in (one, *(left for _, left in waiting.values())))]
        row.append(Measured(one.candidate, _moving(gained), one.alone, row[-1].id if row else ""))
        done = _together(ground, row)
    return row


def _together(ground: Ground, row: Sequence[Measured], *more: Measured) -> dict[str, Gain]:
    chosen = [one.candidate for one in (*row, *more)]
    return ground.gains(chosen, chosen[0].remedy.indicators)


def _useless(one: Measured) -> Measured:
    """A site that brings nothing beside the others."""
    return Measured(one.candidate, {}, one.alone)


def _per_yuan(candidate: Candidate, told: Mapping[str, Gain], wishes: Wishes) -> float:
    return wishes.worth(told) / max(candidate.cost or 0.0, 1.0)


def _moving(told: Mapping[str, Gain]) -> dict[str, Gain]:
    return {name: gain for name, gain in told.items() if gain.people or gain.objects or any(gain.ways.values())}
