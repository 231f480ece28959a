"""Open311 GeoReport v2: what the house knows of requests, as other systems ask for it, and back.

Nothing here knows who asked: no name, address of mail or telephone goes out; what comes in of them is for the store of
requesters alone.
"""
