"""Published grades of black and odorous water; sources in SOURCE.md."""

import numpy as np
import pytest

from tulou.measures.environment.black_odour import HEAVY, LIGHT, NONE, index_grade, transparency_grade
from tulou.processes.waters.rules import rules


def sample(sight, oxygen, ammonia, depth=np.nan):
    held = rules()
    sight_grade = transparency_grade(
        np.array([sight]),
        np.array([depth]),
        held.indices["transparency"].limits,
        shallow=held.shallow,
        share=held.shallow_share,
    )
    others = [
        index_grade(np.array([value]), held.indices[name].limits)
        for name, value in (("oxygen", oxygen), ("ammonia", ammonia))
    ]
    return max(int(one.low[0]) for one in (sight_grade, *others))


@pytest.mark.parametrize(
    ("values", "grade"),
    [
        ((25, 2.0, 8.0), NONE),
        ((24.9, 2.0, 8.0), LIGHT),
        ((9.9, 2.0, 8.0), HEAVY),
        ((7.9, 2.0, 8.0, 20), HEAVY),
        ((25, 1.99, 8.0), LIGHT),
        ((25, 0.19, 8.0), HEAVY),
        ((25, 2.0, 8.1), LIGHT),
        ((25, 2.0, 15.1), HEAVY),
    ],
)
def test_grades_of_the_guide(values, grade):
    assert sample(*values) == grade


def test_redox_potential_and_shares_of_the_guide():
    held = rules()
    found = index_grade(np.array([50.0, 49.0, -200.0, -201.0]), held.indices["redox"].limits)
    assert found.low.tolist() == [NONE, LIGHT, LIGHT, HEAVY]
    assert (held.point.one, held.point.several, held.body_share, held.run) == (0.6, 0.3, 0.6, 3)
