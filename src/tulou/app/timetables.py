"""Headways of a timetable: what the connector read as departures becomes figures of each stop.

The connector knows files and the measure knows headways; neither knows the other, so they meet here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from tulou.kernel.facts import Extract, Facts
from tulou.measures.transit.headways import mean_headway, mean_wait

HOUR = 3600.0
DAYTIME = (6 * HOUR, 22 * HOUR)
"""The window of the attributes ``headway_day`` and ``mean_wait``."""
PEAK = (7 * HOUR, 9 * HOUR)
"""The window of the attribute ``headway_peak``."""
DEPARTURES = "departures"


def with_headways(extract: Extract) -> Extract:
    """The same extract, with the headways of its stops in place of their lists of departures."""
    return replace(extract, facts=[_measured(facts) for facts in extract.facts])


def _measured(facts: Facts) -> Facts:
    if facts.entity != "stop" or DEPARTURES not in facts.rows.column_names:
        return facts
    lists = facts.rows[DEPARTURES].combine_chunks()
    times = np.asarray(lists.flatten().to_numpy(zero_copy_only=False), np.float64)
    stop = np.repeat(np.arange(len(lists)), np.asarray(lists.value_lengths().fill_null(0)))
    stops = np.zeros(len(lists))
    day = {"begin": DAYTIME[0], "end": DAYTIME[1]}
    figures = {
        "headway_day": mean_headway(times, stop, stops, **day),
        "headway_peak": mean_headway(times, stop, stops, begin=PEAK[0], end=PEAK[1]),
        "mean_wait": mean_wait(times, stop, stops, **day),
    }
    rows = facts.rows.drop([DEPARTURES, *(name for name in figures if name in facts.rows.column_names)])
    for name, values in figures.items():
        rows = rows.append_column(name, pa.array(values, pa.float64(), from_pandas=True))
    return Facts(facts.entity, rows, facts.complete)
