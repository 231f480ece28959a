"""Composite scores of places, never of persons: declared, optional, with the intervals and tiers choices allow."""
