"""What-if and law-diff for publication: documents for machines, and papers."""
