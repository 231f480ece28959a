"""What can be done about findings (comes with the plan issue)."""
