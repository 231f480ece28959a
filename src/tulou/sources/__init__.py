"""Connectors: each turns a file or feed from outside into facts, and says what it met on the way."""
