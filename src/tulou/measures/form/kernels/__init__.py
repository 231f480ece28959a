"""Compiled loops of form."""
