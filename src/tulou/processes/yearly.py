"""What a city learns for a year as a whole: its row of yearly statistics."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import numpy as np
import pyarrow as pa

from tulou.kernel.facts import ID, Facts
from tulou.kernel.words import Words
from tulou.model.state import State

ENTITY = "yearly_statistics"


def yearly(state: State, year: int, amounts: Mapping[str, float]) -> tuple[tuple[Facts, ...], tuple[Words, ...]]:
    """Amounts of a year for the city's row of statistics, and why nothing is kept where it cannot be.

    The row of a city holds one year. Amounts of another year are not mixed into it.

    Args:
        state: The city.
        year: The year they are of.
        amounts: Amounts by attribute, in its unit; NaN where unknown.
    """
    cities = state.rows("city").ids.astype(str)
    if len(cities) != 1:
        said = Words(
            "城市单元不止一个或没有：年度数据不入库。", "Not one city unit is on record: nothing yearly is kept."
        )
        return (), (said,)
    rows = state.rows(ENTITY)
    mine = np.flatnonzero((rows.texts("unit") == cities[0]) | (rows.ids.astype(str) == cities[0]))
    columns = {
        ID: pa.array([str(rows.ids[mine[0]]) if len(mine) else cities[0]], pa.string()),
        **{name: pa.array([amount], pa.float64(), from_pandas=True) for name, amount in amounts.items()},
    }
    if not len(mine):
        columns["unit"] = pa.array([cities[0]], pa.string())
        columns["year"] = pa.array([float(year)], pa.float64())
        return (Facts(ENTITY, pa.table(columns)),), ()
    on_record = float(rows.numbers("year")[mine[0]])
    if isfinite(on_record) and on_record != year:
        said = Words(
            f"年度统计是 {on_record:.0f} 年的，{year} 年的结果不混入，不入库。",
            f"The yearly statistics on record are of {on_record:.0f}: results of {year} are not mixed into them.",
        )
        return (), (said,)
    if not isfinite(on_record):
        columns["year"] = pa.array([float(year)], pa.float64())
    return (Facts(ENTITY, pa.table(columns)),), ()
