"""Shelters: how much of their ground people can use, and which limits they keep."""
