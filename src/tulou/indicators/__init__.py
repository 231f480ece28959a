"""Rulebooks and their evaluation: which measure, on which rows, by which dated rule, for which unit."""
