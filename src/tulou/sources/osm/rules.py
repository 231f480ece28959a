"""Reading ``tags.yaml``: which objects of the map become rows of which entity, and where attributes come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.sources.osm.survey import Keys, keys_of

TAGS_FILE = Path(__file__).with_name("tags.yaml")
ANY = "*"
TYPE = "type"
AREA = "area"

Shape = Literal["node", "polygon", "line", "point"]
How = Literal["choose", "text", "source", "joined", "number", "length", "speed", "year", "flag"]

_SELECTS: Mapping[Shape, int] = {"node": 1, "line": 2, "polygon": 2 | 4, "point": 1 | 2 | 4}
_LAYER_KEYS = ("entity", "shapes", "where", "except", "set")
_MORE_KEYS: Mapping[str, tuple[str, ...]] = {"choose": ("otherwise",), "flag": ("yes", "no")}


@dataclass(frozen=True)
class Rule:
    """Keys with the values they may have; all must fit. None stands for any value."""

    tags: tuple[tuple[str, frozenset[str] | None], ...]
    gives: str | bool | None = None


@dataclass(frozen=True)
class Setting:
    """Where the value of one attribute comes from.

    Args:
        attribute: The attribute it sets.
        how: Way of reading.
        keys: Keys it reads, first come first served.
        rules: For ``choose``, the rules in order; for ``flag``, one that gives true and one that gives false.
        otherwise: For ``choose``, the value when no rule fits.
    """

    attribute: str
    how: How
    keys: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    otherwise: str | bool | None = None


@dataclass(frozen=True)
class Layer:
    """Objects of the map that become rows of one entity."""

    entity: str
    shapes: tuple[Shape, ...]
    where: tuple[Rule, ...]
    besides: tuple[Rule, ...]
    settings: tuple[Setting, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """All layers, and the keys they need.

    Args:
        layers: The layers in order.
        names: All keys that any rule or setting reads.
        keys: The same, laid out for the look-up by compiled code.
    """

    layers: tuple[Layer, ...]
    names: tuple[str, ...]
    keys: Keys


@cache
def read_rules(path: Path = TAGS_FILE) -> Reading:
    """Read the file.

    Raises:
        BadInput: With the file and line of a fault.
    """
    page = read_document(path, path.name)
    _refuse_unknown(page, ("layers",))
    layers = tuple(_layer(entry) for entry in _list(page, "layers"))
    names = sorted({TYPE, AREA, *(key for layer in layers for key in _keys(layer))})
    selects = [_selects(name, layers) for name in names]
    return Reading(layers, tuple(names), keys_of(names, selects))


def _layer(page: object) -> Layer:
    if not isinstance(page, At):
        raise BadInput("a layer is a mapping", found=page, allowed=_LAYER_KEYS)
    _refuse_unknown(page, _LAYER_KEYS)
    shapes = tuple(map(str, _list(page, "shapes")))
    for shape in shapes:
        if shape not in _SELECTS:
            raise BadInput("no such shape", where=page.where("shapes"), found=shape, allowed=tuple(_SELECTS))
    settings = page.get("set")
    if not isinstance(settings, At):
        raise BadInput("a layer sets attributes", where=page.where("set"), found=settings, allowed=("set: {…}",))
    return Layer(
        str(page.get("entity", "")),
        cast("tuple[Shape, ...]", shapes),
        tuple(_rule(entry, page, "where") for entry in _list(page, "where")),
        tuple(_rule(entry, page, "except") for entry in _list(page, "except") or []),
        tuple(_setting(name, settings) for name in settings),
    )


def _setting(name: str, parent: At) -> Setting:
    page = parent[name]
    ways = [key for key in page if key in get_args(How)] if isinstance(page, At) else []
    if len(ways) != 1:
        raise BadInput(f"'{name}' needs one way to be set", where=parent.where(name), found=ways, allowed=get_args(How))
    how = cast("How", ways[0])
    _refuse_unknown(page, (how, *_MORE_KEYS.get(how, ())))
    entries = _list(page, how)
    if how == "choose":
        rules = tuple(_rule(entry, page, how) for entry in entries)
        return Setting(name, how, rules=rules, otherwise=page.get("otherwise"))
    keys = tuple(map(str, entries))
    flags: tuple[Rule, ...] = ()
    if how == "flag":
        flags = tuple(
            Rule(((key, frozenset(map(str, _list(page, word)))),), gives=word == "yes")
            for key in keys
            for word in ("yes", "no")
        )
    return Setting(name, how, keys, flags)


def _rule(entry: object, parent: At, key: str) -> Rule:
    if not isinstance(entry, At):
        raise BadInput("a rule is a mapping of keys to values", where=parent.where(key), found=entry)
    gives = entry.get("is")
    tags = tuple((name, _values(value, entry, name)) for name, value in entry.items() if name != "is")
    if not tags:
        raise BadInput("a rule without a key fits everything", where=entry.where(), allowed=("key: [value, …]",))
    return Rule(tags, None if gives == "unknown" else gives)


def _values(value: object, parent: At, name: str) -> frozenset[str] | None:
    if value == ANY:
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadInput(
            "the values of a key are a list of texts (write numbers and yes/no in quotation marks)",
            where=parent.where(name),
            found=value,
            allowed=('"*"', '["yes", apartments]'),
        )
    return frozenset(value)


def _list(page: At, key: str) -> list[Any]:
    found = page.get(key, [])
    if not isinstance(found, list):
        raise BadInput(f"'{key}' is a list", where=page.where(key), found=found)
    return found


def _refuse_unknown(page: At, allowed: tuple[str, ...]) -> None:
    for key in page:
        if key not in allowed:
            raise BadInput("unknown key", where=page.where(key), found=key, allowed=allowed)


def _keys(layer: Layer) -> Iterator[str]:
    for rule in (*layer.where, *layer.besides):
        yield from (key for key, _ in rule.tags)
    for setting in layer.settings:
        yield from setting.keys
        yield from (key for rule in setting.rules for key, _ in rule.tags)


def _selects(name: str, layers: tuple[Layer, ...]) -> int:
    """Kinds of object that are kept for carrying a key: those whose layer asks for it first in a rule."""
    bits = 0
    for layer in layers:
        if any(rule.tags[0][0] == name for rule in layer.where):
            for shape in layer.shapes:
                bits |= _SELECTS[shape]
    return bits
