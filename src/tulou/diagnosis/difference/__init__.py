"""Difference accounting: how much of a change is the city, and how much data, definition and boundary."""
