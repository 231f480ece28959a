"""A rulebook with one indicator and some parameters written otherwise: read as a file would be, kept nowhere."""

from __future__ import annotations

from dataclasses import replace

from tulou.indicators.rulebook.content import Indicator, Rulebook
from tulou.indicators.rulebook.entries import Setting, read_indicator
from tulou.indicators.rulebook.parameters import check_classes, read_parameters
from tulou.indicators.rulebook.reading import Faults
from tulou.indicators.rulebook.vocabulary import Vocabulary
from tulou.indicators.rulebook.written import parameters_of
from tulou.kernel.documents import parse_document
from tulou.kernel.identity import digest_text

DEFINITION, PARAMETERS = "definition", "parameters"
"""How messages call the two texts."""


def revised(rulebook: Rulebook, definition: str, parameters: str) -> tuple[Rulebook, Indicator | None, Faults]:
    """Read an indicator and parameters over a rulebook.

    Args:
        rulebook: The rulebook.
        definition: Text of the indicator.
        parameters: Text of parameters; may be empty.

    Returns:
        The rulebook with them; the indicator, None when it cannot be read; and every fault, with its line. With
        faults, the rulebook is that of what is sound.
    """
    faults = Faults()
    vocabulary = Vocabulary(
        rulebook.dictionary, rulebook.measures, dict(rulebook.selections),
        {name: one.unit for name, one in rulebook.quantities.items()}, dict(rulebook.parameters),
    )  # fmt: skip
    with faults.kept(PARAMETERS):
        read_parameters(parse_document(parameters, PARAMETERS), vocabulary, "", faults)
        check_classes(vocabulary, faults)
    found: Indicator | None = None
    with faults.kept(DEFINITION):
        page = parse_document(definition, DEFINITION)
        setting = Setting(vocabulary, dict(rulebook.dimensions), frozenset(rulebook.clauses), "")
        before = len(faults.found)
        read = read_indicator(page, setting, faults)
        found = read if len(faults.found) == before else None
    indicators = dict(rulebook.indicators)
    if found is not None:
        indicators[found.id] = found
    digest = digest_text(f"{rulebook.digest}\n{definition}\n{parameters}")
    made = replace(
        rulebook, parameters=vocabulary.parameters, indicators=dict(sorted(indicators.items())), digest=digest
    )
    return made, found, faults


def worked_otherwise(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Indicators of a rulebook that are worked out or judged in another way than in another rulebook.

    Args:
        before: The other rulebook.
        after: The rulebook.
    """
    changed = {name for name, one in after.parameters.items() if not _is_same(before, after, name)}
    return tuple(
        name
        for name, one in after.indicators.items()
        if _asked(before.indicators.get(name)) != _asked(one) or changed & parameters_of(after, one).keys()
    )


def _is_same(before: Rulebook, after: Rulebook, name: str) -> bool:
    one, other = before.parameters.get(name), after.parameters[name]
    return one is not None and (one.values, one.unit, one.by) == (other.values, other.unit, other.by)


def _asked(one: Indicator | None) -> tuple[object, ...] | None:
    """What of an indicator its answers and findings depend on; its words do not matter."""
    return None if one is None else (one.variants, one.level, one.unit, one.better, one.evidence, one.severity)
