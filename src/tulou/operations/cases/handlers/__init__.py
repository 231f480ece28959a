"""What can be done with cases."""
