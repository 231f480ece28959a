"""Import templates: one table for each entity of the data dictionary, which import again without a mapping file."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from tulou.kernel.atomic import replacing, write_text
from tulou.kernel.errors import MissingExtra
from tulou.kernel.words import Language, Words
from tulou.sources.build import EXAMPLE_ID
from tulou.sources.expected import Expected, ExpectedAttribute, ExpectedEntity
from tulou.sources.headings import PLACE_COLUMNS, heading
from tulou.sources.tables.notes import LISTS_SHEET, NOTES_SHEET

try:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
except ImportError:
    raise MissingExtra("openpyxl", "tables") from None

Sheet: TypeAlias = Any
"""A sheet of a workbook; openpyxl has no types."""
ROWS = 5000
"""Rows of a template that offer their allowed values in a list."""
LONGEST_LIST = 255
"""Excel takes a list of choices typed into a cell up to this length; longer ones stand on a sheet of their own."""
COLUMN_WIDTH = 18
WIDE = 48
NEVER = datetime(2000, 1, 1)  # noqa: DTZ001  (a fixed stamp, so that two runs give the same bytes)
EXAMPLES = {"number": "12", "flag": "是", "date": "2026-01-29", "text": "", "series": "1; 2; 3"}
_PLACE_EXAMPLES = {
    "id": EXAMPLE_ID,
    "lon": "119.2965",
    "lat": "26.0745",
    "wkt": "POLYGON((119.29 26.07, 119.30 26.07, 119.30 26.08, 119.29 26.07))",
    "valid_from": "2026-01-01",
    "valid_to": "",
}
_NOTES = (
    Words(
        "每行一个对象；“编号”不得重复，历次填报保持不变。示例行不会被导入。",
        "One object a row; its id is unique and stays the same for ever. The example row is not imported.",
    ),
    Words(
        "不知道的留空：空白表示未知，不表示零。单位写在表头括号里，也可改写为实际单位（如 亩）。",
        "Leave blank what is not known: blank means unknown, never zero. A heading's unit may be changed to yours.",
    ),
    Words(
        "坐标为 WGS 84 经纬度；若为 GCJ-02 或 BD-09，导入时请说明。",
        "Coordinates are WGS 84 degrees; when they are GCJ-02 or BD-09, say so at import.",
    ),
)


def write_templates(expected: Expected, folder: Path, language: Language = "zh") -> list[Path]:
    """Write a CSV and an Excel template for every entity.

    Args:
        expected: The data dictionary.
        folder: Where they go; made when absent.
        language: Language of the headings; both are understood at import.

    Returns:
        The files, in name order.
    """
    made = []
    for name in expected:
        made.append(write_csv(expected[name], folder / f"{name}.csv", language))
        made.append(write_book([expected[name]], folder / f"{name}.xlsx", language))
    return sorted(made)


def columns_of(entity: ExpectedEntity) -> list[str]:
    """Columns of an entity's template: id, place, attributes, days."""
    place = {"point": ["lon", "lat"], "none": []}.get(entity.geometry, ["lon", "lat", "wkt"])
    if entity.geometry in {"line", "polygon"}:
        place = ["wkt"]
    return ["id", *place, *entity.attributes, "valid_from", "valid_to"]


def write_csv(entity: ExpectedEntity, path: Path, language: Language = "zh") -> Path:
    """Write the CSV template of one entity, in UTF-8 with a mark, so that Excel opens it rightly."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, lineterminator="\r\n")
    rows.writerow(_headings(entity, language))
    rows.writerow(_example(entity, language))
    write_text(path, "\ufeff" + stream.getvalue())
    return path


def write_book(entities: Iterable[ExpectedEntity], path: Path, language: Language = "zh") -> Path:
    """Write one workbook with a sheet for each entity, explanations, and lists of allowed values."""
    book = Workbook()
    book.remove(book.active)
    notes = book.create_sheet(NOTES_SHEET)
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    chosen = list(entities)
    for place, entity in enumerate(chosen):
        _fill(book.create_sheet(entity.name, place), entity, lists, language)
    _explain(notes, chosen)
    book.properties.created = book.properties.modified = NEVER
    with replacing(path) as draft:
        book.save(draft)
        _still(draft)
    return path


def _still(path: Path) -> None:
    """Rewrite a workbook with one stamp on all its members, so that two runs give the same bytes."""
    with zipfile.ZipFile(path) as book:
        members = {item.filename: book.read(item) for item in book.infolist()}
    core = "docProps/core.xml"
    if core in members:
        members[core] = _fixed_days(members[core])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in members.items():
            book.writestr(zipfile.ZipInfo(name, NEVER.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)


def _fixed_days(core: bytes) -> bytes:
    """The moment of saving in the properties of a workbook, replaced by the fixed one."""
    start = core.find(b"<dcterms:modified")
    end = core.find(b"</dcterms:modified>")
    if start < 0 or end < 0:
        return core
    opening = core.index(b">", start) + 1
    return core[:opening] + NEVER.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + core[end:]


def _title(entity: ExpectedEntity, column: str) -> tuple[Words, str]:
    if column in PLACE_COLUMNS and column not in entity.attributes:
        return PLACE_COLUMNS[column], ""
    attribute = entity.attributes[column]
    return attribute.title, attribute.unit if attribute.type in {"number", "series"} else ""


def _headings(entity: ExpectedEntity, language: Language) -> list[str]:
    """Titles; where two attributes have one title, their names."""
    titles = {column: _title(entity, column) for column in columns_of(entity)}
    said = [words.say(language) for words, _ in titles.values()]
    return [
        heading(words.say(language) if said.count(words.say(language)) == 1 else column, unit)
        for column, (words, unit) in titles.items()
    ]


def _example(entity: ExpectedEntity, language: Language) -> list[str]:
    return [
        _PLACE_EXAMPLES[column] if column in _PLACE_EXAMPLES else _value(entity.attributes[column], language)
        for column in columns_of(entity)
    ]


def _value(attribute: ExpectedAttribute, language: Language) -> str:
    if attribute.values:
        return next(iter(attribute.values.values())).say(language)
    return EXAMPLES[attribute.type] if attribute.type != "flag" or language == "zh" else "yes"


def _fill(sheet: Sheet, entity: ExpectedEntity, lists: Sheet, language: Language) -> None:

    sheet.append(_headings(entity, language))
    sheet.append(_example(entity, language))
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns_of(entity), start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = COLUMN_WIDTH
        sheet[f"{letter}1"].font = Font(bold=True)
        attribute = entity.attributes.get(column)
        if attribute is not None:
            _offer(sheet, letter, attribute, lists, language)


def _offer(sheet: Sheet, letter: str, attribute: ExpectedAttribute, lists: Sheet, language: Language) -> None:
    """Let Excel offer the allowed values of a column."""
    if attribute.type == "flag":
        choices = ["是", "否"] if language == "zh" else ["yes", "no"]
    elif attribute.values:
        choices = [title.say(language) for title in attribute.values.values()]
    else:
        return
    typed = ",".join(choices)
    if len(typed) > LONGEST_LIST or any("," in choice or '"' in choice for choice in choices):
        formula = _listed(lists, choices)
    else:
        formula = f'"{typed}"'
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{ROWS}")


def _listed(lists: Sheet, choices: list[str]) -> str:
    """Put a long list on its sheet and say where it stands."""
    place = lists.max_column + 1 if lists["A1"].value is not None else 1
    for row, choice in enumerate(choices, start=1):
        lists.cell(row, place, choice)
    letter = get_column_letter(place)
    return f"{LISTS_SHEET}!${letter}$1:${letter}${len(choices)}"


def _explain(sheet: Sheet, entities: Iterable[ExpectedEntity]) -> None:
    for words in _NOTES:
        sheet.append([words.zh])
        sheet.append([words.en])
    for entity in entities:
        sheet.append([])
        sheet.append([entity.name, entity.title.zh, entity.title.en])
        sheet.append(["列 Column", "中文", "English", "类型 Type", "单位 Unit", "允许值 Allowed"])
        for column in columns_of(entity):
            words, unit = _title(entity, column)
            attribute = entity.attributes.get(column)
            allowed = [f"{key} {title.zh}" for key, title in (attribute.values or {}).items()] if attribute else []
            kind = attribute.type if attribute else "number" if column in {"lon", "lat"} else "text"
            sheet.append([column, words.zh, words.en, kind, unit, "; ".join(allowed)])
    for letter in "ABC":
        sheet.column_dimensions[letter].width = COLUMN_WIDTH
    sheet.column_dimensions["F"].width = WIDE
