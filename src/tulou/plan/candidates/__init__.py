"""Candidates: projects that could be done about the findings of a check."""
