"""Catalogue pages: one row for everything there is, current until something changes."""

import pytest

from tulou.indicators.rulebook.read import read_rulebook
from tulou.measures.catalogue import all_measures
from tulou.processes.catalogue import processes
from tulou.publish import catalogue
from tulou.publish.formulas import details, equations, formula_text
from tulou.sources.catalogue import connectors


@pytest.fixture(scope="module")
def book():
    return read_rulebook("china", all_measures())


@pytest.fixture(scope="module")
def made(book):
    return catalogue.pages([book], all_measures(), connectors())


def test_every_indicator_measure_connector_and_attribute_has_a_row(made, book):
    for language in ("zh", "en"):
        indicators = made[f"{language}/catalogue/indicators-china.md"]
        assert [name for name in book.indicators if f"`{name}` |" not in indicators] == []
        measures = made[f"{language}/catalogue/measures.md"]
        assert [name for name in all_measures() if f"| `{name}` v" not in measures] == []
        readers = made[f"{language}/catalogue/connectors.md"]
        assert [name for name in connectors() if f"| `{name}` |" not in readers] == []
        models = made[f"{language}/catalogue/processes.md"]
        assert [name for name in processes() if f"`{name}` " not in models] == []
        words = made[f"{language}/catalogue/dictionary.md"]
        assert [name for name, one in book.dictionary.items() if f"`{name}`" not in words] == []


def test_tables_have_as_many_cells_in_each_row(made):
    for name, text in made.items():
        width = 0
        for line in text.splitlines():
            if not line.startswith("|"):
                width = 0
                continue
            cells = line.replace("\\|", "").count("|")
            width = width or cells
            assert cells == width, (name, line)


def test_pages_are_current_until_one_changes_or_one_is_left_over(made, tmp_path):
    assert not catalogue.current(tmp_path, made)
    assert catalogue.write(tmp_path, made) == len(made)
    assert catalogue.current(tmp_path, made)
    page = tmp_path / "en" / "catalogue" / "measures.md"
    page.write_text(page.read_text("utf-8") + "by hand\n", "utf-8")
    assert not catalogue.current(tmp_path, made)
    catalogue.write(tmp_path, made)
    (tmp_path / "zh" / "catalogue" / "old.md").write_text("gone", "utf-8")
    assert not catalogue.current(tmp_path, made)
    catalogue.write(tmp_path, made)
    assert catalogue.current(tmp_path, made)
    assert not (tmp_path / "zh" / "catalogue" / "old.md").exists()


def section(page, name):
    """What stands below the heading of an indicator."""
    return page.split(f" `{name}`\n\n", 1)[1].split("\n#", 1)[0]


def test_a_share_is_told_as_one_thing_divided_by_another_with_its_numbers(book):
    one = book.indicators["bus_stop_cover"]
    first = one.variants[0].formulas[0]
    en, zh = (formula_text(book, one, first, language) for language in ("en", "zh"))
    assert "area of Construction land within 500 m of Bus and tram stops" in en
    assert "÷ area of all: " in en
    assert en.endswith("× 100 (%)")
    assert "500 米" in zh
    assert zh.endswith("× 100 (%)")


def test_a_factor_between_units_is_a_whole_number(book):
    texts = [
        formula_text(book, one, formula, "en")
        for one in book.indicators.values()
        for variant in one.variants
        for formula in variant.formulas
    ]
    assert not [text for text in texts if "e-0" in text or "e+0" in text or "99.999" in text]
    assert any("÷ 1,000,000 (" in text for text in texts)
    assert any("× 100,000 (" in text for text in texts)


def test_every_formula_is_told_with_words_for_each_gap_in_both_languages(book):
    for one in book.indicators.values():
        for language in ("zh", "en"):
            lines = list(details(book, one, language))
            assert all(text.strip() and "{" not in text.partition("`")[0] for _, text in lines), one.id
            if language == "en":
                assert not [text for head, text in lines if head.startswith("Formula") and "_" in text], one.id


def test_each_number_and_mark_stands_with_day_clause_and_evidence(made, book):
    text = section(made["en/catalogue/indicators-china.md"], "bus_stop_cover")
    assert "`radius` = Reach of a bus stop, 500 m: 500 m from 2019-03-01 (GB/T 51328-2018; sourced)" in text
    mark = book.parameters[book.indicators["bus_stop_cover"].variants[0].formulas[-1].judge.mark]
    for version in mark.values.versions:
        assert f"from {version.since.isoformat()} ({version.clause}; " in text
    assert "**Rests on** clause 11, " in text
    assert "`part = area(land ∩ ⋃ buffer(target, radius(size)))`" in text


def test_a_mark_by_class_names_each_class(made):
    text = made["en/catalogue/indicators-china.md"]
    assert "super_large" not in text.replace("\\", "")
    assert "super_large" not in made["zh/catalogue/indicators-china.md"].replace("\\", "")


def test_what_another_rulebook_says_the_same_stands_once(book):
    other = read_rulebook("fujian", all_measures())
    both = catalogue.pages([book, other], all_measures(), connectors())
    page = both["en/catalogue/indicators-fujian.md"]
    assert "indicators-china.md" in page
    first, second = (both[f"en/catalogue/indicators-{name}.md"].count("\n#### ") for name in ("china", "fujian"))
    assert first == len(book.indicators)
    assert second < first
    assert [one for one in other.indicators.values() if one.rulebook == "fujian" and f"`{one.id}`\n" not in page] == []


def test_an_equation_is_read_from_the_text_of_the_measure_without_its_arguments():
    known = all_measures()
    assert equations(known["flagged_share"]) == ["part = flag · weight", "whole = weight"]
    assert equations(known["weight_below"]) == []
    assert (
        "`part = flag · weight`"
        in catalogue.pages([read_rulebook("china", known)], known, connectors())["zh/catalogue/measures.md"]
    )


def test_two_amounts_of_one_name_are_told_apart_and_years_are_not_grouped(book):
    one = book.indicators["parking_public_share"]
    told = formula_text(book, one, one.variants[0].formulas[-1], "en")
    part, _, whole = told.removeprefix("= ").partition(" ÷ ")
    assert part != whole.partition(" × ")[0]
    everything = "\n".join(text for each in book.indicators.values() for _, text in details(book, each, "en"))
    assert "2,001" not in everything
    assert "2001" in everything
