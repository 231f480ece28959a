"""Declarations of processes: what each asks for, in which unit, within which bounds, and who has checked it.

A module of this package that holds ``PROCESS`` declares one. What runs it is imported only when it is run, so that
heavy libraries cost nothing before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tulou.kernel import units
from tulou.kernel.clock import parse_day
from tulou.kernel.errors import BadInput, BadUse, Fault
from tulou.kernel.progress import Progress, silent
from tulou.kernel.words import Language, Words
from tulou.model.state import State
from tulou.processes.outcome import Outcome

InputKind = Literal["number", "whole", "numbers", "text", "choice", "flag", "day", "file"]
Value: TypeAlias = float | int | tuple[float, ...] | str | bool | date | Path | None
TRUTHS: Mapping[str, bool] = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


@dataclass(frozen=True)
class Input:
    """One input of a process.

    Args:
        name: Its name, as it is given.
        title: What it is.
        kind: ``number``, ``whole`` number, ``numbers``, ``text``, ``choice``, ``flag``, ``day`` or ``file``.
        unit: Unit of its numbers; a value may be given in any unit of the same kind (``5 min``).
        default: What holds when it is not given; None when it must be, unless ``optional``.
        optional: Whether it may be left out without a default.
        least: Smallest number allowed.
        most: Largest number allowed.
        choices: What may be chosen, and what it is called.
        about: What a person should know to give it.
    """

    name: str
    title: Words
    kind: InputKind = "number"
    unit: str = "1"
    default: Value = None
    optional: bool = False
    least: float = -math.inf
    most: float = math.inf
    choices: Mapping[str, Words] = field(default_factory=dict)
    about: Words | None = None

    @property
    def is_number(self) -> bool:
        """Whether numbers are given, in its unit."""
        return self.kind in {"number", "whole", "numbers"}

    @property
    def is_required(self) -> bool:
        """Whether it must be given."""
        return self.default is None and not self.optional


@dataclass(frozen=True)
class Run:
    """One run of a process.

    Args:
        values: Value of each input; None for an optional one that was not given.
        state: The city; None when the process needs none.
        progress: Told how far it is.
    """

    values: Mapping[str, Any]
    state: State | None = None
    progress: Progress = silent

    @property
    def city(self) -> State:
        """The city of a process that needs one.

        Raises:
            BadUse: When it is run without.
        """
        if self.state is None:
            raise BadUse("this process runs on a city", where="run", allowed=("--city CITY",))
        return self.state


@dataclass(frozen=True)
class Process:
    """The declaration of a process.

    Args:
        name: Its name.
        title: What it is called.
        question: The question it answers.
        inputs: What it asks for.
        run: Runs it.
        source: Publication or standard it follows, in both languages where its title is Chinese.
        clauses: Clauses of policy it serves.
        needs_city: Whether it runs on a city only.
        takes_city: Whether it may be run on one, and tells more then.
        version: Raised when results change.
        verified: Against what it was checked by whom; None for nobody yet, which every outcome says.
        limits: What it does not do.
    """

    name: str
    title: Words
    question: Words
    inputs: tuple[Input, ...]
    run: Callable[[Run], Outcome]
    source: str | Words
    clauses: tuple[str, ...] = ()
    needs_city: bool = False
    takes_city: bool = False
    version: str = "1"
    verified: Words | None = None
    limits: tuple[Words, ...] = field(default=())

    def cites(self, language: Language) -> str:
        """Publication or standard it follows, in one language."""
        return self.source if isinstance(self.source, str) else self.source.say(language)

    def values(self, given: Mapping[str, object]) -> dict[str, Value]:
        """Values of all inputs, each checked against its declaration.

        Args:
            given: Texts (``5 min``) or values, by name.

        Raises:
            BadUse: With every fault: an unknown name, what is missing, a wrong kind, unit or bound.
        """
        known = {one.name: one for one in self.inputs}
        faults = [
            Fault("this process has no such input", self.name, name, tuple(known))
            for name in given
            if name not in known
        ]
        found: dict[str, Value] = {}
        for name, one in known.items():
            if name not in given:
                if one.is_required:
                    faults.append(Fault("this input is needed", f"{self.name}.{name}", "", (_expected(one),)))
                found[name] = one.default
                continue
            try:
                found[name] = _read(one, given[name], f"{self.name}.{name}")
            except (BadUse, BadInput) as error:
                faults += error.faults
        if faults:
            raise BadUse.of(faults)
        return found


def default_text(value: Value) -> str:
    """A default as it would be given; empty for none."""
    if isinstance(value, tuple):
        return ",".join(f"{part:g}" for part in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _read(one: Input, value: object, where: str) -> Value:
    return _READERS[one.kind](one, value, where)


def _numbers(one: Input, value: object, where: str) -> Value:
    parts = value if isinstance(value, (list, tuple)) else str(value).replace("，", ",").split(",")
    return tuple(float(_number(one, part, where)) for part in parts)


def _day(_one: Input, value: object, where: str) -> Value:
    return value if isinstance(value, date) else parse_day(str(value), where)


def _file(one: Input, value: object, where: str) -> Value:
    path = Path(str(value))
    if not path.exists():
        near = sorted(other.name for other in path.parent.glob("[!.]*")) if path.parent.is_dir() else ()
        raise BadUse("nothing stands here", where=where, found=path.name, allowed=near or (_expected(one),))
    return path


def _choice(one: Input, value: object, where: str) -> Value:
    if str(value) not in one.choices:
        raise BadUse("not one of the choices", where=where, found=value, allowed=one.choices)
    return str(value)


def _text(_one: Input, value: object, _where: str) -> Value:
    return str(value)


def _flag(one: Input, value: object, where: str) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() not in TRUTHS:
        raise BadUse("not true or false", where=where, found=value, allowed=(_expected(one),))
    return TRUTHS[str(value).lower()]


def _number(one: Input, value: object, where: str) -> float | int:
    number, unit = (float(value), "") if isinstance(value, (int, float)) else _parted(one, str(value), where)
    if unit and unit != one.unit:
        if not units.same_kind(unit, one.unit):
            raise BadUse("a unit of another kind", where=where, found=unit, allowed=(one.unit,))
        number *= units.factor(unit, one.unit)
    if not one.least <= number <= one.most or not math.isfinite(number):
        raise BadUse("this number is out of bounds", where=where, found=value, allowed=(_expected(one),))
    if one.kind == "whole":
        if number != round(number):
            raise BadUse("a whole number is needed", where=where, found=value, allowed=(_expected(one),))
        return round(number)
    return number


def _parted(one: Input, text: str, where: str) -> tuple[float, str]:
    """The number and the unit of a text such as ``5 min``."""
    first, _, unit = text.strip().partition(" ")
    try:
        return float(first), unit.strip()
    except ValueError:
        raise BadUse("not a number", where=where, found=text, allowed=(_expected(one),)) from None


_READERS: Mapping[InputKind, Callable[[Input, object, str], Value]] = {
    "number": _number,
    "whole": _number,
    "numbers": _numbers,
    "text": _text,
    "choice": _choice,
    "flag": _flag,
    "day": _day,
    "file": _file,
}
_PHRASES = {"flag": "true, false", "day": "2026-01-29", "file": "a file", "text": "a text"}


def _expected(one: Input) -> str:
    """What may be given, in one phrase."""
    if one.kind == "choice":
        return ", ".join(one.choices)
    return _PHRASES.get(one.kind) or _bounds(one)


def _bounds(one: Input) -> str:
    unit = "" if one.unit == "1" else f" {one.unit}"
    if math.isfinite(one.least) and math.isfinite(one.most):
        return f"{one.least:g} to {one.most:g}{unit}"
    if math.isfinite(one.least):
        return f"from {one.least:g}{unit} on"
    return f"up to {one.most:g}{unit}" if math.isfinite(one.most) else f"a number{unit}"
