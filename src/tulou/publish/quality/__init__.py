"""The data-quality sheet and the patterns to look at, as they are published."""
