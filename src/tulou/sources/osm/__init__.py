"""OpenStreetMap: a city extract (.osm.pbf) becomes facts.

``connector.read_osm`` is the way in; what an OpenStreetMap tag means for Tulou stands in ``tags.yaml``.
"""
