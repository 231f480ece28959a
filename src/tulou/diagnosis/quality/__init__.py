"""How good the data behind a check are, and patterns in them that an auditor should look at."""
