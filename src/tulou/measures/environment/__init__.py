"""Measures of air, water and sewers."""
