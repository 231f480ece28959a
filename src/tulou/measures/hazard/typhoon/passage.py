"""The highest wind and the rain that each place sees while a typhoon passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput
from tulou.measures.hazard.typhoon.holland import (
    coriolis,
    gradient_wind,
    highest_wind,
    radius_by_wind,
    shape_2008,
)
from tulou.measures.hazard.typhoon.rain import RainModel, rain_rate

Array = NDArray[np.float64]
EARTH = 6_371_000.0
"""Mean radius of the earth, m (IUGG)."""
HOUR = 3600.0
"""Seconds."""
HECTOPASCAL = 100.0
"""Pa."""


@dataclass(frozen=True)
class WindModel:
    """Coefficients of the wind model.

    Args:
        around: Pressure around the storm where the track does not tell it, hPa.
        density: Of the air, kg/m³.
        bounds: Least and largest shape of the profile.
        factors: Of Holland (2008), see ``shape_2008``.
        exponent: Of Holland (2008), see ``shape_2008``.
        radius: Of Willoughby et al. (2006), see ``radius_by_wind``.
        rotation: Turning of the earth, 1/s.
        fastest: Speed of the centre above which it is cut, m/s.
        reach: Distance from the centre beyond which neither wind nor rain is told, m.
        rain: Of R-CLIPER.
    """

    around: float
    density: float
    bounds: tuple[float, float]
    factors: tuple[float, float, float, float, float, float]
    exponent: tuple[float, float]
    radius: tuple[float, float, float]
    rotation: float
    fastest: float
    reach: float
    rain: RainModel


@dataclass(frozen=True, eq=False)
class Track:
    """The way of a storm.

    Args:
        hours: Hours since its first point, ascending; a single point is a snapshot of a storm that stands still.
        latitude: Degrees.
        longitude: Degrees.
        pressure: In the centre, hPa.
        around: Around the storm, hPa; NaN where unknown.
        radius: Of the highest wind, km; NaN where unknown.

    Raises:
        BadInput: When hours do not ascend, or a place or a pressure is unknown.
    """

    hours: Array
    latitude: Array
    longitude: Array
    pressure: Array
    around: Array
    radius: Array

    def __post_init__(self) -> None:
        if not len(self.hours) or np.any(np.diff(self.hours) <= 0):
            raise BadInput("the points of a track follow one another in time", where="track", found=len(self.hours))
        known = np.isfinite(np.stack([self.latitude, self.longitude, self.pressure]))
        if not known.all():
            raise BadInput("each point of a track has a place and a pressure", where="track", found=int((~known).sum()))

    def every(self, step: float) -> Track:
        """The same way with points every so many hours, straight in between."""
        if len(self.hours) == 1:
            return self
        count = max(int(np.ceil((self.hours[-1] - self.hours[0]) / step)), 1)
        hours = np.linspace(self.hours[0], self.hours[-1], count + 1)
        columns = (self.latitude, self.longitude, self.pressure, self.around, self.radius)
        return Track(hours, *(np.interp(hours, self.hours, column) for column in columns))


@dataclass(frozen=True, eq=False)
class Passage:
    """What places see of a storm.

    Args:
        wind: Highest wind of each place, m/s, of one minute; 0 beyond reach.
        hour: When it blows, hours since the first point; NaN where there is none.
        distance: Least distance of the centre, m.
        rain: Rain of the whole passage, mm; NaN for a snapshot, which lasts no time.
    """

    wind: Array
    hour: Array
    distance: Array
    rain: Array


def passage(track: Track, latitude: Array, longitude: Array, model: WindModel) -> Passage:
    """Which wind and how much rain does each place see while the storm passes?

    The wind around the centre (Holland 2008 shape, Holland 1980 profile) turns against the clock north of the equator;
    the motion of the centre is added as a vector, in full up to the radius of the highest wind and by ``R/r`` beyond.

    Args:
        track: The way of the storm, with points as near as the wind is wanted.
        latitude: Of each place, degrees.
        longitude: Of each place, degrees.
        model: Coefficients.

    Source: Holland (1980, 2008); motion as in Geiger, Frieler & Bresch (2018); rain by Tuleya et al. (2007).
    """
    east, north = _motion(track, model.fastest)
    around = np.where(np.isnan(track.around), model.around, track.around)
    deficit = np.maximum(around - track.pressure, 0.0)
    shape = shape_2008(
        deficit,
        _change(track),
        track.latitude,
        np.hypot(east, north),
        bounds=model.bounds,
        factors=model.factors,
        exponent=model.exponent,
    )
    highest = highest_wind(deficit * HECTOPASCAL, shape, density=model.density)
    estimated = radius_by_wind(highest, track.latitude, factors=model.radius)
    radius = 1000.0 * np.where(np.isnan(track.radius), estimated, track.radius)
    turning = coriolis(track.latitude, rotation=model.rotation)
    count = len(latitude)
    wind, hour, nearest = np.zeros(count), np.full(count, np.nan), np.full(count, np.inf)
    lasts = _lasts(track.hours)
    rain = np.full(count, np.nan if len(lasts) == 1 else 0.0)
    for at in range(len(track.hours)):
        x, y = _offsets(track.latitude[at], track.longitude[at], latitude, longitude)
        away = np.hypot(x, y)
        nearest = np.minimum(nearest, away)
        inside = away <= model.reach
        if not inside.any() or deficit[at] == 0:
            continue
        around_it = gradient_wind(
            away[inside],
            np.array(radius[at]),
            np.array(shape[at]),
            np.array(HECTOPASCAL * deficit[at]),
            np.array(turning[at]),
            density=model.density,
        )
        speed = _with_motion(around_it, x[inside], y[inside], (east[at], north[at]), radius[at], track.latitude[at])
        stronger = speed > wind[inside]
        places = np.flatnonzero(inside)[stronger]
        wind[places], hour[places] = speed[stronger], track.hours[at]
        rain[inside] += rain_rate(away[inside], float(highest[at]), model.rain) * lasts[at]
    return Passage(wind, hour, nearest, rain)


def _lasts(hours: Array) -> Array:
    """For how long each point stands, hours: half the way to its neighbours; unknown for a single one."""
    if len(hours) == 1:
        return np.array([np.nan])
    steps = np.diff(hours) / 2.0
    return np.concatenate([steps, [0.0]]) + np.concatenate([[0.0], steps])


def _with_motion(
    around: Array, x: Array, y: Array, motion: tuple[float, float], radius: float, latitude: float
) -> Array:
    """The speed of the wind around the centre and the motion of the centre together."""
    away = np.maximum(np.hypot(x, y), 1.0)
    turn = 1.0 if latitude >= 0 else -1.0
    fades = np.minimum(1.0, radius / away)
    east = -turn * y / away * around + motion[0] * fades
    north = turn * x / away * around + motion[1] * fades
    return np.asarray(np.hypot(east, north), np.float64)


def _offsets(latitude: float, longitude: float, to_latitude: Array, to_longitude: Array) -> tuple[Array, Array]:
    """East and north of places from a point, m, on a sphere flattened at the middle latitude."""
    middle = np.radians((latitude + to_latitude) / 2)
    turned = (to_longitude - longitude + 180.0) % 360.0 - 180.0
    return EARTH * np.radians(turned) * np.cos(middle), EARTH * np.radians(to_latitude - latitude)


def _motion(track: Track, fastest: float) -> tuple[Array, Array]:
    """Speed of the centre to the east and north, m/s: at each point that of the way to it, at the first the next's."""
    count = len(track.hours)
    if count == 1:
        return np.zeros(1), np.zeros(1)
    seconds = np.diff(track.hours) * HOUR
    east, north = np.zeros(count), np.zeros(count)
    for at in range(1, count):
        x, y = _offsets(
            float(track.latitude[at - 1]), float(track.longitude[at - 1]), track.latitude[at], track.longitude[at]
        )
        east[at], north[at] = x / seconds[at - 1], y / seconds[at - 1]
    east[0], north[0] = east[1], north[1]
    speed = np.hypot(east, north)
    slowed = np.where(speed > fastest, fastest / np.maximum(speed, fastest), 1.0)
    return east * slowed, north * slowed


def _change(track: Track) -> Array:
    """Change of the pressure in the centre at each point, hPa/hour; 0 at the first."""
    if len(track.hours) == 1:
        return np.zeros(1)
    return np.concatenate([[0.0], np.diff(track.pressure) / np.diff(track.hours)])
