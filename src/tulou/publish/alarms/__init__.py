"""Reports of lifeline alarms."""
