"""Typhoons: what runs the processes of that name."""
