"""Catalogue pages: one row for everything there is, current until something changes."""

import pytest

from tulou.indicators.rulebook.read import read_rulebook
from tulou.measures.catalogue import all_measures
from tulou.processes.catalogue import processes
from tulou.publish import catalogue
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
