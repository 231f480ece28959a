"""Air quality of a city: the dated rules of the index, and the work of its process."""
