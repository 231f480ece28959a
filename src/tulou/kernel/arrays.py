"""The array types that measures speak: one axis of rows, missing numbers as NaN, missing texts as None.

Each alias carries its *kind*, so that the declaration of a measure can be read from its signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias

import numpy as np
from numpy.typing import NDArray


class Kind(StrEnum):
    """What one argument or result of a measure is made of."""

    NUMBERS = "numbers"
    FLAGS = "flags"
    TEXTS = "texts"
    SHAPES = "shapes"
    PLACES = "places"
    INTEGERS = "integers"
    NUMBER = "number"
    BRACKETS = "brackets"
    NETWORK = "network"
    PARTS = "parts"
    CHOICE = "choice"


Floats: TypeAlias = Annotated[NDArray[np.float64], Kind.NUMBERS]
"""One number a row; NaN where unknown."""

Flags: TypeAlias = Annotated[NDArray[np.float64], Kind.FLAGS]
"""One truth value a row: 1.0, 0.0, or NaN where unknown."""

Integers: TypeAlias = Annotated[NDArray[np.int64], Kind.INTEGERS]
"""One whole number a row: positions and counts; -1 says *none*."""

Texts: TypeAlias = Annotated[NDArray[np.object_], Kind.TEXTS]
"""One text a row; None where unknown."""

Shapes: TypeAlias = Annotated[NDArray[np.object_], Kind.SHAPES]
"""One shapely geometry a row, in the city's metric system; None where unknown."""

Places: TypeAlias = Annotated[NDArray[np.float64], Kind.PLACES]
"""One point a row, shape (n, 2), metres in the city's metric system; NaN where unknown."""

Brackets: TypeAlias = Annotated[tuple[tuple[float, float], ...], Kind.BRACKETS]
"""A stepwise rule: pairs (from this size on, this value), sizes ascending."""


@dataclass(frozen=True)
class Parts:
    """What an object measure gives for each row: how much of it counts (``part``) out of how much (``whole``).

    A unit's value is made of sums over its rows: a share is ``sum(part) / sum(whole)``, a count is ``sum(part)``.

    Args:
        part: What counts, one number a row; NaN where it cannot be told.
        whole: What it is a part of, one number a row; NaN where it cannot be told.
        low: Lower bound of ``part`` where the input is estimated or sampled.
        high: Upper bound of ``part``.
        cause: Short stable word for why a row fails (``no_facility``, ``too_far``, ``barrier``, ``too_small``,
            ``closed``, ``aged`` …); None where it does not fail.
        nearest: Position of the target that decided the row, -1 for none.
    """

    part: NDArray[np.float64]
    whole: NDArray[np.float64]
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    cause: NDArray[np.object_] | None = None
    nearest: NDArray[np.int64] | None = None
