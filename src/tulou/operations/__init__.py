"""Operations: commitments that are tracked, cases with time limits, how far each clause is covered."""
