"""Answers of communities as JSON."""

from __future__ import annotations

import json


def text_of(document: object) -> str:
    """A document as JSON, the same bytes for the same document.

    Args:
        document: Plain data; no NaN.
    """
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
