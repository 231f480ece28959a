"""Floods of the surface: from an elevation model and a storm to where water stands, and whom it meets."""
