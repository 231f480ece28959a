"""The tables of the appendices: the column sets officials use, and their rows as texts."""

from __future__ import annotations

import math

from tulou.publish.numbers import number
from tulou.publish.paper.content import SYMBOLS, Status
from tulou.publish.report.content import Block, ReportModel
from tulou.publish.words import say

LEVELS = ("city", "district", "block", "community", "building")
STATISTICS_COLUMNS = ("number", "dimension", "level", "code", "indicator", "result", "mark", "status", "known", "basis")
PROBLEM_COLUMNS = (
    "dimension",
    "number",
    "indicator",
    "result",
    "problem",
    "place",
    "objects",
    "people",
    "cause",
    "owner",
)
ADVICE_COLUMNS = (
    "dimension",
    "number",
    "indicator",
    "indicator_result",
    "existing_problem",
    "advice",
    "area",
    "kind",
    "owner",
)
PROJECT_COLUMNS = ("project", "content", "scale", "department")


REGISTERS: tuple[tuple[str, Status, str], ...] = (
    ("problems", "fail", "problems.none"),
    ("to_confirm", "to_confirm", "problems.none_to_confirm"),
)
"""Registers of findings, proven ones apart from those to be confirmed: chapter, status, words for an empty one."""


def statistics_rows(model: ReportModel) -> list[tuple[str, ...]]:
    """One row an indicator."""
    titles = {row.key: row.title for row in model.dimensions}
    return [
        (
            str(place),
            titles.get(block.dimension, block.dimension),
            say(f"level.{block.level}", model.language),
            block.code,
            block.title,
            block.text,
            block.mark or say("mark.none", model.language),
            status_text(block, model),
            known_text(block),
            " · ".join(filter(None, (block.basis, block.evidence))),
        )
        for place, block in enumerate(model.blocks, 1)
    ]


def problem_rows(model: ReportModel, status: Status = "fail") -> list[tuple[str, ...]]:
    """One row a finding: those that are proven, or those to be confirmed."""
    return [
        (
            row.dimension,
            str(place),
            row.title,
            row.result,
            row.detail,
            row.place,
            row.objects,
            row.people_text,
            row.cause,
            row.owner,
        )
        for place, row in enumerate(model.problems_of(status), 1)
    ]


def advice_rows(model: ReportModel) -> list[tuple[str, ...]]:
    """One row a failing indicator; the remedy and its kind are left to be filled."""
    return [
        (row.dimension, str(place), row.indicator, row.result, row.problem, row.remedy, row.area, row.kind, row.owner)
        for place, row in enumerate(model.advice, 1)
    ]


def status_text(block: Block, model: ReportModel) -> str:
    """Sign and word of a status."""
    return f"{SYMBOLS[block.status]} {say(f'status.{block.status}', model.language)}"


def known_text(block: Block) -> str:
    """The known share in words; empty when not stated."""
    return f"{number(block.known, unit='percent')}%" if math.isfinite(block.known) else ""
