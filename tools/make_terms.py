"""Write the pages of terms from ``terms.yaml``: docs/zh/terms.md and docs/en/terms.md.

``python tools/make_terms.py`` writes them; with ``--check`` it only says whether they are current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tulou.kernel.atomic import write_text
from tulou.kernel.documents import At, read_document
from tulou.kernel.words import LANGUAGES, Language, Words

ROOT = Path(__file__).resolve().parents[1]
TITLE = Words("术语", "Terms")
ABOUT = Words(
    "一个概念只用一个词，代码、规则集、页面都如此。本页由 `terms.yaml` 生成（`python tools/make_terms.py`）。",
    "One word for one concept, in code, rulebooks and pages alike. This page is made from `terms.yaml`\n"
    "(`python tools/make_terms.py`).",
)
HEAD = Words("| 中文 | English | 代码中 | 含义 |", "| English | 中文 | in code | meaning |")


def page(terms: At, language: Language) -> str:
    """The page of one language, a row for each term."""
    other: Language = "en" if language == "zh" else "zh"
    rows = [
        f"| {entry[language]} | {entry[other]} | `{name}` | {entry['means'][language]} |"
        for name, entry in sorted(terms.items())
    ]
    lines = [f"# {TITLE.say(language)}", "", ABOUT.say(language), "", HEAD.say(language), "|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def main(words: list[str]) -> int:
    """Write the pages, or say whether they are current."""
    terms = read_document(ROOT / "terms.yaml", "terms.yaml")["terms"]
    stale = 0
    for language in LANGUAGES:
        path, text = ROOT / "docs" / language / "terms.md", page(terms, language)
        if "--check" not in words:
            write_text(path, text)
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.relative_to(ROOT)} is not current: python tools/make_terms.py")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
