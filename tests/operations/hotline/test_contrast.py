"""Full marks beside what people ask for: only where an indicator passes, on the declared subject, in the same unit."""

from datetime import UTC, datetime

import pytest

from tulou.kernel.words import Words
from tulou.operations.hotline.adapters.reading import read_rules
from tulou.operations.hotline.domain.contrast import Topic, contrasts
from tulou.operations.hotline.domain.request import Request

NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOISE = Topic("noise", Words("噪声", "Noise"), ("噪声污染",), ("扰民",), ("noise_compliance", "road_noise_homes"))
PASS = {
    "indicator": "noise_compliance",
    "level": "city",
    "unit": "city",
    "status": "pass",
    "value": 92.0,
    "mark": "≥ 85",
}


def asked(number, text="夜间扰民", **more):
    return Request(f"r{number}", NOW, f"标题{number % 2}", text, **more)


def found(requests, rows, units=None, fewest=3, grouped=frozenset()):
    return contrasts(requests, units or {}, rows, [NOISE], grouped, fewest=fewest)


def test_a_pass_beside_requests_is_told_with_numbers_and_examples():
    (one,) = found([asked(n) for n in range(5)] + [asked(9, "路灯不亮")], [PASS], grouped=frozenset({"r1", "r9"}))
    assert (one.indicator, one.requests, one.clustered, one.value, one.mark) == ("noise_compliance", 5, 1, 92.0, "≥ 85")
    assert one.examples == ("标题0", "标题1"), "the commonest first"


@pytest.mark.parametrize("status", ["fail", "reference", "not_assessed", "to_confirm"])
def test_only_what_passes_is_contrasted(status):
    assert not found([asked(n) for n in range(5)], [{**PASS, "status": status}])


def test_few_requests_say_nothing_and_other_subjects_neither():
    assert not found([asked(n) for n in range(2)], [PASS])
    assert not found([asked(n) for n in range(5)], [{**PASS, "indicator": "park_cover"}])
    assert found([asked(n, "", category=("环境", "噪声污染")) for n in range(3)], [PASS]), "by category, at any level"


def test_a_unit_counts_the_requests_that_lie_in_it():
    rows = [{**PASS, "level": "community", "unit": name} for name in ("c1", "c2")]
    units = {f"r{n}": {"community": "c1"} for n in range(4)} | {"r4": {"community": "c2"}}
    (one,) = found([asked(n) for n in range(6)], rows, units)
    assert (one.unit, one.requests) == ("c1", 4), "r5 has no place and belongs to no unit"


def test_unknown_values_stay_unknown():
    (one,) = found([asked(n) for n in range(3)], [{**PASS, "value": None, "mark": None}])
    assert one.value != one.value
    assert one.mark == ""


def test_shipped_subjects_tell_real_words():
    topics = {one.id: one for one in read_rules(["china"]).topics}
    assert topics["air"].speaks_of(asked(1, "小区内到处油烟味"))
    assert not topics["air"].speaks_of(asked(1, "公交太少"))
