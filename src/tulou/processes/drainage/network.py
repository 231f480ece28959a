"""What a drainage check must know of a SWMM model besides its results: nodes, conduits, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.processes.drainage.engine import FOOT
from tulou.processes.drainage.sections import Model, Row, number_at

Array = NDArray[np.float64]
KINDS = {"JUNCTIONS": "junction", "OUTFALLS": "outfall", "DIVIDERS": "divider", "STORAGE": "storage"}
_CONDUIT_LENGTH, _PONDED_AREA = 3, 5
"""Places of a length in a line of [CONDUITS], and of an area in one of [JUNCTIONS]."""
IMPERIAL = ("CFS", "GPM", "MGD")


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and conduits of a model, in metres.

    Args:
        kinds: Kind of each node by its name: ``junction``, ``outfall``, ``divider`` or ``storage``.
        ponds: Nodes on whose top water may stay and come back.
        conduits: Names of the conduits.
        ends: Upper and lower node of each.
        lengths: Length of each, m.
        places: Coordinates of nodes that have any, as the model gives them.
    """

    kinds: Mapping[str, str]
    ponds: frozenset[str]
    conduits: tuple[str, ...]
    ends: tuple[tuple[str, str], ...]
    lengths: Array
    places: Mapping[str, tuple[float, float]]


def is_dynamic(model: Model) -> bool:
    """Whether a model is routed by the dynamic wave, which alone knows backwater and pressure."""
    return model.option("FLOW_ROUTING", "KINWAVE") in {"DYNWAVE", "DW"}


def network_of(model: Model) -> Network:
    """The network of a model.

    Raises:
        BadInput: When a line is too short or holds no number where one belongs.
    """
    length = FOOT if model.option("FLOW_UNITS", "CFS") in IMPERIAL else 1.0
    nodes = {row.words[0]: (section, row) for section in KINDS for row in model.rows(section)}
    conduits = [row for row in model.rows("CONDUITS") if len(row.words) > _CONDUIT_LENGTH]
    places = {
        row.words[0]: (number_at(row, 1, model.name), number_at(row, 2, model.name))
        for row in model.rows("COORDINATES")
    }
    return Network(
        {name: KINDS[section] for name, (section, _) in nodes.items()},
        frozenset(_ponds(model, nodes)),
        tuple(row.words[0] for row in conduits),
        tuple((row.words[1], row.words[2]) for row in conduits),
        np.array([number_at(row, _CONDUIT_LENGTH, model.name) for row in conduits]) * length,
        places,
    )


def _ponds(model: Model, nodes: Mapping[str, tuple[str, Row]]) -> list[str]:
    if model.option("ALLOW_PONDING", "NO") != "YES" or not is_dynamic(model):
        return []  # other routings keep the volume, but no depth of it
    return [
        name
        for name, (section, row) in nodes.items()
        if section == "JUNCTIONS" and number_at(row, _PONDED_AREA, model.name, 0.0) > 0
    ]


def ponding(model: Model, area: float) -> Model:
    """A model in which water that leaves a junction stays on an area over it and flows back.

    Junctions that have such an area keep it.

    Args:
        model: The model.
        area: Area, m².
    """
    length = FOOT if model.option("FLOW_UNITS", "CFS") in IMPERIAL else 1.0
    bare = [row for row in model.rows("JUNCTIONS") if number_at(row, _PONDED_AREA, model.name, 0.0) <= 0]
    lines = [" ".join((*(*row.words, "0", "0", "0")[:_PONDED_AREA], f"{area / length**2:.9g}")) for row in bare]
    edited = model.edited({row.number for row in bare}, {"JUNCTIONS": lines})
    return edited.with_options({"ALLOW_PONDING": "YES"})
