"""Reading the rules of grids and of their staff: ``communities/grids.yaml`` of the rulebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, choice, day, entries, keys, mapping, number, text, texts
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.dictionary import words_of
from tulou.operations.communities.adapters.laws import FOLDER, GRADES
from tulou.operations.communities.domain.dividing import Size, Weights
from tulou.operations.communities.domain.majorities import Basis
from tulou.operations.communities.domain.staffing import Ratio

PAGE = "grids.yaml"
MEASURES = ("households", "residents")
RATIOS = ("community_workers", "community_workers_target", "grid_workers", "service_floor")
GRID_KEYS = ("version", "from", *MEASURES, "weights", "barriers", "small_share", "prove_up_to", "source", "evidence")


@dataclass(frozen=True)
class GridRules:
    """By what grids are drawn, in one version.

    Args:
        version: Name of the version.
        since: First day on which it holds.
        sizes: How much a grid should hold, by what is counted.
        weights: What counts for how much.
        barriers: Classes of roads that no grid crosses.
        small_share: Share of all that may live in territories too small for one grid.
        prove_up_to: Parts up to which a territory is also solved exactly.
        bases: Where each comes from.
    """

    version: str
    since: date
    sizes: Mapping[str, Size]
    weights: Weights
    barriers: tuple[str, ...]
    small_share: float
    prove_up_to: int
    bases: Mapping[str, Basis]


@dataclass(frozen=True)
class StaffRules:
    """How many people a community needs, in one version."""

    version: str
    since: date
    ratios: Mapping[str, Ratio]


def read_grid_rules(names: Sequence[str | Path], on: date) -> tuple[GridRules, StaffRules]:
    """Read the rules that hold on a day.

    Args:
        names: Rulebooks by name or folder; a later one adds versions.
        on: The day.

    Raises:
        BadInput: With every fault, each with file and line.
        BadUse: When none holds yet.
    """
    faults = Faults()
    grids: list[GridRules] = []
    staff: list[StaffRules] = []
    for folder, _ in chain(list(names)):
        path = folder / FOLDER / PAGE
        if not path.is_file():
            continue
        with faults.kept():
            page = read_document(path, f"{folder.name}/{FOLDER}/{PAGE}")
            keys(page, ("grids", "staff"))
            for entry in entries(page, "grids"):
                with faults.kept(entry.where()):
                    grids.append(_grid_rules(entry))
            for entry in entries(page, "staff"):
                with faults.kept(entry.where()):
                    staff.append(_staff_rules(entry))
    faults.raise_any()
    held = [one for one in grids if one.since <= on], [one for one in staff if one.since <= on]
    if not all(held):
        raise BadUse("no rules of grids and staff hold on this day", where=PAGE, found=str(on))
    return max(held[0], key=lambda one: one.since), max(held[1], key=lambda one: one.since)


def _grid_rules(entry: At) -> GridRules:
    keys(entry, GRID_KEYS)
    weights = mapping(entry, "weights")
    keys(weights, ("outside", "border", "source", "evidence"))
    sizes = {name: _size(mapping(entry, name)) for name in MEASURES}
    parts = {name: mapping(entry, name) for name in (*MEASURES, "weights")}
    return GridRules(
        version=text(entry, "version"),
        since=day(entry, "from"),
        sizes=sizes,
        weights=Weights(_at_least(weights, "outside", 0.0), _at_least(weights, "border", 0.0)),
        barriers=texts(entry, "barriers"),
        small_share=_at_least(entry, "small_share", 0.0),
        prove_up_to=int(_at_least(entry, "prove_up_to", 0.0)),
        bases={"rule": _basis(entry), **{name: _basis(part) for name, part in parts.items()}},
    )


def _size(entry: At) -> Size:
    keys(entry, ("least", "most", "source", "evidence"))
    least, most = _at_least(entry, "least", 1.0), _at_least(entry, "most", 1.0)
    if most < least:
        raise BadInput(
            "the most is not below the least", where=entry.where("most"), found=most, allowed=(f"{least:g}",)
        )
    return Size(least, most)


def _at_least(entry: At, key: str, low: float) -> float:
    found = number(entry, key)
    if not low <= found < float("inf"):
        raise BadInput("this number is too small, or not finite", where=entry.where(key), found=found,
                       allowed=(f"at least {low:g}",))  # fmt: skip
    return found


def _basis(entry: At) -> Basis:
    return Basis(words_of(entry, "source"), choice(entry, "evidence", GRADES))


def _staff_rules(entry: At) -> StaffRules:
    keys(entry, ("version", "from", *RATIOS))
    found = {}
    for name in RATIOS:
        one = mapping(entry, name)
        keys(one, ("per", "count", "source", "evidence"))
        found[name] = Ratio(_at_least(one, "count", 0.0), _at_least(one, "per", 1.0), _basis(one))
    return StaffRules(text(entry, "version"), day(entry, "from"), found)
