"""What is done with accounts and with records of requesters, in the order that keeps promises."""
