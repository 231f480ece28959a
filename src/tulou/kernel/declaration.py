"""Declarations: what a measure asks for and gives, read from its typed signature.

A measure is a pure function. Positional arguments are data (arrays, shapes, a network), keyword-only arguments are
dated rules. Every number has a unit, named in the annotation::

    @measure(title=Words("覆盖面积", "Covered area"), source="GB 50180-2018")
    def area_within(
        land: Annotated[Shapes, "m"], targets: Annotated[Shapes, "m"], *, radius: Annotated[float, "m"]
    ) -> Annotated[Parts, "m2", "m2"]: ...
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from tulou.kernel import units
from tulou.kernel.arrays import Kind, Parts
from tulou.kernel.errors import BadUse
from tulou.kernel.network import Network
from tulou.kernel.words import Words

F = TypeVar("F", bound=Callable[..., Any])
Gives = Literal["parts", "numbers", "summary"]

_PLAIN: dict[object, Kind] = {
    float: Kind.NUMBER,
    int: Kind.NUMBER,
    Network: Kind.NETWORK,
    Parts: Kind.PARTS,
    str: Kind.CHOICE,
}
_UNITLESS = {Kind.TEXTS, Kind.NETWORK, Kind.CHOICE, Kind.FLAGS, Kind.INTEGERS}


@dataclass(frozen=True)
class Argument:
    """One argument of a measure.

    Args:
        name: Its name in the signature.
        kind: What it is made of.
        units: Unit of its numbers; two for brackets (size, value); none for texts, flags and networks.
        is_rule: Whether it is a dated rule (keyword-only) rather than data.
        optional: Whether it may be left out.
        choices: For a choice, the words to choose from.
    """

    name: str
    kind: Kind
    units: tuple[str, ...]
    is_rule: bool
    optional: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """The declaration of a measure.

    Args:
        name: The function's name.
        subject: The folder it lives in, e.g. ``access``.
        title: What it computes, in both languages.
        gives: ``parts`` (part and whole a row), ``numbers`` (one number a row) or ``summary`` (one number for all
            rows).
        units: Unit of the result; two (part, whole) for parts.
        arguments: What it asks for.
        function: The function itself.
        source: Publication or standard the computation follows.
        version: Raised when results change.
        verified: Who checked it against an independent result; None for nobody yet.
        raised_by: Data arguments of whose list more objects can only raise what counts of the rows there are.
        lowered_by: Those of whose list more objects can only lower it.
        mixed_by: Those of the list of its own rows of which more may move the other rows either way.
        weighed_by: Those of which more also moves the ``whole``, so that a share may go either way.
    """

    name: str
    subject: str
    title: Words
    gives: Gives
    units: tuple[str, ...]
    arguments: tuple[Argument, ...]
    function: Callable[..., Any]
    source: str
    version: str
    verified: str | None
    raised_by: tuple[str, ...] = ()
    lowered_by: tuple[str, ...] = ()
    mixed_by: tuple[str, ...] = ()
    weighed_by: tuple[str, ...] = ()
    bounded_by: str = ""

    @property
    def data(self) -> tuple[Argument, ...]:
        """Arguments that are data."""
        return tuple(argument for argument in self.arguments if not argument.is_rule)

    @property
    def rules(self) -> tuple[Argument, ...]:
        """Arguments that are dated rules."""
        return tuple(argument for argument in self.arguments if argument.is_rule)


def measure(  # noqa: PLR0913  (one argument a declaration)
    *,
    title: Words,
    source: str = "",
    version: str = "1",
    verified: str | None = None,
    raised_by: tuple[str, ...] = (),
    lowered_by: tuple[str, ...] = (),
    mixed_by: tuple[str, ...] = (),
    weighed_by: tuple[str, ...] = (),
    bounded_by: str = "",
) -> Callable[[F], F]:
    """Declare a function as a measure; the function itself stays as it was.

    Args:
        title: What it computes, zh and en.
        source: Publication or standard.
        version: Raised when results change.
        verified: Who checked it against an independent result.
        raised_by: Data arguments of whose list more objects can only raise what counts of the rows there are.
        lowered_by: Those of whose list more objects can only lower it.
        mixed_by: Those of the list of its own rows of which more may move the other rows either way.
        weighed_by: Those of which more also moves the ``whole``, so that a share may go either way.
        bounded_by: Rule beyond whose largest value (m, or a time driven at the network's own speeds) no target and no
            way changes a row. The rows are the shapes of the first data argument, the targets stand in the second; each
            row is worked out from its own shape alone.

    Raises:
        BadUse: When an argument has no unit, or a unit that does not exist, or a list that is named is no argument.
    """

    def declare(function: F) -> F:
        found = read(function, title=title, source=source, version=version, verified=verified)
        known = [argument.name for argument in found.data]
        for name in (*raised_by, *lowered_by, *mixed_by, *weighed_by):
            if name not in known:
                raise BadUse("no data argument of this name", where=function.__qualname__, found=name, allowed=known)
        rules = [argument.name for argument in found.rules]
        if bounded_by and bounded_by not in rules:
            raise BadUse("no rule of this name", where=function.__qualname__, found=bounded_by, allowed=rules)
        function.__measure__ = replace(  # type: ignore[attr-defined]
            found,
            raised_by=raised_by,
            lowered_by=lowered_by,
            mixed_by=mixed_by,
            weighed_by=weighed_by,
            bounded_by=bounded_by,
        )
        return function

    return declare


def declared(module: object) -> list[Measure]:
    """The measures a module defines itself (not those it imports)."""
    name = getattr(module, "__name__", "")
    found = (getattr(value, "__measure__", None) for value in vars(module).values())
    return [item for item in found if isinstance(item, Measure) and item.function.__module__ == name]


def read(function: Callable[..., Any], *, title: Words, source: str, version: str, verified: str | None) -> Measure:
    """Read a measure's declaration from its signature."""
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    arguments = tuple(
        _argument(function, parameter, hints[parameter.name]) for parameter in signature.parameters.values()
    )
    kind, result_units, _ = _annotation(function, "result", hints["return"])
    gives: Gives = "parts" if kind is Kind.PARTS else "summary" if kind is Kind.NUMBER else "numbers"
    wanted = 2 if gives == "parts" else 1
    if len(result_units) != wanted and kind is not Kind.FLAGS:
        raise BadUse("the result needs its units", where=function.__qualname__, found=result_units)
    subject = function.__module__.split(".measures.")[-1].split(".")[0]
    return Measure(
        function.__name__, subject, title, gives, result_units, arguments, function, source, version, verified
    )


def _argument(function: Callable[..., Any], parameter: inspect.Parameter, hint: object) -> Argument:
    kind, found, choices = _annotation(function, parameter.name, hint)
    wanted = 0 if kind in _UNITLESS else 2 if kind is Kind.BRACKETS else 1
    if len(found) != wanted:
        raise BadUse(f"argument '{parameter.name}' needs {wanted} unit(s)", where=function.__qualname__, found=found)
    return Argument(
        parameter.name,
        kind,
        found,
        parameter.kind is inspect.Parameter.KEYWORD_ONLY,
        parameter.default is not inspect.Parameter.empty,
        choices,
    )


def _annotation(function: Callable[..., Any], name: str, hint: object) -> tuple[Kind, tuple[str, ...], tuple[str, ...]]:
    """Kind, units and choices that an annotation states."""
    plain, marks = _parted(hint)
    if get_origin(plain) is Literal:
        return Kind.CHOICE, (), tuple(map(str, get_args(plain)))
    kind = next((mark for mark in marks if isinstance(mark, Kind)), _PLAIN.get(plain))
    if kind is None:
        raise BadUse(
            f"'{name}' has a type that a measure cannot take",
            where=function.__qualname__,
            found=repr(hint),
            allowed=tuple(Kind),
        )
    found = tuple(str(mark) for mark in marks if not isinstance(mark, Kind))
    for unit in found:
        units.parse(unit)
    return kind, found, ()


def _parted(hint: object) -> tuple[Any, tuple[Any, ...]]:
    """The plain type of an annotation and its marks; ``X | None`` counts as ``X``."""
    options = [option for option in get_args(hint) if option is not type(None)]
    if get_origin(hint) not in {Annotated, Literal} and len(options) == 1:
        hint = options[0]
    if get_origin(hint) is Annotated:
        plain, *marks = get_args(hint)
        return plain, tuple(marks)
    return hint, ()
