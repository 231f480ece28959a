"""Water supply: resilience of a network, its leaks, and what a shut valve cuts off."""
