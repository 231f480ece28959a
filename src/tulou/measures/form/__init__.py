"""Form: shape of buildings, intensity of sites, streets and their blocks, clusters, and the mix of uses.

Shapes are in the city's metric system. A shape that is unknown (None) gives NaN, never 0.
"""
