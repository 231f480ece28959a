"""The daily and the monthly paper of cases."""
