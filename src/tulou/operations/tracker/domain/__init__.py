"""What is tracked and the rules of it: no files, no clock, no framework."""
