"""The land of a project, from a file or from the city's register, and what the register learns of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.facts import GEOMETRY, ID, Facts
from tulou.kernel.words import Words
from tulou.measures.environment.zoning import Verdict
from tulou.model.geography import to_geographic
from tulou.processes.declaration import Run
from tulou.processes.layer import read_layer

ENTITY = "project"
KEPT: Mapping[Verdict, str | None] = {
    Verdict.PASS: "nothing_against",
    Verdict.CONDITIONAL: "conditional",
    Verdict.UNKNOWN: None,
    Verdict.PROHIBITED: "prohibited",
}
"""What the register keeps of each answer; what cannot be told stays unknown."""
_POLYGON = 2


@dataclass(frozen=True)
class Land:
    """The land of a project.

    Args:
        shape: Its polygons, m.
        system: The metric system.
        id: Id of the project; empty when it has none.
        files: Digest of the file it was read from, by name; empty for land on record.
    """

    shape: BaseGeometry
    system: str
    id: str
    files: Mapping[str, str]

    def facts(self, whole: Verdict) -> tuple[Facts, ...]:
        """What the register of projects learns; land from a file becomes the land on record, since it was judged."""
        if not self.id:
            return ()
        said = KEPT[whole]
        columns = {
            ID: pa.array([self.id], pa.string()),
            "zoning_answer": pa.array([said], pa.string()),
            "zoning_prohibited": pa.array([None if said is None else whole is Verdict.PROHIBITED], pa.bool_()),
        }
        if self.files:
            (moved,) = to_geographic(np.array([self.shape], object), self.system)
            columns[GEOMETRY] = pa.array([shapely.to_wkb(moved)], pa.binary())
        return (Facts(ENTITY, pa.table(columns)),)

    def warnings(self, run: Run) -> tuple[Words, ...]:
        """Why the city does not get to know what was found."""
        if run.state is None or self.id:
            return ()
        return (Words("没有给出项目编号：不能入库。", "No id of the project was given: nothing can be kept."),)


def land_of(run: Run) -> Land:
    """The land of the project of a run.

    Raises:
        BadUse: Without a file and without a city and an id.
        BadInput: When the file has no polygons.
        NotEnoughData: When the city has no such project, or no land of it.
    """
    path, name = run.values["project"], (run.values["id"] or "").strip()
    if path is not None:
        layer = read_layer(path, datum=run.values["datum"])
        return Land(_union(layer.shapes, path.name), layer.system, name, {path.name: layer.digest})
    if run.state is None or not name:
        raise BadUse("land of a project is needed", where="project", allowed=("project=FILE", "id=ID --city CITY"))
    rows = run.state.rows(ENTITY)
    found = np.flatnonzero(rows.ids.astype(str) == name)
    if not len(found):
        raise NotEnoughData("the city has no such project on record", where="id", found=name, allowed=tuple(rows.ids))
    shape = rows.shapes[found[0]]
    if shape is None or not shape.area > 0:
        raise NotEnoughData("the city has no land of this project on record", where="id", found=name)
    return Land(shape, run.state.profile.crs, name, {})


def _union(shapes: np.ndarray[tuple[int], np.dtype[np.object_]], where: str) -> BaseGeometry:
    shape: BaseGeometry = shapely.union_all(shapes[shapely.get_dimensions(shapes) == _POLYGON])
    if not shape.area > 0:
        raise BadInput("a project is one or more polygons", where=where, found="no area")
    return shape
