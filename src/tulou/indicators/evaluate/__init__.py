"""Evaluation: a rulebook asked of a state of a city."""
