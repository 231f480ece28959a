"""The language of an answer: asked for by ``lang``, else the one the reader's program prefers, else Chinese."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from tulou.kernel.words import LANGUAGES, Language

USUAL: Language = "zh"


def language_of(request: Request) -> Language:
    """The language of an answer."""
    asked = request.query_params.get("lang", "")
    for one in LANGUAGES:
        if asked == one:
            return one
    return _preferred(request.headers.get("accept-language", ""))


def _preferred(header: str) -> Language:
    """The first of our languages among those a program accepts, the most wanted first."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")):
        name, _, weight = part.strip().partition(";q=")
        try:
            wanted.append((-float(weight or 1), place, name[:2].lower()))
        except ValueError:
            continue
    for _, _, name in sorted(wanted):
        for one in LANGUAGES:
            if name == one:
                return one
    return USUAL


Speech = Annotated[Language, Depends(language_of)]
"""What a handler declares to be told the language."""
