"""Sheets on the screen: numbers with their digits, gaps blank, what is cut said."""

from tulou.app.sheets import sheet_text
from tulou.publish.paper.content import Column, Sheet

COLUMNS = (Column("Name"), Column("Size", "number", digits=1), Column("Count", "number", digits=0))


def test_numbers_are_shown_with_the_digits_of_their_column():
    text = sheet_text(Sheet("Things", COLUMNS, [["a", 1234.56, 3], ["b", -0.5, None]]), "en")
    assert text.splitlines()[0] == "Things"
    assert "1,234.6" in text
    assert "−0.5" in text
    assert text.splitlines()[-1].split() == ["b", "−0.5"]


def test_what_is_cut_is_said_in_both_languages():
    sheet = Sheet("Things", COLUMNS, [[f"row{number}", number, number] for number in range(1500)])
    assert "2 rows shown of 1,500" in sheet_text(sheet, "en", most=2)
    assert "示出 2 行，共 1,500 行" in sheet_text(sheet, "zh", most=2)
    assert "row1499" in sheet_text(sheet, "en")


def test_a_sheet_without_rows_says_why():
    assert sheet_text(Sheet("Things", COLUMNS, [], "nothing here"), "en") == "Things\n  nothing here"
    assert "（无）" in sheet_text(Sheet("Things", COLUMNS, []), "zh")
