"""What the report of work safety and inspections is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.words import Words
from tulou.operations.inspections.adapters.chains import Chains
from tulou.operations.inspections.domain.caps import Breach
from tulou.operations.inspections.domain.drawing import Certificate
from tulou.operations.inspections.domain.prevalence import Prevalence, StratumResult
from tulou.operations.safety.adapters.colouring import GradedRisk, UnitColour
from tulou.operations.safety.adapters.danger_rules import DangerRules
from tulou.operations.safety.adapters.facts import Enterprise
from tulou.operations.safety.domain.credit import Credit
from tulou.operations.safety.domain.dangers import Danger, DangerCounts
from tulou.operations.safety.domain.training import CertificateKind, Due
from tulou.publish.drawing.ground import Layers


@dataclass(frozen=True, eq=False)
class Material:
    """Work safety and inspections of a city in a period.

    Args:
        city: Name of the city.
        synthetic: Whether it was generated.
        credits_: Credit lines of its sources.
        period: The period: a day or a month.
        is_day: Whether it is a day.
        day: Day of the registers.
        record: Last commit seen.
        digest: Digest of the newest event of the case record; empty without one.
        zone: The city's clock.
        end: Last moment of the period.
        rules: How dangers are counted.
        dangers: Hidden dangers as they stand at the end.
        counts: Their counts.
        risks: Risks with their grades.
        units: Units with their colours.
        shapes: Shapes of the units.
        layers: What stands there, for the map.
        bodies: Names of bodies.
        visits: Visits of the period: bodies that came to each.
        breaches: Enterprises beyond a cap in the year.
        draws: Draws that were made.
        prevalence: What visits of each draw tell.
        enterprises: Enterprises by credit code.
        credit: Grades by credit code.
        ahead: Next change of each grade that moved.
        due: Certificates, what presses most first.
        kinds: Kinds of certificates.
        chains: Chains of enforcement.
    """

    city: str
    synthetic: bool
    credits_: tuple[str, ...]
    period: str
    is_day: bool
    day: date
    record: int
    digest: str
    zone: tzinfo
    end: datetime
    rules: DangerRules
    dangers: Sequence[Danger]
    counts: DangerCounts
    risks: Sequence[GradedRisk]
    units: Sequence[UnitColour]
    shapes: NDArray[np.object_]
    layers: Layers
    bodies: Mapping[str, Words]
    visits: Sequence[tuple[str, ...]]
    breaches: Sequence[Breach]
    draws: Sequence[Certificate]
    prevalence: Mapping[str, tuple[Sequence[StratumResult], Prevalence]]
    enterprises: Mapping[str, Enterprise]
    credit: Mapping[str, Credit]
    ahead: Mapping[str, tuple[date, str, str]]
    due: Sequence[Due]
    kinds: Mapping[str, CertificateKind]
    chains: Chains
