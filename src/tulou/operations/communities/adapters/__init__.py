"""Files of communities: rules of the rulebooks, registers, ballots, offers and needs."""
