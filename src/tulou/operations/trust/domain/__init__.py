"""Rules of accounts, purposes, rates, bans and formulas; no files, no clock, no frameworks."""
