"""Compiled loops of the access measures; each has a slow plain oracle in the tests."""
