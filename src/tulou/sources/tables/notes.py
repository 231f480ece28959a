"""Names that templates and the reader of workbooks agree on."""

from __future__ import annotations

NOTES_SHEET = "说明 Notes"
"""Sheet of explanations in an import template; never read as data."""
LISTS_SHEET = "lists"
"""Hidden sheet of allowed values in an import template; never read as data."""
AIDS = (NOTES_SHEET, LISTS_SHEET)
