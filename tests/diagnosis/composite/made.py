"""Made result tables and rulebooks for the tests of composite scores."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pyarrow as pa

from indicators.small_rulebook import small
from tulou.indicators.evaluate.results import SCHEMA
from tulou.indicators.rulebook.content import Parameter, Setting
from tulou.kernel.dated import Dated, Version
from tulou.kernel.words import Words

DAY = date(2024, 6, 30)


def book():
    return small()


def results_of(figures, units, *, level="community", low=None, high=None, estimate=(), check="made", marks=None):
    """A result table: one row a unit and figure; NaN is not assessed."""
    rows = []
    for name, values in figures.items():
        for place, unit in enumerate(units):
            value = float(values[place])
            known = bool(np.isfinite(value))
            bounds = [None if each is None or name not in each else float(each[name][place]) for each in (low, high)]
            mark = (marks or {}).get(name)
            rows.append(
                {
                    "check": check, "unit": unit, "unit_name": unit.title(), "level": level, "indicator": name,
                    "variant": "", "value": value if known else None, "numerator": None, "denominator": None,
                    "status": "reference" if known else "not assessed", "reason": "", "known": 100.0 if known else 0.0,
                    "low": bounds[0], "high": bounds[1], "rows": 1, "estimate": name in estimate, "complete": True,
                    "pass_mark": mark[0] if mark else None, "pass_mark_high": mark[0] if mark else None,
                    "mark_evidence": mark[1] if mark else None, "better": "higher", "chain": f"{name}@made",
                }
            )  # fmt: skip
    return pa.Table.from_pylist(rows, SCHEMA)


def with_goalposts(rules, posts):
    """A stand-in for a rulebook that holds goalposts of indicators without a unit."""
    parameters = {
        f"posts.{name}": Parameter(
            f"posts.{name}",
            Words(name, name),
            "1",
            "",
            DAY,
            Dated.of(name, [Version(DAY, Setting(range=ends), "made", "memory")]),
        )
        for name, ends in posts.items()
    }
    plain = next(iter(rules.indicators.values()))
    indicators = {name: replace(plain, id=name, unit="1") for name in posts}
    return SimpleNamespace(parameters=parameters, indicators=indicators, day=DAY)
