"""What every other package may know: errors, units, dates, identity, provenance, words."""
