"""What communities learn from the spectrum: what hazards are expected to cost there in a year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from tulou.kernel.facts import ID, Facts
from tulou.kernel.words import Words
from tulou.model.state import State
from tulou.processes.known_objects import Known, known_objects
from tulou.processes.risk.exposed import Impacts

ENTITY = "community"


def kept_losses(state: State, impacts: Impacts, *, is_in_yuan: bool) -> tuple[tuple[Facts, ...], tuple[Words, ...]]:
    """What the communities of a city lose in a year, and what is not kept.

    ``L_c = Σ_{x in c} EAI_x`` of hazards together; unknown where an asset of the community is struck and its loss
    cannot be told.

    Args:
        state: The city.
        impacts: What events do, with the unit of each asset.
        is_in_yuan: Whether the values of the assets were said to be in yuan.
    """
    if not is_in_yuan:
        return (), (
            Words(
                "没有写明价值单位为元（value_unit=yuan）：损失不能入库。",
                "Values were not said to be in yuan (value_unit=yuan): no losses can be kept.",
            ),
        )
    known = known_objects(state, ENTITY, impacts.units.names)
    losses = _by_community(impacts, known)
    warnings = (*known.warnings(Words("社区", "communities")), *_left_out(impacts, losses))
    if not losses:
        return (), warnings
    table = {
        ID: pa.array(list(losses), pa.string()),
        "expected_yearly_loss": pa.array(list(losses.values()), pa.float64(), from_pandas=True),
    }
    return (Facts(ENTITY, pa.table(table)),), warnings


def _by_community(impacts: Impacts, known: Known) -> dict[str, float]:
    """Loss of a year by id of the community, yuan; NaN where it cannot be told."""
    units = impacts.units
    by_unit = units.sums(impacts.joint)
    by_unit[units.unit[impacts.is_untold]] = np.nan  # assets in no unit are -1, the last row
    losses: dict[str, float] = {}
    for name, loss in zip(units.names, by_unit.tolist(), strict=False):  # the last row is of no unit
        if name in known.ids:
            one = known.ids[name]
            losses[one] = losses.get(one, 0.0) + loss
    return losses


def _left_out(impacts: Impacts, losses: Mapping[str, float]) -> tuple[Words, ...]:
    told: list[Words] = []
    homeless = int((impacts.units.unit < 0).sum())
    if homeless:
        told.append(
            Words(
                f"{homeless} 项承灾体没有写明单元，损失不入库。",
                f"{homeless} assets name no unit: their losses are not kept.",
            )
        )
    unknown = [one for one, loss in losses.items() if np.isnan(loss)]
    if unknown:
        told.append(
            Words(
                f"{len(unknown)} 个社区的损失无法得知（承灾体价值或脆弱性曲线未知），入库为未知：如 {unknown[0]}。",
                f"The loss of {len(unknown)} communities cannot be told (an asset has no value or no curve) and is "
                f"kept as unknown, such as {unknown[0]}.",
            )
        )
    return tuple(told)
