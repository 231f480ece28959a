"""Drainage by SWMM: models read and built, storms put on them, runs in processes of their own, gates and pumps."""
