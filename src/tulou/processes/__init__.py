"""Processes: models that a person runs on a city or on files, by name, with typed inputs and a told outcome."""
