"""Documentation: both languages, links that lead somewhere, generated pages that are current, commands that exist."""

import re
from pathlib import Path

import pytest
import yaml

from tulou.app.cli import COMMANDS
from tulou.kernel.words import LANGUAGES
from tulou.publish import catalogue

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
CALL = re.compile(r"(?:\./|`|^    )tulou ([a-z][a-z0-9]*)", re.MULTILINE)


def test_every_page_is_there_in_both_languages():
    zh, en = (
        {path.relative_to(DOCS / spoken).as_posix() for path in (DOCS / spoken).rglob("*.md")} for spoken in LANGUAGES
    )
    assert zh == en
    assert zh


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if "://" not in target]
    lost = [target for target in targets if not ((page.parent / target).exists() or is_made(target))]
    assert not lost


def is_made(target):
    """Whether the site makes this page: the reference of a room."""
    return target.startswith("python/") and (ROOT / "src" / "tulou" / Path(target).stem).is_dir()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_that_are_named_exist(page):
    unknown = set(CALL.findall(page.read_text("utf-8"))) - {*COMMANDS, "test"}
    assert not unknown


def test_generated_pages_are_current():
    assert catalogue.current(DOCS), "run: python tools/make_catalogue.py"


def test_the_way_to_make_them_again_is_told():
    assert "tools/make_catalogue.py" in (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def test_the_chinese_pages_are_chinese():
    for page in (DOCS / "zh").rglob("*.md"):
        text = page.read_text("utf-8")
        assert sum("\u4e00" <= letter <= "\u9fff" for letter in text) > 20, page.name


def test_changes_are_told():
    fragments = sorted((ROOT / "changelog.d").glob("*.md"))
    assert fragments
    assert all(page.read_text("utf-8").strip() for page in fragments)


def test_the_readme_names_every_language_and_the_licence():
    text = (ROOT / "README.md").read_text("utf-8")
    assert "./tulou demo" in text
    assert "./tulou test" in text
    assert "Apache-2.0" in text
    assert (ROOT / "LICENSE").read_text("utf-8").count("Apache License")


def test_words_of_reports_are_whole():
    pages = list((ROOT / "src/tulou/publish").rglob("*.yaml"))
    assert pages
    for page in pages:
        for place, entry in entries(yaml.safe_load(page.read_text("utf-8"))):
            assert set(entry) >= set(LANGUAGES), (page.name, place)
            assert all(str(entry[spoken]).strip() for spoken in LANGUAGES), (page.name, place)


def entries(found, place=""):
    """Every mapping that holds a language."""
    if isinstance(found, dict):
        if set(found) & set(LANGUAGES):
            yield place, found
        else:
            for key, inner in found.items():
                yield from entries(inner, f"{place}.{key}")
