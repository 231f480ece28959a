"""Vocabulary: what a rulebook's names mean while it is read, and which kind and unit each column has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tulou.indicators.rulebook.content import Parameter, Reference, Selection
from tulou.kernel.arrays import Kind
from tulou.kernel.declaration import Measure
from tulou.kernel.errors import BadInput
from tulou.kernel.registry import Registry
from tulou.model.dictionary import Dictionary

NETWORKS = ("walking", "driving")
"""Networks made from the roads."""

ENTITY_LEVELS = ("community", "block", "district", "city")
"""Levels of the hierarchy whose rows are entities of their own."""


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Args:
        kind: ``number``, ``flag``, ``text``, ``date``, ``series``, ``geometry``, ``place`` or ``network``.
        unit: Unit of its numbers.
    """

    kind: str
    unit: str = ""


BUILT_IN: Mapping[str, Column] = {
    "id": Column("text"),
    "geometry": Column("geometry"),
    "place": Column("place"),
    "shape_area": Column("number", "m2"),
    "shape_length": Column("number", "m"),
}
"""What every entity offers besides its attributes."""

TAKEN: Mapping[Kind, str] = {
    Kind.NUMBERS: "number",
    Kind.FLAGS: "flag",
    Kind.TEXTS: "text",
    Kind.SHAPES: "geometry",
    Kind.PLACES: "place",
    Kind.NETWORK: "network",
}
"""Which kind of column each kind of argument takes."""


@dataclass
class Vocabulary:
    """All names known so far.

    Args:
        dictionary: Entities and attributes.
        measures: Registered measures.
        selections: By name.
        quantities: Unit by ``entity.name``; read first, so that anything may name them.
        parameters: By name.
    """

    dictionary: Dictionary
    measures: Registry[Measure]
    selections: dict[str, Selection] = field(default_factory=dict)
    quantities: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)

    def column(self, entity: str, name: str, where: str) -> Column:
        """Kind and unit of a column of an entity.

        Raises:
            BadInput: When it has no such column.
        """
        if name in BUILT_IN:
            return BUILT_IN[name]
        if f"{entity}.{name}" in self.quantities:
            return Column("number", self.quantities[f"{entity}.{name}"])
        attributes = self.dictionary[entity].attributes
        if name in attributes:
            return Column(attributes[name].type, attributes[name].unit)
        raise BadInput(f"'{entity}' has no such attribute", where=where, found=name, allowed=self.columns(entity))

    def columns(self, entity: str) -> list[str]:
        """All columns of an entity."""
        own = [name.split(".", 1)[1] for name in self.quantities if name.startswith(f"{entity}.")]
        return sorted({*BUILT_IN, *own, *self.dictionary[entity].attributes})

    def selection(self, name: str, where: str) -> Selection:
        """A selection by name.

        Raises:
            BadInput: When there is none.
        """
        if name not in self.selections:
            raise BadInput(
                "there is no such selection or entity", where=where, found=name, allowed=sorted(self.selections)
            )
        return self.selections[name]

    def parameter(self, name: str, where: str) -> Parameter:
        """A parameter by name.

        Raises:
            BadInput: When there is none.
        """
        if name not in self.parameters:
            raise BadInput("there is no such parameter", where=where, found=name, allowed=sorted(self.parameters))
        return self.parameters[name]

    def reference(self, written: object, where: str) -> tuple[Reference, Column]:
        """Read ``selection.attribute`` or ``network.walking``.

        Raises:
            BadInput: When a part of it is unknown.
        """
        selection, dot, attribute = str(written).partition(".")
        if not dot or not attribute:
            raise BadInput("an input is written selection.attribute", where=where, found=written)
        if selection == "network":
            if attribute not in NETWORKS:
                raise BadInput("there is no such network", where=where, found=attribute, allowed=NETWORKS)
            return Reference(selection, attribute), Column("network")
        entity = self.selection(selection, where).entity
        return Reference(selection, attribute), self.column(entity, attribute, where)
