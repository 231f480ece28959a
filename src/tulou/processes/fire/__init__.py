"""Fire stations of a city: who is reached in five minutes."""
