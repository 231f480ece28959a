"""Noise of road traffic by CNOSSOS-EU: what a road emits, and what reaches a place over hard, open ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse

Array = NDArray[np.float64]
LEAST_SPEED = 20.0
"""Slower traffic sounds as at this speed, km/h (CNOSSOS-EU 2.2.1)."""
METRES = 1000.0
MOST_SLOPE = 12.0
"""Steeper roads sound as at this slope, percent (CNOSSOS-EU 2.2.5)."""
HARD_GROUND = 3.0
"""What hard ground adds, dB: the source and its mirror image."""
SPREADING = 11.0
"""Geometric spreading at one metre, dB (CNOSSOS-EU 2.5.12)."""
PERCENT = 100.0
KILO, OCTAVE = 1000.0, 0.3
"""Middle of the octave bands, Hz, and the step of their logarithms (IEC 61260)."""
FREEZING, TRIPLE_POINT, REFERENCE_KELVIN = 273.15, 273.16, 293.15
"""K; the reference is that of ISO 9613-1."""
ONE_ATMOSPHERE = 101.325
"""Reference pressure, kPa (ISO 9613-1, 4.2)."""
VAPOUR = (-6.8346, 1.261, 4.6151)
"""Pressure of saturated vapour (ISO 9613-1, B.3)."""
OXYGEN = (24.0, 4.04e4, 0.02, 0.391)
"""Relaxation frequency of oxygen (ISO 9613-1, equation 3)."""
NITROGEN = (9.0, 280.0, -4.17)
"""Relaxation frequency of nitrogen (ISO 9613-1, equation 4)."""
RELAXATION = ((0.01275, -2239.1), (0.1068, -3352.0))
"""Strength and temperature, K, of the relaxation of oxygen and nitrogen (ISO 9613-1, equation 5)."""
CLASSICAL = 1.84e-11
"""Classical absorption (ISO 9613-1, equation 5)."""
NEPER = 8.686
"""dB in a neper (ISO 9613-1, equation 5)."""


@dataclass(frozen=True, eq=False)
class VehicleClass:
    """Coefficients of one class of vehicles, one number a band.

    Args:
        propulsion: A_P, dB.
        propulsion_by_speed: B_P, dB.
        rolling: A_R, dB; None for vehicles on two wheels.
        rolling_by_speed: B_R, dB.
        temperature: What a degree colder adds to rolling, dB.
        surface: α, dB, by the surface.
        surface_by_speed: β, dB, by the surface.
        junction_rolling: What a junction adds to rolling at its place, dB.
        junction_propulsion: What it adds to propulsion, dB.
    """

    propulsion: Array
    propulsion_by_speed: Array
    rolling: Array | None
    rolling_by_speed: Array | None
    temperature: float
    surface: Array
    surface_by_speed: float
    junction_rolling: float
    junction_propulsion: float


@dataclass(frozen=True)
class Slopes:
    """What a slope adds to the propulsion noise of a class of vehicles.

    Args:
        down_from: From which slope downwards, percent, the engine brakes audibly.
        down_speed: Speed from which that counts, in 100 km/h.
        down_by: By which the product of speed and slope is divided; 0 when speed does not count.
        up_from: From which slope upwards it counts, percent.
        up_by: By which the product is divided.
    """

    down_from: float
    down_speed: float
    down_by: float
    up_from: float
    up_by: float


SLOPES = {
    "cars": Slopes(6.0, 0.0, 0.0, 2.0, 1.5),
    "medium": Slopes(4.0, 0.2, 0.7, 0.0, 1.0),
    "heavy": Slopes(4.0, 0.1, 0.5, 0.0, 0.8),
}
"""Coefficients by class (CNOSSOS-EU 2.2.13 to 2.2.15); other classes make no more noise on a slope (2.2.16)."""


@dataclass(frozen=True, eq=False)
class Studs:
    """Studded tyres of cars.

    Args:
        at_reference: What they add at the reference speed, dB, one number a band.
        by_speed: By the logarithm of speed.
        speeds: Between which speeds that holds, km/h.
        share: Share of cars that have them over the year.
    """

    at_reference: Array
    by_speed: Array
    speeds: tuple[float, float]
    share: float


@dataclass(frozen=True)
class Conditions:
    """Under which conditions vehicles drive.

    Args:
        temperature: °C.
        slope: Percent, upwards in the direction of travel.
        nearness: 1 at a junction, 0 from its reach on.
        reference_speed: km/h.
        reference_temperature: °C.
    """

    temperature: float
    slope: float
    nearness: float
    reference_speed: float
    reference_temperature: float


def energy_sum(levels: Array) -> Array:
    """How loud are several sounds together? ``10 lg Σ 10^(L/10)`` over the first axis; −∞ is silence."""
    with np.errstate(divide="ignore"):
        return np.asarray(10 * np.log10(np.sum(10 ** (levels / 10), axis=0)))


def vehicle_power(
    one: VehicleClass, speed: float, conditions: Conditions, gradient: float, studs: Studs | None = None
) -> Array:
    """How loud is one vehicle, in each band?

    ``L_WR = A_R + B_R lg(v / v_ref) + ΔL``, ``L_WP = A_P + B_P (v − v_ref) / v_ref + ΔL``, summed by energy.

    Args:
        one: Its class.
        speed: km/h.
        conditions: Temperature, junction and references.
        gradient: What the slope adds to propulsion, dB, see ``gradient_of``.
        studs: Studded tyres, for cars.

    Returns:
        Sound power level, dB, one number a band.

    Raises:
        BadUse: When the speed is not above 0.

    Source: Directive (EU) 2015/996, annex, 2.2.3 to 2.2.20.
    """
    if not speed > 0:
        raise BadUse("a speed is above 0", where="speed", found=speed)
    v = max(speed, LEAST_SPEED)
    reference = conditions.reference_speed
    propulsion = one.propulsion + one.propulsion_by_speed * (v - reference) / reference + gradient
    propulsion = propulsion + one.junction_propulsion * conditions.nearness + np.minimum(one.surface, 0.0)
    if one.rolling is None or one.rolling_by_speed is None:
        return propulsion
    by_speed = float(np.log10(v / reference))
    rolling = one.rolling + one.rolling_by_speed * by_speed + one.surface + one.surface_by_speed * by_speed
    rolling = rolling + one.temperature * (conditions.reference_temperature - conditions.temperature)
    rolling = rolling + one.junction_rolling * conditions.nearness
    if studs is not None:
        rolling = rolling + _of_studs(studs, v, reference)
    return energy_sum(np.stack([rolling, propulsion]))


def _of_studs(studs: Studs, speed: float, reference: float) -> Array:
    held = min(max(speed, studs.speeds[0]), studs.speeds[1])
    more = studs.at_reference + studs.by_speed * np.log10(held / reference)
    return np.asarray(10 * np.log10(1 - studs.share + studs.share * 10 ** (more / 10)))


def gradient_of(kind: str, speed: float, slope: float) -> float:
    """What does a slope add to the propulsion noise of a vehicle, dB?

    Args:
        kind: ``cars``, ``medium`` or ``heavy``; nothing for others.
        speed: km/h.
        slope: Percent, upwards in the direction of travel.

    Source: Directive (EU) 2015/996, annex, 2.2.13 to 2.2.16.
    """
    v, up, down = max(speed, LEAST_SPEED) / PERCENT, min(slope, MOST_SLOPE), min(-slope, MOST_SLOPE)
    one = SLOPES.get(kind)
    if one is None:
        return 0.0
    if down > one.down_from:
        return (v - one.down_speed) * (down - one.down_from) / one.down_by if one.down_by else down - one.down_from
    return v * (up - one.up_from) / one.up_by if up > one.up_from else 0.0


def line_power(power: Array, an_hour: float, speed: float) -> Array:
    """How loud is a metre of road on which such vehicles drive? ``L_W' = L_W + 10 lg(Q / (1000 v))``.

    Args:
        power: Of one vehicle, dB, one number a band.
        an_hour: Q, vehicles an hour.
        speed: km/h.

    Returns:
        dB a metre; −∞ without vehicles.

    Raises:
        BadUse: When there are fewer than none.

    Source: Directive (EU) 2015/996, annex, 2.2.1.
    """
    if not an_hour >= 0:
        raise BadUse("vehicles are from 0 on", where="an_hour", found=an_hour)
    with np.errstate(divide="ignore"):
        return np.asarray(power + 10 * np.log10(an_hour / (METRES * max(speed, LEAST_SPEED))))


def air_absorption(bands: Array, temperature: float, humidity: float, pressure: float = ONE_ATMOSPHERE) -> Array:
    """How much does the air take from a sound on its way, dB/m?

    Args:
        bands: Nominal frequencies, Hz; the exact ones of the octaves are used.
        temperature: °C.
        humidity: Relative, percent.
        pressure: kPa.

    Source: ISO 9613-1:1993, equations 3 to 5 and annex B.
    """
    exact = KILO * 10 ** (OCTAVE * np.round(np.log10(bands / KILO) / OCTAVE))
    kelvin, still = temperature + FREEZING, pressure / ONE_ATMOSPHERE
    ratio = kelvin / REFERENCE_KELVIN
    saturated = 10 ** (VAPOUR[0] * (TRIPLE_POINT / kelvin) ** VAPOUR[1] + VAPOUR[2])
    water = humidity * saturated / still
    oxygen = still * (OXYGEN[0] + OXYGEN[1] * water * (OXYGEN[2] + water) / (OXYGEN[3] + water))
    falling = np.exp(NITROGEN[2] * (ratio ** (-1 / 3) - 1))
    nitrogen = still * ratio**-0.5 * (NITROGEN[0] + NITROGEN[1] * water * falling)
    relaxed = sum(
        strength * np.exp(heat / kelvin) / (relaxing + exact**2 / relaxing)
        for (strength, heat), relaxing in zip(RELAXATION, (oxygen, nitrogen), strict=True)
    )
    return np.asarray(NEPER * exact**2 * (CLASSICAL / still * ratio**0.5 + ratio**-2.5 * relaxed))


def level_of_point(power: Array, distance: float, absorption: Array) -> Array:
    """How loud is a point source at a distance, over hard, open, flat ground without wind or inversion?

    ``L = L_W − (20 lg d + 11) − α d + 3``.

    Args:
        power: dB, one number a band.
        distance: d, m.
        absorption: α, dB/m.

    Raises:
        BadUse: When the distance is not above 0.

    Source: Directive (EU) 2015/996, annex, 2.5.5 and 2.5.6; ground of G = 0 in homogeneous conditions.
    """
    if not distance > 0:
        raise BadUse("a distance is above 0", where="distance", found=distance)
    return np.asarray(power - 20 * np.log10(distance) - SPREADING - absorption * distance + HARD_GROUND)


def level_of_road(power: Array, distance: float, half: float, absorption: Array, pieces: int = 2000) -> Array:
    """How loud is a straight road at a distance from it, over hard, open, flat ground?

    The road is cut into pieces that are seen under the same angle δ; each spreads as ``∫ dx / r² = δ / d`` and loses in
    the air what its middle loses.

    Args:
        power: dB a metre, one number a band.
        distance: From the line of the road, m.
        half: How far the road goes to either side, m.
        absorption: dB/m, one number a band.
        pieces: How many pieces.

    Raises:
        BadUse: When distance or length are not above 0.
    """
    if not distance > 0 or not half > 0:
        raise BadUse("distance and length are above 0", where="distance", found=(distance, half))
    edges = np.linspace(-1, 1, pieces + 1) * np.arctan(half / distance)
    way = distance / np.cos((edges[1:] + edges[:-1]) / 2)[:, None]
    spread = 10 * np.log10(np.diff(edges) / distance)[:, None] - SPREADING
    levels = power + spread - absorption * way
    return energy_sum(levels + HARD_GROUND)
