"""What city management is, without files: codes, cells, classes, counts, clusters."""
