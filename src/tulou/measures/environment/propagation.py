"""Propagation of noise by CNOSSOS-EU: what is left of a sound on its way over ground, roofs and screens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadUse
from tulou.measures.environment.kernels.sound import (
    ground_loss,
    ground_share,
    ground_terms,
    mean_plane,
    screen_loss,
    way_loss,
)
from tulou.measures.environment.road_noise import SPREADING

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """An upright cut through the land from a source to a place.

    Args:
        ground: For each bend of the ground its distance from the source (m, ascending from 0 to the place), its height
            (m) and the ground factor from there on (0 hard to 1 porous), shape (n, 3), n ≥ 2. A roof is ground too.
        tops: Distance and height of every edge that may stand in the way: screens, roofs, crests, (m, 2); by distance.
        source: Height of the source, m, in the heights of the ground.
        place: Height of the place, m.
        area: Ground factor of the area around the source.
    """

    ground: Array
    tops: Array
    source: float
    place: float
    area: float

    def __post_init__(self) -> None:
        along = self.ground[:, 0] if self.ground.ndim == 2 and len(self.ground) > 1 else np.zeros(0)  # noqa: PLR2004
        if not len(along) or along[0] != 0 or np.any(np.diff(along) < 0) or not along[-1] > 0:
            raise BadUse("a profile runs from the source at 0 to the place", where="ground", found=along.tolist())
        if not np.isfinite(self.ground).all() or not np.isfinite(self.tops).all():
            raise BadUse("every height of a profile is known", where="ground", found="NaN")
        if np.any(np.diff(self.tops[:, 0]) < 0):
            raise BadUse("edges stand in the order of the way", where="tops", found=self.tops[:, 0].tolist())

    @property
    def ends(self) -> Array:
        """Distance and height of source and place, (2, 2)."""
        return np.array([[0.0, self.source], [self.ground[-1, 0], self.place]])

    @property
    def length(self) -> float:
        """From source to place, m."""
        return float(np.hypot(*(self.ends[1] - self.ends[0])))


def boundary_loss(profile: Profile, bands: Array, *, favourable: bool) -> Array:
    """What do ground and edges take from a sound, dB a band; below 0 where the ground gives some back?

    Over free ground ``A_ground``; past edges ``A_dif = Δ_dif(S, R) + Δ_ground(S, O) + Δ_ground(O, R)``.

    Args:
        profile: The way.
        bands: Nominal frequencies, Hz.
        favourable: Whether the air bends rays down to the ground, as on clear nights and with the wind.

    Source: Directive (EU) 2015/996 as amended by 2021/1226, annex, 2.5.3 to 2.5.33 (edges on top; none beside).
    """
    found = np.empty(len(bands))
    ground, tops = (np.ascontiguousarray(part, np.float64) for part in (profile.ground, profile.tops))
    way_loss(ground, tops, profile.ends, profile.area, np.asarray(bands, np.float64), favourable, found)
    return found


def level_at_place(power: Array, profile: Profile, bands: Array, absorption: Array, *, favourable: bool) -> Array:
    """How loud is a point source at a place, dB a band? ``L = L_W − A_div − A_atm − A_boundary``.

    Args:
        power: L_W, dB a band.
        profile: The way.
        bands: Nominal frequencies, Hz.
        absorption: Of the air, dB/m a band.
        favourable: Whether the air bends rays down.

    Source: Directive (EU) 2015/996, annex, 2.5.1, 2.5.5 and 2.5.12.
    """
    spread = 20 * np.log10(profile.length) + SPREADING
    return np.asarray(
        power - spread - absorption * profile.length - boundary_loss(profile, bands, favourable=favourable)
    )


def level_around(
    power: Array, profile: Profile, corners: Array, bands: Array, absorption: Array, *, direct: float, favourable: bool
) -> Array:
    """How loud is a point source at a place by a way around the side of obstacles, dB a band?

    ``L = L_W − A_div(direct) − α · length − A_ground(way) − Δ_dif(length − direct)``; a way around is not bounded to
    25 dB.

    Args:
        power: L_W, dB a band.
        profile: The way around, unfolded into one plane; its tops are not looked at.
        corners: Distances along it of the upright edges it goes around, m, ascending, at least one.
        bands: Nominal frequencies, Hz.
        absorption: Of the air, dB/m a band.
        direct: Straight distance of source and place, m.
        favourable: Whether the air bends rays down, which counts for the ground.

    Raises:
        BadUse: When there is no corner, or the way around is shorter than the direct one.

    Source: Directive (EU) 2015/996, annex, 2.5.34 and 2.5.35; ISO/TR 17534-4.
    """
    longer = profile.length - direct
    if not len(corners) or longer < 0:
        raise BadUse("a way around has corners and is longer than the direct one", where="corners", found=longer)
    ends, ground = profile.ends, np.ascontiguousarray(profile.ground, np.float64)
    s, r = ((float(x), float(z)) for x, z in ends)
    terms = ground_terms(mean_plane(ground, s[0], r[0]), s, r)
    shares = (ground_share(ground, s[0], r[0]), profile.area)
    apart = float(corners[-1] - corners[0]) * profile.length / r[0]
    lost = [ground_loss(float(f), terms, shares, favourable) + screen_loss(float(f), longer, apart) for f in bands]
    spread = 20 * np.log10(direct) + SPREADING
    return np.asarray(power - spread - absorption * profile.length - np.array(lost))


def long_term(homogeneous: Array, favourable: Array, share: float) -> Array:
    """How loud is it in the long run, dB? ``10 lg (p 10^(L_F/10) + (1 − p) 10^(L_H/10))``.

    Args:
        homogeneous: Levels in homogeneous air, dB.
        favourable: Levels in favourable air, dB.
        share: p, how much of the time the air is favourable.

    Raises:
        BadUse: When the share is not from 0 to 1.

    Source: Directive (EU) 2015/996, annex, 2.5.9.
    """
    if not 0 <= share <= 1:
        raise BadUse("a share is from 0 to 1", where="share", found=share)
    return np.asarray(10 * np.log10(share * 10 ** (favourable / 10) + (1 - share) * 10 ** (homogeneous / 10)))
