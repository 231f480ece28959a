"""Ecological zoning: what the rules of a zone say of a project."""
