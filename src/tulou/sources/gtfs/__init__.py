"""GTFS: timetables of public transport, as stops with their departures and routes with their lines."""
