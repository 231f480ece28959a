"""Where flows are read from and events are kept."""
