"""Rulebooks: what is asked of a city, read from folders of YAML and refused with file and line where it is wrong."""
