"""Chains: for each answer, everything it was made from, so that it can be made again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from tulou.indicators.evaluate.city import City
from tulou.indicators.evaluate.reasons import Unanswerable
from tulou.indicators.rulebook.content import Binding, Formula, Indicator, Reference, Setting, Variant
from tulou.kernel.identity import digest_text
from tulou.model.rows import Rows

Written = float | list[float] | list[list[float]] | dict[str, Any] | None
"""A setting as plain data."""

DIGITS = 12
"""Characters of a digest that name a chain; with a few hundred chains two never meet."""


def chain_of(city: City, indicator: Indicator, variant: Variant, formula: Formula | None) -> dict[str, Any]:
    """The chain of one answer, as plain data.

    Args:
        city: The city it was asked of.
        indicator: The question.
        variant: Which answer.
        formula: The formula in force; None before the first.
    """
    book = city.rulebook
    found: dict[str, Any] = {
        "indicator": indicator.id,
        "variant": variant.name,
        "rulebook": {"id": book.id, "version": book.version, "digest": book.digest},
        "day": city.day.isoformat(),
        "definition": {"evidence": indicator.evidence, "basis": list(indicator.basis), "verified": indicator.verified},
    }
    if formula is None:
        return found
    bindings = _bindings(formula)
    found["formula"] = _formula(formula, indicator)
    found["measures"] = [_measure(city, binding) for _, binding in bindings if binding.measure]
    found["inputs"] = [
        _input(city, name, reference) for _, binding in bindings for name, reference in binding.inputs.items()
    ]
    found["parameters"] = [_parameter(city, name) for name in _parameters(city, formula, bindings)]
    return found


def _bindings(formula: Formula) -> list[tuple[str, Binding]]:
    """What is counted, and what is divided by, each with its selection."""
    found = [(formula.of, formula.binding)]
    if formula.per is not None and formula.per.binding is not None:
        found.append((formula.per.of, formula.per.binding))
    return found


def _formula(formula: Formula, indicator: Indicator) -> dict[str, Any]:
    return {
        "since": formula.since.isoformat() if formula.since else None,
        "of": formula.of,
        "aggregate": formula.aggregate,
        "per": formula.per.of if formula.per else None,
        "known": formula.known,
        "unit": indicator.unit,
    }


def _parameters(city: City, formula: Formula, bindings: list[tuple[str, Binding]]) -> list[str]:
    """Every parameter that an answer rests on: its rules, its mark, and what its selections compare with."""
    rules = [rule for _, binding in bindings for rule in binding.rules.values()]
    names = {rule.parameter for rule in rules if rule.parameter} | _of_selections(city, bindings)
    return sorted(names | ({formula.judge.mark} if formula.judge else set()))


def chain_id(chain: dict[str, Any]) -> str:
    """A name for a chain, made from what it holds."""
    text = json.dumps(chain, ensure_ascii=False, sort_keys=True)
    return f"{chain['indicator']}{':' + chain['variant'] if chain['variant'] else ''}@{digest_text(text)[:DIGITS]}"


def _measure(city: City, binding: Binding) -> dict[str, Any]:
    declared = city.rulebook.measures[binding.measure]
    rules = {name: str(rule) for name, rule in binding.rules.items()}
    return {
        "name": declared.name,
        "version": declared.version,
        "source": declared.source,
        "verified": declared.verified,
        "rules": rules,
    }


def _input(city: City, argument: str, reference: Reference) -> dict[str, Any]:
    told = city.remembered(("input", str(reference)), (), lambda city: _told(city, reference))
    return {"argument": argument, **told}


def _told(city: City, reference: Reference) -> dict[str, Any]:
    entity = "road" if reference.is_network else city.rulebook.selections[reference.selection].entity
    rows = city.rows(entity)
    found: dict[str, Any] = {
        "input": str(reference),
        "entity": entity,
        "commits": list(city.once(("commits", entity), lambda city: _commits(city.rows(entity)))),
        "on_record": len(rows),
        "complete": sorted(rows.complete),
    }
    if reference.is_network:
        return found
    try:
        members = city.counted(reference.selection)
    except Unanswerable:  # A rule that the selection compares with has no value on this day.
        return found | {"selected": 0, "unclear": len(rows), "unclear_by": {}, "estimates": 0}
    found |= {"selected": members.size, "unclear": members.unclear, "unclear_by": dict(members.lacking)}
    estimates = city.estimates(reference.selection, reference.attribute)
    found["estimates"] = 0 if estimates is None else int(np.count_nonzero(estimates))
    return found


def _commits(rows: Rows) -> tuple[int, ...]:
    return tuple(int(one) for one in np.unique(rows.evidence))


def _of_selections(city: City, bindings: list[tuple[str, Binding]]) -> set[str]:
    """Parameters that the selections compare with."""
    named = {of for of, _ in bindings}
    named |= {item.selection for _, binding in bindings for item in binding.inputs.values() if not item.is_network}
    return {
        condition.parameter
        for name in named
        for condition in city.rulebook.selections[name].where
        if condition.parameter
    }


def _parameter(city: City, name: str) -> dict[str, Any]:
    parameter = city.rulebook.parameters[name]
    found: dict[str, Any] = {"name": name, "title": {"zh": parameter.title.zh, "en": parameter.title.en}}
    try:
        version = city.version(name)
    except Unanswerable as error:
        return found | {"in_force": False, "why": str(error)}
    checked = parameter.checked_on.isoformat() if parameter.checked_on else None
    stale = parameter.checked_on is not None and city.day > parameter.checked_on
    return found | {
        "in_force": True,
        "since": version.since.isoformat(),
        "value": written(version.value),
        "unit": parameter.unit,
        "clause": version.clause,
        "evidence": version.evidence,
        "refs": list(version.value.refs),
        "checked_on": checked,
        "not_checked_since": stale,
        "rulebook": parameter.rulebook,
    }


def written(setting: Setting) -> Written:
    """A setting as plain data."""
    if setting.class_of is not None:
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in setting.by_class.items()}
        return {"by": ".".join(setting.class_of), "values": values}
    if setting.brackets:
        return [list(pair) for pair in setting.brackets]
    return list(setting.range) if setting.range else setting.number
