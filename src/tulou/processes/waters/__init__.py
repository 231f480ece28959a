"""Black and odorous water: the limits of the guide, and the work of its process."""
