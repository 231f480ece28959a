"""Water on the ground: a two-dimensional model of its flow, and the levels at which depressions spill."""
