"""Formulas of indicators in words and signs: what is divided by what, with which numbers, and where each comes from."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tulou.indicators.rulebook.content import Binding, Formula, Indicator, Per, Reference, Rulebook, Setting, Variant
from tulou.kernel.declaration import Measure
from tulou.kernel.words import Language
from tulou.publish.numbers import unit_text
from tulou.publish.words import has, say

SHAPED = ("geometry", "place", "shape_area", "shape_length")
"""Attributes that every object has: of them the objects themselves are named."""
_SIGNS = {"at_least": "≥ ", "at_most": "≤ ", "exactly": "= "}
_EQUATION = re.compile(r"``([^`]*[^`<>!=]=[^`]*)``")
_CALLED = re.compile(r"^\w+: ")
_DIGITS = 6
"""Decimals of a factor between units; what is smaller is rounding."""
_GROUPED = 10_000
"""Number from which thousands are parted, so that years are not."""
_WITH_WHOLE = ("share", "mean", "sample_mean")


def formula_text(book: Rulebook, indicator: Indicator, formula: Formula, language: Language) -> str:
    """The formula of an indicator in one line, e.g. ``= residents within 500 m of a stop ÷ all residents × 100``.

    Args:
        book: The rulebook it stands in.
        indicator: The indicator.
        formula: The one of its formulas that is told.
        language: Language of the words.
    """
    names = _names(book, formula.of, formula.binding, language)
    part = _counted(formula.binding, names, book, language)
    whole = _whole(book, formula, names, language)
    if part == whole and formula.per is not None:
        part = say("formula.of_these", language, told=part, of=names["of"])
        whole = say("formula.of_these", language, told=whole, of=book.selections[formula.per.of].title.say(language))
    key = f"formula.{formula.aggregate}"
    if formula.aggregate == "density" and formula.per is None:
        key = "formula.density_of_unit"
    if has(key):
        told = say(key, language, part=part, whole=whole, of=names["of"])
    else:
        told = say("formula.summary", language, name=book.measures[formula.aggregate].title.say(language), part=part)
    times = _times(formula.factor, language)
    unit = unit_text(indicator.unit, language)
    return f"= {told}{times}" + (f" ({unit})" if unit else "")


def equations(one: Measure) -> list[str]:
    """The equations that a measure's own text states, in signs; none when it states it in words alone."""
    text = (inspect.getdoc(one.function) or "").partition("\nArgs:")[0]
    found = [_CALLED.sub("", " ".join(each.split())) for each in _EQUATION.findall(text)]
    return list(dict.fromkeys(found))


def details(book: Rulebook, indicator: Indicator, language: Language) -> Iterator[tuple[str, str]]:
    """Lines about an indicator: its formula, equation, inputs, dated numbers, marks, basis and other answers.

    Args:
        book: The rulebook it stands in.
        indicator: The indicator.
        language: Language of the words.

    Yields:
        What a line is about, and what it says; ``""`` for what belongs to the line before.
    """
    for variant in indicator.variants:
        for formula in variant.formulas:
            yield _head(variant, formula, language), formula_text(book, indicator, formula, language)
            for name, told in _bound(book, formula, language):
                yield "", f"{name} = {told}"
            if formula.judge is not None:
                how = formula.judge.how
                mark = "; ".join(_dated(book, formula.judge.mark, language, sign=_SIGNS.get(how, "")))
                yield say("formula.mark", language), mark
    clauses = [say("formula.clause", language, number=number) for number in indicator.clauses]
    rests = say("language.list", language).join((*clauses, *indicator.basis))
    evidence = say(f"evidence.{indicator.evidence}", language)
    yield say("formula.rests", language), f"{rests} ({evidence})" if rests else evidence
    if indicator.note is not None:
        yield say("formula.note", language), indicator.note.say(language)


def setting_text(book: Rulebook, setting: Setting, unit: str, by: str, language: Language) -> str:
    """What a parameter says: a number, a range, steps by size, or each of them by class.

    Args:
        book: Whose dictionary names the classes.
        setting: What it says from a day on.
        unit: Unit of its numbers.
        by: Unit of the sizes of its steps.
        language: Language of the words.
    """
    if setting.by_class:
        several = [f"{_class(book, setting, key, language)} {_number(one)}" for key, one in setting.by_class.items()]
    elif setting.brackets:
        size = unit_text(by, language)
        several = [
            say("formula.step", language, size=f"{_number(start)} {size}".strip(), value=_number(value))
            for start, value in setting.brackets
        ]
    else:
        several = [_number(setting.range or setting.number)]
    return f"{say('language.list', language).join(several)} {unit_text(unit, language)}".strip()


def input_title(book: Rulebook, reference: Reference, language: Language) -> str:
    """What an input of a formula is called: its quantity or attribute, or the objects where it is their shape."""
    if reference.is_network:
        return say(f"formula.network_{reference.attribute}", language)
    selection = book.selections[reference.selection]
    quantity = book.quantities.get(f"{selection.entity}.{reference.attribute}")
    attributes: Mapping[str, Any] = book.dictionary[selection.entity].attributes
    if quantity is not None:
        return quantity.title.say(language)
    if reference.attribute in attributes:
        return str(attributes[reference.attribute].title.say(language))
    if reference.attribute in SHAPED:
        shape = f"formula.{reference.attribute}"
        title = selection.title.say(language)
        return say(shape, language, of=title) if has(shape) else title
    return reference.attribute


def _class(book: Rulebook, setting: Setting, key: str, language: Language) -> str:
    """The name of a class, by the dictionary."""
    entity, attribute = setting.class_of or ("", "")
    known = book.dictionary[entity].attributes.get(attribute) if entity in book.dictionary else None
    words = (known.values or {}).get(key) if known else None
    return words.say(language) if words else key


def _times(factor: float, language: Language) -> str:
    """What the quotient is multiplied by to have the unit; a small factor is told as a division."""
    large = round(factor, _DIGITS)
    if large == 1.0:
        return ""
    if large > 1.0:
        return say("formula.times", language, factor=f"{large:,.10g}")
    return say("formula.divided", language, factor=f"{round(1.0 / factor, _DIGITS):,.10g}")


def _number(value: float | tuple[float, float] | None) -> str:
    if isinstance(value, tuple):
        return "–".join(map(_number, value))
    if value is None:
        return ""
    return f"{value:,.10g}" if abs(value) >= _GROUPED else f"{value:.10g}"


def _head(variant: Variant, formula: Formula, language: Language) -> str:
    title = f" ({variant.title.say(language)})" if variant.title else ""
    since = f" {_since(formula.since, language)}" if formula.since else ""
    return f"{say('formula.formula', language)}{title}{since}"


def _since(day: date, language: Language) -> str:
    return say("formula.since", language, day=day.isoformat())


def _names(book: Rulebook, of: str, binding: Binding, language: Language) -> dict[str, str]:
    """What each argument is called, for the gaps of phrases; a rule is told by what it says now."""
    bound = {name: input_title(book, one, language) for name, one in binding.inputs.items()}
    found = {**bound, "inputs": say("language.list", language).join(bound.values())}
    found["of"] = book.selections[of].title.say(language)
    for name, rule in binding.rules.items():
        found[name] = _latest(book, rule.parameter, language) if rule.parameter else rule.word
    return found


def _latest(book: Rulebook, name: str, language: Language) -> str:
    parameter = book.parameters[name]
    setting = parameter.values.versions[-1].value
    if setting.brackets:
        sizes = [value for _, value in setting.brackets]
        unit = unit_text(parameter.unit, language)
        return say("formula.by_size", language, low=_number(min(sizes)), high=_number(max(sizes)), unit=unit)
    return setting_text(book, setting, parameter.unit, parameter.by, language)


def _counted(binding: Binding, names: Mapping[str, str], book: Rulebook, language: Language) -> str:
    """What a measure counts, in words: its own phrase (another where it is not told its least size), or its title."""
    key = f"counted.{binding.measure}"
    one = book.measures[binding.measure]
    if has(f"counted.{one.name}_any") and any(rule.name not in binding.rules for rule in one.rules):
        key = f"{key}_any"
    return say(key, language, **names) if has(key) else one.title.say(language)


def _whole(book: Rulebook, formula: Formula, names: Mapping[str, str], language: Language) -> str:
    if formula.per is not None:
        return _divisor(book, formula.per, language)
    if formula.aggregate in _WITH_WHOLE and has(f"whole.{formula.binding.measure}"):
        return say(f"whole.{formula.binding.measure}", language, **names)
    return say("formula.all", language, of=names["of"])


def _divisor(book: Rulebook, per: Per, language: Language) -> str:
    title = book.selections[per.of].title.say(language)
    if per.binding is None:
        return say("formula.shape_area", language, of=title)
    names = _names(book, per.of, per.binding, language)
    return names["inputs"] or title


def _bound(book: Rulebook, formula: Formula, language: Language) -> Iterator[tuple[str, str]]:
    """The equation of the measure, then each argument of it with what it is bound to."""
    binding = formula.binding
    one = book.measures[binding.measure]
    told = " · ".join(f"`{each}`" for each in equations(one))
    yield f"`{one.name}`", f"{one.title.say(language)}" + (f": {told}" if told else "")
    for name, reference in binding.inputs.items():
        yield f"`{name}`", input_title(book, reference, language)
    for name, rule in binding.rules.items():
        if not rule.parameter:
            yield f"`{name}`", rule.word
            continue
        title = book.parameters[rule.parameter].title.say(language)
        yield f"`{name}`", f"{title}: {'; '.join(_dated(book, rule.parameter, language))}"


def _dated(book: Rulebook, name: str, language: Language, *, sign: str = "") -> Iterator[str]:
    """Each value a parameter has had, with its first day, clause and evidence."""
    parameter = book.parameters[name]
    for version in parameter.values.versions:
        value = setting_text(book, version.value, parameter.unit, parameter.by, language)
        evidence = say(f"evidence.{version.evidence}", language)
        yield f"{sign}{value} {_since(version.since, language)} ({version.clause}; {evidence})"
