"""What a candidate is: one remedy on the objects of one unit, or at one site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tulou.kernel.words import Words
from tulou.plan.projects.project import Edit
from tulou.plan.remedies.content import Remedy
from tulou.plan.siting.models import Step

Numbers = NDArray[np.float64]

NO_PRICE = "no_price"
NO_AMOUNT = "no_amount"
NO_EFFECT = "no_effect"
NO_PRECEDENT = "no_precedent"
NO_OBJECT = "no_object"
NO_SITE = "no_site"
NO_PLACE = "no_place"

REASONS: Mapping[str, Words] = {
    NO_PRICE: Words(
        "没有单价：目录中无公开来源，也未用 --prices 提供", "no price: no public source, and none given with --prices"
    ),
    NO_AMOUNT: Words("工程量未知，无法计价", "the amount is not known, so that it cannot be priced"),
    NO_EFFECT: Words("实测无人受益（单独实施，或在前面各处之后）", "helps nobody, alone or after the sites before it"),
    NO_PRECEDENT: Words("须先实施的措施未列入备选", "what must be done first is no candidate"),
    NO_OBJECT: Words("问题所涉对象不适用该措施", "no object of the findings is one that the remedy acts on"),
    NO_SITE: Words("没有可用的场地，或场地都够不到问题所在", "there is no site, or none that reaches the findings"),
    NO_PLACE: Words("问题没有位置，无法选址", "the findings have no place, so that no site can be chosen"),
}  # fmt: skip
"""Why something is not in a portfolio."""


@dataclass(frozen=True)
class Site:
    """A place where something can be built.

    Args:
        entity: Entity of the object that is the site.
        id: Its id.
        name: What a reader calls it.
        place: A point in it, metres.
        shape: Its geometry.
        among: Selection it was found in.
    """

    entity: str
    id: str
    name: str
    place: tuple[float, float]
    shape: BaseGeometry
    among: str


@dataclass(frozen=True, eq=False)
class Candidate:
    """One remedy, somewhere.

    Args:
        id: Made from the remedy and the place, so that it is the same in every run.
        remedy: The remedy.
        level: Level of the unit it lies in.
        unit: Id of the unit; the group it belongs to when fairness is asked for.
        unit_name: Name of the unit.
        findings: Findings it answers.
        entity: Entity of the objects it acts on; empty for none.
        objects: The objects.
        edits: What it does to the city.
        amount: How much is priced; NaN where that is not known.
        cost: What it costs, yuan; None without a price or amount.
        site: Where it is built; None when it needs no site.
        shape: Where it is, for maps; None when no object has a place.
    """

    id: str
    remedy: Remedy
    level: str
    unit: str
    unit_name: str
    findings: tuple[str, ...]
    entity: str
    objects: tuple[str, ...]
    edits: tuple[Edit, ...]
    amount: float
    cost: float | None
    site: Site | None = None
    shape: BaseGeometry | None = None

    @property
    def touched(self) -> frozenset[tuple[str, str]]:
        """Objects it acts on or takes as its site."""
        found = {(self.entity, name) for name in self.objects}
        return frozenset(found | ({(self.site.entity, self.site.id)} if self.site else set()))


@dataclass(frozen=True)
class LeftOut:
    """Something that cannot be in a portfolio.

    Args:
        remedy: The remedy.
        candidate: The candidate; empty when the remedy has none.
        reason: Why, one of ``REASONS``.
        findings: Findings it would answer.
    """

    remedy: Remedy
    candidate: str
    reason: str
    findings: int


@dataclass(frozen=True)
class Sited:
    """How the sites of a remedy were chosen.

    Args:
        remedy: The remedy.
        sites: Sites there are.
        steps: What each further site brings to those it is meant for; empty where distance is no matter.
        weight: People of the findings, or places where nobody is counted.
    """

    remedy: Remedy
    sites: int
    steps: tuple[Step, ...]
    weight: float


@dataclass(frozen=True)
class Candidates:
    """All that could be done.

    Args:
        found: The candidates, in the order of their ids.
        left_out: Remedies that answer findings and have no candidate, with the reason.
        sited: How sites were chosen.
        unanswered: Indicators with findings for which the catalogue holds no remedy, with their findings.
    """

    found: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...] = ()
    sited: tuple[Sited, ...] = ()
    unanswered: Mapping[str, int] = field(default_factory=dict)
