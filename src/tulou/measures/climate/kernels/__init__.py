"""Compiled loops of the urban climate."""
