"""Structures: how they move over time, and when they must be looked at again."""
