"""Typhoons: their wind from pressure, over places and time."""
