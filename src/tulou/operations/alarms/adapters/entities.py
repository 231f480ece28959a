"""Entities of SensorThings (OGC 18-088) as answers tell them: links to what belongs to them, expanded where asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tulou.kernel.errors import BadUse
from tulou.operations.alarms.adapters.sensorthings import ID, Placed, write_things

Entity = dict[str, Any]

RELATED: Mapping[str, Mapping[str, str]] = {
    "Things": {"Datastreams": "Datastreams", "Locations": "Locations"},
    "Locations": {"Things": "Things"},
    "Datastreams": {
        "Thing": "Things", "Sensor": "Sensors", "ObservedProperty": "ObservedProperties",
        "Observations": "Observations",
    },
    "Sensors": {"Datastreams": "Datastreams"},
    "ObservedProperties": {"Datastreams": "Datastreams"},
    "Observations": {"Datastream": "Datastreams"},
}  # fmt: skip
"""What belongs to the entities of a set, by its name there, and the set it is of."""
MANY = frozenset(RELATED)
"""Names that stand for several entities."""
NOT_KNOWN = "this is not known of these entities"
MOST_DEPTH = 4


@dataclass(frozen=True)
class Expansion:
    """What is told in full with an entity.

    Args:
        name: Its name there.
        options: ``$top``, ``$orderby`` and the like for it.
        inner: What is told in full with it in turn.
    """

    name: str
    options: Mapping[str, str] = field(default_factory=dict)
    inner: tuple[Expansion, ...] = ()


def read_expand(text: str, of: str, depth: int = 0) -> tuple[Expansion, ...]:
    """What ``$expand`` asks for: names parted by commas, inner ones by a stroke or in brackets with their options.

    Raises:
        BadUse: When an entity has nothing of such a name, or it goes too deep.
    """
    if depth > MOST_DEPTH:
        raise BadUse("this goes too deep", where="$expand", found=text, allowed=(f"at most {MOST_DEPTH} steps",))
    found = []
    for part in _parts(text, ","):
        head, _, rest = part.partition("(")
        name, _, below = head.partition("/")
        if name not in RELATED[of]:
            raise BadUse(NOT_KNOWN, where="$expand", found=name, allowed=tuple(RELATED[of]))
        options = dict(one.partition("=")[::2] for one in _parts(rest.rpartition(")")[0], ";"))
        inner = read_expand(options.pop("$expand", below), RELATED[of][name], depth + 1)
        found.append(Expansion(name, options, inner))
    return tuple(found)


def _parts(text: str, mark: str) -> list[str]:
    """Parts of a text between marks that stand in no brackets."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [one.strip() for one in parts if one.strip()]


@dataclass(frozen=True)
class Model:
    """The entities of a city.

    Args:
        sets: Entities of each set by their ids, without observations.
        links: Ids of what belongs to an entity, by set, its id and the name there.
    """

    sets: Mapping[str, Mapping[str, Entity]]
    links: Mapping[tuple[str, str, str], tuple[str, ...]]


def model_of(placed: Sequence[Placed]) -> Model:
    """The entities of some sensors."""
    sets: dict[str, dict[str, Entity]] = {name: {} for name in RELATED if name != "Observations"}
    links: dict[tuple[str, str, str], list[str]] = {}

    def join(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
        for near, far in ((one, other), (other, one)):
            found = links.setdefault((near[0], near[1], near[2]), [])
            if far[1] not in found:
                found.append(far[1])

    for thing in json.loads(write_things(placed))["value"]:
        streams, places = thing.pop("Datastreams"), thing.pop("Locations", [])
        sets["Things"][thing[ID]] = thing
        for place in places:
            sets["Locations"][thing[ID]] = {ID: thing[ID], **place}
            join(("Things", thing[ID], "Locations"), ("Locations", thing[ID], "Things"))
        for stream in streams:
            sensor, observed = stream.pop("Sensor"), stream.pop("ObservedProperty")
            sets["Datastreams"][stream[ID]] = stream
            sets["Sensors"][stream[ID]] = {ID: stream[ID], **sensor}
            sets["ObservedProperties"][observed["name"]] = {ID: observed["name"], **observed}
            join(("Datastreams", stream[ID], "Thing"), ("Things", thing[ID], "Datastreams"))
            join(("Datastreams", stream[ID], "Sensor"), ("Sensors", stream[ID], "Datastreams"))
            join(
                ("Datastreams", stream[ID], "ObservedProperty"),
                ("ObservedProperties", observed["name"], "Datastreams"),
            )
    return Model(sets, {key: tuple(ids) for key, ids in links.items()})


@dataclass(frozen=True)
class Teller:
    """Tells entities.

    Args:
        model: The entities.
        base: Address of the service.
        observations: Observations of a datastream, by its id and the options of ``$expand``.
    """

    model: Model
    base: str
    observations: Callable[[str, Mapping[str, str]], list[Entity]]

    def told(self, of: str, entity: Entity, expand: Iterable[Expansion] = (), select: Sequence[str] = ()) -> Entity:
        """An entity with its links, what is expanded, and only the properties that were selected.

        Args:
            of: Its set.
            entity: Its own properties.
            expand: What is told in full with it.
            select: Properties to tell; all when empty.
        """
        address = f"{self.base}/{of}({quoted(str(entity[ID]))})"
        whole: Entity = {"@iot.selfLink": address, **entity}
        whole |= {f"{name}@iot.navigationLink": f"{address}/{name}" for name in RELATED[of]}
        if select:
            whole = {key: value for key, value in whole.items() if key.partition("@iot.nav")[0] in select}
        for one in expand:
            whole.pop(f"{one.name}@iot.navigationLink", None)
            whole[one.name] = self._expanded(of, str(entity[ID]), one)
        return whole

    def related(self, of: str, name: str, link: str) -> list[str]:
        """Ids of what belongs to an entity."""
        return list(self.model.links.get((of, name, link), ()))

    def _expanded(self, of: str, name: str, one: Expansion) -> Any:  # noqa: ANN401  (one entity or several)
        far, select = RELATED[of][one.name], read_select(one.options.get("$select", ""))
        if far == "Observations":
            return [self.told(far, each, one.inner, select) for each in self.observations(name, one.options)]
        ids = [name.rpartition("/")[0]] if of == "Observations" else self.related(of, name, one.name)
        known = self.model.sets[far]
        told = [self.told(far, known[each], one.inner, select) for each in ids if each in known]
        return told if one.name in MANY else (told[0] if told else None)


def read_select(text: str) -> tuple[str, ...]:
    """Names of properties, parted by commas; ``id`` is that of the entity."""
    found = [one.strip() for one in text.split(",") if one.strip()]
    return tuple({"id": ID, "selfLink": "@iot.selfLink"}.get(one, one) for one in found)


def quoted(name: str) -> str:
    """An id that is a text, as it stands in an address."""
    return "'" + name.replace("'", "''") + "'"


def unquoted(text: str) -> str:
    """An id of an address."""
    return text[1:-1].replace("''", "'") if len(text) > 1 and text[0] == text[-1] == "'" else text
