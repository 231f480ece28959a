"""Laws: a rulebook with other values, what differs between two rulebooks, and when rules come into force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tulou.indicators.rulebook.content import Parameter, Rulebook, Setting
from tulou.indicators.rulebook.parameters import check_classes, read_parameters
from tulou.indicators.rulebook.reading import Faults
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.kernel.dated import Version
from tulou.kernel.documents import At
from tulou.kernel.errors import BadUse
from tulou.kernel.identity import digest_text
from tulou.kernel.words import Words
from tulou.plan.effects import Effect
from tulou.sources import cells

OPTION = "--parameter"
ASKED = "asked"
SHAPES: Mapping[str, str] = {
    "number": "85%, 300 m",
    "range": "0.7..1.5",
    "brackets": "0.2:300, 0.5:500",
    "by_class": "prefecture:2, county:1",
}
"""How values of each shape are written."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ParameterChange:
    """A parameter that says something else on the two sides.

    Args:
        name: Its name.
        title: Its title.
        before: Version on the one side; None where nothing is in force.
        after: Version on the other.
        units: Its unit on either side.
    """

    name: str
    title: Words
    before: Version[Setting] | None
    after: Version[Setting] | None
    units: tuple[str, str]


@dataclass(frozen=True)
class Commencement:
    """A day on which rules come into force or are repealed.

    Args:
        day: The day.
        parameters: Parameters that say something else from this day on.
        indicators: Indicators that are worked out in another way from this day on.
    """

    day: date
    parameters: tuple[ParameterChange, ...]
    indicators: tuple[str, ...]


def with_values(rulebook: Rulebook, asked: Sequence[str], day: date) -> Rulebook:
    """A rulebook in which some parameters have other values from a day on.

    The values are read by the rules a rulebook is read by. They keep the evidence of what they replace: what may not
    judge does not judge under another number either.

    Args:
        rulebook: The rulebook.
        asked: ``NAME=VALUE`` each, the value with a unit or in the unit of the parameter.
        day: From which day on.

    Raises:
        BadUse: For a parameter that does not exist, or a value that it cannot have; with every one.
        BadInput: When the rules of the rulebook refuse a value.
    """
    pages: dict[str, dict[str, At]] = {}
    for text in asked:
        name, _, value = text.partition("=")
        parameter = _parameter(rulebook, name.strip(), text)
        subject, _, own = parameter.name.partition(".")
        if own in pages.setdefault(subject, {}):
            raise BadUse("this parameter is given two values", where=OPTION, found=text, allowed=("one value",))
        pages[subject][own] = _entry(parameter, value.strip(), day)
    vocabulary = Vocabulary(
        rulebook.dictionary, rulebook.measures, dict(rulebook.selections),
        {name: one.unit for name, one in rulebook.quantities.items()}, dict(rulebook.parameters),
    )  # fmt: skip
    faults = Faults()
    read_parameters(_at(pages), vocabulary, ASKED, faults)
    check_classes(vocabulary, faults)
    faults.raise_any()
    digest = digest_text(rulebook.digest + "\n" + day.isoformat() + "\n" + "\n".join(asked))
    return replace(rulebook, parameters=vocabulary.parameters, digest=digest)


def parameter_changes(before: tuple[Rulebook, date], after: tuple[Rulebook, date]) -> tuple[ParameterChange, ...]:
    """Parameters that say something else on the two sides, by name.

    Args:
        before: Rulebook and day of the one side.
        after: Those of the other.
    """
    found: list[ParameterChange] = []
    for name in sorted({*before[0].parameters, *after[0].parameters}):
        sides = [(book.parameters.get(name), day) for book, day in (before, after)]
        versions = [_in_force(parameter, day) for parameter, day in sides]
        units = [parameter.unit if parameter else "" for parameter, _ in sides]
        if versions[0] == versions[1] and units[0] == units[1]:
            continue
        told = sides[1][0] or sides[0][0]
        if told is not None:
            found.append(ParameterChange(name, told.title, versions[0], versions[1], (units[0], units[1])))
    return tuple(found)


def calendar(rulebook: Rulebook, after: date) -> tuple[Commencement, ...]:
    """The days after a day on which rules come into force or are repealed, in order.

    Args:
        rulebook: The rulebook.
        after: The day.
    """
    days = {version.since for one in rulebook.parameters.values() for version in one.values.versions}
    days |= {one.values.until for one in rulebook.parameters.values() if one.values.until is not None}
    formulas = {
        formula.since
        for indicator in rulebook.indicators.values()
        for variant in indicator.variants
        for formula in variant.formulas
        if formula.since is not None
    }
    found = []
    for day in sorted(one for one in days | formulas if one > after):
        changed = parameter_changes((rulebook, day - ONE_DAY), (rulebook, day))
        indicators = tuple(sorted(_worked_otherwise(rulebook, day)))
        if changed or indicators:
            found.append(Commencement(day, changed, indicators))
    return tuple(found)


def judged_by(rulebook: Rulebook, parameters: Iterable[str], day: date) -> frozenset[str]:
    """Indicators whose values are compared with one of some parameters on a day."""
    wanted = set(parameters)
    return frozenset(
        indicator.id
        for indicator in rulebook.indicators.values()
        for variant in indicator.variants
        if (formula := variant.on(day)) is not None and formula.judge is not None and formula.judge.mark in wanted
    )


def near_the_mark(effect: Effect, share: float, indicators: frozenset[str]) -> list[dict[str, Any]]:
    """Answers with the change whose value lies near an end of the mark shown, the nearest first.

    Args:
        effect: What was measured.
        share: How near, as a share of that end.
        indicators: Indicators looked at.
    """
    found = []
    for row in effect.answers.to_pylist():
        value, low, high = (row[f"{name}_after"] for name in ("value", "pass_mark", "pass_mark_high"))
        if row["indicator"] not in indicators or value is None or low is None or high is None:
            continue
        end = min((low, high), key=lambda one: abs(value - one))
        if end and abs(value - end) <= share * abs(end):
            found.append({**row, "distance": value - end})
    return sorted(found, key=lambda row: (abs(row["distance"]), row["indicator"], row["level"], row["unit"]))


def _worked_otherwise(rulebook: Rulebook, day: date) -> Iterable[str]:
    for indicator in rulebook.indicators.values():
        if any(variant.on(day) != variant.on(day - ONE_DAY) for variant in indicator.variants):
            yield indicator.id


def _in_force(parameter: Parameter | None, day: date) -> Version[Setting] | None:
    if parameter is None or not parameter.values.holds_on(day):
        return None
    return parameter.values.on(day)


def _parameter(rulebook: Rulebook, name: str, text: str) -> Parameter:
    if "=" not in text:
        raise BadUse("a parameter is given as NAME=VALUE", where=OPTION, found=text, allowed=("park.radius=500 m",))
    if name not in rulebook.parameters:
        raise BadUse(
            "the rulebook has no such parameter", where=OPTION, found=name, allowed=sorted(rulebook.parameters)
        )
    return rulebook.parameters[name]


def _entry(parameter: Parameter, value: str, day: date) -> At:
    """What a rulebook would write for the parameter with another value."""
    version = _in_force(parameter, day) or parameter.values.versions[0]
    shape = "by_class" if version.value.class_of is not None else version.value.shape
    key = "value" if shape == "number" else shape
    asked = {
        "since": day,
        key: _READ[shape](parameter, version.value, value),
        "clause": f"假设值 as asked: {value} ({version.clause or '–'})",
        "evidence": version.evidence,
    }
    return _at({"unit": parameter.unit, "checked_on": parameter.checked_on or day, "values": [_at(asked)]})


def _number(parameter: Parameter, text: str, unit: str) -> float:
    found = cells.number(text, wanted=unit)
    if found is None:
        raise BadUse(
            f"'{parameter.name}' cannot be this", where=OPTION, found=text, allowed=(f"a number in {unit or '1'}",)
        )
    return found


def _single(parameter: Parameter, _: Setting, text: str) -> float:
    return _number(parameter, text, parameter.unit)


def _range(parameter: Parameter, _: Setting, text: str) -> list[float]:
    low, parting, high = text.strip("[]").replace(",", "..").partition("..")
    if not parting:
        raise _wrong_shape(parameter, "range", text)
    tail = high.strip().lstrip("0123456789.-+ ")
    return [_number(parameter, one, parameter.unit) for one in (f"{low.strip()}{'' if _has_unit(low) else tail}", high)]


def _has_unit(text: str) -> bool:
    return bool(text.strip().lstrip("0123456789.-+ "))


def _brackets(parameter: Parameter, _: Setting, text: str) -> list[list[float]]:
    return [
        [_number(parameter, size, parameter.by), _number(parameter, value, parameter.unit)]
        for size, value in _pairs(parameter, "brackets", text)
    ]


def _by_class(parameter: Parameter, setting: Setting, text: str) -> At:
    """Values by class; a class that is not named keeps what it had."""
    values: dict[str, object] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in setting.by_class.items()
    }
    for name, value in _pairs(parameter, "by_class", text):
        if name not in values:
            raise BadUse("the parameter has no such class", where=OPTION, found=name, allowed=sorted(values))
        is_range = isinstance(values[name], list)
        values[name] = _range(parameter, setting, value) if is_range else _single(parameter, setting, value)
    return _at({"attribute": ".".join(setting.class_of or ()), "values": _at(values)})


def _pairs(parameter: Parameter, shape: str, text: str) -> list[tuple[str, str]]:
    pairs = [one.partition(":") for one in text.split(",") if one.strip()]
    if not pairs or any(not parting for _, parting, _ in pairs):
        raise _wrong_shape(parameter, shape, text)
    return [(key.strip(), value.strip()) for key, _, value in pairs]


def _wrong_shape(parameter: Parameter, shape: str, text: str) -> BadUse:
    return BadUse(
        "this parameter has values of another shape", where=f"{OPTION} {parameter.name}", found=text,
        allowed=(SHAPES[shape],),
    )  # fmt: skip


_READ: Mapping[str, Callable[[Parameter, Setting, str], object]] = {
    "number": _single,
    "range": _range,
    "brackets": _brackets,
    "by_class": _by_class,
}


def _at(values: Mapping[str, object]) -> At:
    """A mapping as a page of a rulebook, which says that it was asked for and not read from a file."""
    found = At()
    found.file = OPTION
    for key, value in values.items():
        found[key] = _at(value) if isinstance(value, dict) and not isinstance(value, At) else value
    return found
