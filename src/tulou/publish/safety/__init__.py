"""Papers and maps of work safety and of inspections."""
