"""What-if and law-diff: what a project, or another rule, turns, moves and finds, told for a reader."""
