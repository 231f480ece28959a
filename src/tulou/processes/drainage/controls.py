"""The rules of a model: what they act on, where two pull at one gate, and models without or with other rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tulou.processes.drainage.sections import Model, number_at

ACTIONS = ("THEN", "ELSE", "AND")
LINK_WORDS = ("PUMP", "ORIFICE", "WEIR", "OUTLET", "CONDUIT", "LINK")


@dataclass(frozen=True)
class Rule:
    """A control rule.

    Args:
        name: Its name.
        acts_on: Links it sets.
        priority: Its priority; SWMM obeys the larger one, and takes rules without one last.
        lines: Its lines of the file.
    """

    name: str
    acts_on: frozenset[str]
    priority: float | None
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Conflict:
    """Two rules that set one link.

    Args:
        link: The link.
        first: One rule.
        second: The other.
        is_settled: Whether their priorities differ, so that SWMM knows which to obey.
    """

    link: str
    first: str
    second: str
    is_settled: bool


def rules_of(model: Model) -> tuple[Rule, ...]:
    """The control rules of a model, in their order."""
    found: list[Rule] = []
    name, acts, priority, lines, in_action = "", set[str](), None, list[int](), False
    for row in model.rows("CONTROLS"):
        words = [word.upper() for word in row.words]
        if words[0] == "RULE" and len(words) > 1:
            if name:
                found.append(Rule(name, frozenset(acts), priority, tuple(lines)))
            name, acts, priority, lines, in_action = row.words[1], set(), None, [], False
        lines.append(row.number)
        in_action = words[0] in ACTIONS[:2] or (in_action and words[0] == "AND")
        if in_action and len(words) > 2 and words[1] in LINK_WORDS:  # noqa: PLR2004  (THEN PUMP name)
            acts.add(row.words[2])
        if words[0] == "PRIORITY" and len(words) > 1:
            priority = number_at(row, 1, model.name)
    if name:
        found.append(Rule(name, frozenset(acts), priority, tuple(lines)))
    return tuple(found)


def conflicts(rules: Sequence[Rule]) -> tuple[Conflict, ...]:
    """Pairs of rules that set one link, the unsettled ones first.

    Whether both hold at one moment only a run can tell; they are what an operator must look at.
    """
    found = [
        Conflict(link, one.name, other.name, one.priority != other.priority)
        for one, other in combinations(rules, 2)
        for link in sorted(one.acts_on & other.acts_on)
    ]
    return tuple(sorted(found, key=lambda pair: (pair.is_settled, pair.link, pair.first, pair.second)))


def without_rules(model: Model, links: Collection[str] | None = None) -> Model:
    """A model without the rules that set some links; without any rule where none are named."""
    gone = [rule for rule in rules_of(model) if links is None or rule.acts_on & set(links)]
    return model.edited({line for rule in gone for line in rule.lines})


def with_settings(
    model: Model, kinds: Mapping[str, str], times: Sequence[float], settings: Sequence[Sequence[float]]
) -> Model:
    """A model whose gates and pumps follow a table, by rules of its own that SWMM alone can run.

    Args:
        model: The model, without rules for these links.
        kinds: Kind of each link in the order of the columns, ``ORIFICE`` or ``PUMP``, by its name.
        times: Hours since the beginning.
        settings: Setting of each link from each time on, shape (times, links).
    """
    rules: list[str] = []
    series: list[str] = []
    for column, (name, kind) in enumerate(kinds.items()):
        label = f"TULOU_{column}"
        rules += [f"RULE {label}", "IF SIMULATION TIME >= 0", f"THEN {kind} {name} SETTING = TIMESERIES {label}", ""]
        series += [
            f"{label} {time:.6f} {value:.6g}" for time, value in _steps(times, [one[column] for one in settings])
        ]
    return model.edited(more={"CONTROLS": rules, "TIMESERIES": series})


JUST_BEFORE = 1e-4
"""Hours before a step at which the old setting still stands, since SWMM joins points by lines."""


def _steps(times: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    """A step curve as points joined by lines; places where nothing changes are left out."""
    found = [(times[0], values[0])]
    for time, value in zip(times[1:], values[1:], strict=True):
        if value != found[-1][1]:
            found += [(time - JUST_BEFORE, found[-1][1]), (time, value)]
    return [*found, (times[-1] + 1e6, found[-1][1])]
