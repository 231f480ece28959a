"""Phrases of the pages: none stands twice, each in two languages, and each is said somewhere."""

import re
from collections import Counter
from pathlib import Path

WEB = Path(__file__).parents[3] / "web" / "src"
ENTRY = re.compile(r"^  (?:\"([^\"]+)\"|(\w+)): \[", re.MULTILINE)
HAN = re.compile("[\u4e00-\u9fff]")


def phrases():
    for file in sorted((WEB / "phrases").glob("*.ts")):
        text = file.read_text("utf-8")
        for found in ENTRY.finditer(text):
            yield file.name, found.group(1) or found.group(2), text[found.end() : text.index("]", found.end())]


def test_no_phrase_stands_twice():
    counts = Counter(name for _, name, _ in phrases())
    assert len(counts) > 100
    assert [name for name, count in counts.items() if count > 1] == []


def test_each_phrase_is_said_in_both_languages():
    for file, name, said in phrases():
        texts = re.findall(r'"((?:[^"\\]|\\.)*)"', said)
        assert len(texts) == 2, (file, name)
        assert all(texts), (file, name)
        assert not HAN.search(texts[1]) or name == "language", (file, name)


def test_every_file_of_phrases_is_among_the_words():
    words = (WEB / "words.ts").read_text("utf-8")
    for file in (WEB / "phrases").glob("*.ts"):
        assert f'"./phrases/{file.stem}"' in words, file.name
