"""Road noise at places of Lorient: the compiled loops beside a plain reckoning of the same ways, in one run.

    python benchmarks/noise.py [--places 200] [--reach 500]

No peer that runs in Python was found: NoiseModelling is a program in Java, and the package index holds none with the
propagation of CNOSSOS-EU. So the other side is our own equations, way by way, with shapely for the walls in a way, on a
few places; both hear the roads in pieces of at most 15 m and must agree to a tenth of a decibel at the median. Medians
of the rounds; seconds on the wall and of the processor, since the machine may be shared.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely

from tulou.measures.environment.noise_map import SOURCE_HEIGHT, Roads, Surroundings, Walls, road_levels
from tulou.measures.environment.propagation import Profile, level_at_place, long_term
from tulou.measures.environment.road_noise import air_absorption, energy_sum
from tulou.processes.noise.town import pieces

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "city_noise_lorient"
BANDS = np.array([63, 125, 250, 500, 1000, 2000, 4000, 8000], float)
AIR = air_absorption(BANDS, 20, 70)
POWER = np.full(8, 70.0)
PIECE, ROUNDS, FEW, HEIGHT = 15.0, 3, 3, 4.0


def layer(name):
    """Shapes and columns of a layer."""
    meta, _, shapes, fields = pyogrio.raw.read(FOLDER / f"{name}.shp")
    return shapely.force_2d(shapely.from_wkb(shapes)), dict(zip(meta["fields"], fields, strict=True))


def plain(place, ends, tree, walls, around):
    """The level at one place, way by way."""
    middles = (ends[:, :2] + ends[:, 2:]) / 2
    away = np.hypot(*(middles - place[:2]).T)
    found = []
    for row in np.flatnonzero(away <= around.reach):
        way = shapely.LineString([middles[row], place[:2]])
        met = np.sort(tree.query(way, "intersects"))
        spots = shapely.distance(shapely.Point(middles[row]), shapely.intersection(tree.geometries[met], way))
        tops = np.column_stack([spots, walls.heights[met]])[np.argsort(spots)]
        ground = np.array([(0, 0, around.ground), (away[row], 0, around.ground)])
        cut = Profile(ground, tops, SOURCE_HEIGHT, place[2], 0.0)
        both = [level_at_place(POWER, cut, BANDS, AIR, favourable=one) for one in (False, True)]
        length = np.hypot(*(ends[row, 2:] - ends[row, :2]))
        found.append(energy_sum(long_term(*both, around.favourable)) + 10 * np.log10(length))
    return (energy_sum(np.array(found)) if found else -np.inf), len(found)


def timed(work):
    """What work gives, and the seconds it takes on the wall and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    """Run the benchmark."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--places", type=int, default=200)
    asked.add_argument("--reach", type=float, default=500.0)
    given = asked.parse_args()
    if not FOLDER.exists():
        print("skipped: the layers of Lorient are not here")
        return
    lines, _ = layer("ROADS2")
    houses, columns = layer("buildings")
    spots = shapely.get_coordinates(layer("receivers")[0])[: given.places]
    ends, _ = pieces(shapely.segmentize(lines, PIECE))
    walls_of, owner = pieces(shapely.boundary(houses))
    walls = Walls(walls_of, columns["HEIGHT"][owner])
    around = Surroundings(BANDS, AIR, 0.0, 0.5, given.reach)
    places = np.column_stack([spots, np.full(len(spots), HEIGHT)])
    roads = Roads(ends, np.broadcast_to(POWER, (len(ends), 1, 8)))
    road_levels(places[:1], roads, walls, around)
    ours = [timed(lambda: road_levels(places, roads, walls, around)) for _ in range(ROUNDS)]
    levels = ours[0][0][:, 0]
    wall, processor = (statistics.median(one[k] for one in ours) / len(places) for k in (1, 2))
    tree = shapely.STRtree(shapely.linestrings(walls.ends.reshape(-1, 2, 2)))
    chosen = np.flatnonzero(np.isfinite(levels))[:: max(len(places) // FEW, 1)][:FEW]
    theirs = [timed(lambda row=row: plain(places[row], ends, tree, walls, around)) for row in chosen]
    slow, slow_processor = (statistics.median(one[k] for one in theirs) for k in (1, 2))
    ways = statistics.median(one[0][1] for one in theirs)
    apart = np.median(np.abs(np.array([one[0][0] for one in theirs]) - levels[chosen]))
    print(f"{len(ends)} pieces of road, {len(walls.ends)} walls, reach {given.reach:g} m, {ways:g} ways a place")
    print(f"compiled: {wall * 1e3:.2f} ms a place on the wall, {processor * 1e3:.2f} of the processor")
    print(f"plain: {slow * 1e3:.0f} ms a place, {slow_processor * 1e3:.0f} of the processor; {apart:.3f} dB apart")
    print(f"{slow / wall:.0f} times on the wall, {slow_processor / processor:.0f} in processor seconds")


if __name__ == "__main__":
    main()
