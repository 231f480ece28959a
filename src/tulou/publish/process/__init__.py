"""Outcomes of processes as papers."""
