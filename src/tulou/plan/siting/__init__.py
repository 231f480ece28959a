"""Siting of facilities: where to build, with or without capacity, exactly where that can be done."""
