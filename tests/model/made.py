"""Small dictionaries, facts and cities for the tests of the model."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from tulou.kernel.facts import Facts
from tulou.kernel.words import Words
from tulou.model.dictionary import Attribute, Dictionary, Entity
from tulou.model.state import Profile
from tulou.model.store.city import City

NAME = Words("名", "name")
COMMON = {
    "name": Attribute("name", NAME, "text"),
    "unit": Attribute("unit", NAME, "text"),
    "estimated": Attribute("estimated", NAME, "flag"),
}
HOUSE_USES = dict.fromkeys(("residential", "mixed", "office", "outbuilding"), NAME)
LAND_USES = dict.fromkeys(("residential", "commercial", "green"), NAME)
ROADS = dict.fromkeys(("arterial", "secondary", "branch", "internal", "footway"), NAME)


def entity(name: str, geometry: str, level: str = "", **attributes: Attribute) -> Entity:
    return Entity(name, NAME, geometry, {**COMMON, **attributes}, level)  # type: ignore[arg-type]


def number(name: str, unit: str = "1") -> Attribute:
    return Attribute(name, NAME, "number", unit)


def flag(name: str) -> Attribute:
    return Attribute(name, NAME, "flag")


def text(name: str, values: dict[str, Words] | None = None) -> Attribute:
    return Attribute(name, NAME, "text", "", values)


def dictionary() -> Dictionary:
    residents = {name: number(name, "person") for name in ("residents", "residents_low", "residents_high")}
    entities = [
        entity(
            "building",
            "polygon",
            use=text("use", HOUSE_USES),
            storeys=number("storeys"),
            height=number("height", "m"),
            floor_area=number("floor_area", "m2"),
            lift=flag("lift"),
            opened=Attribute("opened", NAME, "date"),
            series=Attribute("series", NAME, "series", "1"),
        ),
        entity("parcel", "polygon", use=text("use", LAND_USES)),
        entity("road", "line", **{"class": text("class", ROADS), "public": flag("public"), "tunnel": flag("tunnel")}),
        entity("facility", "point", category=text("category")),
        entity("population", "any", **residents),
        entity("statistic", "none", amount=number("amount")),
        entity("community", "polygon", "community", derived=flag("derived")),
        entity("block", "polygon", "block", derived=flag("derived")),
        entity("district", "polygon", "district"),
        entity("city", "polygon", "city"),
    ]
    return Dictionary({one.name: one for one in entities})


def new_city(path: Path, crs: str = "EPSG:4549") -> City:
    return City.create(path, profile=Profile("测试城", crs), dictionary=dictionary())


def facts(entity_name: str, complete: tuple[str, ...] = (), **columns: object) -> Facts:
    """Facts from plain columns; ``geometry`` may hold shapely objects in degrees, ``valid_from`` dates."""
    made = {}
    for name, values in columns.items():
        if name == "geometry":
            made[name] = pa.array(shapely.to_wkb(np.asarray(values, object)), pa.binary())
        elif name in {"valid_from", "valid_to"}:
            made[name] = pa.array(values, pa.date32())
        else:
            made[name] = pa.array(values)
    return Facts(entity_name, pa.table(made), complete)


def put(city: City, *some: Facts, day: date = date(2024, 1, 1), **more: object) -> int:
    return city.commit(list(some), who="tester", message="test", valid_from=day, **more).number  # type: ignore[arg-type]


def values(
    city: City, attribute: str, day: date = date(2026, 1, 1), entity_name: str = "building", **at: object
) -> dict:
    rows = city.state(valid=day, **at).rows(entity_name)  # type: ignore[arg-type]
    found = rows.column(attribute)
    known = found.to_pylist() if found is not None else [None] * len(rows)
    return dict(sorted(zip(rows.ids, known, strict=True)))
