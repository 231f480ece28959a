"""Towns of equal blocks with an avenue through them, so that corridors can be told by hand."""

import numpy as np

from processes.made_city import box, city

BLOCK, SIDE = 100, 60
"""A block has one building in its middle, 60 m wide."""


def blocks(across=30, up=30, height=30.0, avenue=(), more=()):
    """Buildings of a town; the columns of blocks named in ``avenue`` stay empty."""
    spots = [(x, y) for x in range(across) for y in range(up) if x not in avenue]
    low = (BLOCK - SIDE) / 2
    shapes = [box(x * BLOCK + low, y * BLOCK + low, x * BLOCK + low + SIDE, y * BLOCK + low + SIDE) for x, y in spots]
    heights = [height] * len(shapes)
    for shape, tall in more:
        shapes.append(shape)
        heights.append(tall)
    return {"id": [f"b{n}" for n in range(len(shapes))], "geometry": shapes, "height": heights}


def town(**how):
    """A town as a state."""
    return city(building=blocks(**how))


def north_wind(folder, direction=0.0):
    """A record of a light wind from one direction, with a vane that moves a little."""
    times = np.datetime64("2025-01-01T00", "h") + np.arange(200)
    lines = [f"{time}:00,{(direction + (-1) ** n * 0.5) % 360},2.0" for n, time in enumerate(times)]
    path = folder / "wind.csv"
    path.write_text("\n".join(["time,direction,speed", *lines]), "utf-8")
    return path
