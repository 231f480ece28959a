"""Remedies: what can be done about a finding, as a rulebook."""
