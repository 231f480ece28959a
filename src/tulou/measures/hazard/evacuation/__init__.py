"""Evacuation: how people walk in a crowd, which streets stay open, and how long it takes until all are there."""
