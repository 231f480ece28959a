"""Labels: both languages, the same gaps, each one that is asked for exists, none is idle."""

import re
import string
from pathlib import Path

import pytest

from tulou.kernel.errors import BadUse
from tulou.publish import typeface
from tulou.publish.numbers import number, quantity, unit_text
from tulou.publish.words import labels, say

HERE = Path(__file__).parents[2] / "src" / "tulou" / "publish"


def gaps(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_gaps():
    assert [name for name, words in labels().items() if gaps(words.zh) != gaps(words.en)] == []
    assert [name for name, words in labels().items() if not words.zh or not words.en] == []


def test_every_label_is_in_the_font():
    text = "".join(words.zh + words.en for words in labels().values())
    assert typeface.lacking(text) == ""


def test_every_label_asked_for_exists_and_none_is_idle():
    code = "\n".join(path.read_text("utf-8") for path in sorted(HERE.rglob("*.py")))
    asked = set(re.findall(r'(?:say|label)\(\s*"([a-z_.]+)"', code))
    assert asked <= set(labels())
    code += "\n".join(path.read_text("utf-8") for path in sorted((HERE.parent / "app").rglob("*.py")))
    idle = [name for name in labels() if name not in asked and f'"{name}"' not in code and f"'{name}'" not in code]
    families = re.findall(r'(?:say|say_known|label|has)\(f"([a-z_]+)\.', code) + re.findall(r"say\(f'([a-z_]+)\.", code)
    assert [name for name in idle if name.split(".")[0] not in families] == []


def test_an_unknown_label_is_refused_with_the_nearest():
    with pytest.raises(BadUse, match=r"status\.pass"):
        say("status.pas", "en")


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (53.24, "percent", "53.2%", "53.2%"),
        (1234.0, "person", "1,234 人", "1,234 people"),
        (7.314, "km/km2", "7.31 公里/平方公里", "7.31 km/km²"),
        (0.00012, "1", "0.00012", "0.00012"),
        (-3.5, "m", "−3.5 米", "−3.5 m"),
        (-0.00001, "percent", "0.0%", "0.0%"),
        (float("nan"), "person", "–", "–"),
        (float("inf"), "m", "∞ 米", "∞ m"),
        (2.78, "percent*person/project", "2.78 人/百个项目", "2.78 people/100 projects"),
        (4.0, "bed/thousand/person", "4 床/千人", "4 beds/1,000 people"),
        (12.5, "m2/hectohousehold", "12.5 平方米/百户", "12.5 m²/100 households"),
    ],
)
def test_numbers_have_sensible_digits_and_units(value, unit, zh, en):
    assert (quantity(value, unit, "zh"), quantity(value, unit, "en")) == (zh, en)


def test_a_mark_is_written_as_it_was_set():
    assert number(85.0, unit="percent", is_exact=True) == "85"
    assert number(0.7, unit="1", is_exact=True) == "0.7"
    assert unit_text("m2/person", "en") == "m²/person"


def test_the_font_says_what_it_lacks():
    assert typeface.lacking("榕城 Tulou ▲ 𠮷") == "𠮷"
