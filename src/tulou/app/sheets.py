"""Sheets of a paper on the screen: the same columns and words, cut to what a screen holds."""

from __future__ import annotations

from tulou.app.screen import table
from tulou.kernel.words import Language, Words
from tulou.publish.numbers import MINUS
from tulou.publish.paper.content import Column, Sheet, Value

NO_ROWS = Words("（无）", "(none)")
MORE_ROWS = Words("示出 {} 行，共 {} 行", "{} rows shown of {}")


def sheet_text(sheet: Sheet, language: Language, *, most: int = 0) -> str:
    """A sheet as text: its name, its rows, and how many more there are.

    Args:
        sheet: The sheet.
        language: Language of the words.
        most: Rows shown; 0 for all.
    """
    if not sheet.rows:
        return f"{sheet.name}\n  {sheet.empty or NO_ROWS.say(language)}"
    shown = sheet.rows[:most] if most else sheet.rows
    cells = [[_cell(value, column) for value, column in zip(row, sheet.columns, strict=True)] for row in shown]
    lines = [sheet.name, table([column.title for column in sheet.columns], cells)]
    if len(shown) < len(sheet.rows):
        lines.append(MORE_ROWS.say(language).format(len(shown), f"{len(sheet.rows):,}"))
    return "\n".join(lines)


def _cell(value: Value, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and column.kind == "number":
        return f"{value:,.{column.digits}f}".replace("-", MINUS)
    return str(value)
