"""What a check of drains found, before it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tulou.processes.drainage.engine import Simulated
from tulou.processes.drainage.exposure import Reached
from tulou.processes.drainage.network import Network
from tulou.processes.drainage.rules import rule
from tulou.processes.drainage.sections import Model
from tulou.processes.drainage.storms import Storm

Array = NDArray[np.float64]
Classes = NDArray[np.str_]
FREE, BACKWATER, BOTTLENECK = "free", "backwater", "bottleneck"


@dataclass(frozen=True, eq=False)
class Pipes:
    """What the conduits of a model held.

    Args:
        unsurcharged: Largest return period under which the upper end was never full, years; NaN without a formula.
        unflooded: Largest under which no water left at either end, years; NaN without a formula.
        capacity: ``free``, ``backwater`` or ``bottleneck`` under the storm that is told.
        flow: Greatest flow under it, m³/s.
        surcharged: Time the upper end was full under it, s.
        returned: Pipes that held a larger storm than one they did not hold.
    """

    unsurcharged: Array
    unflooded: Array
    capacity: Classes
    flow: Array
    surcharged: Array
    returned: int


@dataclass(frozen=True, eq=False)
class Checked:
    """A model under its storms.

    Args:
        model: The model.
        left_out: Lines of it that were left out because they write files.
        network: Its nodes and conduits.
        storms: The storms; None for the model's own rain.
        runs: What each gave.
        told: Which of them water on the ground is told of.
        pipes: What the conduits held.
        lonlat: Place of each node on WGS 84; empty without a datum.
        reached: Who is near; None without a city or without flooded nodes.
        sources: SHA-256 of each file.
        observed: Waterlogging points on record that the model reproduces, and all of them; None where there are none.
    """

    model: Model
    left_out: tuple[str, ...]
    network: Network
    storms: tuple[Storm | None, ...]
    runs: tuple[Simulated, ...]
    told: int
    pipes: Pipes
    lonlat: Mapping[str, tuple[float, float]]
    reached: Reached | None
    sources: Mapping[str, str]
    observed: tuple[int, int] | None = None

    @property
    def main(self) -> Simulated:
        """The run of which water on the ground is told."""
        return self.runs[self.told]

    @property
    def flooded(self) -> NDArray[np.int64]:
        """Nodes from which water came under it, most first."""
        volume = self.main.nodes.volume
        order = np.lexsort((np.arange(len(volume)), -volume))
        return np.asarray(order[volume[order] > 0], np.int64)

    @property
    def wet(self) -> NDArray[np.int64]:
        """Nodes with water on the ground that counts: deeper than the rules allow, or of unknown depth."""
        ponded = self.main.nodes.ponded[self.flooded]
        return self.flooded[np.isnan(ponded) | (ponded > rule("ponding_depth"))]
