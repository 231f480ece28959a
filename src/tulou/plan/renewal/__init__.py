"""Renewal plan: what to do about the findings of a check, in which year, with the money there is."""
