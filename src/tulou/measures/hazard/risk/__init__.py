"""Risk: impacts of events, how often they are exceeded, matrices of likelihood and consequence, cascades, ranks."""
