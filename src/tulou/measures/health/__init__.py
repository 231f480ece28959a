"""Measures of public health: beds under load, stocks and where they go."""
