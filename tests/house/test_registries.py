"""Every registry is walked: what is declared is whole, in both languages, with units, and can be loaded."""

import importlib

import pytest

from tulou.app.cli import COMMANDS, LazyGroup
from tulou.app.exporting import FORMATS as EXPORTS
from tulou.indicators.rulebook.folders import known_rulebooks
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel import units
from tulou.kernel.arrays import Kind
from tulou.kernel.words import Words
from tulou.measures.catalogue import all_measures
from tulou.publish.export import TABLES
from tulou.publish.paper.write import writer_of
from tulou.sources.catalogue import connectors

FEWEST_INDICATORS = 120
FEWEST_NATIONAL = 61
FEWEST_CHECKS = 2
WITHOUT_UNIT = {Kind.TEXTS, Kind.NETWORK, Kind.CHOICE, Kind.FLAGS, Kind.INTEGERS}
MEASURES = all_measures()


@pytest.fixture(scope="module")
def books():
    return [read_rulebook(name, MEASURES) for name in sorted(known_rulebooks())]


@pytest.fixture(scope="module")
def indicators(books):
    return {one.id: one for book in books for one in book.indicators.values()}


def whole(words):
    """Whether a text is there in both languages, and the Chinese one is Chinese."""
    return isinstance(words, Words) and bool(words.zh.strip()) and bool(words.en.strip())


def is_chinese(text):
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_there_are_as_many_indicators_as_promised(indicators):
    assert len(indicators) >= FEWEST_INDICATORS
    national = {f"U{number:02}" for number in range(1, FEWEST_NATIONAL + 1)}
    assert national <= {one.code for one in indicators.values() if "MOHURD-2023" in one.lists}


def test_every_indicator_is_whole(indicators):
    for one in indicators.values():
        assert whole(one.title), one.id
        assert whole(one.question), one.id
        assert is_chinese(one.title.zh), one.id
        assert is_chinese(one.question.zh), one.id
        assert not is_chinese(one.title.en), one.id
        assert one.unit, one.id
        units.parse(one.unit)
        assert one.basis or one.clauses or one.lists, f"{one.id}: nothing says why it is asked"
        assert len(one.checks) >= FEWEST_CHECKS, one.id


def test_every_indicator_serves_a_clause(indicators):
    assert not [one.id for one in indicators.values() if not one.clauses]


def test_every_variant_has_both_titles(indicators):
    for one in indicators.values():
        for variant in one.variants[1:]:
            assert whole(variant.title), (one.id, variant.name)


def test_every_parameter_is_whole_and_says_where_it_comes_from(books):
    for book in books:
        for name, parameter in book.parameters.items():
            assert whole(parameter.title), name
            assert parameter.unit, name
            for version in parameter.values.versions:
                assert version.evidence in {"sourced", "derived", "memory", "none"}, name
                assert version.evidence != "sourced" or version.clause, f"{name}: sourced, but from which clause?"


def test_every_selection_quantity_and_dimension_has_both_titles(books):
    for book in books:
        named = {**book.selections, **book.quantities}
        assert not [name for name, one in named.items() if not whole(one.title)]
        assert not [name for name, words in book.dimensions.items() if not whole(words)]


def test_every_attribute_has_both_titles_and_numbers_a_unit(books):
    for book in books:
        for entity in book.dictionary.values():
            assert whole(entity.title), entity.name
            for one in entity.attributes.values():
                assert whole(one.title), (entity.name, one.name)
                assert one.unit or one.type not in {"number", "series"}, (entity.name, one.name)
                assert all(whole(words) for words in (one.values or {}).values()), (entity.name, one.name)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_has_units_and_says_what_it_computes(name):
    one = MEASURES[name]
    assert whole(one.title)
    assert is_chinese(one.title.zh)
    assert one.version
    for argument in one.arguments:
        assert argument.units or argument.kind in WITHOUT_UNIT, argument.name
        for unit in argument.units:
            assert unit in {"any", "other"} or units.parse(unit) is not None
    assert one.units or one.gives == "numbers"
    text = one.function.__doc__ or ""
    assert "``" in text or "?" in text.splitlines()[0] or one.source, "neither a question, an equation nor a source"
    for argument in one.arguments:
        assert f"{argument.name}:" in text, f"{argument.name} is not described"


@pytest.mark.parametrize("name", sorted(connectors()))
def test_every_connector_loads(name):
    one = connectors()[name]
    assert whole(one.title)
    assert one.suffixes
    assert callable(one.load())


@pytest.mark.parametrize("form", ["docx", "xlsx", "pdf"])
def test_every_format_of_a_report_loads(form):
    assert callable(writer_of(form))


def test_every_table_that_is_written_is_offered():
    assert {suffix.removeprefix(".") for suffix in TABLES} <= set(EXPORTS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_loads_and_says_what_it_does(name):
    place, about = COMMANDS[name]
    assert whole(about)
    module, _, function = place.partition(":")
    command = getattr(importlib.import_module(f"tulou.app.cli.{module}"), function)
    assert command.name == name
    assert command.help
    for one in command.params:
        assert one.param_type_name == "argument" or one.help, (name, one.name)


def test_the_group_offers_what_is_listed():
    assert LazyGroup("tulou").list_commands(None) == list(COMMANDS)
