"""What one way of sound from a source to a place loses to the ground and over edges, by CNOSSOS-EU.

All heights lie in one upright plane: x along the way from the source (0) to the place, z up. A radius of 0 stands for
straight rays (homogeneous air), any other for rays that are bent downwards (favourable air).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Point = tuple[float, float]
Plane = tuple[float, float, float]
"""Slope, place and height of one of its points."""

SPEED = 340.0
"""Speed of sound, m/s (CNOSSOS-EU 2.5.3)."""
NEAR = 30.0
"""A way is long when it is this many times the heights of its ends (2.5.14)."""
HARD = 3.0
"""What a mirror image adds, dB (2.5.15, 2.5.18)."""
W_SCALE, W_MIDDLE, W_CONSTANT = 0.0185, 1.3e3, 1.16e6
W_POWER = 1.3
"""Coefficients of the absorption of ground (2.5.17)."""
BENDING = 2e-4
"""a0, by which favourable air lifts the ends of a way, 1/m (2.5.19)."""
TURBULENCE = 6e-3
"""By which turbulence lifts them (2.5.19)."""
LEAST_RADIUS, RADIUS_BY_LENGTH = 1000.0, 8.0
"""Radius of bent rays, m, and by the length of the way (2.5.24)."""
WIDE = 0.3
"""Edges farther apart than this, m, screen as several (2.5.23)."""
SCREEN, SCREEN_BASE, SCREEN_LEAST = 40.0, 3.0, -2.0
"""Coefficients of the effect of a screen (2.5.21)."""
MOST_SCREEN = 25.0
"""No edge on top takes more, dB (2.5.21)."""
TINY = 1e-6


@njit(cache=True, nogil=True)
def radius_of(length: float) -> float:
    """Radius of rays in favourable air, m (2.5.24)."""
    return max(LEAST_RADIUS, RADIUS_BY_LENGTH * length)


@njit(cache=True, nogil=True)
def way(a: Point, b: Point, radius: float) -> float:
    """Length of the ray between two points, m (2.5.25)."""
    chord = math.hypot(b[0] - a[0], b[1] - a[1])
    if radius == 0.0:
        return chord
    return 2.0 * radius * math.asin(min(chord / (2.0 * radius), 1.0))


@njit(cache=True, nogil=True)
def height_on(ground: Reals, at: float) -> float:
    """Height of the ground at a place along the way."""
    for i in range(len(ground) - 1):
        if at <= ground[i + 1, 0]:
            across = ground[i + 1, 0] - ground[i, 0]
            share = 0.0 if across <= 0.0 else min(max((at - ground[i, 0]) / across, 0.0), 1.0)
            return float(ground[i, 1] + share * (ground[i + 1, 1] - ground[i, 1]))
    return float(ground[len(ground) - 1, 1])


@njit(cache=True, nogil=True)
def mean_plane(ground: Reals, start: float, end: float) -> Plane:
    """The straight line through the ground with the least squared distance (2.5.3)."""
    length = end - start
    if length < TINY:
        return 0.0, start, height_on(ground, start)
    whole, moment = 0.0, 0.0
    for i in range(len(ground) - 1):
        a, b = max(ground[i, 0], start), min(ground[i + 1, 0], end)
        if b <= a:
            continue
        slope = (ground[i + 1, 1] - ground[i, 1]) / (ground[i + 1, 0] - ground[i, 0])
        low, high = ground[i, 1] + slope * (a - ground[i, 0]), ground[i, 1] + slope * (b - ground[i, 0])
        u, v = a - start, b - start
        whole += (b - a) * (low + high) / 2
        moment += (b - a) * (low * (2 * u + v) + high * (u + 2 * v)) / 6
    slope = 12.0 / length**3 * (moment - whole * length / 2)
    return slope, start + length / 2, whole / length


@njit(cache=True, nogil=True)
def foot_on(plane: Plane, point: Point) -> Point:
    """The point of a plane nearest to a point."""
    slope, x, z = plane
    along = ((point[0] - x) + slope * (point[1] - z)) / (1 + slope * slope)
    return x + along, z + slope * along


@njit(cache=True, nogil=True)
def ground_share(ground: Reals, start: float, end: float) -> float:
    """Mean ground factor between two places (G_path, 2.5.13)."""
    if end - start < TINY:
        return 0.0
    whole = 0.0
    for i in range(len(ground) - 1):
        whole += ground[i, 2] * max(min(ground[i + 1, 0], end) - max(ground[i, 0], start), 0.0)
    return whole / (end - start)


@njit(cache=True, nogil=True)
def ground_terms(plane: Plane, s: Point, r: Point) -> tuple[float, float, float]:
    """Length of a way over its plane, and how high its ends lie above it; not below 0."""
    a, b = foot_on(plane, s), foot_on(plane, r)
    up_s = math.hypot(s[0] - a[0], s[1] - a[1]) if s[1] >= a[1] else 0.0
    up_r = math.hypot(r[0] - b[0], r[1] - b[1]) if r[1] >= b[1] else 0.0
    return math.hypot(b[0] - a[0], b[1] - a[1]), up_s, up_r


@njit(cache=True, nogil=True)
def ground_loss(f: float, terms: tuple[float, float, float], shares: Point, bent: bool) -> float:  # noqa: FBT001
    """What the ground takes from a band, dB (2.5.14 to 2.5.20).

    Args:
        f: Frequency of the band, Hz.
        terms: Length of the way, and heights of its ends.
        shares: Ground factor of the way, and of the area of the source; −1 when the way has no source.
        bent: Whether rays are bent.
    """
    length, zs, zr = terms
    share, of_source = shares
    heights = zs + zr
    ratio = length / (NEAR * heights) if heights > TINY else math.inf
    mixed = share if of_source < 0.0 or ratio > 1.0 else share * ratio + of_source * (1.0 - ratio)
    least = -HARD * (1.0 - mixed)
    if bent and ratio > 1.0:
        least *= 1.0 + 2.0 * (1.0 - 1.0 / ratio)
    if share == 0.0 or length < TINY:
        return least if bent or length < TINY else -HARD
    if bent and heights > TINY:
        more = TURBULENCE * length / heights
        lift = BENDING * length * length / 2.0
        zs, zr = zs + lift * (zs / heights) ** 2 + more, zr + lift * (zr / heights) ** 2 + more
    return max(_interference(f, length, zs, zr, share if bent else mixed), least)


@njit(cache=True, nogil=True)
def _interference(f: float, length: float, zs: float, zr: float, share: float) -> float:
    """``w = 0.0185 f^2.5 G^2.6 / (f^1.5 G^2.6 + 1300 f^0.75 G^1.3 + 1.16e6)``, and the interference it leaves."""
    k = 2.0 * math.pi * f / SPEED
    root, soft = math.sqrt(f), share**W_POWER
    w = W_SCALE * f * f * root * soft * soft
    w /= f * root * soft * soft + W_MIDDLE * math.sqrt(f * root) * soft + W_CONSTANT
    c = length * (1.0 + 3.0 * w * length * math.exp(-math.sqrt(w * length))) / (1.0 + w * length)
    q = math.sqrt(2.0 * c / k)
    product = (zs * zs - q * zs + c / k) * (zr * zr - q * zr + c / k)
    return float(-10.0 * math.log10(4.0 * k * k / (length * length) * product))


@njit(cache=True, nogil=True)
def screen_loss(f: float, longer: float, apart: float) -> float:
    """What an edge takes from a band, dB, by how much longer the way over it is (2.5.21); not yet bounded."""
    wave = SPEED / f
    several = 1.0
    if apart > WIDE:
        x = (5.0 * wave / apart) ** 2
        several = (1.0 + x) / (1.0 / 3.0 + x)
    form = SCREEN / wave * several * longer
    return 10.0 * math.log10(SCREEN_BASE + form) if form >= SCREEN_LEAST else 0.0


@njit(cache=True, nogil=True)
def over(s: Point, edges: Reals, r: Point, radius: float) -> float:
    """How much longer the way over edges is than the direct one, m; below 0 where one edge does not reach the ray."""
    first = (edges[0, 0], edges[0, 1])
    last = (edges[len(edges) - 1, 0], edges[len(edges) - 1, 1])
    between = 0.0
    for i in range(len(edges) - 1):
        between += way((edges[i, 0], edges[i, 1]), (edges[i + 1, 0], edges[i + 1, 1]), radius)
    round_ = way(s, first, radius) + between + way(last, r, radius)
    direct = way(s, r, radius)
    if len(edges) > 1:
        return round_ - direct
    share = (first[0] - s[0]) / (r[0] - s[0]) if r[0] != s[0] else 0.5
    on_ray = (first[0], s[1] + share * (r[1] - s[1]))
    if first[1] >= on_ray[1]:
        return round_ - direct
    return 2.0 * way(s, on_ray, radius) + 2.0 * way(on_ray, r, radius) - round_ - direct


@njit(cache=True, nogil=True)
def hull(s: Point, tops: Reals, r: Point, radius: float) -> Reals:
    """Edges over which a stretched ray from source to place runs, in their order; none when it is free.

    Bent rays become straight when every height is lowered by the sagitta of the ray, ``x (d − x) / (2 Γ)``.
    """
    n = len(tops) + 2
    points = np.empty((n, 2))
    points[0, 0], points[0, 1] = s
    points[1 : n - 1] = tops
    points[n - 1, 0], points[n - 1, 1] = r
    lowered = points[:, 1].copy()
    if radius > 0.0:
        for i in range(n):
            x = points[i, 0] - s[0]
            lowered[i] -= x * (r[0] - s[0] - x) / (2.0 * radius)
    kept = np.empty(n, np.int64)
    count = 0
    for i in range(n):
        while count >= 2:  # noqa: PLR2004  (two points make a straight)
            a, b = kept[count - 2], kept[count - 1]
            turn = (points[b, 0] - points[a, 0]) * (lowered[i] - lowered[a]) - (lowered[b] - lowered[a]) * (
                points[i, 0] - points[a, 0]
            )
            if turn < 0.0:
                break
            count -= 1
        kept[count] = i
        count += 1
    found = np.empty((count - 2, 2))
    for i in range(1, count - 1):
        found[i - 1] = points[kept[i]]
    return found


@njit(cache=True, nogil=True)
def nearest_edge(s: Point, tops: Reals, r: Point, radius: float) -> Reals:
    """The edge that comes nearest to a free ray."""
    best, longest = -1, -math.inf
    for i in range(len(tops)):
        longer = over(s, tops[i : i + 1], r, radius)
        if longer > longest:
            best, longest = i, longer
    return tops[best : best + 1] if best >= 0 else tops[:0]


@njit(cache=True, nogil=True)
def way_loss(ground: Reals, tops: Reals, ends: Reals, area: float, bands: Reals, bent: bool, found: Reals) -> None:  # noqa: FBT001
    """What a way loses to ground and edges, dB a band.

    Args:
        ground: x, height and ground factor from there on, (n, 3), n ≥ 2.
        tops: x and height of edges, ordered by x, (m, 2).
        ends: x and height of source and place, (2, 2).
        area: Ground factor of the area of the source.
        bands: Frequencies, Hz.
        bent: Whether rays are bent.
        found: Filled with the loss of each band.
    """
    s, r = (ends[0, 0], ends[0, 1]), (ends[1, 0], ends[1, 1])
    radius = radius_of(math.hypot(r[0] - s[0], r[1] - s[1])) if bent else 0.0
    edges = hull(s, tops, r, radius)
    is_free = len(edges) == 0
    if is_free:
        edges = nearest_edge(s, tops, r, radius)
    whole = ground_terms(mean_plane(ground, s[0], r[0]), s, r)
    shares = (ground_share(ground, s[0], r[0]), area)
    if len(edges) == 0:
        for b in range(len(bands)):
            found[b] = ground_loss(bands[b], whole, shares, bent)
        return
    first, last = edges[0], edges[len(edges) - 1]
    plane_s, plane_r = mean_plane(ground, s[0], first[0]), mean_plane(ground, last[0], r[0])
    foot_s, foot_r = foot_on(plane_s, s), foot_on(plane_r, r)
    mirror_s = (2 * foot_s[0] - s[0], 2 * foot_s[1] - s[1])
    mirror_r = (2 * foot_r[0] - r[0], 2 * foot_r[1] - r[1])
    ways = (
        over(s, edges, r, radius),
        over(mirror_s, edges, r, radius),
        over(s, edges, mirror_r, radius),
        over(mirror_s, edges, mirror_r, radius),
    )
    apart = 0.0
    for i in range(len(edges) - 1):
        apart += way((edges[i, 0], edges[i, 1]), (edges[i + 1, 0], edges[i + 1, 1]), 0.0)
    side_s = ground_terms(plane_s, s, (first[0], first[1]))
    side_r = ground_terms(plane_r, (last[0], last[1]), r)
    shares_s = (ground_share(ground, s[0], first[0]), area)
    shares_r = (ground_share(ground, last[0], r[0]), -1.0)
    below = (s[1] < foot_s[1], r[1] < foot_r[1])
    for b in range(len(bands)):
        f = bands[b]
        wave = SPEED / f
        if is_free and ways[0] < 0 and not (ways[0] > -wave / 20.0 and ways[0] > wave / 4.0 - ways[3]):
            found[b] = ground_loss(f, whole, shares, bent)
            continue
        grounds = ground_loss(f, side_s, shares_s, bent), ground_loss(f, side_r, shares_r, bent)
        found[b] = edge_loss(f, ways, apart, grounds, below)


@njit(cache=True, nogil=True)
def edge_loss(
    f: float, ways: tuple[float, float, float, float], apart: float, grounds: Point, below: tuple[bool, bool]
) -> float:
    """What edges and the ground on both sides of them take from a band, dB (2.5.30 to 2.5.33).

    Args:
        f: Frequency, Hz.
        ways: How much longer the way over the edges is: as it is, from the image of the source, to the image of the
            place, between both images, m.
        apart: From the first to the last edge, m.
        grounds: What the ground takes on the side of the source and of the place, dB.
        below: Whether source and place lie below the plane of their side.
    """
    direct = screen_loss(f, ways[0], apart)
    of_s, of_r = screen_loss(f, ways[1], apart), screen_loss(f, ways[2], apart)
    sides = 0.0
    if below[0]:
        direct = of_s
        sides += grounds[0]
    else:
        sides += _side(grounds[0], of_s - direct)
    if below[1]:
        direct = of_r
        sides += grounds[1]
    else:
        sides += _side(grounds[1], of_r - direct)
    return min(max(direct, 0.0), MOST_SCREEN) + sides


@njit(cache=True, nogil=True)
def _side(ground: float, more: float) -> float:
    return float(-20.0 * math.log10(1.0 + (10.0 ** (-ground / 20.0) - 1.0) * 10.0 ** (-more / 20.0)))
