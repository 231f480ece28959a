"""City management and files: pages of the rulebook, layers and records from outside."""
