"""Where a rulebook says what: the text of an indicator as it stands in its file, and of the parameters it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from tulou.indicators.rulebook.content import Binding, Formula, Indicator, Parameter, Reference, Rulebook
from tulou.kernel.amending import plain
from tulou.kernel.documents import read_document
from tulou.kernel.errors import BadInput

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WIDE = 1_000_000
"""Columns of a line that is written anew: it is never folded."""
MARK, RULE, SELECTION, SEVERITY = "mark", "rule", "selection", "severity"
"""What an indicator needs a parameter for: its pass mark, a rule of a measure, which rows count, how grave it is."""


def parameters_of(rulebook: Rulebook, indicator: Indicator) -> dict[str, str]:
    """Every parameter an indicator rests on, with what it is for; marks first.

    Args:
        rulebook: The rulebook it stands in.
        indicator: The indicator.
    """
    found: dict[str, str] = {}
    formulas = [formula for variant in indicator.variants for formula in variant.formulas]
    for formula in formulas:
        if formula.judge:
            found.setdefault(formula.judge.mark, MARK)
    seen: set[str] = set()
    for formula in formulas:
        for name, role in _of_formula(rulebook, formula, seen):
            found.setdefault(name, role)
    if indicator.severity:
        found.setdefault(indicator.severity, SEVERITY)
    return {name: role for name, role in found.items() if name in rulebook.parameters}


def _of_formula(rulebook: Rulebook, formula: Formula, seen: set[str]) -> Iterator[tuple[str, str]]:
    yield from _of_binding(rulebook, formula.binding, seen)
    yield from _of_selection(rulebook, formula.of, seen)
    if formula.per is not None:
        yield from _of_selection(rulebook, formula.per.of, seen)
        if formula.per.binding is not None:
            yield from _of_binding(rulebook, formula.per.binding, seen)


def _of_binding(rulebook: Rulebook, binding: Binding, seen: set[str]) -> Iterator[tuple[str, str]]:
    for rule in binding.rules.values():
        if rule.parameter:
            yield rule.parameter, RULE
    for reference in binding.inputs.values():
        yield from _of_input(rulebook, reference, seen)


def _of_input(rulebook: Rulebook, reference: Reference, seen: set[str]) -> Iterator[tuple[str, str]]:
    if not reference.is_network:
        yield from _of_selection(rulebook, reference.selection, seen)
        entity = rulebook.selections[reference.selection].entity
        yield from _of_quantity(rulebook, f"{entity}.{reference.attribute}", seen)


def _of_selection(rulebook: Rulebook, name: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    selection = rulebook.selections.get(name)
    if selection is None or f"selection {name}" in seen:
        return
    seen.add(f"selection {name}")
    for condition in selection.where:
        if condition.parameter:
            yield condition.parameter, SELECTION
        yield from _of_quantity(rulebook, f"{selection.entity}.{condition.attribute}", seen)


def _of_quantity(rulebook: Rulebook, name: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    quantity = rulebook.quantities.get(name)
    if quantity is None or f"quantity {name}" in seen:
        return
    seen.add(f"quantity {name}")
    for origin in quantity.origins:
        if origin.binding is not None:
            yield from _of_binding(rulebook, origin.binding, seen)
    if quantity.roll_up is not None:
        yield from _of_selection(rulebook, quantity.roll_up.of, seen)
        entity = rulebook.selections[quantity.roll_up.of].entity
        yield from _of_quantity(rulebook, f"{entity}.{quantity.roll_up.value}", seen)


def definition_text(rulebook: Rulebook, indicator: Indicator) -> str:
    """The text of an indicator, as its file has it.

    Raises:
        BadInput: When the file is gone or unreadable.
    """
    return _text(_file(rulebook, indicator.where))


def parameters_text(rulebook: Rulebook, names: Iterable[str]) -> str:
    """The text of some parameters, each as its file has it, gathered by subject."""
    by_subject: dict[str, list[str]] = {}
    for name in names:
        subject, _, own = name.partition(".")
        by_subject.setdefault(subject, []).append(_entry(rulebook, rulebook.parameters[name], subject, own))
    return "\n".join(f"{subject}:\n{''.join(entries)}" for subject, entries in by_subject.items())


def _entry(rulebook: Rulebook, parameter: Parameter, subject: str, own: str) -> str:
    path = _file(rulebook, parameter.where)
    text = _text(path)
    top: Any = yaml.compose(text, Loader=_Loader)
    group: Any = next((value for key, value in top.value if key.value == subject), None)
    for key, value in group.value if isinstance(group, yaml.MappingNode) else ():
        if key.value == own and not group.flow_style and not value.flow_style:
            lines = text.split("\n")[key.start_mark.line : value.end_mark.line + 1]
            indent = key.start_mark.column
            kept = [line[indent:] for line in _own(lines, indent)]
            return "".join(f"  {line}".rstrip() + "\n" for line in kept)
    entry = plain(read_document(path)[subject][own])
    return "".join(f"  {line}\n" for line in yaml.safe_dump({own: entry}, allow_unicode=True, width=WIDE).splitlines())


def _own(lines: list[str], indent: int) -> list[str]:
    """Lines of a block, without what follows it and blank lines and comments at its end."""
    kept = lines[:1]
    for line in lines[1:]:
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth <= indent:
            break
        kept.append(line)
    while not kept[-1].strip() or kept[-1].lstrip().startswith("#"):
        kept.pop()
    return kept


def _file(rulebook: Rulebook, where: str) -> Path:
    """The file a place of a rulebook names, from the rulebook's folder on."""
    name = where.rpartition(":")[0]
    home, _, rest = name.partition("/")
    for folder in rulebook.folders:
        if folder.name == home:
            return folder / rest
    raise BadInput("this rulebook stands in no folder", where=where)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput("cannot be read", where=path.name) from None
