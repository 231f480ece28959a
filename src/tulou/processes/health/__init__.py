"""Public health: who reaches care of each tier, when beds run out, where stocks stand and go."""
