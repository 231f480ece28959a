"""Shelters: whether each keeps the limits that hold for its class."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.arrays import Floats, Parts
from tulou.kernel.declaration import measure
from tulou.kernel.words import Words

CAUSES = ("land_too_large", "people_too_many", "fire_too_near", "exits_too_few")


@measure(title=Words("避难场所限值符合情况", "Shelters that keep their limits"), source="GB 51143-2015; GB 55028-2022")
def shelter_limits_kept(
    served_land: Annotated[Floats, "m2"],
    served_people: Annotated[Floats, "person"],
    fire_distance: Annotated[Floats, "m"],
    exits: Annotated[Floats, "1"],
    *,
    most_land: Annotated[float, "m2"],
    most_people: Annotated[float, "person"],
    least_distance: Annotated[float, "m"],
    fewest_exits: Annotated[float, "1"],
) -> Annotated[Parts, "1", "1"]:
    """Which shelters keep all four limits?

    ``part`` is 1 where all are kept, 0 where one is known to be broken (the first such is the cause), NaN where none is
    known to be broken and one is unknown.

    Args:
        served_land: Construction land each serves.
        served_people: People each serves.
        fire_distance: Distance to the nearest source of fire.
        exits: Exits in different directions.
        most_land: Most land that may be served.
        most_people: Most people that may be served.
        least_distance: Least distance to a source of fire.
        fewest_exits: Fewest exits.
    """
    broken = np.stack(
        [served_land > most_land, served_people > most_people, fire_distance < least_distance, exits < fewest_exits]
    )
    unknown = np.isnan(np.stack([served_land, served_people, fire_distance, exits])).any(axis=0)
    fails = broken.any(axis=0)
    part = np.where(fails, 0.0, np.where(unknown, np.nan, 1.0))
    return Parts(part=part, whole=np.ones(len(part)), cause=_first(broken))


def _first(broken: NDArray[np.bool_]) -> NDArray[np.object_]:
    words = np.array([*CAUSES, None], object)
    return np.asarray(words[np.where(broken.any(axis=0), broken.argmax(axis=0), len(CAUSES))], np.object_)
