"""Write the generated pages of the documentation again: docs/zh/catalogue and docs/en/catalogue.

``python tools/make_catalogue.py`` writes them; with ``--check`` it only says whether they are current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tulou.publish import catalogue

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main(words: list[str]) -> int:
    """Write the pages, or say whether they are current."""
    made = catalogue.of_this_house()
    if "--check" in words:
        good = catalogue.current(DOCS, made)
        print("current" if good else "not current: python tools/make_catalogue.py")
        return 0 if good else 1
    print(f"{catalogue.write(DOCS, made)} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
