"""Kept rulebooks: the text a check was made by, word for word, or a refusal."""

import json
import shutil

import pytest

from indicators.small_rulebook import HERE
from tulou.indicators.rulebook.kept import keep_rulebook, kept_rulebook
from tulou.indicators.rulebook.read import read_rulebook
from tulou.kernel.errors import BadInput, NotEnoughData
from tulou.measures.catalogue import all_measures


@pytest.fixture
def kept(tmp_path):
    """A rulebook with a dictionary of its own, kept beside a city."""
    shutil.copytree(HERE / "small", tmp_path / "small")
    shutil.copytree(HERE.parents[1] / "rulebooks" / "china" / "columns", tmp_path / "small" / "columns")
    book = read_rulebook(tmp_path / "small", all_measures())
    return book, tmp_path / "city", keep_rulebook(tmp_path / "city", book)


def test_what_was_kept_is_what_was_read_though_the_original_is_gone(kept, tmp_path):
    book, city, _ = kept
    shutil.rmtree(tmp_path / "small")
    back = kept_rulebook(city, book.digest, all_measures())
    assert (back.digest, set(back.indicators)) == (book.digest, set(book.indicators))
    assert back.indicators["park_cover"].checks == book.indicators["park_cover"].checks


def test_it_is_kept_once_and_nothing_else_is_left(kept):
    book, city, place = kept
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert keep_rulebook(city, book) == place
    assert {path: path.stat().st_mtime_ns for path in place.rglob("*")} == before
    assert [path.name for path in (city / "rulebooks").iterdir()] == [place.name]


def test_a_changed_word_is_noticed(kept):
    book, city, place = kept
    page = place / "small" / "parameters" / "marks.yaml"
    page.write_text(page.read_text("utf-8").replace("value: 85", "value: 84"), "utf-8")
    with pytest.raises(BadInput, match="changed since"):
        kept_rulebook(city, book.digest, all_measures())


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "5", '{"folders": 5}', "[" * 5000])
def test_a_damaged_order_is_refused(kept, text):
    book, city, place = kept
    (place / "order.json").write_text(text, "utf-8")
    with pytest.raises(BadInput, match="damaged"):
        kept_rulebook(city, book.digest, all_measures())


@pytest.mark.parametrize("folders", [[], ["gone"], [".."], ["../../small"], [None]])
def test_an_order_of_other_folders_is_refused(kept, folders):
    book, city, place = kept
    (place / "order.json").write_text(json.dumps({"folders": folders}), "utf-8")
    if folders == ["../../small"]:  # only the name counts: no path leads out
        assert kept_rulebook(city, book.digest, all_measures()).digest == book.digest
        return
    with pytest.raises(BadInput):
        kept_rulebook(city, book.digest, all_measures())


def test_one_that_was_never_kept_is_said_with_those_that_were(kept):
    _, city, place = kept
    with pytest.raises(NotEnoughData, match="not kept") as caught:
        kept_rulebook(city, "0" * 64, all_measures())
    assert caught.value.faults[0].allowed == (place.name,)


def test_two_folders_of_one_name_are_not_mixed(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "book").mkdir(parents=True)
    book = type("Book", (), {"digest": "1" * 64, "id": "x", "folders": (tmp_path / "a/book", tmp_path / "b/book")})
    with pytest.raises(BadInput, match="one name"):
        keep_rulebook(tmp_path / "city", book)
    assert not (tmp_path / "city").exists()
