"""Shelters of a city: who finds a place, where more are to stand, how people get there, what else can serve."""
