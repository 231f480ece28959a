"""The report of an audit: what was proved, who read personal data for which purpose, what formulas were told."""
