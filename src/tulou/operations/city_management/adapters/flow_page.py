"""A table of limits as a version of the flow: what a city's rulebook needs for it to take effect."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from tulou.operations.cases.domain.flow import Flow
from tulou.operations.city_management.domain.classes import Classes, LimitRow, LimitStep, LimitTable

CLOCK = "handling"
WIDTH = 140


def flow_page(table: LimitTable, flow: Flow, classes: Classes, since: date) -> str:
    """The page of a flow whose new version has the limits of a table; classes that it does not name stay as they are.

    Args:
        table: The limits.
        flow: The version that the new one stands on.
        classes: Classes of parts and events.
        since: First day on which cases are opened by it.
    """
    held: dict[str, Any] = dict(yaml.safe_load(flow.text)["classes"])
    for row in table.rows:
        held[row.case_class] = _class(row, table, classes)
    version = {
        "version": f"{table.id}-{since}", "like": flow.version, "from": since, "source": table.source, "classes": held,
    }  # fmt: skip
    page = {"id": flow.id, "versions": [version]}
    return str(yaml.safe_dump(page, allow_unicode=True, sort_keys=False, width=WIDTH))


def _class(row: LimitRow, table: LimitTable, classes: Classes) -> dict[str, Any]:
    """A class with its last step as the limit, and those before it as milestones."""
    *before, last = row.steps
    title = classes.title(row.case_class)
    found: dict[str, Any] = {
        "title": {"zh": title.zh, "en": title.en},
        "limits": {CLOCK: _limit(last, table)},
    }
    if before:
        found["milestones"] = {
            CLOCK: [
                {"id": step.id, "title": {"zh": step.title.zh, "en": step.title.en}, "limit": _limit(step, table)}
                for step in before
            ]
        }
    return found


def _limit(step: LimitStep, table: LimitTable) -> dict[str, Any]:
    return {
        "amount": step.limit.amount, "unit": step.limit.unit, "source": table.source, "evidence": table.evidence,
    }  # fmt: skip
