"""Example projects for any city, and the demonstration of a what-if: objects are chosen by rule, never by chance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.app.checking import Question
from tulou.app.demonstration import ABROAD, make_helsinki
from tulou.app.whatif import Trial, try_project
from tulou.app.whatif_reports import write_project
from tulou.app.wiring import last_day, open_city
from tulou.kernel.atomic import write_text
from tulou.kernel.clock import MAIN
from tulou.kernel.errors import NotEnoughData
from tulou.kernel.progress import Progress
from tulou.kernel.words import LANGUAGES, Language
from tulou.model.geography import to_geographic
from tulou.model.state import State
from tulou.plan.whatif.subjects import Tried

Document = dict[str, Any]
SCHOOLS = ("primary_school", "school", "secondary_school")
"""Categories of schools, that which is closed by preference first."""
CLINICS = ("community_health", "health_station")
NEW_CLINIC = "health_station"
NEAR_SCHOOL = 500.0
"""Metres within which people count as those of a school."""
MIDDLE = 600.0
"""How far from the middle of the city's people a street may be cut, metres."""
HOUSE = (30.0, 16.0)
"""Length and depth of the example house, metres."""
STOREYS = 11
CLEAR, STEP, ROUNDS = 4.0, 12.0, 60
"""Metres kept clear around it, and between the places tried, outwards from the middle in so many rounds."""
BRANCH = "demo-whatif"


def example_projects(state: State) -> Mapping[str, Document]:
    """Example projects for a city, by name, as GeoJSON; those for which the city has no fitting object are left out.

    ``close-school`` closes the primary school with most people around it; ``add-clinic`` adds a community health
    station where people live farthest from any, or in the middle where there is none; ``cut-street`` closes the longest
    named street in the middle; ``new-homes`` builds a house of flats on free ground near the middle.

    Args:
        state: The city.
    """
    made = {
        "close-school": _close_school(state),
        "add-clinic": _add_clinic(state),
        "cut-street": _cut_street(state),
        "new-homes": _new_homes(state),
    }
    return {name: _collection(name, features) for name, features in made.items() if features}


def write_examples(state: State, folder: Path) -> list[Path]:
    """Write the example projects of a city into a folder.

    Raises:
        NotEnoughData: When the city has no object that an example could be about.
    """
    found = example_projects(state)
    if not found:
        raise NotEnoughData(
            "no example can be made for this city", where=state.profile.name, allowed=("facilities, roads, buildings",)
        )
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, document in found.items():
        paths.append(folder / f"{name}.geojson")
        write_text(paths[-1], json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return paths


def make_whatif(
    place: Path, folder: Path, languages: Sequence[Language] = LANGUAGES, *, progress: Progress | None = None
) -> tuple[Tried, list[Path]]:
    """Close a school, add a clinic and cut a street on the real centre of Helsinki, kept on a branch of it.

    Args:
        place: Folder of the city; made when nothing stands there.
        folder: Where the project files and reports go.
        languages: Languages of the reports.
        progress: Told where the work stands.

    Returns:
        What was tried, and the files written.
    """
    if not place.exists():
        make_helsinki(place, progress=progress)
    city = open_city(place)
    question = Question(rulebooks=ABROAD)
    base = city.state(valid=last_day(city, MAIN))
    files = [path for path in write_examples(base, folder) if path.stem != "new-homes"]
    kept = "" if BRANCH in city.branches() else BRANCH
    tried = try_project(city, Trial(files, question, name="demo", keep_on=kept), progress=progress)
    return tried, [*files, *write_project(tried, ["html"], languages, folder)]


def _collection(name: str, features: Sequence[Document]) -> Document:
    return {"type": "FeatureCollection", "name": name, "features": list(features)}


def _feature(shape: BaseGeometry | None, state: State, **properties: object) -> Document:
    geometry = None
    if shape is not None:
        moved = to_geographic(np.array([shape], object), state.profile.crs)[0]
        geometry = json.loads(shapely.to_geojson(shapely.set_precision(moved, DEGREES)))
    return {"type": "Feature", "properties": properties, "geometry": geometry}


DEGREES = 1e-7
"""What coordinates of examples are rounded to: a centimetre."""


def _close_school(state: State) -> list[Document]:
    rows = state.rows("facility")
    at = next((found for category in SCHOOLS if len(found := _serving(state, (category,)))), np.empty(0, np.int64))
    if not len(at):
        return []
    people = [_people_around(state, place) for place in rows.places[at]]
    best = max(zip(people, rows.ids[at], strict=True), key=lambda one: (one[0], str(one[1])))[1]
    return [_feature(None, state, action="close", entity="facility", id=str(best))]


def _add_clinic(state: State) -> list[Document]:
    cells = state.rows("population")
    places = cells.places[np.isfinite(cells.places).all(axis=1)] if len(cells) else np.empty((0, 2))
    if not len(places):
        return []
    at = _serving(state, CLINICS)
    place = np.array(_middle(state))
    if len(at):
        clinics, people = (
            np.array(shapely.points(some), object) for some in (state.rows("facility").places[at], places)
        )
        _, apart = shapely.STRtree(clinics).query_nearest(people, return_distance=True, all_matches=False)
        place = places[int(np.argmax(np.round(apart, 3)))]
    return [_feature(shapely.Point(place), state, category=NEW_CLINIC, name="Example clinic")]


def _cut_street(state: State) -> list[Document]:
    rows = state.rows("road")
    if not len(rows) or not rows.has("name"):
        return []
    near = shapely.dwithin(rows.shapes, shapely.Point(_middle(state)), MIDDLE) & (rows.numbers("walkable") != 0.0)
    names = rows.texts("name")
    length: dict[str, float] = {}
    for row in np.flatnonzero(near):
        if names[row]:
            length[str(names[row])] = length.get(str(names[row]), 0.0) + float(shapely.length(rows.shapes[row]))
    if not length:
        return []
    street = max(length, key=lambda name: (round(length[name], 1), name))
    ids = [str(rows.ids[row]) for row in np.flatnonzero(near & (names == street))]
    return [_feature(None, state, action="close", entity="road", id=name) for name in ids]


def _new_homes(state: State) -> list[Document]:
    taken = [state.rows(name).shapes for name in ("building", "road", "water", "green") if len(state.rows(name))]
    if not taken:
        return []
    tree = shapely.STRtree(np.concatenate(taken))
    east, north = _middle(state)
    for x, y in _outwards():
        house = shapely.box(*(east + x, north + y), east + x + HOUSE[0], north + y + HOUSE[1])
        if not len(tree.query(house, predicate="dwithin", distance=CLEAR)):
            return [_feature(house, state, use="residential", storeys=STOREYS, lift=True, name="Example house")]
    return []


def _outwards() -> Iterable[tuple[float, float]]:
    """Places around a middle, ring by ring."""
    for ring in range(ROUNDS):
        steps = range(-ring, ring + 1)
        yield from (
            (column * STEP, row * STEP) for row in steps for column in steps if max(abs(column), abs(row)) == ring
        )


def _middle(state: State) -> tuple[float, float]:
    """The middle of the city's people, else of its roads."""
    cells = state.rows("population")
    places = cells.places[np.isfinite(cells.places).all(axis=1)] if len(cells) else state.rows("road").places
    middle: NDArray[np.float64] = np.median(places, axis=0)
    return float(middle[0]), float(middle[1])


def _serving(state: State, categories: Sequence[str]) -> NDArray[np.int64]:
    """Rows of facilities of some categories that are open and have a place."""
    rows = state.rows("facility")
    if not len(rows):
        return np.empty(0, np.int64)
    keep = np.isin(rows.texts("category").astype(str), categories) & (rows.numbers("closed") != 1.0)
    return np.flatnonzero(keep & np.isfinite(rows.places).all(axis=1))


def _people_around(state: State, place: NDArray[np.float64]) -> float:
    cells = state.rows("population")
    if not len(cells):
        return 0.0
    near = np.hypot(*(cells.places - place).T) <= NEAR_SCHOOL
    return round(float(np.nansum(np.nan_to_num(cells.numbers("residents"))[near])), 3)
