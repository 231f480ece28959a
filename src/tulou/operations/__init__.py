"""Cases and everything with deadlines (comes with the operations issue)."""
