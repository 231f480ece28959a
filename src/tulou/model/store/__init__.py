"""The store: a folder of append-only GeoParquet files and commit manifests, with two clocks, tags and branches."""
