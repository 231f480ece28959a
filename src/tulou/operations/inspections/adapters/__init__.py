"""Rules and files of inspections."""
