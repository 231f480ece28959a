"""Noise of roads: coefficients by the year of the directive, and the work of its process."""
