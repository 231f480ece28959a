"""Forms of an indicator: what of its text an expert edits in fields, each with the place and line it stands at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from tulou.indicators.rulebook.content import (
    AGGREGATES,
    HOWS,
    LEVELS,
    Better,
    Formula,
    Indicator,
    Parameter,
    Reference,
    Rulebook,
)
from tulou.indicators.rulebook.entries import sums_up
from tulou.indicators.rulebook.revised import DEFINITION, PARAMETERS
from tulou.indicators.rulebook.written import parameters_of
from tulou.kernel.amending import Place, plain
from tulou.kernel.dated import EVIDENCE
from tulou.kernel.documents import At, parse_document
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Language
from tulou.publish.formulas import input_title
from tulou.publish.numbers import unit_text
from tulou.publish.words import labels, say

Field = dict[str, Any]
TEXTS: tuple[tuple[Place, str], ...] = (
    (("title", "zh"), "text"),
    (("title", "en"), "text"),
    (("question", "zh"), "long"),
    (("question", "en"), "long"),
    (("code",), "text"),
    (("dimension",), "choice"),
    (("level",), "choice"),
    (("unit",), "text"),
    (("better",), "choice"),
    (("aggregate",), "choice"),
    (("known",), "number"),
    (("judge", "pass"), "choice"),
    (("basis",), "list"),
    (("clauses",), "list"),
    (("evidence",), "choice"),
    (("verified",), "text"),
    (("note", "zh"), "long"),
    (("note", "en"), "long"),
)
"""Fields of an indicator: where each stands, and how it is edited."""
SHAPES = ("value", "range", "brackets", "by_class")


def fields(definition: str, rulebook: Rulebook, language: Language) -> list[Field]:
    """Fields of an indicator's text; none when it is no YAML.

    Args:
        definition: The text.
        rulebook: Whose names may be chosen.
        language: Language of titles of choices.
    """
    page = _read(definition, DEFINITION)
    if page is None:
        return []
    choices = _choices(rulebook, language)
    return [_field(page, at, kind, choices) for at, kind in TEXTS if at[0] != "judge" or _has(page, "judge")]


def _field(page: At, at: Place, kind: str, choices: Mapping[str, Mapping[str, str]]) -> Field:
    value, line = _at(page, at)
    name = ".".join(map(str, at))
    found: Field = {
        "name": name, "part": DEFINITION, "at": list(at), "kind": kind, "value": plain(value), "line": line,
    }  # fmt: skip
    if kind == "choice":
        found["choices"] = [{"id": one, "title": title} for one, title in choices[name].items()]
    return found


def _choices(rulebook: Rulebook, language: Language) -> dict[str, Mapping[str, str]]:
    sums = {name: one.title.say(language) for name, one in rulebook.measures.items() if sums_up(one)}
    return {
        "dimension": {name: words.say(language) for name, words in rulebook.dimensions.items()},
        "level": {name: say_known(f"level.{name}", name, language) for name in LEVELS},
        "better": _titled(get_args(Better), language),
        "aggregate": {**_titled(AGGREGATES, language), **sums},
        "judge.pass": _titled(HOWS, language),
        "evidence": _titled(EVIDENCE, language),
    }


def _titled(names: Iterable[str], language: Language) -> dict[str, str]:
    return {name: say_known(f"editor.{name}", name, language) for name in names}


def _has(page: At, key: str) -> bool:
    return isinstance(page.get(key), At)


def _read(text: str, name: str) -> At | None:
    try:
        return parse_document(text, name)
    except BadInput:
        return None


def _at(page: At, at: Place) -> tuple[Any, int]:
    """What stands at a place, None for nothing; and its line, or that of what it belongs to."""
    found: Any = page
    line = page.line
    for part in at:
        if isinstance(found, At):
            line = found.lines.get(str(part), line)
            found = found.get(str(part))
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
            line = found.line if isinstance(found, At) else line
        else:
            return None, line
    return found, line


def parameter_forms(
    parameters: str, rulebook: Rulebook, indicator: Indicator | None, language: Language
) -> list[Field]:
    """Forms of the parameters in a text: their values by date, with source and evidence.

    Args:
        parameters: The text.
        rulebook: The rulebook with the text read over it.
        indicator: The indicator that rests on them; None when it cannot be read.
        language: Language of titles.
    """
    page = _read(parameters, PARAMETERS)
    roles = parameters_of(rulebook, indicator) if indicator else {}
    found = []
    for subject, group in (page or {}).items():
        for name, entry in group.items() if isinstance(group, At) else ():
            if isinstance(entry, At):
                known = rulebook.parameters.get(f"{subject}.{name}")
                role = roles.get(f"{subject}.{name}", "")
                found.append(_parameter((subject, name), entry, known, role, language))
    return found


def _parameter(at: Place, entry: At, known: Parameter | None, role: str, language: Language) -> Field:
    values = entry.get("values")
    name = ".".join(map(str, at))
    return {
        "name": name,
        "part": PARAMETERS,
        "title": known.title.say(language) if known else name,
        "role": role,
        "unit": known.unit if known else str(entry.get("unit", "")),
        "by": known.by if known else str(entry.get("by", "")),
        "at": list(at),
        "line": entry.line,
        "checked_on": plain(entry.get("checked_on")),
        "values": [
            _value((*at, "values", row), value)
            for row, value in enumerate(values if isinstance(values, list) else ())
            if isinstance(value, At)
        ],
    }


def _value(at: Place, entry: At) -> Field:
    shape = next((one for one in SHAPES if one in entry), "")
    return {
        "at": list(at),
        "line": entry.line,
        "shape": shape,
        "numbers": list(_numbers((*at, shape), entry.get(shape))) if shape else [],
        "lines": entry.lines,
        **{name: plain(entry.get(name)) for name in ("since", "clause", "evidence")},
        "refs": [str(one) for one in entry.get("refs") or () if not isinstance(one, (dict, list))]
        if isinstance(entry.get("refs"), list)
        else [],
    }


def _numbers(at: Place, found: object) -> Iterator[Field]:
    """Each number of a value, with its place and what it is for."""
    if isinstance(found, At):
        inner = found.get("values") if at[-1] == "by_class" else found
        place = (*at, "values") if at[-1] == "by_class" else at
        for name, one in inner.items() if isinstance(inner, At) else ():
            for each in _numbers((*place, name), one):
                yield each | {"label": name}
    elif isinstance(found, list):
        for row, one in enumerate(found):
            yield from _numbers((*at, row), one)
    else:
        yield {"at": list(at), "value": plain(found), "label": ""}


def formula_lines(rulebook: Rulebook, indicator: Indicator, language: Language) -> list[dict[str, Any]]:
    """How an indicator is worked out, in words, for each of its answers.

    Args:
        rulebook: The rulebook it stands in.
        indicator: The indicator.
        language: Language of the words.
    """
    return [
        {
            "variant": variant.name,
            "title": variant.title.say(language) if variant.title else "",
            "since": formula.since and formula.since.isoformat(),
            "lines": list(_told(rulebook, indicator, formula, language)),
        }
        for variant in indicator.variants
        for formula in variant.formulas
    ]


def _told(rulebook: Rulebook, indicator: Indicator, formula: Formula, language: Language) -> Iterator[str]:
    def line(key: str, text: str) -> str:
        return say("editor.line", language, key=say(f"editor.{key}", language), told=text)

    binding = formula.binding
    yield line("of", _selection(rulebook, formula.of, language))
    measure = rulebook.measures[binding.measure]
    yield line("measure", f"{measure.title.say(language)} ({measure.name})")
    for name, reference in binding.inputs.items():
        yield line("input", f"{name} ← {_input(rulebook, reference, language)}")
    for name, rule in binding.rules.items():
        told = rulebook.parameters[rule.parameter].title.say(language) if rule.parameter else rule.word
        yield line("rule", f"{name} ← {told}")
    yield line("aggregated", say_known(f"editor.{formula.aggregate}", formula.aggregate, language))
    if formula.per is not None:
        yield line("per", _selection(rulebook, formula.per.of, language))
    yield line("level", say_known(f"level.{indicator.level}", indicator.level, language))
    if formula.judge is not None:
        how = say_known(f"editor.{formula.judge.how}", formula.judge.how, language)
        yield line("judge", f"{how} {rulebook.parameters[formula.judge.mark].title.say(language)}")


def _selection(rulebook: Rulebook, name: str, language: Language) -> str:
    return rulebook.selections[name].title.say(language)


def _input(rulebook: Rulebook, reference: Reference, language: Language) -> str:
    if reference.is_network:
        return str(reference)
    title = input_title(rulebook, reference, language)
    return f"{_selection(rulebook, reference.selection, language)} · {title}"


def say_known(key: str, name: str, language: Language) -> str:
    """A word of the published vocabulary, or the name itself when it has none."""
    return say(key, language) if key in labels() else name


def browsed(rulebook: Rulebook, language: Language) -> list[dict[str, Any]]:
    """The indicators of a rulebook in the order of its dimensions, each with its marks by date.

    Args:
        rulebook: The rulebook.
        language: Language of titles.
    """
    ordered: Sequence[str] = list(rulebook.dimensions)
    return [
        {
            "id": one.id,
            "code": one.code,
            "title": one.title.say(language),
            "question": one.question.say(language),
            "dimension": one.dimension,
            "level": one.level,
            "unit": one.unit,
            "better": one.better,
            "evidence": one.evidence,
            "clauses": list(one.clauses),
            "rulebook": one.rulebook,
            "marks": _marks(rulebook, one, language),
        }
        for one in sorted(
            rulebook.indicators.values(), key=lambda one: (ordered.index(one.dimension), one.code, one.id)
        )
    ]


def _marks(rulebook: Rulebook, indicator: Indicator, language: Language) -> list[dict[str, Any]]:
    judge = next((formula.judge for formula in indicator.variants[0].formulas[::-1] if formula.judge), None)
    if judge is None:
        return []
    parameter = rulebook.parameters[judge.mark]
    return [
        {
            "how": judge.how,
            "value": version.value.number,
            "range": list(version.value.range) if version.value.range else None,
            "by_class": {name: one for name, one in version.value.by_class.items() if not isinstance(one, tuple)},
            "unit": parameter.unit,
            "unit_words": unit_text(parameter.unit, language),
            "since": version.since.isoformat(),
            "clause": version.clause,
            "evidence": version.evidence,
        }
        for version in parameter.values.versions
    ]
