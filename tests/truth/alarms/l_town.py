"""Inflow of L-Town, a reading every five minutes of 2019: demand made, leaks those of BattLeDIM.

BattLeDIM's own readings are not at hand. Demand is that of the network's file (base demands and their week), times
what one day differs from another and one reading from the next; both are made. Leak flows are BattLeDIM's, which come
from a hydraulic model too. So: synthetic as a whole, and the leaks are published.
"""

import datetime as dt

import numpy as np

from shared_data import shared

STEP = 300_000
PER_DAY = 288
DAYS = 365
START = int(dt.datetime(2019, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=8))).timestamp() * 1000)
DAY, READING = 0.03, 0.03
"""Made: how much the demand of a day, and a reading, scatter about what is expected."""
FIRST_WEEKDAY = 1  # 1 January 2019 is a Tuesday; the week of the patterns begins on a Monday.


def leak_flow(pipe):
    """Leak flow of a pipe, m³/h every five minutes of 2019."""
    import openpyxl

    book = openpyxl.load_workbook(shared(f"epanet_leaks_battledim/Leak_{pipe}.xlsx"), read_only=True)
    rows = book["Demand (m3_h)"].iter_rows(min_row=2, values_only=True)
    return np.array([float(row[1]) for row in rows if isinstance(row[0], dt.datetime)])


def demand():
    """Expected demand of all junctions, m³/h every five minutes of 2019."""
    import wntr

    model = wntr.network.WaterNetworkModel(str(shared("epanet/L-TOWN.inp")))
    week = np.zeros(7 * PER_DAY)
    for _, junction in model.junctions():
        for one in junction.demand_timeseries_list:
            pattern = np.asarray(model.get_pattern(one.pattern_name).multipliers, float)
            week += one.base_value * 3600 * np.resize(pattern, len(week))
    return np.resize(np.roll(week, -FIRST_WEEKDAY * PER_DAY), DAYS * PER_DAY)


def inflow(expected, leaks, seed):
    """Time, ms, and inflow, m³/h, with some leaks."""
    chance = np.random.default_rng(seed)
    days = np.repeat(1 + DAY * chance.normal(size=DAYS), PER_DAY)
    flow = expected * days * (1 + READING * chance.normal(size=len(expected)))
    return START + STEP * np.arange(len(expected)), flow + sum(leaks, np.zeros(len(expected)))


def day_of(time):
    return dt.date(2019, 1, 1) + dt.timedelta(days=(time - START) // (STEP * PER_DAY))
