"""Projects: what somebody means to build, close, change or remove, as edits to a city."""
