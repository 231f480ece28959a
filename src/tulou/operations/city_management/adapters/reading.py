"""Pages of a rulebook about city management: ``city_management/*.yaml``, a later rulebook over those it extends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import Faults, choice, keys, mapping, number, text
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.model.dictionary import words_of
from tulou.operations.city_management.domain.cells import GridRule

FOLDER = "city_management"
GRADES = ("sourced", "derived", "memory")
VALUE_KEYS = ("title", "unit", "value", "source", "evidence")
GRID_UNITS = {"size": "m2", "least": "m2", "most": "m2", "width": "m", "tolerance": "m2", "across": "m2"}


def pages(names: Sequence[str], pattern: str) -> Iterator[At]:
    """Pages of some rulebooks, those of a rulebook after those it extends.

    Args:
        names: The rulebooks.
        pattern: Which pages of the folder ``city_management``.
    """
    for folder, _ in chain(list[str | Path](names)):
        for path in sorted((folder / FOLDER).glob(pattern)):
            yield read_document(path, f"{folder.name}/{path.relative_to(folder)}")


def read_grid_rule(names: Sequence[str]) -> GridRule:
    """How large cells are, and from what size on a fault counts.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, values = Faults(), dict[str, float]()
    for page in pages(names, "grid.yaml"):
        with faults.kept(page.where()):
            keys(page, GRID_UNITS)
        for name in [one for one in page if one in GRID_UNITS]:
            with faults.kept(page.where(name)):
                values[name] = _value(mapping(page, name), GRID_UNITS[name])
    faults.raise_any()
    missing = [name for name in GRID_UNITS if name not in values]
    if missing:
        raise BadInput("the unit grid lacks a value", where=f"{FOLDER}/grid.yaml", allowed=missing)
    return GridRule(**values)


def _value(entry: At, unit: str) -> float:
    keys(entry, VALUE_KEYS)
    words_of(entry, "title")
    choice(entry, "unit", (unit,))
    choice(entry, "evidence", GRADES)
    text(entry, "source")
    found = number(entry, "value")
    if not found > 0:
        raise BadInput("a size is above zero", where=entry.where("value"), found=found)
    return found
