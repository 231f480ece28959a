"""From a table of indicators, as a province or city publishes it, to a rulebook that extends another.

Rows are matched to indicators that exist, by code or by title; their marks become parameters of the new rulebook, with
the document as clause. Rows that match nothing become drafts: listed, never computed. Nothing is made up: a mark that
cannot be read, or whose unit is not told, is reported and left out.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from tulou.indicators.rulebook.content import Indicator, Judge, Rulebook
from tulou.indicators.rulebook.marks import WrittenMark, read_mark, unit_factor
from tulou.kernel.atomic import flush
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

Matched = Literal["mark set", "reused", "draft"]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("指标名称", "指标", "名称", "具体指标", "title", "indicator"),
    "code": ("编码", "代码", "指标编码", "code"),
    "unit": ("单位", "计量单位", "unit"),
    "method": ("计算方法", "计算公式", "体检内容", "指标解释", "method"),
    "mark": ("评价标准", "指标评价标准", "标准值", "目标值", "标准", "mark"),
    "basis": ("依据", "标准依据", "来源", "basis"),
}
"""Headings by which each column is known."""


@dataclass(frozen=True)
class TableRow:
    """What became of one row.

    Args:
        number: Its number in the table, the first is 1.
        title: Its title.
        became: ``mark set``, ``reused`` (the indicator as it stands) or ``draft``.
        indicator: Id of the indicator it matched; empty for a draft.
        remark: Why no mark was set, where one was written.
    """

    number: int
    title: str
    became: Matched
    indicator: str
    remark: Words | None = None


@dataclass(frozen=True)
class Document:
    """The document a table comes from.

    Args:
        id: Name of the new rulebook.
        title: Its title.
        clause: The document, as it is to be cited.
        since: First day it is in force.
        checked_on: Day somebody compared the table with the document.
        version: Version of the new rulebook.
    """

    id: str
    title: Words
    clause: str
    since: date
    checked_on: date
    version: str = "1"


class _Plain(yaml.SafeDumper):
    """Writes every value out: the reader takes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Whether to write a value again rather than refer to it: always."""
        del data
        return True


def write_rulebook(
    rows: Iterable[Mapping[str, object]], base: Rulebook, document: Document, folder: Path
) -> list[TableRow]:
    """Write a rulebook from the rows of a table.

    Args:
        rows: Rows by heading.
        base: Rulebook it extends.
        document: Where the table comes from.
        folder: Folder of the new rulebook; it must not exist yet.

    Returns:
        What became of each row.

    Raises:
        BadUse: When the folder exists.
        BadInput: When the table has no column of titles.
    """
    if folder.exists():
        raise BadUse("the folder of a new rulebook must not exist yet", where=folder.name)
    named = [_columns(row) for row in rows]
    if not any(row["title"] for row in named):
        raise BadInput("the table has no column of titles", allowed=COLUMNS["title"])
    told: list[TableRow] = []
    parameters: dict[str, dict[str, Any]] = {}
    drafts: dict[str, dict[str, str]] = {}
    for number, row in enumerate(named, 1):
        if row["title"]:
            told.append(_take(number, row, base, document, (parameters, drafts)))
    _write(folder, base, document, parameters, drafts)
    return told


def _columns(row: Mapping[str, object]) -> dict[str, str]:
    """A row by our names of its columns."""
    by_heading = {_plain(str(heading)): value for heading, value in row.items()}
    found: dict[str, str] = {}
    for name, headings in COLUMNS.items():
        values = (by_heading.get(_plain(heading)) for heading in headings)
        found[name] = next((str(value).strip() for value in values if value not in (None, "")), "")
    return found


def _plain(text: str) -> str:
    """A text without the things that differ between two copies of a table: width, spaces, brackets with the unit."""
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    return re.sub(r"[\s、,，·]", "", re.sub(r"\([^()]*\)", "", folded))


def _match(row: Mapping[str, str], base: Rulebook) -> Indicator | None:
    """The indicator a row names, when it is just one."""
    coded = [item for item in base.indicators.values() if row["code"] and item.code == row["code"]]
    title = _plain(row["title"])
    titled = [item for item in base.indicators.values() if title in {_plain(item.title.zh), _plain(item.title.en)}]
    found = titled if len(titled) == 1 else [item for item in titled if item in coded] or (coded if not titled else [])
    return found[0] if len(found) == 1 else None


def _take(
    number: int,
    row: Mapping[str, str],
    base: Rulebook,
    document: Document,
    made: tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]],
) -> TableRow:
    parameters, drafts = made
    indicator = _match(row, base)
    if indicator is None:
        keys = ("title", "unit", "method", "mark", "basis")
        drafts[f"row_{number}"] = {key: row[key] for key in keys if row[key]}
        return TableRow(number, row["title"], "draft", "")
    if not row["mark"]:
        return TableRow(number, row["title"], "reused", indicator.id)
    setting = _setting(row, indicator, base)
    if isinstance(setting, Words):
        return TableRow(number, row["title"], "reused", indicator.id, setting)
    name, value = setting
    subject, _, key = name.partition(".")
    told = {"since": document.since, **value, "clause": _clause(row, document), "evidence": "sourced"}
    parameters.setdefault(subject, {})[key] = {"checked_on": document.checked_on, "values": [told]}
    return TableRow(number, row["title"], "mark set", indicator.id)


def _clause(row: Mapping[str, str], document: Document) -> str:
    return f"{document.clause}（{row['basis']}）" if row["basis"] else document.clause


def _setting(row: Mapping[str, str], indicator: Indicator, base: Rulebook) -> tuple[str, dict[str, Any]] | Words:
    """The parameter a row sets and its value, or why it sets none."""
    judge = next((item.judge for item in reversed(indicator.variants[0].formulas) if item.judge), None)
    if judge is None:
        return Words("该指标未设评判方式，需在规则集中补充", "this indicator has no judge that a mark could be set for")
    written = read_mark(row["mark"])
    if written is None:
        return Words(f"评价标准无法读成一个比较：{row['mark']}", f"the mark is not one comparison: {row['mark']}")
    if written.how is not None and written.how != judge.how:
        return Words("评价方向与该指标的评判方式不同", "the mark compares in another way than the indicator is judged")
    return _converted(row, written, judge, base)


def _converted(
    row: Mapping[str, str], written: WrittenMark, judge: Judge, base: Rulebook
) -> tuple[str, dict[str, Any]] | Words:
    unit = written.unit or row["unit"]
    factor = unit_factor(unit, base.parameters[judge.mark].unit)
    if factor is None:
        wanted = base.parameters[judge.mark].unit
        return Words(f"单位“{unit}”无法换算为 {wanted}", f"the unit '{unit}' does not become {wanted}")
    low, high = written.low * factor, written.high * factor
    if judge.how == "between":
        if written.how != "between":
            return Words("该指标按区间评判，表中不是区间", "this indicator is judged by a range, the table has none")
        return judge.mark, {"range": [low, high]}
    return judge.mark, {"value": low}


def _write(
    folder: Path,
    base: Rulebook,
    document: Document,
    parameters: Mapping[str, Any],
    drafts: Mapping[str, Any],
) -> None:
    """Write the folder in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        front = {
            "id": document.id,
            "title": {"zh": document.title.zh, "en": document.title.en},
            "version": document.version,
            "extends": base.id,
        }
        pages = {"rulebook.yaml": front, f"parameters/{document.id}.yaml": parameters, "drafts.yaml": drafts}
        for name, page in pages.items():
            if page:
                path = made / name
                path.parent.mkdir(exist_ok=True)
                path.write_text(
                    yaml.dump(dict(page), Dumper=_Plain, allow_unicode=True, sort_keys=False), encoding="utf-8"
                )
                flush(path)
        made.chmod(0o755)
        made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
