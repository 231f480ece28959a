"""Urban climate: form of the city as the wind meets it, roughness, and the sky seen from the ground."""
