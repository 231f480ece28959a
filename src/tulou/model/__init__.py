"""The city: its dictionary, its hierarchy of units, its store with two clocks, and views of it."""
