"""The small rulebook of these tests, read once."""

from functools import cache
from pathlib import Path

from tulou.indicators.rulebook.content import Rulebook
from tulou.indicators.rulebook.read import read_rulebook
from tulou.measures.catalogue import all_measures
from tulou.model.dictionary import Dictionary, read_dictionary

HERE = Path(__file__).parent
CHINA = HERE.parents[1] / "rulebooks" / "china"


@cache
def dictionary() -> Dictionary:
    return read_dictionary([CHINA / "columns"])


@cache
def small() -> Rulebook:
    return read_rulebook(HERE / "small", all_measures(), dictionary=dictionary())
