"""Tulou: a city's health check, with memory."""

__version__ = "0.1.0"
