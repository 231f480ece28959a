"""Requests and the rules about them: no files, no clock, no framework."""
