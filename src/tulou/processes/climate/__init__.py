"""Climate: wind, ventilation, heat."""
