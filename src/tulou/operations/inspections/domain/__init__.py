"""The rules of inspections: pure, without files and without a clock."""
