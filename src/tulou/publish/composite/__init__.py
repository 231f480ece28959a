"""Composite scores as they are published: tiers and rank intervals before any order."""
