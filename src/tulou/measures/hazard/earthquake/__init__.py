"""Earthquakes: intensity, fragility, damage, casualties, and what strengthening buildings is worth."""
