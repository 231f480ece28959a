"""Access: how near the city's people and land are to what they need, straight and along the ways."""
