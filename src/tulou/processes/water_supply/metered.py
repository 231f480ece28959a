"""What a city learns of a metered district: its leakage, its index, and whether its night flow has risen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from tulou.kernel.errors import BadInput
from tulou.kernel.facts import GEOMETRY, ID, Facts
from tulou.model.geography import to_geographic
from tulou.processes.layer import read_layer

ENTITY = "metered_district"
_POLYGON = 2


@dataclass(frozen=True)
class Metered:
    """What is known of a metered district.

    Args:
        night_flow: Mean flow at night, m³/h.
        inflow: Mean inflow of a day, m³; NaN where unknown.
        leakage: Leakage of a day, m³, and its bounds.
        index: Infrastructure leakage index; NaN where unknown.
        risen: Day by which the night flow had risen for certain; None when it has not.
    """

    night_flow: float
    inflow: float
    leakage: tuple[float, float, float]
    index: float
    risen: date | None


def area_of(path: Path, datum: str) -> tuple[bytes, str]:
    """The area of a district as the city keeps it (WKB, WGS 84), and the digest of its file.

    Args:
        path: Layer of polygons; several make one area.
        datum: What its coordinates are, where the file does not say so.

    Raises:
        BadInput: When it has no polygons.
    """
    layer = read_layer(path, datum=datum)
    whole = shapely.union_all(layer.shapes[shapely.get_dimensions(layer.shapes) == _POLYGON])
    if not whole.area > 0:
        raise BadInput("an area is one or more polygons", where=path.name, found="no area")
    (moved,) = to_geographic(np.array([whole], object), layer.system)
    return bytes(shapely.to_wkb(moved)), layer.digest


def facts_of(district: str, told: Metered, area: bytes | None) -> Facts:
    """One row of the register of metered districts; what could not be told stays unknown.

    Args:
        district: Id of the district.
        told: What is known of it.
        area: Its area, WKB in WGS 84; None keeps the one on record.
    """
    mean, low, high = told.leakage
    numbers = {
        "night_flow": told.night_flow,
        "inflow": told.inflow,
        "leakage": mean,
        "leakage_low": low,
        "leakage_high": high,
        "leakage_index": told.index,
    }
    columns = {
        ID: pa.array([district], pa.string()),
        **{name: pa.array([value], pa.float64(), from_pandas=True) for name, value in numbers.items()},
        "night_flow_risen": pa.array([told.risen is not None], pa.bool_()),
        "night_flow_risen_on": pa.array([told.risen], pa.date32()),
    }
    if area is not None:
        columns[GEOMETRY] = pa.array([area], pa.binary())
    return Facts(ENTITY, pa.table(columns))
