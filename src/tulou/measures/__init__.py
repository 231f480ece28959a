"""The science: pure functions of arrays in named units, by subject."""
