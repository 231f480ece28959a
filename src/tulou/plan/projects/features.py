"""Features: what one feature of a GeoJSON file does to the city.

A feature says its ``action`` (``add`` when it says none), its ``entity`` and the ``id`` of the object, or leaves them
to be told from the rest: a polygon with a use or floors is a building, something with a category a facility or park, a
line a road; what is to be closed, changed or removed is the object of the id, the objects inside a polygon, or the one
nearest to a point. Every other property is an attribute of the data dictionary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from tulou.kernel.errors import BadInput, TulouError
from tulou.kernel.words import Words
from tulou.model.dictionary import Entity
from tulou.plan.projects.place import Found, Place
from tulou.plan.projects.project import ACTIONS, Action, Edit, Value
from tulou.plan.projects.values import attribute_of, value_of

RESERVED = ("action", "entity", "id")
TITLED: Mapping[str, Action] = {
    "新增": "add", "新建": "add", "build": "add", "new": "add",
    "修改": "change", "改造": "change", "edit": "change",
    "关闭": "close", "停用": "close", "closure": "close", "shut": "close", "cut": "close",
    "拆除": "remove", "demolish": "remove", "demolition": "remove", "delete": "remove",
}  # fmt: skip
"""Other words for the actions."""
CLOSED: Mapping[str, Mapping[str, Value]] = {
    "road": {"walkable": False, "drivable": False, "public": False},
}
"""What closing does to an object of an entity that has no attribute ``closed``."""
_DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}
_LINE, _AREA = 1, 2
_BUILDING_WORDS = ("use", "storeys", "height", "floor_area", "dwellings")


@dataclass(frozen=True, eq=False)
class Feature:
    """One feature as it stood in the file.

    Args:
        where: File and number of the feature.
        key: Id for what is new and has none of its own.
        properties: Its properties.
        shape: Its geometry in the city's metric system; None without one.
    """

    where: str
    key: str
    properties: Mapping[str, object]
    shape: BaseGeometry | None


def edits_of(feature: Feature, place: Place) -> tuple[list[Edit], list[Words]]:
    """What a feature does, and what was found out on the way.

    Raises:
        BadInput: With every fault of the feature.
    """
    action = _action(feature)
    if feature.shape is not None:
        _refuse_broken(feature.shape, feature.where)
        place.check_inside(feature.shape, feature.where)
    return _DO[action](feature, place)


def _action(feature: Feature) -> Action:
    found = feature.properties.get("action")
    if found is None:
        return "add"
    word = str(found).strip().lower()
    for action in ACTIONS:
        if word in {action, f"{action}d"}:
            return action
    if word in TITLED:
        return TITLED[word]
    raise BadInput("there is no such action", where=feature.where, found=found, allowed=(*ACTIONS, *TITLED))


def _refuse_broken(shape: BaseGeometry, where: str) -> None:
    if shape.is_empty:
        raise BadInput("the geometry is empty", where=where)
    if shape.geom_type == "GeometryCollection":
        raise BadInput(
            "a mixture of points, lines and polygons is no object", where=where, found=shape.geom_type,
            allowed=("Point", "LineString", "Polygon", "and their Multi forms"),
        )  # fmt: skip
    if not shapely.is_valid(shape):
        raise BadInput("the geometry is not valid", where=where, found=shapely.is_valid_reason(shape))


def _add(feature: Feature, place: Place) -> tuple[list[Edit], list[Words]]:
    entity = _entity_of_new(feature, place)
    if feature.shape is None and entity.geometry != "none":
        raise BadInput("something new needs a geometry", where=feature.where, allowed=(entity.geometry,))
    shape = _fitting(feature.shape, entity, place, feature.where)
    name = str(feature.properties.get("id") or feature.key)
    if place.row_of(entity.name, name) is not None:
        raise BadInput(
            "an object of this id stands in the city already", where=feature.where, found=name,
            allowed=("another id", "action: change"),
        )  # fmt: skip
    values = _values(feature, entity)
    return [Edit("add", entity.name, name, values, shape, feature.where, str(values.get("name") or ""))], []


def _change(feature: Feature, place: Place) -> tuple[list[Edit], list[Words]]:
    found, remarks, is_place = _meant(feature, place, tuple(place.dictionary))
    edits = []
    for one in found:
        entity = place.dictionary[one.entity]
        values = _values(feature, entity, without=() if not is_place else ("category",) * bool(feature.shape))
        shape = None if is_place else _fitting(feature.shape, entity, place, feature.where)
        if not values and shape is None:
            raise BadInput(
                "a change needs an attribute or a geometry", where=feature.where, allowed=sorted(entity.attributes)
            )
        edits.append(Edit("change", one.entity, one.id, values, shape, feature.where, one.name))
    return edits, remarks


def _close(feature: Feature, place: Place) -> tuple[list[Edit], list[Words]]:
    able = tuple(name for name, entity in place.dictionary.items() if _closing(entity))
    name = str(feature.properties.get("id", ""))
    holders = {one for one in place.dictionary if name and place.row_of(one, name) is not None}
    others = tuple(sorted(holders)) if not holders & set(able) else ()
    found, remarks, _ = _meant(feature, place, others or able)
    edits = []
    for one in found:
        values = _closing(place.dictionary[one.entity])
        if not values:
            raise BadInput(
                f"'{one.entity}' cannot be closed; remove it instead", where=feature.where, found="close",
                allowed=("action: remove",),
            )  # fmt: skip
        edits.append(Edit("close", one.entity, one.id, values, None, feature.where, one.name))
    return edits, remarks


def _closing(entity: Entity) -> dict[str, Value]:
    """What closing gives an object of an entity; nothing where it cannot be closed."""
    return {"closed": True} if "closed" in entity.attributes else dict(CLOSED.get(entity.name, {}))


def _remove(feature: Feature, place: Place) -> tuple[list[Edit], list[Words]]:
    found, remarks, _ = _meant(feature, place, tuple(place.dictionary))
    return [Edit("remove", one.entity, one.id, {}, None, feature.where, one.name) for one in found], remarks


_DO: Mapping[Action, Callable[[Feature, Place], tuple[list[Edit], list[Words]]]] = {
    "add": _add,
    "change": _change,
    "close": _close,
    "remove": _remove,
}


def _meant(feature: Feature, place: Place, entities: tuple[str, ...]) -> tuple[list[Found], list[Words], bool]:
    """The objects of some entities that a feature means; remarks; and whether its geometry only says where they are."""
    said = feature.properties.get("entity")
    entity = place.entity(str(said), feature.where).name if said else ""
    name = feature.properties.get("id")
    category = str(feature.properties.get("category") or "")
    if name is not None:
        return [place.named(str(name), (entity,) if entity else entities, feature.where)], [], False
    if feature.shape is None:
        raise BadInput("say which object is meant", where=feature.where, allowed=("id", "a geometry at its place"))
    entity = entity or _entity_at(feature, place)
    category = _category(place, entity, category, feature.where)
    dimension = shapely.get_dimensions(feature.shape)
    if dimension >= _AREA:
        found = [one for one in place.inside(entity, feature.shape) if _is_of(place, one, category)]
        if not found:
            raise BadInput(f"no {entity} lies inside this polygon", where=feature.where, allowed=("its id",))
        return found, [_counted(place, entity, found)], True
    if dimension == _LINE and (found := place.along(entity, feature.shape)):
        return found, [_along(place, entity, found)], True
    one = place.nearest(entity, category, feature.shape, feature.where)
    return [one], [_nearest(place, one)], True


def _is_of(place: Place, found: Found, category: str) -> bool:
    if not category:
        return True
    row = place.row_of(found.entity, found.id)
    return row is not None and place.state.rows(found.entity).texts("category")[row] == category


def _category(place: Place, entity: str, category: str, where: str) -> str:
    if not category:
        return ""
    found = value_of(attribute_of(place.dictionary[entity], "category", where), category, where)
    return str(found or "")


def _counted(place: Place, entity: str, found: list[Found]) -> Words:
    title = place.dictionary[entity].title
    return Words(f"范围内{title.zh} {len(found)} 个", f"{title.en} inside the polygon: {len(found)}")


def _along(place: Place, entity: str, found: list[Found]) -> Words:
    title = place.dictionary[entity].title
    names = sorted({one.name for one in found if one.name})
    chinese, english = f"沿线的{title.zh} {len(found)} 条", f"{title.en} along the line: {len(found)}"
    return (
        Words(f"{chinese}（{'、'.join(names)}）", f"{english} ({', '.join(names)})")
        if names
        else Words(chinese, english)
    )


def _nearest(place: Place, found: Found) -> Words:
    title = place.dictionary[found.entity].title
    called = f"{found.name} ({found.id})" if found.name else found.id
    return Words(
        f"最近的{title.zh}：{called}，相距 {found.distance:.0f} 米",
        f"{title.en} nearest to the point: {called}, {found.distance:.0f} m away",
    )


def _entity_at(feature: Feature, place: Place) -> str:
    """Entity of what is closed, changed or removed at a place: what the category says, else by the action."""
    category = feature.properties.get("category")
    if category is not None:
        return _of_category(str(category), place, feature.where).name
    if shapely.get_dimensions(feature.shape) == _LINE:
        return "road"
    if _action(feature) == "remove" or set(_BUILDING_WORDS) & set(feature.properties):
        return "building"
    return "facility"


def _entity_of_new(feature: Feature, place: Place) -> Entity:
    said = feature.properties.get("entity")
    if said is not None:
        return place.entity(str(said), feature.where)
    dimension = shapely.get_dimensions(feature.shape) if feature.shape is not None else -1
    if dimension >= _AREA and _speaks_of_building(feature, place):
        return place.dictionary["building"]
    category = feature.properties.get("category")
    if category is not None:
        return _of_category(str(category), place, feature.where)
    if dimension == _LINE:
        return place.dictionary["road"]
    raise BadInput(
        "the feature does not say what it is", where=feature.where, found=", ".join(feature.properties) or "nothing",
        allowed=("entity: …", "use and floors of a building", "category of a facility"),
    )  # fmt: skip


def _speaks_of_building(feature: Feature, place: Place) -> bool:
    building = place.dictionary["building"]
    for word in feature.properties:
        try:
            if word not in RESERVED and attribute_of(building, word, "").name in _BUILDING_WORDS:
                return True
        except BadInput:
            continue
    return False


def _of_category(category: str, place: Place, where: str) -> Entity:
    """The entity that has a category: facilities before all others."""
    names = [name for name in ("facility", *place.dictionary) if name in place.dictionary]
    known: list[str] = []
    for entity in (place.dictionary[name] for name in dict.fromkeys(names)):
        values = entity.attributes["category"].values if "category" in entity.attributes else None
        if not values:
            continue
        try:
            value_of(entity.attributes["category"], category, where)
        except BadInput:
            known += values
            continue
        return entity
    raise BadInput("there is no such category", where=where, found=category, allowed=dict.fromkeys(known))


def _values(feature: Feature, entity: Entity, without: tuple[str, ...] = ()) -> dict[str, Value]:
    found: dict[str, Value] = {}
    faults: list[TulouError] = []
    for word, raw in feature.properties.items():
        if word in RESERVED or word in without:
            continue
        try:
            attribute = attribute_of(entity, word, feature.where)
            found[attribute.name] = value_of(attribute, raw, f"{feature.where}, {word}")
        except BadInput as error:
            faults.append(error)
    if faults:
        raise BadInput.of(fault for error in faults for fault in error.faults)
    return found


def _fitting(shape: BaseGeometry | None, entity: Entity, place: Place, where: str) -> BaseGeometry | None:
    """The shape as objects of an entity have it: an area stands for a place by a point inside it."""
    wanted = _DIMENSIONS.get(entity.geometry)
    if shape is None or (wanted is None and entity.geometry != "none"):
        return shape
    if entity.geometry == "none":
        raise BadInput(f"'{entity.name}' has no geometry", where=where, found=shape.geom_type, allowed=("null",))
    if wanted == 0 and shapely.get_dimensions(shape) > 0:
        return shapely.point_on_surface(shape)
    if wanted == _AREA and entity.name == "building" and shapely.get_dimensions(shape) == _AREA:
        place.check_footprint(shape, where)
    if shapely.get_dimensions(shape) != wanted:
        raise BadInput(
            f"a {entity.name} is drawn as a {entity.geometry}", where=where, found=shape.geom_type,
            allowed=(entity.geometry,),
        )  # fmt: skip
    return shape
