"""Inspections of enterprises: planned under caps, joined, drawn so that anybody can recompute it, recorded."""
