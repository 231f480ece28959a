"""What a case is and which rules it obeys."""
