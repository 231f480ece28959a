"""Reading ``rules.yaml``: design lives, eras of codes, and limits of settlement, tilt and cracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf, isnan, nan
from pathlib import Path

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words

RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class RateLimit:
    """A rate that must not be passed several times in a row.

    Args:
        rate: The rate.
        in_a_row: How many times.
    """

    rate: float
    in_a_row: int


@dataclass(frozen=True)
class Era:
    """An era of seismic codes.

    Args:
        until: First year that no longer belongs to it.
        title: The codes.
    """

    until: int
    title: Words


@dataclass(frozen=True)
class CrackRules:
    """When a crack in concrete is dangerous.

    Args:
        limits: Widest allowed by where it is, mm.
        titles: What these places are called.
        in_a_row: Readings above the limit, one after another, that alarm.
        widens: Probability below which a rise is no chance.
    """

    limits: Mapping[str, float]
    titles: Mapping[str, Words]
    in_a_row: int
    widens: float


@dataclass(frozen=True)
class LifeRules:
    """All that the life of buildings rests on.

    Args:
        life: Design life where none is on record, years.
        eras: Eras of seismic codes, in order.
        settlement: Limit by the month, mm.
        adjacent: Limit by the day beside a building site, mm.
        stable: Rate below which a building has come to rest, mm/day.
        window: Days over which that is told.
        tilt: Limits of tilt, percent, see ``tilt_limit``.
        growth: Limit of the growth of tilt by the month, percent; of buildings above ``growth_above``.
        growth_above: Height in m.
        crack: When a crack is dangerous.
        month: Days of a month.
        still: Equal readings in a row that show a dead sensor.
        notes: What is to be said of them.
    """

    life: int
    eras: tuple[Era, ...]
    settlement: RateLimit
    adjacent: RateLimit
    stable: float
    window: float
    tilt: Mapping[str, At]
    growth: RateLimit
    growth_above: float
    crack: CrackRules
    month: float
    still: int
    notes: Mapping[str, Words]

    def tilt_limit(self, storeys: float, height: float) -> float:
        """Tilt that is dangerous, percent; NaN where storeys and height leave it open."""
        for name in ("high", "higher"):
            band = self.tilt[name]
            if band["above"] < height <= band["until"]:
                return float(band["limit"])
        if height > self.tilt["higher"]["until"] or (isnan(height) and not storeys <= self.low_storeys):
            return nan
        if isnan(storeys):
            return nan
        return float(self.tilt["low" if storeys <= self.low_storeys else "storeys"]["limit"])

    @property
    def low_storeys(self) -> float:
        """Most storeys of a low building."""
        return float(self.tilt["low"].get("most_storeys", inf))

    def era_of(self, year: float) -> Era | None:
        """The era of a year; None where it is unknown."""
        return next((one for one in self.eras if year < one.until), None)


@cache
def rules() -> LifeRules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    tilt = top["tilt"]
    return LifeRules(
        life=int(top["life"]["years"]),
        eras=tuple(Era(int(one["until"]), _words(one["title"])) for one in top["eras"]),
        settlement=_rate(top["settlement"]),
        adjacent=_rate(top["adjacent"]),
        stable=float(top["stable"]["rate"]),
        window=float(top["stable"]["window"]),
        tilt={name: one for name, one in tilt.items() if name != "growth"},
        growth=_rate(tilt["growth"]),
        growth_above=float(tilt["growth"]["above"]),
        crack=_cracks(top["crack"]),
        month=float(top["month"]["days"]),
        still=int(top["sensor"]["still"]),
        notes={
            "limits": _words(top["note"]),
            "life": _words(top["life"]["note"]),
            "eras": _words(top["era_note"]),
            "month": _words(top["month"]["note"]),
            "sensor": _words(top["sensor"]["note"]),
            "crack": _words(top["crack"]["widens"]["note"]),
        },
    )


def _cracks(top: At) -> CrackRules:
    places = {name: one for name, one in top.items() if name not in {"in_a_row", "widens"}}
    return CrackRules(
        {name: float(one["limit"]) for name, one in places.items()},
        {name: _words(one["title"]) for name, one in places.items()},
        int(top["in_a_row"]),
        float(top["widens"]["value"]),
    )


def _rate(one: At) -> RateLimit:
    return RateLimit(float(one["rate"]), int(one["in_a_row"]))


def _words(said: Mapping[str, str]) -> Words:
    return Words(said["zh"], said["en"])
