"""Words in two languages: Chinese first, English complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, order=True)
class Words:
    """The same text in Chinese and English.

    Args:
        zh: Simplified Chinese.
        en: English.
    """

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
