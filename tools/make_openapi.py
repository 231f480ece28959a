"""Write the description of the interface over HTTP into ``docs/openapi.json``, from which its reference is made.

Examples are left out: the reference takes them from where ``tools/make_examples.py`` keeps them.

``python tools/make_openapi.py`` writes it; with ``--check`` it only says whether it is current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tulou.app.api.application import application
from tulou.app.api.described import without_examples

PLACE = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


def described() -> str:
    """The description, as the server would send it without examples."""
    document = without_examples(application({}))
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def main(words: list[str]) -> int:
    """Write it, or say whether it is current."""
    text = described()
    if "--check" in words:
        good = PLACE.is_file() and PLACE.read_text("utf-8") == text
        print("current" if good else "not current: python tools/make_openapi.py")
        return 0 if good else 1
    PLACE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
