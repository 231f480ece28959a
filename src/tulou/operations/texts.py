"""Texts that people give with what they do: kept as they say something."""

from __future__ import annotations

from tulou.kernel.errors import BadUse

MOST_LETTERS = 4000
"""Longest text of a field or an event; what is longer belongs into a file of evidence."""


def said(text: str, where: str, lacks: str) -> str:
    """A text that says something, as it is kept: without blanks around it.

    Args:
        text: The text.
        where: Option it was given with.
        lacks: What to say when it says nothing.

    Raises:
        BadUse: When it is blank, too long, or holds what is no character.
    """
    kept = text.strip()
    if not kept:
        raise BadUse(lacks, where=where, allowed=("a few words",))
    if len(kept) > MOST_LETTERS:
        allowed = (f"at most {MOST_LETTERS} characters",)
        raise BadUse("this text is too long", where=where, found=f"{len(kept)}", allowed=allowed)
    wrong = [letter for letter in kept if not letter.isprintable() and letter not in "\n\t"]
    if wrong:
        raise BadUse("this text holds what is no character", where=where, found=ascii("".join(wrong[:3])))
    return kept
