"""Indicators as they are written: the question, how it is answered from which day on, and its checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast, get_args

from tulou.indicators.rulebook.bindings import Bound, read_binding, read_rule
from tulou.indicators.rulebook.content import (
    AGGREGATES,
    HOWS,
    LEVELS,
    Better,
    Binding,
    Formula,
    HandCheck,
    How,
    Indicator,
    Judge,
    Parameter,
    Per,
    Reference,
    Variant,
)
from tulou.indicators.rulebook.fit import aggregate_factor
from tulou.indicators.rulebook.given import read_check
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
    texts,
    words,
)
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.kernel import units
from tulou.kernel.arrays import Kind
from tulou.kernel.dated import EVIDENCE
from tulou.kernel.declaration import Measure
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import words_of

FORMULA_KEYS = ("of", "measure", "inputs", "rules", "aggregate", "per", "known", "judge")
OWN_KEYS = (
    "id", "code", "lists", "title", "question", "dimension", "level", "unit", "better", "clauses", "basis", "evidence",
    "variants", "versions", "verified", "note", "severity", "checks", "replaces",
)  # fmt: skip
KEYS = (*OWN_KEYS, *FORMULA_KEYS)
KNOWN = 90.0
"""Percent of the rows that must be known when an indicator does not say."""
WHOLE = 100.0
FEWEST_CHECKS = 2


@dataclass(frozen=True)
class Setting:
    """What indicators are read with.

    Args:
        vocabulary: Names known.
        dimensions: Dimensions of the rulebook.
        clauses: Numbers of the clause register; empty when none is loaded.
        rulebook: Rulebook they stand in.
    """

    vocabulary: Vocabulary
    dimensions: dict[str, Words]
    clauses: frozenset[str]
    rulebook: str


def read_indicator(page: At, setting: Setting, faults: Faults) -> Indicator:
    """Read one indicator; faults of its parts are kept, so that all are told at once.

    Raises:
        BadInput: When it cannot be read at all.
    """
    with faults.kept():
        keys(page, KEYS)
    unit = text(page, "unit")
    with at(page.where("unit")):
        units.parse(unit)
    variants = _variants(page, unit, setting.vocabulary, faults)
    title, question = _told(page, "title", faults), _told(page, "question", faults)
    checks = _checks(page, setting.vocabulary, tuple(variant.name for variant in variants), faults)
    return Indicator(
        id=text(page, "id"),
        code=text(page, "code", needed=False),
        lists=texts(page, "lists"),
        title=title,
        question=question,
        dimension=looked_up(setting.dimensions, text(page, "dimension"), "dimension", page.where("dimension")),
        level=choice(page, "level", LEVELS),
        unit=unit,
        better=cast("Better", choice(page, "better", get_args(Better))),
        variants=variants,
        clauses=_clauses(page, setting, faults),
        basis=texts(page, "basis"),
        evidence=choice(page, "evidence", EVIDENCE),
        verified=text(page, "verified", needed=False) or None,
        note=words(page, "note", needed=False),
        severity=_severity(page, setting.vocabulary),
        checks=checks,
        where=page.where(),
        rulebook=setting.rulebook,
        replaces=text(page, "replaces", needed=False),
    )


def _told(page: At, key: str, faults: Faults) -> Words:
    with faults.kept():
        return words_of(page, key)
    return Words("", "")


def _clauses(page: At, setting: Setting, faults: Faults) -> tuple[str, ...]:
    found = texts(page, "clauses")
    for number_ in found:
        if setting.clauses and number_ not in setting.clauses:
            faults.add("no such clause in the register", page.where("clauses"), number_, sorted(setting.clauses))
    return found


def _severity(page: At, vocabulary: Vocabulary) -> str:
    name = text(page, "severity", needed=False)
    return vocabulary.parameter(name, page.where("severity")).name if name else ""


def _checks(page: At, vocabulary: Vocabulary, variants: tuple[str, ...], faults: Faults) -> tuple[HandCheck, ...]:
    written = entries(page, "checks")
    if len(written) < FEWEST_CHECKS:
        faults.add(
            f"an indicator needs at least {FEWEST_CHECKS} hand-worked checks", page.where("checks"), len(written)
        )
    found: list[HandCheck] = []
    for entry in written:
        with faults.kept(entry.where()):
            found.append(read_check(entry, vocabulary.dictionary, variants))
    return tuple(found)


def _variants(page: At, unit: str, vocabulary: Vocabulary, faults: Faults) -> tuple[Variant, ...]:
    plain = _only(page, FORMULA_KEYS)
    versions = entries(page, "versions")
    for version in versions:
        with faults.kept():
            keys(version, ("since", *FORMULA_KEYS))
    written: list[tuple[date | None, At]] = [(_since(version), _merged(plain, version)) for version in versions]
    written = written or [(None, plain)]
    main = _formulas(written, unit, vocabulary, faults)
    found = [Variant("", None, main)]
    named = mapping(page, "variants", needed=False)
    for name in named:
        with faults.kept(named.where(name)):
            entry = mapping(named, name)
            keys(entry, ("title", *FORMULA_KEYS))
            merged = [(since, _merged(_without_judge(formula), entry)) for since, formula in written]
            found.append(Variant(name, words_of(entry, "title"), _formulas(merged, unit, vocabulary, faults)))
    return tuple(found)


def _since(version: At) -> date:
    return day(version, "since")


def _only(page: At, names: tuple[str, ...]) -> At:
    found = At()
    found.file, found.line = page.file, page.line
    for name in names:
        if name in page:
            found[name], found.lines[name] = page[name], page.lines[name]
    return found


def _merged(plain: At, own: At) -> At:
    found = _only(plain, FORMULA_KEYS)
    found.file, found.line = own.file, own.line
    for name in FORMULA_KEYS:
        if name in own:
            found[name], found.lines[name] = own[name], own.lines[name]
    return found


def _without_judge(plain: At) -> At:
    return _only(plain, tuple(key for key in FORMULA_KEYS if key != "judge"))


def _formulas(
    written: list[tuple[date | None, At]], unit: str, vocabulary: Vocabulary, faults: Faults
) -> tuple[Formula, ...]:
    found: list[Formula] = []
    for since, entry in written:
        with faults.kept(entry.where()):
            found.append(_formula(entry, since, unit, vocabulary, faults))
    return tuple(sorted(found, key=lambda formula: (formula.since is not None, formula.since or date.min)))


def _formula(entry: At, since: date | None, unit: str, vocabulary: Vocabulary, faults: Faults) -> Formula:
    of = vocabulary.selection(text(entry, "of"), entry.where("of")).name
    before = len(faults.found)
    bound = read_binding(entry, vocabulary, of, faults)
    if bound.gives == "summary":
        raise BadInput(
            "this measure sums up rows; name it under 'aggregate'",
            where=entry.where("measure"),
            found=bound.binding.measure,
        )
    aggregate, binding = _aggregate(entry, bound, vocabulary, faults)
    per, per_unit = _per(entry, aggregate, vocabulary, faults)
    factor = 1.0
    if len(faults.found) == before:
        with faults.kept(entry.where("aggregate")):
            summary = vocabulary.measures[aggregate] if aggregate not in AGGREGATES else None
            factor = aggregate_factor(aggregate, bound, unit, per=per_unit, summary=summary)
    judge = _judge(entry, unit, vocabulary)
    return Formula(since, of, binding, aggregate, per, _known(entry), factor, judge)


def _known(entry: At) -> float:
    known = number(entry, "known", KNOWN)
    if not 0 <= known <= WHOLE:
        raise BadInput("a percentage", where=entry.where("known"), found=known, allowed=("0 to 100",))
    return known


def sums_up(measure: Measure) -> bool:
    """Whether a measure can be named under ``aggregate``: it makes one number of values and, at most, their weights."""
    kinds = [argument.kind for argument in measure.data]
    return measure.gives == "summary" and kinds in ([Kind.NUMBERS], [Kind.NUMBERS, Kind.NUMBERS])


def _aggregate(entry: At, bound: Bound, vocabulary: Vocabulary, faults: Faults) -> tuple[str, Binding]:
    """The aggregate, and the binding with the rules of a summary measure added."""
    name = text(entry, "aggregate")
    summaries = [key for key, measure in vocabulary.measures.items() if sums_up(measure)]
    if name not in AGGREGATES and name not in summaries:
        raise BadInput(
            "not a way to aggregate", where=entry.where("aggregate"), found=name, allowed=(*AGGREGATES, *summaries)
        )
    if name in AGGREGATES:
        return name, bound.binding
    summary = vocabulary.measures[name]
    own = _only(entry, ("rules",))
    rules = mapping(own, "rules", needed=False)
    added = dict(bound.binding.rules)
    for argument in summary.rules:
        with faults.kept(rules.where(argument.name)):
            if argument.name in rules:
                free = {"any": bound.part, "other": bound.whole}
                place = rules.where(argument.name)
                added[argument.name] = read_rule(argument, rules[argument.name], vocabulary, free, place)
            elif not argument.optional:
                faults.add(f"summary '{name}' needs rule '{argument.name}'", entry.where("aggregate"))
    return name, Binding(bound.binding.measure, bound.binding.inputs, added)


def _per(entry: At, aggregate: str, vocabulary: Vocabulary, faults: Faults) -> tuple[Per | None, str | None]:
    """What is divided by, and its unit."""
    if aggregate == "density" and "per" not in entry:
        return None, "m2"
    if aggregate not in {"ratio", "density"}:
        if "per" in entry:
            raise BadInput("'per' goes with ratio and density", where=entry.where("per"), found=aggregate)
        return None, None
    per = mapping(entry, "per")
    keys(per, ("of", "measure", "inputs", "rules"))
    of = vocabulary.selection(text(per, "of"), per.where("of")).name
    if aggregate == "density" and set(per) == {"of"}:
        return Per(of, None), "m2"
    if "measure" not in per:
        amounts = mapping(per, "inputs")
        keys(amounts, ("amount",))
        reference, column = vocabulary.reference(amounts.get("amount"), amounts.where("amount"))
        if column.kind != "number" or reference.selection != of:
            raise BadInput(
                f"'amount' is a number of '{of}'",
                where=amounts.where("amount"),
                found=str(reference),
                allowed=(f"{of}.…",),
            )
        return Per(of, Binding("", {"amount": Reference(of, reference.attribute)}, {})), column.unit
    bound = read_binding(per, vocabulary, of, faults)
    return Per(of, bound.binding), bound.part


def _judge(entry: At, unit: str, vocabulary: Vocabulary) -> Judge | None:
    if entry.get("judge") is None:
        return None
    judge = mapping(entry, "judge")
    keys(judge, ("pass", "mark"))
    how = cast("How", choice(judge, "pass", HOWS))
    mark = vocabulary.parameter(text(judge, "mark"), judge.where("mark"))
    with at(judge.where("mark")):
        judge_fits(mark, how, unit)
    return Judge(how, mark.name)


def judge_fits(mark: Parameter, how: How, unit: str) -> None:
    """Refuse a mark of another shape or unit than its indicator."""
    wanted = "range" if how == "between" else "number"
    shapes = {version.value.shape for version in mark.values.versions}
    if shapes != {wanted}:
        raise BadInput(
            f"'{how}' needs one {wanted}", found=f"{mark.name}: {', '.join(sorted(shapes))}", allowed=(wanted,)
        )
    units.factor(mark.unit, unit)
