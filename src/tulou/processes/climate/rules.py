"""Reading ``rules.yaml``: what is asked of ventilation corridors, and what this house chose itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tulou.kernel.documents import At, read_document
from tulou.kernel.words import Words

RULES_FILE = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class Level:
    """What a level of corridors asks for.

    Args:
        name: Its name.
        title: What it is called.
        width: Least clear width, m.
        length: Least length, m.
        angle: Largest angle to the prevailing wind, degrees.
    """

    name: str
    title: Words
    width: float
    length: float
    angle: float


@dataclass(frozen=True)
class Rules:
    """All rules of wind and heat.

    Args:
        clause: The standard they are said to come from.
        light_wind: Slowest and fastest soft or light breeze, m/s.
        levels: Levels of corridors, the widest first.
        obstructed: Largest share of a corridor's length that may be narrower than asked for.
        roughness: Bounds of the classes of roughness length, m.
        sky: Bound of the sky view.
        ground: Roughness length of ground without buildings, m.
        skimming: Share of ground built on above which the wind passes over the roofs, not between them.
        exponent: Of the roughness length in the cost of a way.
        turning: What a turn against the wind adds to it.
        most_turn: How far a move of a way may turn from the wind, degrees.
        reach: How far apart buildings may stand, half of it, that the ground between is still of the city, m.
        cover: Share of the hours that dominant directions hold together.
        least_share: Share of the ways from the windward edge that makes a corridor.
        least_years: Shortest record, years.
        stuck_hours: Shortest run of one direction that is suspect, hours.
        most_missing: Largest share of missing hours.
        most_calm: Largest share of calm hours of a record that is not suspect.
        lapse: How much colder a metre higher is, K.
        impervious: Share of sealed ground below which a station is rural, percent.
        night: First hour of the night, and the hour it ends with.
        rural: Nearest and farthest distance of rural ground from the city, m.
        satellite: Scale and offset of the temperature band, K.
        pedestrian: Height of a person, m.
        sanity: Roughness length over height from which on a formula is beyond what it was fitted to.
        surroundings: How far around a project its effect is averaged, m.
        reference: Height at which buildings no longer matter, m.
    """

    clause: str
    light_wind: tuple[float, float]
    levels: tuple[Level, ...]
    obstructed: float
    roughness: tuple[float, float]
    sky: float
    ground: float
    skimming: float
    exponent: float
    turning: float
    most_turn: float
    reach: float
    cover: float
    least_share: float
    least_years: float
    stuck_hours: int
    most_missing: float
    most_calm: float
    lapse: float
    impervious: float
    night: tuple[int, int]
    rural: tuple[float, float]
    satellite: tuple[float, float]
    pedestrian: float
    reference: float
    sanity: float
    surroundings: float


@cache
def rules() -> Rules:
    """The rules as they stand in ``rules.yaml``."""
    top = read_document(RULES_FILE, RULES_FILE.name)
    record, wind, heat = top["record"], top["light_wind"], top["heat"]
    low, high = top["classes"]["roughness"]
    return Rules(
        clause=top["clause"],
        light_wind=(float(wind["least"]), float(wind["most"])),
        levels=tuple(_level(name, one) for name, one in top["corridors"].items()),
        obstructed=float(top["obstructed"]["most"]),
        roughness=(float(low), float(high)),
        sky=float(top["classes"]["sky"]),
        ground=float(top["ground"]["roughness"]),
        skimming=float(top["skimming"]["plan_area"]),
        exponent=float(top["cost"]["exponent"]),
        turning=float(top["cost"]["turning"]),
        most_turn=float(top["cost"]["most_turn"]),
        reach=float(top["built_up"]["reach"]),
        cover=float(top["dominant"]["cover"]),
        least_share=float(top["paths"]["least_share"]),
        least_years=float(record["least_years"]),
        stuck_hours=int(record["stuck_hours"]),
        most_missing=float(record["most_missing"]),
        most_calm=float(record["most_calm"]),
        lapse=float(top["lapse"]["per_metre"]),
        impervious=float(heat["rural_impervious"]),
        night=(int(heat["night_from"]), int(heat["night_to"])),
        rural=(float(heat["rural_near"]), float(heat["rural_far"])),
        satellite=(float(top["satellite"]["scale"]), float(top["satellite"]["offset"])),
        pedestrian=float(top["pedestrian"]["height"]),
        reference=float(top["pedestrian"]["reference"]),
        sanity=float(top["sanity"]["roughness_over_height"]),
        surroundings=float(top["surroundings"]["radius"]),
    )


def _level(name: str, one: At) -> Level:
    return Level(name, _words(one["title"]), float(one["width"]), float(one["length"]), float(one["angle"]))


def _words(said: Mapping[str, str]) -> Words:
    return Words(said["zh"], said["en"])
