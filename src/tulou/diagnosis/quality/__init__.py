"""Data quality and figures that deserve a second look: what a check rests on, and questions to ask of it."""
