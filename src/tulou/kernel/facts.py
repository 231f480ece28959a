"""Facts: what a connector hands to the model, entity by entity.

Coordinates leave a connector as WGS 84 longitude and latitude (EPSG:4326); the model moves them to the city's metric
system. Columns carry the units of the data dictionary. A column that is absent says *this source knows nothing about
it*; a null says *this source looked and does not know*.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from tulou.kernel.provenance import Quality, Source

ID = "id"
GEOMETRY = "geometry"
VALID_FROM = "valid_from"
VALID_TO = "valid_to"
EXISTS = "exists"


@dataclass(frozen=True)
class Facts:
    """Rows about one entity from one source.

    Args:
        entity: Entity of the data dictionary, e.g. ``building``.
        rows: Arrow table. Column ``id`` (text, unique within one source and validity) is required; ``geometry`` (WKB,
            EPSG:4326), ``valid_from`` and ``valid_to`` (date32, half-open) and ``exists`` (bool) are optional; all
            others are attributes of the entity.
        complete: Selections of this entity for which the source claims to know *every* object, e.g.
            ``("category=primary_school",)`` or ``("*",)``. What is not claimed may be missing, so its absence is
            unknown, not zero.
    """

    entity: str
    rows: pa.Table
    complete: tuple[str, ...] = ()


@dataclass
class Extract:
    """All that one reading of one source gave.

    Args:
        source: What was read.
        facts: Rows by entity.
        quality: What was met on the way.
        extent: West, south, east, north in degrees; None without geometry. East may exceed 180 when the
            antimeridian is crossed.
    """

    source: Source
    facts: list[Facts] = field(default_factory=list)
    quality: Quality = field(default_factory=Quality)
    extent: tuple[float, float, float, float] | None = None
