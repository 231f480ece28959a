"""Papers of the hotline: the daily and the monthly report."""
