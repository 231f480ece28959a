"""Questionnaires: from answers on a scale to scores of the people they speak for."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from tulou.kernel.arrays import Floats, Parts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words


@measure(title=Words("问卷得分", "Questionnaire score"), source="Likert 1932; weights: Cochran 1977, chapter 5")
def answer_score(
    answer: Annotated[Floats, "1"],
    speaks_for: Annotated[Floats, "person"],
    *,
    lowest: Annotated[float, "1"],
    highest: Annotated[float, "1"],
) -> Annotated[Parts, "1", "person"]:
    """How satisfied are the people an answer speaks for, as a share of the scale (0 the lowest step, 1 the highest)?

    ``part = (answer - lowest) / (highest - lowest)``, ``whole`` = people the answer speaks for (people of its stratum
    over its answers), so that ``aggregate: mean`` gives the score of all people. An answer off the scale is unknown.

    Args:
        answer: Step of the scale that was ticked.
        speaks_for: People each answer stands for.
        lowest: Least satisfied step.
        highest: Most satisfied step.
    """
    on_scale = (answer >= lowest) & (answer <= highest)
    share = (answer - lowest) / (highest - lowest)
    return Parts(part=np.where(on_scale, share, np.nan), whole=speaks_for)
