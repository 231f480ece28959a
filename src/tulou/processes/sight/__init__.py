"""Sight: what is seen from a place of the city."""
