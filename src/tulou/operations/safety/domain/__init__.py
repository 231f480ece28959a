"""The rules of work safety: pure, without files and without a clock."""
