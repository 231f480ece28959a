"""Pages of the tracker: commitments by clause, by body, by the day they are due; how far the clauses are covered."""
