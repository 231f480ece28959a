"""Reading ``composites.yaml``: what a rulebook asks to be scored, with every fault told at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol, cast

from tulou.diagnosis.composite.averages import AVERAGES, groups_of, leaves
from tulou.diagnosis.composite.outliers import OutlierRule
from tulou.diagnosis.composite.recipe import (
    PERSONS,
    POLICIES,
    UNIT_LEVELS,
    Component,
    Composite,
    Gaps,
    Group,
    Part,
    Policy,
)
from tulou.diagnosis.composite.scales import DISTANCES, FROM_NOTHING, SCALES, TOP
from tulou.diagnosis.composite.varied import flag, percent, read_sensitivity, read_uncertainty, whole
from tulou.indicators.rulebook.content import LEVELS, Indicator, Parameter, Rulebook
from tulou.indicators.rulebook.folders import chain
from tulou.indicators.rulebook.reading import (
    Faults,
    at,
    choice,
    day,
    entries,
    keys,
    looked_up,
    mapping,
    number,
    text,
    words,
)
from tulou.kernel import units
from tulou.kernel.dated import EVIDENCE
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput, BadUse
from tulou.model.dictionary import words_of

FILE = "composites.yaml"
KEYS = (
    "title", "about", "level", "since", "weights", "weights_from", "evidence", "average", "scale", "lowest", "outliers",
    "missing", "uncertainty", "sensitivity", "of",
)  # fmt: skip
COMPONENT_KEYS = ("indicator", "variant", "name", "title", "weight", "better", "ends", "log")
GROUP_KEYS = ("group", "title", "weight", "average", "of")
WEIGHTS = ("given", "equal", "flat")
"""Weights as written; the same for all parts of a group; or the same for every component in the whole."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""Names stand in the names of files."""
TWICE = "two parts of a composite have one name"
MOST_DEPTH = 6


class Rules(Protocol):
    """What the names in a recipe are looked up in: a rulebook, or the columns of a spreadsheet."""

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Indicators by id."""

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """Parameters by name."""


@dataclass
class _Reading:
    """What one composite is read with."""

    name: str
    page: At
    rulebook: Rules
    faults: Faults
    level: str
    weights: str
    scale: str
    component_keys: tuple[str, ...]


def read_composites(names: Iterable[str | Path], rulebook: Rulebook) -> dict[str, Composite]:
    """The composite scores that some rulebooks ask for; none where no rulebook has the file.

    Args:
        names: Rulebooks by name or folder; one that extends another may replace its composites.
        rulebook: The same rulebooks read as one.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, found = Faults(), dict[str, Composite]()
    for folder, front in chain(list(names)):
        path = folder / FILE
        if path.is_file():
            page = read_document(path, f"{folder.name}/{FILE}")
            for name in page:
                with faults.kept(page.where(name)):
                    made = read_composite(name, mapping(page, name), rulebook, faults)
                    found[name] = replace(made, rulebook=text(front, "id"))
    faults.raise_any()
    return dict(sorted(found.items()))


def chosen_composite(composites: Mapping[str, Composite], name: str) -> Composite:
    """A composite by name.

    Raises:
        BadUse: When no rulebook asks for one of that name.
    """
    if name not in composites:
        raise BadUse("no rulebook asks for such a composite score", found=name, allowed=sorted(composites))
    return composites[name]


def read_composite(
    name: str,
    page: At,
    rules: Rules,
    faults: Faults,
    *,
    more_keys: tuple[str, ...] = (),
    more_of_components: tuple[str, ...] = (),
) -> Composite:
    """Read one composite.

    Args:
        name: Its key.
        page: What stands under it.
        rules: Where indicators and parameters are looked up.
        faults: Keeps what is wrong inside it, so that all is told at once.
        more_keys: Keys that may stand there besides and are read elsewhere.
        more_of_components: The same for components.

    Raises:
        BadInput: When it cannot be made at all.
    """
    if not NAME.fullmatch(name):
        told = "not an id for a composite score"
        raise BadInput(told, where=page.where(), found=name, allowed=("letters, digits and _, such as livable_blocks",))
    with faults.kept():
        keys(page, (*KEYS, *more_keys))
    reading = _Reading(
        name,
        page,
        rules,
        faults,
        _level(page),
        choice(page, "weights", WEIGHTS),
        choice(page, "scale", SCALES),
        (*COMPONENT_KEYS, *more_of_components),
    )
    top = _group(page, reading, name, depth=0)
    _names_once(top, faults)
    outliers, uncertainty = _outliers(page, reading), read_uncertainty(page, reading.scale, top)
    return Composite(
        name=name,
        title=words_of(page, "title"),
        level=reading.level,
        top=top,
        scale=reading.scale,
        lowest=_lowest(page, reading.scale),
        outliers=outliers,
        gaps=_gaps(page),
        uncertainty=uncertainty,
        sensitivity=read_sensitivity(page, uncertainty),
        weights_from=words_of(page, "weights_from"),
        evidence=choice(page, "evidence", EVIDENCE),
        since=_since(page),
        about=words(page, "about", needed=False),
        where=page.where(),
    )


def _since(page: At) -> date | None:
    return day(page, "since") if "since" in page else None


def _level(page: At) -> str:
    found = text(page, "level")
    if found in PERSONS:
        told = "areas and bodies may be scored, persons and what stands for them never"
        raise BadInput(told, where=page.where("level"), found=found, allowed=UNIT_LEVELS)
    return choice(page, "level", UNIT_LEVELS)


def _lowest(page: At, scale: str) -> float:
    found = number(page, "lowest", 0.0)
    if not 0 <= found < TOP:
        raise BadInput("a place on the scale", where=page.where("lowest"), found=found, allowed=("0 to below 100",))
    varied = page["uncertainty"].get("scales") if isinstance(page.get("uncertainty"), At) else None
    used = {scale, *(varied if isinstance(varied, list) else ())}
    if found and not used.intersection(FROM_NOTHING):
        told = "this belongs to the scales minmax and rank"
        raise BadInput(told, where=page.where("lowest"), found=scale, allowed=FROM_NOTHING)
    return found


def _group(entry: At, reading: _Reading, name: str, *, depth: int) -> Group:
    if depth > MOST_DEPTH:
        raise BadInput("groups are nested too deep", where=entry.where(), allowed=(f"at most {MOST_DEPTH} levels",))
    parts: list[Part] = []
    listed = entries(entry, "of")
    for one in listed:
        with reading.faults.kept(one.where()):
            parts.append(_part(one, reading, depth=depth + 1))
    if not listed:
        raise BadInput("a group needs parts", where=entry.where("of"), allowed=("of: [{indicator: …}, …]",))
    average = choice(entry, "average", AVERAGES, reading.page.get("average") or "arithmetic")
    if average != "arithmetic" and reading.scale == "zscore":
        told = "standard scores can be negative, which only the arithmetic mean can take"
        raise BadInput(told, where=entry.where("average"), found=average, allowed=("arithmetic",))
    title = words_of(entry, "title")
    weight = 1.0 if not depth else _weight(entry, reading, _count(parts))
    return Group(name, title, weight, average, tuple(parts), entry.where())


def _count(parts: Iterable[Part]) -> int:
    return sum(len(leaves(part)) if isinstance(part, Group) else 1 for part in parts)


def _part(entry: At, reading: _Reading, *, depth: int) -> Part:
    if ("group" in entry) == ("indicator" in entry):
        raise BadInput("a part is either a group or an indicator", where=entry.where(), allowed=("group", "indicator"))
    if "group" in entry:
        with reading.faults.kept():
            keys(entry, GROUP_KEYS)
        return _group(entry, reading, text(entry, "group"), depth=depth)
    with reading.faults.kept():
        keys(entry, reading.component_keys)
    return _component(entry, reading)


def _weight(entry: At, reading: _Reading, components: int) -> float:
    if reading.weights != "given":
        if "weight" in entry:
            told = f"weights are '{reading.weights}' here, so none is written"
            raise BadInput(told, where=entry.where("weight"), found=entry["weight"], allowed=("weights: given",))
        return float(components) if reading.weights == "flat" else 1.0
    found = number(entry, "weight")
    if not 0 < found < float("inf"):
        raise BadInput("a weight is above zero", where=entry.where("weight"), found=found)
    return found


def _component(entry: At, reading: _Reading) -> Component:
    known = reading.rulebook.indicators
    indicator = known[looked_up(known, text(entry, "indicator"), "indicator", entry.where("indicator"))]
    variant = text(entry, "variant", needed=False)
    if variant:
        names = [one.name for one in indicator.variants if one.name]
        looked_up(names, variant, "variant", entry.where("variant"))
    _reaches(indicator, reading.level, entry)
    better = choice(entry, "better", ("higher", "lower"), indicator.better)
    name = text(entry, "name", needed=False) or (f"{indicator.id}:{variant}" if variant else indicator.id)
    return Component(
        name,
        words(entry, "title", needed=False) or indicator.title,
        _weight(entry, reading, 1),
        indicator.id,
        variant,
        better,
        _ends(entry, indicator, reading),
        flag(entry, "log"),
        entry.where(),
    )


def _reaches(indicator: Indicator, level: str, entry: At) -> None:
    """Refuse an indicator that no unit of the level has a figure of."""
    if LEVELS.index(level) < LEVELS.index(indicator.level):
        allowed = [one for one in LEVELS[LEVELS.index(indicator.level) :] if one in UNIT_LEVELS]
        told = f"'{indicator.id}' has no figures on this level"
        raise BadInput(told, where=entry.where("indicator"), found=level, allowed=allowed)


def _ends(entry: At, indicator: Indicator, reading: _Reading) -> str:
    """The parameter of a target or of goalposts."""
    name = text(entry, "ends", needed=reading.scale == "goalposts")
    if not name:
        return ""
    if reading.scale not in DISTANCES:
        told = "ends belong to the scales target and goalposts"
        raise BadInput(told, where=entry.where("ends"), found=reading.scale, allowed=DISTANCES)
    known = reading.rulebook.parameters
    parameter = known[looked_up(known, name, "parameter", entry.where("ends"))]
    with at(entry.where("ends")):
        units.factor(parameter.unit, indicator.unit)
    wanted = "range" if reading.scale == "goalposts" else "number"
    shapes = _shapes(parameter)
    if shapes != {wanted}:
        told = f"the scale {reading.scale} needs a parameter that holds one {wanted}, without classes"
        raise BadInput(told, where=entry.where("ends"), found=", ".join(sorted(shapes)), allowed=(wanted,))
    return name


def _shapes(parameter: Parameter) -> set[str]:
    return {
        "by_class" if version.value.class_of is not None else version.value.shape
        for version in parameter.values.versions
    }


def _names_once(top: Group, faults: Faults) -> None:
    """Keep a fault for every name that two parts have."""
    parts: list[Part] = [*groups_of(top), *leaves(top)]
    twice = [name for name, count in Counter(part.name for part in parts).items() if count > 1]
    for part in parts:
        if part.name in twice:
            faults.add(TWICE, part.where, part.name, ("name: …",))


def _outliers(page: At, reading: _Reading) -> OutlierRule | None:
    if "outliers" not in page or page["outliers"] in (None, "none"):
        return None
    if reading.scale in DISTANCES:
        told = "targets and goalposts bound what counts already; outliers are not treated beside them"
        raise BadInput(told, where=page.where("outliers"), found=reading.scale, allowed=("outliers: none",))
    entry = mapping(page, "outliers")
    keys(entry, ("most", "skewness", "kurtosis"))
    return OutlierRule(whole(entry, "most", 0), number(entry, "skewness"), number(entry, "kurtosis"))


def _gaps(page: At) -> Gaps:
    if "missing" not in page:
        return Gaps()
    entry = mapping(page, "missing")
    keys(entry, ("policy", "at_least"))
    policy = cast("Policy", choice(entry, "policy", POLICIES))
    if policy == "refuse":
        return Gaps()
    found = percent(entry, "at_least")
    if not found:
        told = "a unit of which nothing is known is never scored"
        raise BadInput(told, where=entry.where("at_least"), found=found, allowed=("above 0 up to 100",))
    return Gaps(policy, found)
