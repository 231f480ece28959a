"""Rules of work safety as they stand in rulebooks, and facts of a city as the rules take them."""
