"""Lifelines: how they hang on one another, what fails with what, how often pipes break, and what sensors say."""
