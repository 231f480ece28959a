"""What can be done in the tracker: each handler checks one request and appends one event."""
