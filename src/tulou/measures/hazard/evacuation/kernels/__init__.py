"""Compiled loops of evacuation."""
