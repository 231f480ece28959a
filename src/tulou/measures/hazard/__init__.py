"""Hazards: shelters and what they must keep."""
