"""Portfolio: what to do, and when, with the money there is."""
