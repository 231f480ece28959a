"""Earthquake scenarios and the order of strengthening: what runs the processes of that name."""
