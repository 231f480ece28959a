"""Vector tiles of a city, made when they are asked for: the scheme of tiles, layers made ready, the encoder."""
