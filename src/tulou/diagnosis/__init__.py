"""What a check means: verdicts, findings located on objects, and their causes."""
